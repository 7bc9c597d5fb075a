"""Exact interpolation: the one polynomial of given degrees that takes given values on a grid.

Newton's divided differences, one symbol after another, with polynomials for coefficients. It says what
the polynomial must be if there is one; whether there is, its user checks at other points.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from seqshape.algebra.polynomial import Polynomial, Symbol, constant, symbol

Grid = Mapping[Symbol, Sequence[int]]
"""For each symbol as many different values as its degree and one more."""


def interpolated(grid: Grid, value: Callable[[dict[Symbol, int]], Polynomial | int]) -> Polynomial:
    """The polynomial with the values that `value` has at the points of a grid.

    Whatever `value` raises goes through.
    """
    return _interpolated(tuple(grid.items()), {}, value)


def _interpolated(
    axes: tuple[tuple[Symbol, Sequence[int]], ...],
    point: dict[Symbol, int],
    value: Callable[[dict[Symbol, int]], Polynomial | int],
) -> Polynomial:
    if not axes:
        found = value(point)
        return found if isinstance(found, Polynomial) else constant(found)
    (each, nodes), *rest = axes
    values = [_interpolated(tuple(rest), {**point, each: node}, value) for node in nodes]
    result = Polynomial()
    for coefficient, node in zip(reversed(differences(nodes, values)), reversed(nodes), strict=True):
        result = result * (symbol(each) - node) + coefficient
    return result


def differences(nodes: Sequence[int], values: Sequence[Polynomial]) -> list[Polynomial]:
    """Newton's divided differences: the coefficients of 1, (x - x0), (x - x0)(x - x1) and so on."""
    table = list(values)
    for order in range(1, len(nodes)):
        for index in range(len(nodes) - 1, order - 1, -1):
            run = nodes[index] - nodes[index - order]
            table[index] = (table[index] - table[index - 1]) * Fraction(1, run)
    return table


def degree(nodes: Sequence[int], values: Sequence[int]) -> int | None:
    """The degree of the polynomial in one symbol through some points.

    None where it takes all of them, or all but one: then two points at least do not check it.
    """
    steps = differences(nodes, [constant(value) for value in values])
    found = max((order for order, step in enumerate(steps) if step), default=0)
    return found if found <= len(nodes) - 3 else None
