"""Random numbers for inputs and weights, from a seed. Part of the corner that imports Keras."""

from collections.abc import Iterator
from math import prod, sqrt
from typing import Any

import numpy

from seqshape.engine.experiment import Entering
from seqshape.frozen import frozen

_FEW = 10
"""Different whole numbers that an input holds where nothing says how many there are."""
_WORDS = numpy.array(["alpha", "beta", "gamma", "delta", "epsilon"], dtype=object)
_NEAR = 0.1
"""How far weights that start at one value are moved: zeros would hide what they do."""


@frozen
class Bounds:
    """How many different whole numbers each input may hold, None where nothing bounds them."""

    most: tuple[int | None, ...]

    def both(self, other: "Bounds") -> "Bounds":
        """The lower of two bounds, input by input."""
        pairs = zip(self.most, other.most, strict=True)
        return Bounds(
            tuple(min((each for each in pair if each is not None), default=None) for pair in pairs)
        )


def weight_of(start: Any, dtype: str, draws: numpy.random.Generator) -> Any:
    """A value for a weight that Keras starts at `start`; None to leave it there, as what counts is.

    What starts at random is drawn so that sums over it stay near 1; what starts at one value stays near.
    """
    if "float" not in dtype:
        return None
    if start.size > 1 and start.min() != start.max():
        drawn = draws.normal(0.0, 1.0 / sqrt(max(prod(start.shape[:-1]), 1)), start.shape)
    else:
        drawn = start.astype("float64") + draws.uniform(0.0, _NEAR, start.shape)
    return drawn.astype("float32")


def inputs_of(
    entering: tuple[Entering, ...],
    bounds: Bounds,
    padded: bool,
    attempt: int,
    draws: numpy.random.Generator,
    precise: str | None,
) -> Iterator[tuple[Any, Any]]:
    """The data of each input, in the dtypes of the two models; floats in `precise` where it is given."""
    for each, bound in zip(entering, bounds.most, strict=True):
        value = _drawn(each, bound, draws)
        is_text = value.dtype == object
        if padded and not is_text and value.dtype != bool and value.ndim >= (3 if bound is None else 2):
            steps = value.shape[1]
            value[(attempt + 1) % 2 :: 2, steps - steps // 3 :] = 0
        one, other = (
            value if is_text else value.astype(precise if precise and "float" in dtype else dtype)
            for dtype in each.dtypes
        )
        yield one, other


def _drawn(entering: Entering, bound: int | None, draws: numpy.random.Generator) -> Any:
    dtype = entering.dtypes[0]
    if dtype == "string":
        return draws.choice(_WORDS, entering.shape)
    if dtype == "bool":
        return draws.random(entering.shape) < 0.5
    if bound is not None or "int" in dtype:
        return draws.integers(
            0, min(bound or _FEW, 127 if dtype.endswith("int8") else 2**31), entering.shape
        )
    return draws.normal(0.0, 1.0, entering.shape).astype("float32")
