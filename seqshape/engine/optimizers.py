"""What optimizers keep beside the weights: asked of Keras's own. Part of the Keras corner.

An optimizer is built on a variable of the weight's shape: a real one where it is small, else a symbolic
one, for which nothing is allocated.
"""

import json
from math import prod
from typing import Any

import keras
import tensorflow

from seqshape.dtypes import itemsize

_SMALL = 10**5
"""Elements of a weight that is allocated: some optimizers make numbers of their own, which hold values."""


def slots(optimizer: str, settings: str, shape: tuple[int, ...], dtype: str) -> int | None:
    """Bytes that an optimizer keeps for one weight, beside what it keeps for none.

    None where the installed Keras has no such optimizer, or cannot say without allocating a large weight.

    Args:
        optimizer: a class of `keras.optimizers`.
        settings: JSON text of its arguments.
        shape: the weight's shape.
        dtype: the weight's dtype.

    """
    made = getattr(keras.optimizers, optimizer, None)
    if made is None:
        return None
    try:
        with_it, without = (made(**json.loads(settings)) for _ in range(2))
        if prod(shape) <= _SMALL:
            with_it.build([_weight(shape, dtype)])
        else:
            with_it._var_key = id  # its own reads the weight's value
            with (
                keras.StatelessScope(initialize_variables=False),
                tensorflow.__internal__.FuncGraph("slots").as_default(),
            ):
                with_it.build([_weight(shape, dtype)])
        without.build([])
    except Exception:  # whatever Keras raises: there is no answer then, and none is made up
        return None
    return _bytes(with_it) - _bytes(without)


def _weight(shape: tuple[int, ...], dtype: str) -> Any:
    return keras.Variable(initializer="zeros", shape=shape, dtype=dtype)


def _bytes(optimizer: Any) -> int:
    return sum(prod(variable.shape) * itemsize(str(variable.dtype)) for variable in optimizer.variables)
