"""In which arguments two layers differ, as Keras has them: what is not written is Keras's default.

Keras is asked how it would save each layer, where the words of the two are not the same already.
"""

import json
import re
from collections.abc import Iterator

from seqshape.comparison.result import Change
from seqshape.comparison.side import Side
from seqshape.engine.catalogue import module_of
from seqshape.engine.writing import Undescribed
from seqshape.frozen import frozen
from seqshape.graph import Node, owner_of
from seqshape.inner import layer_arguments
from seqshape.spec import plain_arguments
from seqshape.tree import Json

_PASSED_OVER = frozenset(("name", "module", "registered_name", "build_config", "compile_config"))
_BLOCK = "Block"
Flat = dict[tuple[str, ...], Json]


@frozen
class Layer:
    """A layer of one side: its type, its arguments as they are written, and how to ask about it."""

    side: Side
    node: Node

    @property
    def owner(self) -> Node:
        """The node that makes the layer."""
        return owner_of(self.node, self.side.graph)

    @property
    def type(self) -> str:
        """The layer's type."""
        return "" if self.owner.entry.type is None else self.owner.entry.type.text

    @property
    def written(self) -> dict[str, Json]:
        """The arguments that are written, sizes worked out."""
        return layer_arguments(self.owner, self.side.graph)

    @property
    def call(self) -> dict[str, Json]:
        """The arguments of the call that are no tensors."""
        return plain_arguments(self.node.entry.call)

    def described(self) -> Flat | None:
        """All arguments, as Keras saves them; None where Keras does not make the layer."""
        engine, world = self.side.engine, self.side.world
        definition = json.dumps({"type": self.type, **self.written})
        try:
            if self.type.startswith("ops."):
                return _written(json.loads(engine.writing.essential(definition, (), world)))
            saved = json.loads(engine.writing.described(definition, self.side.shared(self.owner), world))
        except Undescribed:
            return None
        return dict(_flat(saved["config"], ()))


def argument_changes(one: Layer, other: Layer) -> Iterator[Change]:
    """What differs between the arguments of two layers, in the order of A's file."""
    mine, yours = one.written, other.written
    if mine == yours and (one.type == other.type or not mine):
        return
    here, there = one.described(), other.described()
    if here is None or there is None:
        here, there = _written(mine), _written(yours)
    same_type = one.type == other.type
    keys = dict.fromkeys((*here, *there)) if same_type else [key for key in here if key in there]
    differing = [key for key in keys if not _equal(here.get(key), there.get(key))]
    if not differing:
        return
    reworded = [key for key in dict.fromkeys((*mine, *yours)) if mine.get(key) != yours.get(key)]
    known = {key[0] for key in (*here, *there)}
    found = [key for key in differing if key[0] in reworded]
    found.extend((key,) for key in reworded if key not in known and same_type)
    for key in found or differing:
        sides = ((here, mine), (there, yours))
        values = [flat[key] if key in flat else raw.get(key[0]) for flat, raw in sides]
        yield Change(
            "argument", _named(key), values[0], values[1], (_stands(key, mine), _stands(key, yours))
        )


def call_changes(one: Layer, other: Layer) -> Iterator[Change]:
    """What differs between the other arguments of two calls."""
    mine, yours = one.call, other.call
    for key in dict.fromkeys((*mine, *yours)):
        if key not in mine or key not in yours or not _equal(mine[key], yours[key]):
            yield Change("call", key, mine.get(key), yours.get(key), (key in mine, key in yours))


def _equal(one: Json, other: Json) -> bool:
    """Whether two values say the same: 1 and 1.0 do, 1 and true do not."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return one == other


def _named(key: tuple[str, ...]) -> str:
    """`layer.units`, `cells[1].units`."""
    return re.sub(r"\.(\d+)(?=\.|\Z)", r"[\1]", ".".join(key))


def _stands(key: tuple[str, ...], written: Json) -> bool:
    """Whether an argument is written."""
    found: Json = written
    for part in key:
        if isinstance(found, list) and part.isdecimal() and int(part) < len(found):
            found = found[int(part)]
        elif isinstance(found, dict) and part in found:
            found = found[part]
        else:
            return isinstance(found, dict) and "layers" in found
    return True


def _written(arguments: dict[str, Json]) -> Flat:
    return {(key,): value for key, value in arguments.items()}


def _flat(config: dict[str, Json], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Json]]:
    """The arguments in a configuration, with those of the layers in it behind a path."""
    for key, value in config.items():
        if key not in _PASSED_OVER:
            yield from _value(value, (*path, key))


def _value(value: Json, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Json]]:
    if isinstance(value, list) and any(_is_object(item) for item in value):
        for number, item in enumerate(value):
            yield from _value(item, (*path, str(number)))
        return
    if not isinstance(value, dict) or not _is_object(value):
        yield path, value
        return
    name, config = value["class_name"], value["config"]
    assert isinstance(config, dict)
    if module_of(path[-1]) is not None:
        yield path, _short(name, config)
    elif name == _BLOCK and isinstance(calls := config.get("calls"), str):
        yield from _calls(json.loads(calls), path)
    else:
        yield (*path, "type"), name
        yield from _flat(config, path)


def _is_object(value: Json) -> bool:
    return isinstance(value, dict) and "class_name" in value and isinstance(value.get("config"), dict)


def _short(name: Json, config: dict[str, Json]) -> Json:
    """An initializer, a regularizer or a policy in few words."""
    said = {key: value for key, value in config.items() if value is not None}
    if set(said) == {"name"}:  # a policy
        return said["name"]
    return {"type": name, **said} if said else name


def _calls(calls: Json, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Json]]:
    """The layers of a block that stands for a layer."""
    assert isinstance(calls, list)
    for call in calls:
        assert isinstance(call, dict)
        layer = call["layer"]
        assert isinstance(layer, dict)
        own = (*path, str(call["name"]))
        for key, value in layer.items():
            if key == "layers":
                yield from _calls(value, own)
            else:
                yield (*own, key), value
        yield (*own, "inputs"), call["inputs"]
        yield (*own, "call"), call["call"]
