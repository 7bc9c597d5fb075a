"""What an entry lacks and Keras has no default for: `units` of a GRU, a `type` that the name tells.

The other entries may say it, or an expectation; else a likely value stands for the one that is meant.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator

from seqshape.engine.sample_values import VALUES
from seqshape.faults import MissingKey
from seqshape.frozen import frozen
from seqshape.graph import Node
from seqshape.places import Place
from seqshape.repairs.naming import text, written_at
from seqshape.repairs.trial import Trial
from seqshape.revisions import Path, SetValue
from seqshape.spec import Entry
from seqshape.spec_reader import snake_case
from seqshape.tree import Json, Mapping, Scalar, Sequence, Value, plain

_NUMBERED = re.compile(r"_\d+\Z")
_TYPE = "type"
_MOST = 6


@frozen
class Given:
    """A value for what is missing, as a change; it is a guess where nothing in the spec says it."""

    title: str
    revision: SetValue


def given(fault: MissingKey, trial: Trial) -> Iterator[Given]:
    """Values for what an entry lacks, the likeliest first."""
    node = next((each for each in trial.graph.nodes if each.title == fault.layer), None)
    if node is None:
        return
    if fault.key == _TYPE:
        base = _NUMBERED.sub("", node.name)
        for type_ in trial.catalogue.names(None):
            if snake_case(type_) == base:
                yield _given(node, (_TYPE,), type_)
        return
    path = next((way for way, place in _types(node.entry) if place == fault.place), None)
    if path is None:
        return
    said = list(dict.fromkeys(_said(fault, trial, node)))[:_MOST]
    for value in said:
        yield _given(node, (*path, fault.key), json.loads(value))
    for likely in VALUES.get(fault.key, ())[:1] if not said else ():
        yield _given(node, (*path, fault.key), likely, guess=True)


def _given(node: Node, path: Path, value: Json, *, guess: bool = False) -> Given:
    title = f"give `{node.title}` `{text(value, str(path[-1]))}`"
    if guess:
        plain_value = json.dumps(value) if isinstance(value, int) else ""
        title = (
            f"{title}, with what you mean for {plain_value}"
            if plain_value
            else f"{title}, or what you mean"
        )
    return Given(title, SetValue(node.entry.place, path, value))


def _types(entry: Entry) -> Iterator[tuple[Path, Place]]:
    """Where each layer's type stands, in an entry and in its arguments, with the way to the layer."""
    if entry.type is not None:
        yield (), entry.type.place
    todo: list[tuple[Path, Value]] = [((each.name.text,), each.value) for each in entry.arguments]
    while todo:
        path, value = todo.pop()
        if isinstance(value, Mapping):
            type_ = value.get(_TYPE)
            if isinstance(type_, Scalar):
                yield path, type_.place
            todo += [((*path, key.text), item) for key, item in value]
        elif isinstance(value, Sequence):
            todo += [((*path, number), item) for number, item in enumerate(value.items)]


def _said(fault: MissingKey, trial: Trial, node: Node) -> Iterator[str]:
    """What the spec says it could be, as JSON: what others of the type have, or an expected size."""
    alike: Counter[str] = Counter()
    for other in trial.graph.nodes:
        for way, _ in _types(other.entry):
            value = written_at(other.entry, (*way, fault.key))
            if value is not None and _type(other.entry, way) == fault.owner:
                alike[json.dumps(plain(value))] += 1
    yield from (value for value, _ in alike.most_common())
    outputs = (
        each
        for each in trial.spec.expect.shapes
        if each.output is not None and each.output.text == node.name
    )
    for expected in (*node.entry.expect.shapes, *outputs):
        yield from (json.dumps(size) for size in expected.axes[-1:] if isinstance(size, int))


def _type(entry: Entry, way: Path) -> str:
    """The type of an entry, or of the layer at the end of a way into its arguments."""
    if not way:
        return entry.type.text if entry.type is not None else ""
    word = written_at(entry, (*way, _TYPE))
    return word.text if isinstance(word, Scalar) else ""
