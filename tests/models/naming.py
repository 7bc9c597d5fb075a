"""Names for what functions of `keras.ops` give: only layers take one when they are made."""

from typing import Any


def called(name: str, tensor: Any) -> Any:
    """The same tensor; the operation that made it has the name from now on."""
    tensor._keras_history.operation.name = name
    return tensor
