"""Quotients rounded down, `(T + 1)//2`: found from values that grow in steps of the same length.

The step's length is the divisor, the growth over one step the factor; what is added before the division
may depend on other sizes, and is found as a formula of its own.
"""

from collections.abc import Callable, Iterator, Mapping
from math import gcd

from seqshape.algebra.polynomial import Polynomial, Symbol, constant, quotient, symbol

_RUNS = (10, 34, 130)
"""Neighbouring values that are looked at: for divisors up to 4, 16 and 64."""

Value = Callable[[dict[Symbol, int]], int]
Formula = Callable[[Callable[[dict[Symbol, int]], "int | None"], Mapping[Symbol, int]], "Polynomial | None"]
"""Finds the formula of a number over the symbols that it is given values for."""


class Refused(Exception):
    """There is no value at a point."""


def rounded_down(
    value: Value, moving: Symbol, start: int, others: Mapping[Symbol, int], formula: Formula
) -> Iterator[Polynomial]:
    """The quotients `(a*x + b)//c` that a number may be, where x is the `moving` symbol.

    `others` are the symbols that b may depend on, each with its size, and one of which c may be;
    `formula` finds b.
    """
    for factor, length in _steps(lambda node: value({moving: node}), start):
        numbers = (symbol(each) for each, size in others.items() if size == length)
        for divisor in (constant(length), *numbers):

            def added(
                point: dict[Symbol, int], factor: int = factor, divisor: Polynomial = divisor
            ) -> int | None:
                def at(node: int) -> int:
                    return value({**point, moving: node})

                try:
                    return _added(at, start, factor, int(divisor.at({**others, **point})))
                except Refused:
                    return None

            rest = formula(added, others) if others else _constant(added({}))
            if rest is not None:
                yield quotient(symbol(moving) * factor + rest, divisor)


def _constant(number: int | None) -> Polynomial | None:
    return None if number is None else constant(number)


def _steps(value: Callable[[int], int], start: int) -> Iterator[tuple[int, int]]:
    """The growth over a step, and the step's length: all that a run of values may mean."""
    values: list[int] = []
    told: set[tuple[int, int]] = set()
    for run in _RUNS:
        try:
            values.extend(value(start + step) for step in range(len(values), run))
        except Refused:
            return
        for length in range(2, run // 2):
            growths = {after - before for before, after in zip(values, values[length:], strict=False)}
            if len(growths) == 1 and (growth := growths.pop()):
                shared = gcd(growth, length)
                step = growth // shared, length // shared
                if step[1] > 1 and step not in told:
                    told.add(step)
                    yield step


def _added(value: Callable[[int], int], start: int, factor: int, divisor: int) -> int | None:
    """The least whole number that is added before the division; None where there is none."""
    least: list[int] = []
    for step in range(divisor):
        node = start + step
        least.append(divisor * value(node) - factor * node)
    return max(least) if max(least) - min(least) < divisor else None
