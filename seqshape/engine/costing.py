"""Traces a call at known sizes and hands over the graph of operations. Part of the Keras corner.

As in `tracing` nothing is computed; the weights are constants here, so that the operations that would
draw their first values are in no graph.
"""

from typing import Any

import keras
import tensorflow
from keras.src import backend

from seqshape.engine.products import counted
from seqshape.engine.question import Cost, Given
from seqshape.engine.stepping import steps_counted_once
from seqshape.engine.tracing import arguments, symbolic


def cost_of(layer: Any, given: tuple[Given, ...], keywords: dict[str, Any]) -> Cost:
    """What a built layer's call multiplies; every axis that goes in has a size.

    Raises:
        Exception: whatever the call raises.

    """
    if not callable(layer):
        return Cost(0)
    flat = [tensor for each in given for tensor in each.tensors]
    masks = [
        None if tensor.mask is None else keras.KerasTensor(tensor.mask, dtype="bool") for tensor in flat
    ]
    found: list[Cost] = []

    def run(tensors: list[Any], masks: list[Any]) -> Any:
        weights = [(weight, _constant(weight)) for weight in getattr(layer, "variables", [])]
        for tensor, mask in zip(tensors, masks, strict=True):
            if mask is not None:
                tensor._keras_mask = mask
        positional, named = arguments(tensors, given)
        with keras.StatelessScope(state_mapping=weights):
            outputs = layer(*positional, **named, **keywords)
        flat = [each for each in keras.tree.flatten(outputs) if hasattr(each, "op")]
        found.append(counted(tensorflow.compat.v1.get_default_graph(), flat))
        return outputs

    with steps_counted_once():
        backend.compute_output_spec(run, [symbolic(tensor) for tensor in flat], masks)
    return found[-1]


def _constant(weight: Any) -> Any:
    dtype = str(weight.dtype)
    return tensorflow.fill(weight.shape, "") if dtype == "string" else tensorflow.zeros(weight.shape, dtype)
