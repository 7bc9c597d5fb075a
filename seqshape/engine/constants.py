"""Arguments of functions that JSON has no word for. Part of the corner that imports Keras.

A slice is a text as Python writes it between brackets (`1:`, `::2`), the axes that are left out are `...`,
and numbers that are a tensor stand in a mapping with the type `ops.array`.
"""

from typing import Any

import keras

from seqshape.engine.slices import ends_of

_ARRAYS = frozenset(("ops.array", "ops.convert_to_tensor"))


def constant(value: Any) -> Any:
    """The value of a function's argument."""
    if isinstance(value, list):
        return [constant(item) for item in value]
    if isinstance(value, dict) and value.get("type") in _ARRAYS:
        return keras.ops.array(value.get("x"), dtype=value.get("dtype"))
    if value == "...":
        return ...
    if isinstance(value, str) and (ends := ends_of(value)) is not None:
        return slice(*ends)
    return value
