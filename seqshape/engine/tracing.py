"""Traces a call: runs the layer itself on symbolic tensors. Part of the Keras corner.

Keras's shape rules accept calls that cannot run; the call itself does not. Nothing is computed and no
weight is allocated: TensorFlow works out shapes alone.
"""

from typing import Any

import keras
import tensorflow
from keras.src import backend
from keras.src.initializers.random_initializers import RandomInitializer

from seqshape.engine.outputs import named_outputs
from seqshape.engine.question import Disagreement, Given, agree
from seqshape.engine.tensors import Tensor

_INITIALIZED: set[tuple[object, ...]] = set()
"""Initializers that gave a value, each with its settings, for a shape and a dtype.

Of those that draw numbers the number of axes stands for the shape: they draw as many as there are."""
_SHORT = 1
"""Steps that a layer which runs once a step is given, in place of many."""


def traced(
    layer: Any, given: tuple[Given, ...], keywords: dict[str, Any], outputs: Any
) -> tuple[tuple[Disagreement, ...], frozenset[str]]:
    """Runs a built layer's call: which outputs Keras's rules give other shapes, and which are sparse.

    `outputs` are what the rules say for `given`.

    Raises:
        Exception: whatever the call raises.

    """
    short = _shortened(layer, given)
    if short is not given:
        positional, named = arguments(
            [symbolic(tensor) for each in short for tensor in each.tensors], short
        )
        outputs = layer(*positional, **named, **keywords)
    found = dict(named_outputs(layer, _run(layer, short, keywords), keywords))
    disagreements = tuple(
        Disagreement(name, shape_of(ruled), shape_of(found[name]))
        for name, ruled in named_outputs(layer, outputs, keywords)
        if name in found and not agree(shape_of(ruled), shape_of(found[name]))
    )
    return disagreements, frozenset(name for name, tensor in found.items() if tensor.sparse)


def _run(layer: Any, given: tuple[Given, ...], keywords: dict[str, Any]) -> Any:
    """What the call gives, as symbolic tensors."""

    def run(tensors: list[Any], masks: list[Any]) -> Any:
        for tensor, mask in zip(tensors, masks, strict=True):
            if mask is not None:
                tensor._keras_mask = mask
        positional, named = arguments(tensors, given)
        weights = [(weight, _value(weight)) for weight in getattr(layer, "variables", ())]
        with keras.StatelessScope(weights, initialize_variables=False):
            return layer(*positional, **named, **keywords)

    flat = [tensor for each in given for tensor in each.tensors]
    masks = [
        None if tensor.mask is None else keras.KerasTensor(tensor.mask, dtype="bool") for tensor in flat
    ]
    return backend.compute_output_spec(run, [symbolic(tensor) for tensor in flat], masks)


def _value(weight: Any) -> Any:
    """What a weight is in a trace: its initial value, or a tensor like it where that was once had.

    Keras would run the initializer at every use, which is half of the time of a trace.

    Raises:
        Exception: whatever the initializer raises.

    """
    initializer = getattr(weight, "_initializer", None)
    if not isinstance(initializer, keras.initializers.Initializer):
        return weight.value
    shape = tuple(weight.shape)
    drawn = isinstance(initializer, RandomInitializer)  # it may mind the number of axes, and no size
    like = len(shape) if drawn else shape
    made = (type(initializer), repr(initializer.get_config()), like, str(weight.dtype))
    if made in _INITIALIZED:
        return tensorflow.compat.v1.placeholder(weight.dtype, weight.shape)
    value = weight.value
    if type(initializer).__module__.startswith("keras."):  # of others the settings may not be all
        _INITIALIZED.add(made)
    return value


def arguments(tensors: list[Any], given: tuple[Given, ...]) -> tuple[list[Any], dict[str, Any]]:
    """What goes into the call: by position where no parameter is named, else by name."""
    positional: list[Any] = []
    named: dict[str, Any] = {}
    rest = iter(tensors)
    for each in given:
        own = [next(rest) for _ in each.tensors]
        value = own if each.listed else own[0]
        if each.parameter is None:
            positional.append(value)
        else:
            named[each.parameter] = value
    return positional, named


def symbolic(tensor: Tensor) -> Any:
    """A tensor of Keras's that has a shape and no values."""
    made = keras.KerasTensor(tensor.shape, dtype=tensor.dtype, sparse=tensor.sparse)
    if tensor.mask is not None:
        made._keras_mask = keras.KerasTensor(tensor.mask, dtype="bool")
    return made


def shape_of(tensor: Any) -> tuple[int | None, ...]:
    """The shape of a tensor of Keras's, in plain numbers."""
    return tuple(None if axis is None else int(axis) for axis in tensor.shape)


def _shortened(layer: Any, given: tuple[Given, ...]) -> tuple[Given, ...]:
    """Few steps for a TimeDistributed, which runs its layer once for each known step."""
    depth = 0
    while isinstance(layer, keras.layers.TimeDistributed):
        depth += 1
        layer = layer.layer
    if depth == 0:
        return given
    return tuple(
        Given(each.parameter, tuple(_short(tensor, depth) for tensor in each.tensors), each.listed)
        for each in given
    )


def _short(tensor: Tensor, depth: int) -> Tensor:
    """The tensor with few steps on the axes 1 to `depth`."""

    def cut(shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return tuple(
            min(size, _SHORT) if size is not None and 0 < number <= depth else size
            for number, size in enumerate(shape)
        )

    mask = None if tensor.mask is None else cut(tensor.mask)
    return Tensor(cut(tensor.shape), tensor.dtype, mask, tensor.sparse)
