"""Counts what a TimeDistributed runs from one of its steps. Part of the Keras corner.

It calls its layer once for each step, on the same shapes, and writes that out: a graph of 100 steps has
every operation 100 times. Here one step is written, and its operations bear how often they are run. They
bear it themselves, so that it is not lost where they become the body of a loop.
"""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import tensorflow

_TIMES = "_seqshape_times"


@contextmanager
def steps_counted_once() -> Iterator[None]:
    """Has every TimeDistributed write one step, also one inside a layer; what comes out is whole."""
    layer = keras.layers.TimeDistributed
    whole = layer.call
    running: list[tuple[Any, int]] = []

    @functools.wraps(whole)
    def call(self: Any, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        steps = inputs.shape[1]
        fits = mask is None or tuple(mask.shape[1:2]) == (steps,)  # else the refusal is Keras's own
        if steps is None or steps < 2 or not fits:
            return whole(self, inputs, training=training, mask=mask)
        graph = tensorflow.compat.v1.get_default_graph()
        # A loop in between has a graph of its own; its operation there bears the steps round it.
        often = steps * next((times for outer, times in running[-1:] if outer is graph), 1)
        running.append((graph, often))
        try:
            with graph._attr_scope({_TIMES: tensorflow.compat.v1.AttrValue(i=often)}):
                first = None if mask is None else mask[:, :1]
                one = whole(self, inputs[:, :1], training=training, mask=first)
        finally:
            running.pop()
        return keras.ops.repeat(one, steps, axis=1)

    layer.call = call
    try:
        yield
    finally:
        layer.call = whole


def times(operation: Any) -> int:
    """How often an operation of a graph is run for once that it is written there."""
    try:
        return int(operation.get_attr(_TIMES))
    except ValueError:  # no TimeDistributed is round it
        return 1
