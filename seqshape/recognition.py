"""Whether a file of a folder is a spec, or a model that Keras saved, without reading the rest of it.

A spec has the key `layers` at its top; a saved model has `class_name` there, and layers in its `config`.
What stands in an archive or an HDF5 file where Keras keeps a model is one, whatever its layers are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from seqshape import source
from seqshape.containers import HDF5, Contents
from seqshape.faults import BadContainer
from seqshape.tree import Mapping, Value
from seqshape.yaml_reader import LOADER

_KEY = "layers"
_LINE = re.compile(rb"^layers[ \t]*:", re.MULTILINE)
_CONFIG = "config"
_CLASS = "class_name"
_OPENINGS = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_DEEPEST = 100
"""Levels of nesting that are looked into; libyaml's time grows with their square."""
_LEVELS = 3
"""The document's mapping is the first level."""
_ENDINGS = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


def is_keras_model(root: Value | None) -> bool:
    """Whether a document is what Keras saves of an object, and no spec."""
    return (
        isinstance(root, Mapping)
        and root.get(_KEY) is None
        and all(root.get(key) is not None for key in (_CLASS, _CONFIG))
    )


def is_spec(contents: Contents) -> bool:
    """Whether the first document is a spec or a saved model.

    A file that is no YAML is taken for a spec where a line starts with `layers:`, and an archive that
    gives nothing for a model, so that what is broken is judged and not passed over. An HDF5 file may
    hold any other data.
    """
    if contents.fault is not None:
        return not (isinstance(contents.fault, BadContainer) and contents.fault.kind == HDF5)
    if contents.packed:
        return True
    data = contents.data
    text, problem = source.decode("", data, len(data))
    if problem is not None:
        return _LINE.search(data) is not None
    if _KEY not in text.text and _CLASS not in text.text:
        return False
    try:
        found = _at_the_top(text.text)
    except yaml.YAMLError:
        found = None
    return found if found is not None else _LINE.search(data) is not None


def _at_the_top(text: str) -> bool | None:
    """Whether the first document is a mapping that says so; None where it nests too deeply."""
    keys: set[tuple[str, ...]] = set()
    for path in _keys(text):
        if path is None:
            return None
        keys.add(path)
        if path == (_KEY,):
            return True
        if (_CLASS,) in keys and ((_CONFIG, _KEY) in keys or (_CONFIG, "") in keys):
            return True
    return False


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet: how many nodes of it have, and its last key."""

    mapping: bool
    nodes: int = 0
    key: str = ""


def _keys(text: str) -> Iterator[tuple[str, ...] | None]:
    """The keys of the first document's mapping and of those in it, each after the ones round it.

    An item of a list has the key "". None where the document nests too deeply.
    """
    open_: list[_Open] = []
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.DocumentEndEvent):
            return
        if not open_ and isinstance(event, (yaml.ScalarEvent, yaml.SequenceStartEvent)):
            return
        if isinstance(event, _ENDINGS):
            open_.pop()
        elif isinstance(event, yaml.NodeEvent) and 0 < len(open_) < _LEVELS:
            current = open_[-1]
            current.nodes += 1
            if current.nodes % 2 or not current.mapping:
                is_word = current.mapping and isinstance(event, yaml.ScalarEvent)
                current.key = str(event.value) if is_word else ""  # type: ignore[attr-defined]
                yield tuple(each.key for each in open_)
        if isinstance(event, _OPENINGS):
            open_.append(_Open(isinstance(event, yaml.MappingStartEvent)))
            if len(open_) > _DEEPEST:
                yield None
                return
