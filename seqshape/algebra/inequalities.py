"""Where a formula in one whole number is at most a bound: exactly, whether it grows, falls or does both.

A polynomial is cut where its differences change their sign, and each piece is bisected. A formula with
quotients by numbers is a polynomial on each class of numbers that leave the same remainder.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from heapq import merge
from math import lcm

from seqshape.algebra.polynomial import Polynomial, Quotient
from seqshape.frozen import frozen

Interval = tuple[int, int]
"""A first and a last whole number."""
Value = Callable[[int], Fraction]
_MOST_PERIOD = 64


def not_above(value: Value, degree: int, low: int, high: int) -> tuple[Interval, ...]:
    """The whole numbers from `low` to `high` at which a polynomial of at most that degree is 0 or less."""
    if low > high:
        return ()
    if degree <= 0 or low == high:
        return ((low, high),) if value(low) <= 0 else ()
    found: list[Interval] = []
    for first, last in _pieces(value, degree, low, high):
        inside = _bisected(value, first, last)
        if inside is None:
            continue
        if found and inside[0] <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], inside[1]))
        else:
            found.append(inside)
    return tuple(found)


def _pieces(value: Value, degree: int, low: int, high: int) -> Iterator[Interval]:
    """The stretches on which a polynomial never turns, each beginning where the one before ends."""
    if degree == 1:
        yield low, high
        return
    falling = not_above(lambda number: value(number + 1) - value(number), degree - 1, low, high - 1)
    start = low
    for first, last in falling:
        if start < first:
            yield start, first
        yield first, last + 1
        start = last + 1
    if start < high:
        yield start, high


def _bisected(value: Value, first: int, last: int) -> Interval | None:
    """The part of a stretch on which a polynomial that never turns is 0 or less."""
    holds, ends = value(first) <= 0, value(last) <= 0
    if holds == ends:
        return (first, last) if holds else None
    low, high = first, last
    while high - low > 1:
        middle = (low + high) // 2
        if (value(middle) <= 0) == holds:
            low = middle
        else:
            high = middle
    return (first, low) if holds else (high, last)


@frozen
class Bound:
    """What must hold: a formula in one name is at most `limit`, or at least where not `most`."""

    formula: Polynomial
    limit: int
    most: bool = True

    def excess(self, values: dict[str, int]) -> Fraction:
        """How far it is from holding: 0 or less where it holds."""
        over = self.formula.evaluate(values) - self.limit
        return over if self.most else -over


@frozen
class Solutions:
    """The multiples of a number in a range at which bounds hold.

    By class: the least of its numbers that is no less than 0, the step from one to the next, and the
    intervals in which numbers of the class are solutions, as multiples of the step.
    """

    classes: tuple[tuple[int, int, tuple[Interval, ...]], ...]

    def largest_first(self) -> Iterator[int]:
        """The solutions from the largest on."""
        return merge(*map(_descending, self.classes), reverse=True)

    def smallest_first(self) -> Iterator[int]:
        """The solutions from the smallest on."""
        return merge(*map(_ascending, self.classes))

    def below(self, most: int) -> int | None:
        """The largest solution that is no larger than a number; None where there is none."""
        found = (
            start + step * min(last, (most - start) // step)
            for start, step, parts in self.classes
            for first, last in parts
            if start + step * first <= most
        )
        return max(found, default=None)

    def above(self, least: int) -> int | None:
        """The smallest solution that is no smaller than a number; None where there is none."""
        found = (
            start + step * max(first, -((start - least) // step))
            for start, step, parts in self.classes
            for first, last in parts
            if start + step * last >= least
        )
        return min(found, default=None)

    def count(self, low: int, high: int) -> int:
        """How many there are from `low` to `high`."""
        return sum(
            max(min(last, (high - start) // step) - max(first, -((start - low) // step)) + 1, 0)
            for start, step, parts in self.classes
            for first, last in parts
        )


def _descending(found: tuple[int, int, tuple[Interval, ...]]) -> Iterator[int]:
    start, step, parts = found
    return (start + step * k for first, last in reversed(parts) for k in range(last, first - 1, -1))


def _ascending(found: tuple[int, int, tuple[Interval, ...]]) -> Iterator[int]:
    start, step, parts = found
    return (start + step * k for first, last in parts for k in range(first, last + 1))


def solutions(bounds: tuple[Bound, ...], name: str, low: int, high: int, multiple: int) -> Solutions | None:
    """The multiples of a number from `low` to `high` at which all bounds hold.

    None where a formula is neither a polynomial nor one on classes of remainders: where it divides by the
    name itself, or by too many numbers.
    """
    shapes = [_shape(bound.formula, name) for bound in bounds]
    if any(shape is None for shape in shapes):
        return None
    period = lcm(*(shape[0] for shape in shapes if shape is not None))
    step = lcm(period, multiple)
    if step // multiple > _MOST_PERIOD:
        return None
    classes = []
    for start in range(0, step, multiple):
        first, last = -((start - low) // step), (high - start) // step
        parts: tuple[Interval, ...] = ((first, last),) if first <= last else ()
        for bound, shape in zip(bounds, shapes, strict=True):
            degree = 0 if shape is None else shape[1]
            parts = tuple(
                inside
                for part in parts
                for inside in not_above(_along(bound, name, start, step), degree, *part)
            )
        classes.append((start, step, parts))
    return Solutions(tuple(classes))


def _along(bound: Bound, name: str, start: int, step: int) -> Value:
    return lambda k: bound.excess({name: start + step * k})


def _shape(formula: Polynomial, name: str) -> tuple[int, int] | None:
    """After how many numbers a formula's remainders come again, and its degree; None where they do not."""
    period, degree = 1, 0
    for monomial, _ in formula.terms:
        powers = 0
        for each, exponent in monomial:
            if each == name:
                powers += exponent
            elif isinstance(each, Quotient):
                divisor = each.denominator.constant
                inner = _shape(each.numerator, name)
                if divisor is None or divisor.denominator != 1 or divisor <= 0 or inner is None:
                    return None
                fractions = lcm(*(number.denominator for _, number in each.numerator.terms))
                period = lcm(period, int(divisor) * fractions * inner[0])
                powers += exponent * inner[1]
            else:
                return None
        degree = max(degree, powers)
    return period, degree


def scanned(bounds: tuple[Bound, ...], name: str, low: int, high: int, multiple: int) -> Solutions:
    """The same for formulas of any kind, by looking at every multiple."""
    parts: list[Interval] = []
    for k in range(-(-low // multiple), high // multiple + 1):
        if all(_holds(bound, name, k * multiple) for bound in bounds):
            start = parts.pop()[0] if parts and parts[-1][1] == k - 1 else k
            parts.append((start, k))
    return Solutions(((0, multiple, tuple(parts)),))


def _holds(bound: Bound, name: str, number: int) -> bool:
    try:
        return bound.excess({name: number}) <= 0
    except ZeroDivisionError:
        return False
