"""The bytes of a file to its spec: a YAML spec, or a model that Keras saved, told apart by content.

Only a saved model needs the catalogue of the installed Keras to be read.
"""

from collections.abc import Mapping as Map

from seqshape import source, spec_reader, yaml_reader
from seqshape.containers import Contents
from seqshape.engine import Engine, KerasUnavailable
from seqshape.faults import Fault
from seqshape.frozen import frozen
from seqshape.limits import Limits
from seqshape.recognition import is_keras_model
from seqshape.source import Source
from seqshape.spec import Spec
from seqshape.tree import Mapping
from seqshape.yaml_reader import Document, Read


@frozen
class Loaded:
    """A file's text, its spec, and the faults met on the way.

    `document` is what a YAML spec was read from, None for a saved model, which has no dims; `misread` are
    the faults among all that reading it met. Not `readable` where there is no spec at all.
    """

    text: Source
    spec: Spec
    faults: tuple[Fault, ...]
    document: Document | None = None
    readable: bool = True
    misread: tuple[Fault, ...] = ()


def load(
    path: str,
    contents: Contents,
    sizes: Map[str, int | None],
    limits: Limits,
    engine: Engine,
    read: Read = yaml_reader.read,
) -> Loaded:
    """The spec of a file; `path` is its name in the report, `sizes` replace those of its dims.

    `read` makes a tree of its text.
    """
    if contents.fault is not None:
        return _unreadable(source.from_text(path, ""), contents.fault)
    text, problem = source.decode(path, contents.data, limits.bytes)
    if problem is not None:
        return _unreadable(text, problem)
    document, faults = read(text, limits)
    if document.root is None and faults:
        return _unreadable(text, *faults)
    if isinstance(document.root, Mapping) and is_keras_model(document.root):
        return _saved_model(text, document.root, faults, engine)
    return _spec(text, document, faults, sizes)


def again(loaded: Loaded, document: Document, sizes: Map[str, int | None]) -> Loaded:
    """The spec of a file that was read, from another tree in its place, or with other sizes."""
    return _spec(loaded.text, document, loaded.misread, sizes)


def _spec(
    text: Source, document: Document, misread: tuple[Fault, ...], sizes: Map[str, int | None]
) -> Loaded:
    spec, found = spec_reader.read(document, sizes)
    return Loaded(text, spec, (*misread, *found), document, misread=misread)


def _unreadable(text: Source, *faults: Fault) -> Loaded:
    return Loaded(text, Spec(None), faults, readable=False)


def _saved_model(text: Source, root: Mapping, faults: tuple[Fault, ...], engine: Engine) -> Loaded:
    from seqshape.convert import keras_model

    try:
        catalogue = engine.catalogue()
    except KerasUnavailable as unavailable:
        return _unreadable(text, *faults, unavailable.fault)
    spec, found = keras_model.read(root, catalogue)
    return Loaded(text, spec, (*faults, *found))
