"""Asks Keras which names it gives by itself to what a call makes. Part of the corner that imports it.

The layer is made and called as in a fresh process, and Keras's own counters of names are read.
"""

import json
from collections.abc import Iterator
from typing import Any

import keras
from keras.src.backend.common import global_state

from seqshape.engine.automatic import Automatic, Name, Used
from seqshape.engine.blocks import flowing_dtype
from seqshape.engine.configs import Shared, asked
from seqshape.engine.judge import is_small, keeps_values
from seqshape.engine.making import Layers, layer_of
from seqshape.engine.messages import LAYER
from seqshape.engine.outputs import flatten
from seqshape.engine.question import Call, World
from seqshape.engine.tensors import Tensor
from seqshape.engine.tracing import arguments, symbolic

_COUNTERS = "object_name_uids"
_SOURCE = "source"


def automatic(calls: tuple[Call, ...], shared: Shared, world: World) -> tuple[Automatic, ...]:
    """What each of `calls` uses up: all calls of the layers in `shared`, or of a function, in order.

    A call has `{"reuse": path}` as its layer, the first one too.

    Raises:
        NotDescribed: there is no answer in time.

    """
    return asked(lambda: _automatic(calls, shared), world, stateless=False)


def _automatic(calls: tuple[Call, ...], shared: Shared) -> tuple[Automatic, ...]:
    alone = _counted(calls, _with_name(shared, None))
    named = _counted(calls, _with_name(shared, LAYER)) if shared else alone
    return tuple(Automatic(name, used, its) for (name, used), (_, its) in zip(alone, named, strict=True))


def _with_name(shared: Shared, name: str | None) -> Shared:
    return tuple((path, json.dumps({**json.loads(layer), "name": name})) for path, layer in shared)


def _counted(calls: tuple[Call, ...], shared: Shared) -> list[tuple[Name | None, Used]]:
    """The name of what is called, and what each call uses up."""
    with keras.StatelessScope(initialize_variables=False):
        found, problem = _tried(calls, Layers(shared))
    if problem is not None and keeps_values(problem):
        found, _ = _tried(calls, Layers(shared), careful=True)
    return found


def _tried(
    calls: tuple[Call, ...], layers: Layers, *, careful: bool = False
) -> tuple[list[tuple[Name | None, Used]], Exception | None]:
    """The same, with what kept a layer from its call; what was used up until then is counted.

    Where one must be `careful`, weights are allocated, and a large layer is not called.
    """
    found: list[tuple[Name | None, Used]] = []
    failed: Exception | None = None
    for call in calls:
        global_state.set_global_attribute(_COUNTERS, None)
        layers.flowing = flowing_dtype(call.given)
        known, own, operations = len(layers.made), "", list[str]()
        try:
            layer = layer_of(json.loads(call.layer), layers)
            own = str(layer.name) if isinstance(layer, keras.Layer) and len(layers.made) > known else ""
            if not careful or is_small(layer, call.given):
                outputs = _called(layer, call)
                operations = list(_operations(outputs))
                if not isinstance(layer, keras.Layer):
                    own = _made_by(outputs)
        except Exception as error:
            failed = error
        counts: dict[str, int] = dict(global_state.get_global_attribute(_COUNTERS) or {})
        names = (_split(each, counts) for each in operations)
        used = Used(tuple(counts.items()), tuple(each for each in names if each is not None))
        found.append((_split(own, counts), used))
    return found, failed


def _called(layer: Any, call: Call) -> Any:
    """What a layer or a function gives; what `Input` made is its own output."""
    if isinstance(layer, keras.layers.InputLayer):
        return layer.output
    if not callable(layer):
        return layer
    given = [_flowing(tensor) for each in call.given for tensor in each.tensors]
    positional, named = arguments(given, call.given)
    return layer(*positional, **named, **json.loads(call.keywords))


def _flowing(tensor: Tensor) -> Any:
    """A tensor that comes from somewhere, as operations on it become part of a model only then."""
    found = symbolic(tensor)
    if tensor.shape:
        found = keras.Input(
            batch_shape=tensor.shape, dtype=tensor.dtype, sparse=tensor.sparse, name=_SOURCE
        )
    if tensor.mask:
        found._keras_mask = keras.Input(batch_shape=tensor.mask, dtype="bool", name=_SOURCE)
    return found


def _made_by(outputs: Any) -> str:
    """The name of the operation that gives the first output; empty where none does."""
    history = getattr(next(iter(flatten(outputs)), None), "_keras_history", None)
    return "" if history is None else str(history.operation.name)


def _operations(outputs: Any) -> Iterator[str]:
    """The names of the operations, but for layers, that give the outputs and their masks."""
    todo = [each for tensor in flatten(outputs) for each in (tensor, getattr(tensor, "_keras_mask", None))]
    seen: set[int] = set()
    while todo:
        history = getattr(todo.pop(), "_keras_history", None)
        if history is None or isinstance(history.operation, keras.Layer) or id(history.operation) in seen:
            continue
        seen.add(id(history.operation))
        yield str(history.operation.name)
        for node in history.operation._inbound_nodes:
            todo.extend(node.input_tensors)


def _split(name: str, counts: dict[str, int]) -> Name | None:
    """A name as what Keras counts, and its number; None where Keras did not number it."""
    if name in counts:
        return name, 0
    base, _, number = name.rpartition("_")
    return (base, int(number)) if base in counts and number.isdecimal() else None
