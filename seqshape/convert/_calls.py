"""The calls of a layer as Keras saves them: which tensors go in, and where they come from.

Reads what Keras 3 writes (`args` and `kwargs`) and what Keras 2 wrote (lists of lists) to the same values.
"""

from collections.abc import Iterator
from typing import TypeAlias

from seqshape.convert._objects import Reading, is_text, saved_object
from seqshape.frozen import frozen
from seqshape.places import Place
from seqshape.spec import Word
from seqshape.tree import Mapping, Scalar, Sequence, Value, plain


@frozen
class Tensor:
    """What comes out of a layer: out of which of its calls, and which of the outputs."""

    layer: str
    node: int
    index: int
    place: Place


@frozen
class Group:
    """Tensors together, in a list or by name; whatever else may stand among them."""

    items: "tuple[Given, ...]"
    keys: tuple[str, ...]
    place: Place

    def tensors(self) -> tuple[Tensor, ...] | None:
        """The items, where all of them are tensors."""
        found = tuple(item for item in self.items if isinstance(item, Tensor))
        return found if len(found) == len(self.items) else None


Given: TypeAlias = Tensor | Group | Value
"""An argument of a call: a tensor, several of them, or a value that holds none."""


@frozen
class SavedCall:
    """One call; `legacy` where Keras 2 saved it."""

    args: tuple[Given, ...]
    kwargs: tuple[tuple[Word, Given], ...]
    place: Place
    legacy: bool

    def tensors(self) -> Iterator[Tensor]:
        """All tensors that go in."""
        for given in (*self.args, *(given for _, given in self.kwargs)):
            yield from tensors_in(given)


def tensors_in(given: Given) -> Iterator[Tensor]:
    """The tensors in an argument, in order."""
    if isinstance(given, Tensor):
        yield given
    elif isinstance(given, Group):
        for item in given.items:
            yield from tensors_in(item)


def calls(nodes: Value | None, layer: str, reading: Reading) -> tuple[SavedCall, ...]:
    """The calls in a layer's `inbound_nodes`."""
    if nodes is None:
        return ()
    if not isinstance(nodes, Sequence):
        reading.wrong(nodes.place, layer, "its `inbound_nodes` are no list")
        return ()
    return tuple(_call(node, layer, reading) for node in nodes.items)


def _call(node: Value, layer: str, reading: Reading) -> SavedCall:
    if isinstance(node, Mapping) and isinstance(args := node.get("args"), Sequence):
        kwargs = node.get("kwargs")
        named = tuple(
            (Word(key.text, key.place), _given(item, layer, reading))
            for key, item in (kwargs if isinstance(kwargs, Mapping) else ())
        )
        positional = tuple(_given(item, layer, reading) for item in args.items)
        return SavedCall(positional, named, node.place, legacy=False)
    return _legacy_call(node, layer, reading)


def _given(value: Value, layer: str, reading: Reading) -> Given:
    """An argument of a call as Keras 3 writes it."""
    saved = saved_object(value)
    if saved is not None and saved.class_name == "__keras_tensor__":
        config = saved.config
        history = config.get("keras_history") if isinstance(config, Mapping) else None
        if (tensor := _history(history)) is not None:
            return tensor
        reading.wrong(value.place, layer, "it reads a tensor that comes from no layer of the model")
        return value
    if saved is not None and saved.class_name == "__tuple__" and saved.config is not None:
        return _given(saved.config, layer, reading)
    if saved is None and not isinstance(value, Scalar):
        pairs = value.items if isinstance(value, Mapping) else ()
        items = value.items if isinstance(value, Sequence) else tuple(item for _, item in pairs)
        keys = tuple(key.text for key, _ in pairs)
        group = Group(tuple(_given(item, layer, reading) for item in items), keys, value.place)
        if next(tensors_in(group), None) is not None:
            return group
    return value


def _history(value: Value | None) -> Tensor | None:
    """`[layer, node, tensor]`, which Keras 2 may follow with the call's keywords."""
    if not isinstance(value, Sequence) or len(value.items) not in (3, 4):
        return None
    name, node, index = (plain(item) for item in value.items[:3])
    if not isinstance(name, str) or not isinstance(node, int) or not isinstance(index, int):
        return None
    return Tensor(name, node, index, value.place) if node >= 0 and index >= 0 else None


def _legacy_call(node: Value, layer: str, reading: Reading) -> SavedCall:
    """A call as Keras 2 wrote it: `[["x", 0, 0, {}]]`, several of these, or one alone."""
    inputs: list[Given] = []
    kwargs: dict[str, tuple[Word, Given]] = {}
    items = node.items if isinstance(node, Sequence) else ()
    if items and is_text(items[0]):
        items = (node,)
    for item in items:
        tensor = _history(item)
        if tensor is None:
            reading.wrong(item.place, layer, "one of its calls has an input that is no output of a layer")
            continue
        inputs.append(tensor)
        words = item.items[3] if isinstance(item, Sequence) and len(item.items) == 4 else None
        for key, value in words if isinstance(words, Mapping) else ():
            kwargs.setdefault(key.text, (Word(key.text, key.place), _legacy_given(value)))
    args: tuple[Given, ...] = tuple(inputs)
    if len(inputs) > 1:
        args = (Group(args, (), node.place),)
    return SavedCall(args, tuple(kwargs.values()), node.place, legacy=True)


def _legacy_given(value: Value) -> Given:
    """A keyword of a call: where it is a tensor it stands as one of the call's inputs does."""
    if (tensor := _history(value)) is not None:
        return tensor
    if isinstance(value, Sequence):
        group = Group(tuple(_legacy_given(item) for item in value.items), (), value.place)
        if next(tensors_in(group), None) is not None:
            return group
    return value


def tensors_of(value: Value | None, owner: str, reading: Reading) -> tuple[tuple[str, Tensor], ...]:
    """The tensors in `input_layers` or `output_layers`: each with its key, empty where it has none."""
    if (tensor := _history(value)) is not None:
        return (("", tensor),)
    saved = saved_object(value)
    if saved is not None and saved.class_name == "__tuple__":
        value = saved.config
    found: list[tuple[str, Tensor]] = []
    if isinstance(value, Sequence):
        for item in value.items:
            found.extend(tensors_of(item, owner, reading))
    elif isinstance(value, Mapping):
        for key, item in value:
            found.extend((key.text, tensor) for _, tensor in tensors_of(item, owner, reading))
    elif value is not None:
        reading.wrong(value.place, owner, "its inputs or outputs are no outputs of its layers")
    return tuple(found)
