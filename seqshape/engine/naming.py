"""Asks Keras which names it gives by itself to what a call makes. Part of the corner that imports it.

The layer is made and called as in a fresh process, and Keras's own counters of names are read.
"""

import json
from typing import Any

import keras
from keras.src.backend.common import global_state

from seqshape.engine.automatic import Automatic
from seqshape.engine.blocks import flowing_dtype
from seqshape.engine.configs import Shared, asked
from seqshape.engine.judge import is_small, keeps_values, result_of
from seqshape.engine.making import Layers, layer_of
from seqshape.engine.messages import LAYER
from seqshape.engine.outputs import flatten
from seqshape.engine.question import Call, World

_COUNTERS = "object_name_uids"


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
    return tuple(
        Automatic(*_split(name, counts), tuple(counts.items()), tuple(its.items()))
        for (name, counts), (_, its) in zip(alone, named, strict=True)
    )


def _with_name(shared: Shared, name: str | None) -> Shared:
    return tuple((path, json.dumps({**json.loads(layer), "name": name})) for path, layer in shared)


def _counted(calls: tuple[Call, ...], shared: Shared) -> list[tuple[str, dict[str, int]]]:
    """The name of what is called, and what each call uses up."""
    with keras.StatelessScope(initialize_variables=False):
        found, problem = _tried(calls, Layers(shared))
    if problem is not None and keeps_values(problem):
        found, _ = _tried(calls, Layers(shared), careful=True)
    return found


def _tried(
    calls: tuple[Call, ...], layers: Layers, *, careful: bool = False
) -> tuple[list[tuple[str, dict[str, int]]], Exception | None]:
    """The same, with what kept a layer from its call; what was used up until then is counted.

    Where one must be `careful`, weights are allocated, and a large layer is not called.
    """
    found: list[tuple[str, dict[str, int]]] = []
    failed: Exception | None = None
    for call in calls:
        global_state.set_global_attribute(_COUNTERS, None)
        layers.flowing = flowing_dtype(call.given)
        name, known = "", set(layers.made)
        try:
            layer = layer_of(json.loads(call.layer), layers)
            outputs: Any = layer
            if not careful or is_small(layer, call.given):
                outputs = result_of(layer, call.given, json.loads(call.keywords))
            name = _name(layer, outputs, known != set(layers.made))
        except Exception as error:
            failed = error
        found.append((name, dict(global_state.get_global_attribute(_COUNTERS) or {})))
    return found, failed


def _name(layer: Any, outputs: Any, is_new: bool) -> str:
    """The name of the operation that gives what comes out, of a function's call too."""
    if is_new and isinstance(layer, keras.Layer):
        return str(layer.name)
    if isinstance(layer, keras.Layer):
        return ""
    history = getattr(next(iter(flatten(outputs)), None), "_keras_history", None)
    return "" if history is None else str(history.operation.name)


def _split(name: str, counts: dict[str, int]) -> tuple[str, int]:
    """A name as what Keras counts, and its number."""
    if name in counts:
        return name, 0
    base, _, number = name.rpartition("_")
    return (base, int(number)) if base in counts and number.isdecimal() else ("", 0)
