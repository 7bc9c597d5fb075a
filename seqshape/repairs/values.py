"""The values in a layer's arguments, the ways to them, and the layer with another value there.

A block in an argument is the calls of its entries, as the engine is asked about it: the way to the third
of its layers is `("layers", 2)`, as it is in the words of the spec.
"""

import json
from collections.abc import Iterator

from seqshape.repairs.what_if import Layer
from seqshape.revisions import Path
from seqshape.tree import Json

_LAYERS = "layers"


def inner_layers(layer: Layer, path: Path = ()) -> Iterator[tuple[Path, Layer]]:
    """A layer and those that its arguments hold, each with the way to it."""
    yield path, layer
    for name, value in layer.items():
        for index, item in enumerate(value) if isinstance(value, list) else ((None, value),):
            if isinstance(item, dict) and isinstance(item.get("type"), str):
                way = (*path, name) if index is None else (*path, name, index)
                yield from inner_layers(item, way)
            elif isinstance(item, dict) and index is None:
                for number, inner in enumerate(_block(item) or ()):
                    if isinstance(inner.get("type"), str):
                        yield from inner_layers(inner, (*path, name, _LAYERS, number))


def _calls(block: dict[str, Json]) -> list[dict[str, Json]]:
    """The calls of a block in an argument; none where a mapping is something else."""
    found = block.get(_LAYERS)
    data = json.loads(found) if isinstance(found, str) else found
    if not isinstance(data, list):
        return []
    calls = [each for each in data if isinstance(each, dict) and isinstance(each.get("layer"), dict)]
    return calls if len(calls) == len(data) else []


def _block(block: dict[str, Json]) -> list[Layer] | None:
    """The layers of a block, by its entries; None where these are not its calls one by one."""
    calls = _calls(block)
    if not calls or any("." in str(call.get("name")) for call in calls):
        return None
    return [layer for call in calls if isinstance(layer := call["layer"], dict)]


def with_value(layer: Layer, path: Path, value: Json) -> Layer:
    """The layer with another value at the end of a way."""
    changed = _with(layer, path, value)
    assert isinstance(changed, dict)
    return changed


def _with(data: Json, path: Path, value: Json) -> Json:
    if not path:
        return value
    head, *rest = path
    if isinstance(data, dict) and head == _LAYERS and rest and (calls := _calls(data)):
        number, *inner = rest
        assert isinstance(number, int)
        calls[number] = {**calls[number], "layer": _with(calls[number]["layer"], tuple(inner), value)}
        changed = list[Json](calls)
        return {**data, _LAYERS: json.dumps(changed) if isinstance(data[_LAYERS], str) else changed}
    if isinstance(data, dict) and isinstance(head, str):
        return {**data, head: _with(data.get(head), tuple(rest), value)}
    if isinstance(data, list) and isinstance(head, int):
        return [*data[:head], _with(data[head], tuple(rest), value), *data[head + 1 :]]
    raise LookupError(f"no value at {head!r}")


def without(layer: Layer, path: Path) -> Layer:
    """The layer without the argument at the end of a way."""
    *outer, name = path
    holder = at(layer, tuple(outer))
    assert isinstance(holder, dict)
    kept: dict[str, Json] = {key: value for key, value in holder.items() if key != name}
    return with_value(layer, tuple(outer), kept) if outer else kept


def at(layer: Json, path: Path) -> Json:
    """The value at the end of a way; None where there is none."""
    for head in path:
        if isinstance(layer, dict) and head == _LAYERS and (inner := _block(layer)) is not None:
            layer = list[Json](inner)
        elif isinstance(layer, dict) and isinstance(head, str):
            layer = layer.get(head)
        elif isinstance(layer, list) and isinstance(head, int) and head < len(layer):
            layer = layer[head]
        else:
            return None
    return layer


def whole_number(value: Json) -> bool:
    """Whether a value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def one_for_all(value: Json) -> Json:
    """The number that a list of equal ones says, as `[2, 2]` for strides of 2; any other value as it is."""
    if isinstance(value, list) and value and all(whole_number(item) and item == value[0] for item in value):
        return value[0]
    return value


def is_axis(path: Path) -> bool:
    """Whether a value is the number of an axis, by its name."""
    return any(isinstance(step, str) and step in ("axis", "axes", "dims") for step in path)
