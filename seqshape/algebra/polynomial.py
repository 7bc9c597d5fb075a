"""Polynomials in several variables with rational coefficients: exact, frozen, in one canonical form.

A variable is a name, or a floor quotient of two polynomials, which is no polynomial and is carried
along as if it were one more name. Two polynomials are equal if and only if their terms are.
"""

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from functools import reduce
from math import lcm
from typing import TypeAlias, Union

from seqshape.frozen import frozen
from seqshape.tree import Json

Symbol: TypeAlias = Union[str, "Quotient"]
"""What stands for a whole number that is not known: a name, or a quotient rounded down."""
Monomial: TypeAlias = tuple[tuple[Symbol, int], ...]
"""A product of powers, in the order of the symbols' texts; empty for 1."""
Number: TypeAlias = int | Fraction


class Unknown(KeyError):
    """A polynomial cannot be evaluated: `symbol` has no value."""

    def __init__(self, symbol: str) -> None:
        super().__init__(symbol)
        self.symbol = symbol

    def __str__(self) -> str:
        return f"`{self.symbol}` has no value"


@frozen
class Polynomial:
    """A sum of terms, each a monomial with its coefficient, none of them zero; made by `of`."""

    terms: tuple[tuple[Monomial, Fraction], ...] = ()

    @staticmethod
    def of(terms: Mapping[Monomial, Number]) -> "Polynomial":
        """The polynomial with these terms, in canonical order."""
        kept = ((monomial, Fraction(number)) for monomial, number in terms.items() if number)
        return Polynomial(tuple(sorted(kept, key=lambda term: _place(term[0]))))

    def __add__(self, other: "Polynomial | Number") -> "Polynomial":
        return total((self, _polynomial(other)))

    def __neg__(self) -> "Polynomial":
        return Polynomial(tuple((monomial, -number) for monomial, number in self.terms))

    def __sub__(self, other: "Polynomial | Number") -> "Polynomial":
        return self + -_polynomial(other)

    def __mul__(self, other: "Polynomial | Number") -> "Polynomial":
        found: dict[Monomial, Fraction] = {}
        for one, left in self.terms:
            for two, right in _polynomial(other).terms:
                monomial = _product(one, two)
                found[monomial] = found.get(monomial, Fraction(0)) + left * right
        return Polynomial.of(found)

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: Number) -> "Polynomial":
        return -self + other

    def __pow__(self, exponent: int) -> "Polynomial":
        return reduce(lambda power, _: power * self, range(exponent), constant(1))

    def __truediv__(self, number: Number) -> "Polynomial":
        return self * Fraction(1, 1) * (1 / Fraction(number))

    def __floordiv__(self, other: "Polynomial | int") -> "Polynomial":
        return quotient(self, _polynomial(other))

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def constant(self) -> Fraction | None:
        """Its value where it has no symbols; None where it has."""
        if not self.terms:
            return Fraction(0)
        return self.terms[0][1] if len(self.terms) == 1 and not self.terms[0][0] else None

    @property
    def degree(self) -> int:
        """The highest sum of exponents in a term, 0 for a constant."""
        return max((_degree(monomial) for monomial, _ in self.terms), default=0)

    def symbols(self) -> tuple[Symbol, ...]:
        """The symbols in it as they stand there, in the order of their texts."""
        found = {each for monomial, _ in self.terms for each, _ in monomial}
        return tuple(sorted(found, key=str))

    def names(self) -> frozenset[str]:
        """The names in it, those inside quotients too."""
        return frozenset().union(*(names_of(each) for each in self.symbols()))

    def evaluate(self, values: Mapping[str, int]) -> Fraction:
        """Its value with these values for its names.

        Raises:
            Unknown: a name has no value.
            ZeroDivisionError: a quotient divides by zero.

        """
        return self.at(values)

    def at(self, values: Mapping[Symbol, int] | Mapping[str, int]) -> Fraction:
        """As `evaluate`; a quotient that has a value itself is not worked out.

        Raises:
            Unknown: a symbol has no value.
            ZeroDivisionError: a quotient divides by zero.

        """
        given: Mapping[Symbol, int] = values  # type: ignore[assignment]  # names are symbols
        result = Fraction(0)
        for monomial, number in self.terms:
            for each, exponent in monomial:
                number *= _value(each, given) ** exponent
            result += number
        return result

    def substitute(self, values: Mapping[Symbol, "Polynomial"]) -> "Polynomial":
        """The polynomial with other ones in the place of symbols, inside quotients too."""
        if not any(_touched(each, values) for each in self.symbols()):
            return self
        parts = []
        for monomial, number in self.terms:
            part = constant(number)
            for each, exponent in monomial:
                part = part * _substituted(each, values) ** exponent
            parts.append(part)
        return total(parts)

    def reduced(self, exact: "Collection[Quotient]") -> "Polynomial":
        """The polynomial with `H*(D//H)` as `D` for each quotient that is `exact`."""
        terms = []
        for monomial, number in self.terms:
            term = Polynomial(((monomial, number),))
            for each, exponent in monomial:
                if isinstance(each, Quotient) and each in exact:
                    term = _multiplied(term, each, exponent)
            terms.append(term)
        return total(terms)

    def __str__(self) -> str:
        """As a user writes a size: `3*H**2 + 3*H*C + 6*H`, `(H**2 + H)/2`, `(T + 1)//2`."""
        if (alone := self._alone()) is not None:
            return alone.text
        shared = lcm(*(number.denominator for _, number in self.terms)) if self.terms else 1
        text = _sum(tuple((monomial, number * shared) for monomial, number in self._ordered()))
        if shared == 1:
            return text
        return f"({text})/{shared}" if len(self.terms) > 1 else f"{text}/{shared}"

    def _alone(self) -> "Quotient | None":
        """The quotient that it is, and nothing else."""
        for monomial, number in self.terms:
            if len(self.terms) == 1 and number == 1 and len(monomial) == 1 and monomial[0][1] == 1:
                return monomial[0][0] if isinstance(monomial[0][0], Quotient) else None
        return None

    def _ordered(self) -> tuple[tuple[Monomial, Fraction], ...]:
        """The terms as they are read best: high degrees first, then what is added, then high powers."""
        highest: dict[Symbol, int] = {}
        for monomial, _ in self.terms:
            for each, exponent in monomial:
                highest[each] = max(exponent, highest.get(each, 0))
        order = sorted(highest, key=lambda each: (-highest[each], isinstance(each, Quotient), str(each)))
        rank = {each: number for number, each in enumerate(order)}

        def place(term: tuple[Monomial, Fraction]) -> tuple[int, bool, list[tuple[int, int]]]:
            powers = [(rank[each], -exponent) for each, exponent in term[0]]
            return -_degree(term[0]), term[1] < 0, powers

        factors = (
            (tuple(sorted(monomial, key=lambda pair: rank[pair[0]])), number)
            for monomial, number in self.terms
        )
        return tuple(sorted(factors, key=place))

    def to_json(self) -> Json:
        """Its terms as JSON has them: `[[3, {"H": 2}], [3, {"C": 1, "H": 1}]]`; `"1/2"` for a half."""
        return [
            [
                int(number) if number.denominator == 1 else str(number),
                {_text(each): exponent for each, exponent in monomial},
            ]
            for monomial, number in self._ordered()
        ]


@frozen
class Quotient:
    """The whole part of one polynomial divided by another, as `//` in a size; made by `quotient`."""

    numerator: Polynomial
    denominator: Polynomial

    @property
    def text(self) -> str:
        """As a user writes it: `(T + 1)//2`."""
        return f"{_factor(self.numerator)}//{_factor(self.denominator)}"

    def __str__(self) -> str:
        return f"({self.text})"


def symbol(name: Symbol) -> Polynomial:
    """The polynomial that is one symbol."""
    return Polynomial((((((name, 1),)), Fraction(1)),))


def constant(number: Number) -> Polynomial:
    """The polynomial that is a number."""
    return Polynomial((((), Fraction(number)),)) if number else Polynomial()


def total(polynomials: Iterable[Polynomial]) -> Polynomial:
    """The sum of many polynomials."""
    found: dict[Monomial, Fraction] = {}
    for polynomial in polynomials:
        for monomial, number in polynomial.terms:
            found[monomial] = found.get(monomial, Fraction(0)) + number
    return Polynomial.of(found)


def quotient(numerator: Polynomial, denominator: Polynomial) -> Polynomial:
    """The quotient rounded down: a polynomial where that is one for certain, else one more symbol.

    Raises:
        ZeroDivisionError: the denominator is 0.

    """
    divisor = denominator.constant
    if divisor is None:
        return symbol(Quotient(numerator, denominator))
    if divisor == 0:
        raise ZeroDivisionError
    if (number := numerator.constant) is not None:
        return constant(number // divisor)
    if all((number / divisor).denominator == 1 for _, number in numerator.terms):
        return numerator / divisor
    if (inner := _one_quotient(numerator)) is not None:
        nested, rest = inner
        return quotient(nested.numerator + nested.denominator * rest, nested.denominator * divisor)
    return symbol(Quotient(numerator, denominator))


def _one_quotient(polynomial: Polynomial) -> tuple[Quotient, Fraction] | None:
    """The quotient by a positive number, and the whole number, that a polynomial is the sum of."""
    rest = Fraction(0)
    found: Quotient | None = None
    for monomial, number in polynomial.terms:
        if not monomial and number.denominator == 1:
            rest = number
        elif number == 1 and len(monomial) == 1 and found is None and monomial[0][1] == 1:
            found = monomial[0][0] if isinstance(monomial[0][0], Quotient) else None
            if found is None or (found.denominator.constant or 0) <= 0:
                return None
        else:
            return None
    return None if found is None else (found, rest)


def names_of(each: Symbol) -> frozenset[str]:
    """The names in a symbol."""
    if isinstance(each, str):
        return frozenset((each,))
    return each.numerator.names() | each.denominator.names()


def _multiplied(term: Polynomial, each: Quotient, often: int) -> Polynomial:
    """A term of one monomial, with the numerator for each product of a quotient and its denominator."""
    if len(each.denominator.terms) != 1:
        return term
    ((divisor, factor),) = each.denominator.terms
    for _ in range(often):
        if len(term.terms) != 1:
            break
        ((monomial, number),) = term.terms
        left = dict(monomial)
        left[each] -= 1
        for part, exponent in divisor:
            left[part] = left.get(part, 0) - exponent
        if min(left.values()) < 0 or (number / factor).denominator != 1:
            break
        rest = tuple((part, left[part]) for part, _ in monomial if left[part])
        term = Polynomial.of({rest: number / factor}) * each.numerator
    return term


def _polynomial(value: "Polynomial | Number") -> Polynomial:
    return value if isinstance(value, Polynomial) else constant(value)


def _product(one: Monomial, two: Monomial) -> Monomial:
    if not one or not two:
        return one or two
    exponents = dict(one)
    for each, exponent in two:
        exponents[each] = exponents.get(each, 0) + exponent
    return tuple(sorted(exponents.items(), key=lambda pair: str(pair[0])))


def _degree(monomial: Monomial) -> int:
    return sum(exponent for _, exponent in monomial)


def _place(monomial: Monomial) -> tuple[int, tuple[tuple[str, int], ...]]:
    return -_degree(monomial), tuple((str(each), -exponent) for each, exponent in monomial)


def _value(each: Symbol, values: Mapping[Symbol, int]) -> Fraction:
    if each in values:
        return Fraction(values[each])
    if isinstance(each, str):
        raise Unknown(each)
    return Fraction(each.numerator.at(values) // each.denominator.at(values))


def _touched(each: Symbol, values: Mapping[Symbol, Polynomial]) -> bool:
    if each in values or isinstance(each, str):
        return each in values
    inner = (*each.numerator.symbols(), *each.denominator.symbols())
    return any(_touched(symbol, values) for symbol in inner)


def _substituted(each: Symbol, values: Mapping[Symbol, Polynomial]) -> Polynomial:
    if each in values:
        return values[each]
    if isinstance(each, str) or not _touched(each, values):
        return symbol(each)
    return quotient(each.numerator.substitute(values), each.denominator.substitute(values))


def _text(each: Symbol) -> str:
    return each if isinstance(each, str) else each.text


def _factor(polynomial: Polynomial) -> str:
    """A polynomial as a factor: in brackets where it is more than a name or a number."""
    text = str(polynomial)
    value = polynomial.constant
    simple = text.replace("_", "").replace(".", "").isalnum() if value is None else value >= 0
    return text if simple else f"({text})"


def _sum(terms: tuple[tuple[Monomial, Fraction], ...]) -> str:
    """Terms with whole coefficients as a sum."""
    if not terms:
        return "0"
    text = ""
    for monomial, number in terms:
        sign = " - " if number < 0 else " + "
        factors = [str(each) if exponent == 1 else f"{each}**{exponent}" for each, exponent in monomial]
        if abs(number) != 1 or not factors:
            factors.insert(0, str(abs(number)))
        text += f"{sign}{'*'.join(factors)}"
    return text.removeprefix(" + ") if not text.startswith(" - ") else f"-{text[3:]}"
