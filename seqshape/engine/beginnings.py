"""What Keras fills the weights of a layer with at first. Part of the Keras corner.

The initializers are run where nothing is computed, and what they draw is looked at: the bounds that they
ask Keras's random numbers for are the bounds of the weight. No formula of any initializer is known here.
"""

import inspect
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from math import prod
from typing import Any

import keras
import numpy
import tensorflow
from keras.src.initializers import random_initializers

from seqshape.engine import docstrings
from seqshape.engine.question import Beginning, Drawn

_DRAWS = ("uniform", "normal", "truncated_normal")
"""Functions of `keras.random` from which weights are drawn."""
_SEED = "seed"
"""A setting that is another one in each run where the spec names none; it changes no bounds."""
_FEW = 10**6
"""Numbers of a weight that are looked at one by one."""
_MOST_VALUES = 2


def beginning(name: str, weight: Any) -> Beginning:
    """What one weight begins as; `name` is what the facts call it."""
    made = getattr(weight, "_initializer", None)
    if not callable(made):
        return Beginning(name)
    about = ""
    settings = "{}"
    type_ = ""
    if isinstance(made, keras.initializers.Initializer):
        type_, about = type(made).__name__, docstrings.summary(type(made).__doc__)
        config = {name: value for name, value in made.get_config().items() if name != _SEED}
        settings = json.dumps(config, default=str)
    shape = tuple(int(axis) for axis in weight.shape)
    drawn: Drawn | None = None
    values: tuple[tuple[float, int], ...] = ()
    with suppress(Exception):  # whatever it raises: its name and its settings are known all the same
        drawn, values = _run(made, shape, str(weight.dtype))
    return Beginning(name, type_, settings, about, drawn, values)


def _run(
    made: Callable[..., Any], shape: tuple[int, ...], dtype: str
) -> tuple[Drawn | None, tuple[tuple[float, int], ...]]:
    """From where a weight is drawn, or the few values that it has."""
    with tensorflow.__internal__.FuncGraph("beginning").as_default(), _watched() as seen:
        result = made(shape, dtype=dtype)
        found = next((drawn for tensor, drawn in seen if tensor is result), None)
        if found is not None or prod(shape) > _FEW:
            return found, ()
        constant = tensorflow.get_static_value(result)
    if constant is None:
        return None, ()
    counts = Counter(float(value) for value in numpy.ravel(numpy.asarray(constant)))
    return None, tuple(sorted(counts.items())) if len(counts) <= _MOST_VALUES else ()


@contextmanager
def _watched() -> Iterator[list[tuple[Any, Drawn]]]:
    """What initializers draw meanwhile: each tensor with where it came from."""
    random = random_initializers.random
    seen: list[tuple[Any, Drawn]] = []
    own = {name: getattr(random, name) for name in _DRAWS}

    def watching(name: str) -> Callable[..., Any]:
        signature = inspect.signature(own[name])

        def draw(*arguments: Any, **named: Any) -> Any:
            tensor = own[name](*arguments, **named)
            given = signature.bind(*arguments, **named)
            given.apply_defaults()
            numbers = [value for value in given.arguments.values() if isinstance(value, int | float)]
            one, other = (float(value) for value in numbers[:2])
            seen.append((tensor, Drawn(name, one, other)))
            return tensor

        return draw

    try:
        for name in _DRAWS:
            setattr(random, name, watching(name))
        yield seen
    finally:
        for name, function in own.items():
            setattr(random, name, function)
