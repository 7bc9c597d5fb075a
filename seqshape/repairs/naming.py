"""A change of one value as a candidate, with the title that a user reads."""

import json
from itertools import pairwise

from seqshape.graph import Node
from seqshape.places import Place
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.values import at, with_value
from seqshape.repairs.what_if import Layer, Overlay
from seqshape.revisions import Path, SetValue
from seqshape.spec import Entry
from seqshape.tree import Json, Mapping, Scalar, Sequence, Value

_SAID = 0.2
"""Less for a size that the spec says by its dims already, where it must be the same."""


def setting(case: Case, node: Node, layer: Layer, path: Path, value: Json, cost: float) -> Candidate:
    """Another value for an argument of a node's layer."""
    entry = node.entry
    whole = path
    while isinstance(whole[-1], int):  # one of a list of sizes
        whole = whole[:-1]
    said = case.expressions.spoken(value, path, written_at(entry, path))
    told = at(with_value(layer, path, value), whole)
    told = said if whole == path else case.expressions.spoken(told, whole, written_at(entry, whole))
    if isinstance(said, str) and isinstance(value, int):
        cost -= _SAID
    return Candidate(
        title=f"set `{text(told, str(whole[-1]))}` on {_inside_block(entry, path)}`{node.title}`",
        cost=cost,
        revisions=(SetValue(entry.place, path, said),),
        overlay=Overlay(layers={entry.place: with_value(layer, path, value)}),
        layer=node.title,
        argument=str(whole[-1]),
        place=place_of(entry, path),
        subject=(entry.place, whole),
        path=path,
        value=value,
    )


def text(value: Json, name: str) -> str:
    """An argument as a spec says it: `return_sequences: true`."""
    return f"{name}: {written(value)}"


def written(value: Json) -> str:
    """A value on one line, as a spec says it."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {written(item)}' for key, item in value.items())}}}"
    return json.dumps(value)


def with_arguments(layer: Layer) -> str:
    """A layer by its type and arguments: `Reshape (target_shape: [7, 7])`."""
    told = ", ".join(text(value, name) for name, value in layer.items() if name != "type")
    return f"{layer['type']} ({told})" if told else str(layer["type"])


def place_of(entry: Entry, path: Path) -> Place:
    """Where an argument stands with its name, or the entry where it is not written."""
    name, *rest = path
    for argument in entry.arguments:
        if argument.name.text == name:
            place, value = argument.name.place, argument.value
            for step in rest:
                inner = _inside(value, step)
                if inner is None:
                    return place.to(value.place)
                if isinstance(value, Mapping):
                    place = value.key_place(str(step))
                value = inner
            return place.to(value.place)
    return entry.place


def written_at(entry: Entry, path: Path) -> Value | None:
    """What is written at the end of a way; None where nothing is."""
    name, *rest = path
    value = next((each.value for each in entry.arguments if each.name.text == name), None)
    for step in rest:
        value = None if value is None else _inside(value, step)
    return value


def _inside_block(entry: Entry, path: Path) -> str:
    """Which entry of a block in an argument a way leads to, as the words before the outer one's name."""
    name, *rest = path
    value = next((each.value for each in entry.arguments if each.name.text == name), None)
    named = ""
    for before, step in pairwise((name, *rest)):
        value = None if value is None else _inside(value, step)
        if before == "layers" and isinstance(step, int) and isinstance(value, Mapping):
            word = value.get("name") or value.get("type")
            named = f"`{word.text}` in " if isinstance(word, Scalar) else named
    return named


def _inside(value: Value, step: str | int) -> Value | None:
    if isinstance(value, Mapping) and isinstance(step, str):
        return value.get(step)
    if isinstance(value, Sequence) and isinstance(step, int) and step < len(value.items):
        return value.items[step]
    return None
