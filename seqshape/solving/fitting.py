"""Of the values that keep the budgets, the best one with which the spec fits.

The first ones are built one after another; then those that fulfil what formulas demand; then ever further
ones, in case that the spec fits below some value alone, and the end of these is found by halving.
"""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import islice

from seqshape.algebra import Polynomial
from seqshape.algebra.inequalities import Bound, Solutions
from seqshape.solving.asking import Asking, falls
from seqshape.solving.result import Asked
from seqshape.sweeping.result import Combination

_AT_ENDS = 1024
"""Values at each end of a range that are looked at for the one that misses budgets by least."""
_TRIED_MISSING = 3
_TRIED, _TRIED_MORE = 16, 32
_LOOKED = 100_000
_FURTHEST = 40


class Fitting:
    """A search among solutions; the `most` are looked for, or the least."""

    def __init__(
        self, asking: Asking, found: Solutions, allowed: Callable[[int], bool], most: bool
    ) -> None:
        self._asking = asking
        self._found = found
        self._allowed = allowed
        self._most = most
        self._refused: dict[int, Combination] = {}

    def refused(self) -> tuple[Combination, ...]:
        """The values that were built and have an error, the best first."""
        return tuple(self._refused[value] for value in sorted(self._refused, reverse=self._most))

    def best(self) -> int | None:
        """The best value with which the spec fits; None where none was found."""
        values = self._found.largest_first() if self._most else self._found.smallest_first()
        for value in self._near(values):
            if self._fits(value):
                return value
        return self._far()

    def _fits(self, value: int) -> bool:
        built = self._asking.at(value)
        if not built.ok:
            self._refused[value] = built
        return built.ok

    def _near(self, values: Iterator[int]) -> Iterator[int]:
        """The first values, then those of the next ones that the conditions of formulas allow."""
        yield from islice(values, _TRIED)
        rest = list(islice(values, _LOOKED))
        allowed = [value for value in rest if self._allowed(value)]
        if len(allowed) < len(rest):
            yield from allowed[:_TRIED_MORE]

    def _far(self) -> int | None:
        """A value far away, and from there back to the last one that fits."""
        if not self._refused:
            return None
        bad = min(self._refused) if self._most else max(self._refused)
        good: int | None = None
        for power in (*range(_FURTHEST), *reversed(range(_FURTHEST))):  # too far once, then back in halves
            good = self._next(bad, 2**power)
            if good is None:
                continue
            if self._fits(good):
                break
            bad, good = good, None
        while good is not None:
            middle = self._next((good + bad) // 2, 0)
            if middle is None or middle in (good, bad) or not min(good, bad) < middle < max(good, bad):
                break
            if self._fits(middle):
                good = middle
            else:
                bad = middle
        return good

    def _next(self, value: int, distance: int) -> int | None:
        """The first solution at some distance from a value, on the far side."""
        if self._most:
            return self._found.below(value - distance)
        return self._found.above(value + distance)


def nearest(asking: Asking, asked: Asked, bounds: tuple[Bound, ...], dim: str) -> int | None:
    """Where no value will do, the one that misses the budgets by least; None where it is not known.

    A share of each budget is compared, and the one that is missed by most counts. Formulas turn near the
    ends of a range, if at all: between them some values are looked at.
    """
    missed: dict[int, Fraction] = {}
    for value in _along(asked):
        try:
            missed[value] = max(each.excess({dim: value}) / max(each.limit, 1) for each in bounds)
        except ZeroDivisionError:
            continue
    best = sorted(missed, key=lambda value: missed[value])[:_TRIED_MISSING]
    return next((value for value in best if asking.at(value).ok), None)


def falling(asked: Asked, formulas: Iterable[tuple[str, Polynomial | None]], dim: str) -> tuple[str, ...]:
    """The quantities whose formulas fall, and never rise, as the size grows."""
    values = sorted(set(_along(asked)))
    return tuple(
        name
        for name, formula in formulas
        if formula is not None and falls([formula.evaluate({dim: value}) for value in values])
    )


def _along(asked: Asked) -> Iterator[int]:
    """Values of a range: all near its ends, and ever further ones between them; each once."""
    last = (asked.last - asked.first) // asked.multiple
    steps = dict.fromkeys(range(min(_AT_ENDS, last + 1)))
    steps.update(dict.fromkeys(2**power for power in range(last.bit_length())))
    steps.update(dict.fromkeys(range(max(last - _AT_ENDS, 0), last + 1)))
    return (asked.first + step * asked.multiple for step in steps)
