"""The words that Keras takes for its objects: `relu`, `glorot_uniform`. Part of the corner that imports it.

They are read from Keras's own public modules; which of their names it takes as words is asked of it.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import keras
from keras.src.backend.common import dtypes, variables
from keras.src.dtype_policies import dtype_policy

from seqshape.engine.catalogue import ACTIVATIONS, MODULES

_POLICIES = "dtype_policies"


def known_words() -> dict[str, tuple[str, ...]]:
    """By module of Keras, the words that an argument which takes its objects may have."""
    found: dict[str, tuple[str, ...]] = {}
    for module in dict.fromkeys((ACTIVATIONS, *MODULES.values())):
        own = getattr(keras, module, None)
        if own is not None and hasattr(own, "get"):
            found[module] = tuple(_taken(_names(own), own.get))
    dtypes_, policies = _dtypes(), keras.dtype_policies.get
    found[_POLICIES] = (*dtypes_, *_taken(_policies(dtypes_), policies))
    return found


def _names(module: Any) -> Iterator[str]:
    """The names of a module's objects that are words; its classes have others too, in capitals."""
    for name, value in vars(module).items():
        if name.islower() and (inspect.isclass(value) or inspect.isfunction(value)):
            yield name


def _dtypes() -> tuple[str, ...]:
    allowed: Iterable[str] = getattr(dtypes, "ALLOWED_DTYPES", getattr(variables, "ALLOWED_DTYPES", ()))
    return tuple(sorted(allowed))


def _policies(names: Iterable[str]) -> Iterator[str]:
    """What a policy that is made from a float may be called."""
    floats = [name for name in names if keras.backend.is_float_dtype(name)]
    mixed = [f"mixed_{name}" for name in floats]
    yield from mixed
    for mode in getattr(dtype_policy, "QUANTIZATION_MODES", ()):
        yield from (f"{mode}_from_{name}" for name in (*floats, *mixed))


def _taken(names: Iterable[str], get: Callable[[str], Any]) -> Iterator[str]:
    """The names that Keras makes an object from."""
    for name in names:
        try:
            get(name)
        except Exception:
            continue
        yield name
