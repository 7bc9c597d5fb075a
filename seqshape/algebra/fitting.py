"""From a function that can only be asked to formulas for what it gives.

The function takes a size for each symbol and gives whole numbers, always as many, or refuses. Each symbol
is moved alone first, which shows degrees; then a grid is asked and interpolated, and the formula is checked
at two more points. What is no polynomial is tried as a quotient rounded down, as strides give.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, product

from seqshape.algebra.interpolation import degree, interpolated
from seqshape.algebra.polynomial import Polynomial, Symbol, Unknown
from seqshape.algebra.rounding import Refused, rounded_down
from seqshape.frozen import frozen

Sizes = tuple[int, ...]
Ask = Callable[[dict[Symbol, int]], Sizes | None]

_ENOUGH = 7
"""Values of a symbol that fit, after which no more are tried: the degrees up to 4 can be told."""
_LEAST = 5
"""Fewer are not enough to see a formula."""
_MOST_GRID = 300
_LARGE, _DEAR = 64, 256
_CHECKS = 2
_MOST_CHECKS = 12


@frozen
class Line:
    """What was seen while one symbol moved alone: its values that fit, the first its own, and what came."""

    nodes: tuple[int, ...]
    values: tuple[Sizes, ...]

    @property
    def moves(self) -> bool:
        """Whether enough values fit."""
        return len(self.nodes) >= _LEAST

    def column(self, quantity: int) -> tuple[int, ...]:
        """The values of one quantity."""
        return tuple(values[quantity] for values in self.values)


@frozen
class Fit:
    """What was found of one quantity.

    `formula` is None where there is none. `uneven` are then the symbols along which it is no polynomial,
    `seen` what it was, by the symbol that was moved and its value.
    """

    formula: Polynomial | None
    uneven: tuple[Symbol, ...] = ()
    seen: tuple[tuple[Symbol, tuple[tuple[int, int], ...]], ...] = ()


@dataclass
class Fitting:
    """Finds formulas for what `ask` gives near `base`, where it must not refuse.

    `enough` values of a symbol are asked about: degrees up to three less can be told.
    """

    ask: Ask
    base: Mapping[Symbol, int]
    enough: int = _ENOUGH
    _known: dict[tuple[int, ...], Sizes | None] = field(default_factory=dict)
    _lines: dict[Symbol, Line] = field(default_factory=dict)

    def at(self, moved: Mapping[Symbol, int]) -> Sizes | None:
        """What comes where some symbols have other values than the base's."""
        point = {each: moved.get(each, value) for each, value in self.base.items()}
        key = tuple(point.values())
        if key not in self._known:
            self._known[key] = self.ask(point)
        return self._known[key]

    def line(self, symbol: Symbol) -> Line:
        """What comes where one symbol moves alone."""
        if symbol not in self._lines:
            base = self.base[symbol]
            fitting = ((node, self.at({symbol: node})) for node in (base, *other_values(base)))
            seen = list(
                islice(((node, sizes) for node, sizes in fitting if sizes is not None), self.enough)
            )
            self._lines[symbol] = Line(tuple(node for node, _ in seen), tuple(sizes for _, sizes in seen))
        return self._lines[symbol]

    def stuck(self) -> tuple[Symbol, ...]:
        """The symbols for which no other values fit, or too few."""
        return tuple(each for each in self.base if not self.line(each).moves)

    def fits(self) -> tuple[Fit, ...]:
        """A formula for each quantity, or what was seen of it; symbols that are stuck keep their value."""
        sizes = self.at({})
        assert sizes is not None
        return tuple(self._fit(quantity) for quantity in range(len(sizes)))

    def _fit(self, quantity: int) -> Fit:
        degrees: dict[Symbol, int] = {}
        uneven: list[Symbol] = []
        for each in self.base:
            line = self.line(each)
            if self._changes(each, quantity):
                found = degree(line.nodes, line.column(quantity))
                if found is None:
                    uneven.append(each)
                else:
                    degrees[each] = found
        formula = None if uneven else self._polynomial(quantity, degrees)
        if formula is None or not self._holds(quantity, formula):
            # steps may be so long that a few values of them lie on a curve, or on a line
            formula = self._rounded(
                quantity, uneven or [each for each in self.base if self.line(each).moves]
            )
        if formula is not None:
            return Fit(formula)
        moving = (*uneven, *(each for each in degrees if not uneven))
        seen = tuple((each, tuple(sorted(self._pairs(each, quantity)))) for each in moving)
        return Fit(None, tuple(uneven), seen)

    def _changes(self, each: Symbol, quantity: int) -> bool:
        """Whether a quantity changes where a symbol moves."""
        line = self.line(each)
        return line.moves and len(set(line.column(quantity))) > 1

    def _pairs(self, each: Symbol, quantity: int) -> Iterator[tuple[int, int]]:
        line = self.line(each)
        return zip(line.nodes, line.column(quantity), strict=True)

    def _polynomial(self, quantity: int, degrees: Mapping[Symbol, int]) -> Polynomial | None:
        """The polynomial of these degrees; None where its grid has too many points, or one is refused."""
        grid = {each: self.line(each).nodes[: most + 1] for each, most in degrees.items()}
        points = 1
        for nodes in grid.values():
            points *= len(nodes)
        if points > _MOST_GRID:
            return None
        try:
            return interpolated(grid, lambda point: self._value(quantity, point))
        except Refused:
            return None

    def _rounded(self, quantity: int, uneven: list[Symbol]) -> Polynomial | None:
        """A quotient rounded down that has these values."""
        others = {each: value for each, value in self.base.items() if self._changes(each, quantity)}

        def value(point: dict[Symbol, int]) -> int:
            return self._value(quantity, point)

        for each in uneven:
            rest = {other: number for other, number in others.items() if other != each}
            for found in rounded_down(value, each, self.base[each], rest, self._number):
                if self._holds(quantity, found):
                    return found
        return None

    def _number(
        self, ask: Callable[[dict[Symbol, int]], int | None], base: Mapping[Symbol, int]
    ) -> Polynomial | None:
        """The formula for a single number."""

        def one(point: dict[Symbol, int]) -> Sizes | None:
            found = ask(point)
            return None if found is None else (found,)

        inner = Fitting(one, base)
        return inner.fits()[0].formula if inner.at({}) is not None else None

    def _value(self, quantity: int, point: Mapping[Symbol, int]) -> int:
        sizes = self.at(point)
        if sizes is None:
            raise Refused
        return sizes[quantity]

    def _holds(self, quantity: int, formula: Polynomial) -> bool:
        """Whether a formula gives what comes along all lines, and at two points where all symbols moved."""
        for each in self.base:
            for node, value in self._pairs(each, quantity):
                if not self._gives(formula, {each: node}, value):
                    return False
        met = 0
        for point in islice(self._elsewhere(), _MOST_CHECKS):
            sizes = self.at(point)
            if sizes is None:
                continue
            if not self._gives(formula, point, sizes[quantity]):
                return False
            met += 1
            if met == _CHECKS:
                break
        return met == _CHECKS or not any(self.line(each).moves for each in self.base)

    def _gives(self, formula: Polynomial, moved: Mapping[Symbol, int], value: int) -> bool:
        try:
            return formula.at({**self.base, **moved}) == value
        except (Unknown, ZeroDivisionError):
            return False

    def _elsewhere(self) -> Iterator[dict[Symbol, int]]:
        """Points where every symbol that moves has another value: new ones first, then those that fit."""
        moving = [each for each in self.base if self.line(each).moves]
        for step in (0, 1, 2):
            yield {each: _far(self.base[each], step + place) for place, each in enumerate(moving)}
        for step in range(1, _LEAST):
            yield {
                each: self.line(each).nodes[1 + (step + place) % (_LEAST - 1)]
                for place, each in enumerate(moving)
            }
        choices = (self.line(each).nodes[1:] for each in moving)
        yield from (dict(zip(moving, nodes, strict=True)) for nodes in product(*choices))


def _far(base: int, step: int) -> int:
    """A value that no line tries."""
    size = abs(base)
    return size // 4 + 5 + 13 * step if size >= _LARGE else 7 * size + 11 + 13 * step


def other_values(base: int) -> Iterator[int]:
    """Values to try in the place of one: neighbours and far ones, odd and even, multiples and divisors.

    Of a large size the far ones are smaller: asking is dearer there.
    """
    size = abs(base)
    near = [base + 1, base + 2, base + 3, base + 4]
    far = [2 * size + 1, 3 * size + 2, 5 * size + 3]
    if size >= _LARGE:
        parts = [size // part + more for part, more in ((4, 1), (5, 2), (7, 4), (9, 3), (6, 1), (11, 2))]
        first = [*parts, *near, *far] if size >= _DEAR else [*near[:2], *parts, *near[2:], *far]
    else:
        first = [*near[:2], far[0], near[2], *far[1:], near[3]]
    divisors = [size // part for part in (2, 4, 8, 16) if size % part == 0]
    multiples = [size * often for often in (2, 3, 4, 5, 6, 7)]
    aligned = [base + step for step in (8, 16, 24, 32, 48)]
    smaller = [base - 1, base - 2, base - 3]
    found = (value for value in (*first, *multiples, *aligned, *divisors, *smaller) if value > 0)
    return (value for value in dict.fromkeys(found) if value != base)
