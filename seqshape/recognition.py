"""Whether a file of a folder is a spec: by the key `layers` at its top, without reading the rest."""

import re

import yaml

from seqshape import source
from seqshape.yaml_reader import LOADER

_KEY = "layers"
_LINE = re.compile(rb"^layers[ \t]*:", re.MULTILINE)
_OPENINGS = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_DEEPEST = 100
"""Levels of nesting that are looked into; libyaml's time grows with their square."""
_ENDINGS = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


def is_spec(data: bytes) -> bool:
    """Whether the first document is a mapping that has the key `layers`.

    A file that is no YAML is taken for a spec where a line starts with `layers:`, so that a broken
    spec is judged and not passed over.
    """
    text, problem = source.decode("", data, len(data))
    if problem is not None:
        return _LINE.search(data) is not None
    if _KEY not in text.text:
        return False
    try:
        found = _at_the_top(text.text)
    except yaml.YAMLError:
        found = None
    return found if found is not None else _LINE.search(data) is not None


def _at_the_top(text: str) -> bool | None:
    """Whether the key stands in the mapping that the first document is; None where it nests too deeply."""
    depth = 0
    key_next = True
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.DocumentEndEvent):
            return False
        if depth == 0 and isinstance(event, (yaml.ScalarEvent, yaml.SequenceStartEvent)):
            return False
        if isinstance(event, _ENDINGS):
            depth -= 1
        elif depth == 1 and isinstance(event, yaml.NodeEvent):
            if key_next and isinstance(event, yaml.ScalarEvent) and event.value == _KEY:
                return True
            key_next = not key_next
        if isinstance(event, _OPENINGS):
            depth += 1
            if depth > _DEEPEST:
                return None
    return False
