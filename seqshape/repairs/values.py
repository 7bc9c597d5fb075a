"""The values in a layer's arguments, the ways to them, and the layer with another value there."""

from collections.abc import Iterator

from seqshape.repairs.what_if import Layer
from seqshape.revisions import Path
from seqshape.tree import Json


def inner_layers(layer: Layer, path: Path = ()) -> Iterator[tuple[Path, Layer]]:
    """A layer and those that its arguments hold, each with the way to it."""
    yield path, layer
    for name, value in layer.items():
        for index, item in enumerate(value) if isinstance(value, list) else ((None, value),):
            if isinstance(item, dict) and isinstance(item.get("type"), str):
                way = (*path, name) if index is None else (*path, name, index)
                yield from inner_layers(item, way)


def with_value(layer: Layer, path: Path, value: Json) -> Layer:
    """The layer with another value at the end of a way."""
    changed = _with(layer, path, value)
    assert isinstance(changed, dict)
    return changed


def _with(data: Json, path: Path, value: Json) -> Json:
    if not path:
        return value
    head, *rest = path
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
        if isinstance(layer, dict) and isinstance(head, str):
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
