"""How far two arrays differ, and where; the largest over several tries. Part of the Keras corner."""

from typing import Any

import ml_dtypes
import numpy

from seqshape.engine.experiment import Deviation, Spot

_NOWHERE = Spot(-1.0, 0, (), (0.0, 0.0))


class Measured:
    """The largest differences of one output so far."""

    def __init__(self) -> None:
        self._absolute = self._relative = _NOWHERE
        self._scale = 0.0
        self._different = self._numbers = 0
        self._constant = True
        self._shape: tuple[int, ...] = ()
        self._dtypes: tuple[str, str] = ("", "")

    def take(self, one: Any, other: Any, attempt: int) -> None:
        """Adds what two models gave in one try; both have one shape."""
        self._shape, self._dtypes = tuple(one.shape), (str(one.dtype), str(other.dtype))
        self._constant &= not one.size or bool((one == one.flat[0]).all())
        here, there = _numbers(one), _numbers(other)
        equal = (one == other) if here is None or there is None else _equal(here, there)
        self._numbers += one.size
        self._different += int(one.size - numpy.count_nonzero(equal))
        if here is None or there is None:  # words: they are equal or not
            here, there = numpy.zeros(one.shape), numpy.where(equal, 0.0, 1.0)
        with numpy.errstate(all="ignore"):
            sizes = numpy.maximum(abs(here), abs(there))
            absolute = numpy.where(equal, 0.0, _infinite(abs(here - there)))
            relative = numpy.where(equal, 0.0, _infinite(absolute / sizes))
        finite = sizes[numpy.isfinite(sizes)]
        self._scale = max(self._scale, float(finite.max()) if finite.size else 0.0)
        self._absolute = _larger(self._absolute, absolute, here, there, attempt)
        self._relative = _larger(self._relative, relative, here, there, attempt)

    def deviation(self, coarsest: float) -> Deviation:
        """What was found; `coarsest` is the step of the coarsest dtype that anything is computed in."""
        steps = [step_of(dtype) for dtype in self._dtypes]
        return Deviation(
            self._shape,
            self._dtypes,
            self._absolute,
            self._relative,
            self._scale,
            self._different,
            self._numbers,
            max(coarsest, *steps) if max(steps) else 0.0,
            self._constant,
        )


def _numbers(value: Any) -> Any:
    """The array in a dtype that subtraction is exact enough in; None for words."""
    if value.dtype == object or value.dtype.kind in "SU":
        return None
    return value.astype("complex128" if value.dtype.kind == "c" else "float64")


def _equal(here: Any, there: Any) -> Any:
    return (here == there) | (numpy.isnan(here) & numpy.isnan(there))


def _infinite(value: Any) -> Any:
    """A difference that is no number, as between a number and none, counts as infinite."""
    return numpy.where(numpy.isnan(value), numpy.inf, value)


def _larger(known: Spot, differences: Any, here: Any, there: Any, attempt: int) -> Spot:
    if not differences.size:
        return known
    place = int(differences.argmax())
    if float(differences.flat[place]) <= known.difference:
        return known
    index = tuple(int(axis) for axis in numpy.unravel_index(place, differences.shape))
    values = float(abs(here[index])), float(abs(there[index]))
    if not numpy.iscomplexobj(here):
        values = float(here[index]), float(there[index])
    return Spot(float(differences.flat[place]), attempt, index, values)


def step_of(dtype: str) -> float:
    """The step from 1 to the next number of a dtype, 0 for what is no float."""
    try:
        return float(ml_dtypes.finfo(dtype).eps)  # type: ignore[no-untyped-call]
    except (ValueError, TypeError):  # no float
        return 0.0
