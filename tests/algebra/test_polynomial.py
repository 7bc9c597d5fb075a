"""Polynomials: exact, in one canonical form, written as a user writes a size."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqshape.algebra import Polynomial, Quotient, constant, quotient, symbol, total
from seqshape.algebra.polynomial import Unknown

C, H, T = map(symbol, "CHT")
NAMES = ("A", "B", "C")
NUMBERS = st.fractions(min_value=-20, max_value=20, max_denominator=6)
POINTS = st.fixed_dictionaries({name: st.integers(1, 30) for name in NAMES})


@st.composite
def polynomials(draw: st.DrawFn) -> Polynomial:
    terms = draw(st.lists(st.tuples(NUMBERS, st.lists(st.sampled_from(NAMES), max_size=3)), max_size=4))
    parts = []
    for number, names in terms:
        part = constant(number)
        for name in names:
            part = part * symbol(name)
        parts.append(part)
    return total(parts)


@given(polynomials(), polynomials(), POINTS)
def test_sums_and_products_are_those_of_the_values(
    one: Polynomial, two: Polynomial, point: dict[str, int]
) -> None:
    left, right = one.evaluate(point), two.evaluate(point)
    assert (one + two).evaluate(point) == left + right
    assert (one - two).evaluate(point) == left - right
    assert (one * two).evaluate(point) == left * right
    assert (one**2).evaluate(point) == left**2
    assert (one / 3).evaluate(point) == left / 3


@given(polynomials(), polynomials(), polynomials())
def test_equal_polynomials_have_equal_terms(one: Polynomial, two: Polynomial, three: Polynomial) -> None:
    assert one + two == two + one
    assert one * two == two * one
    assert (one + two) * three == one * three + two * three
    assert not one - one
    assert hash(one + two - two) == hash(one)


@given(polynomials(), polynomials(), POINTS)
def test_substitution_is_evaluation_at_the_value(
    one: Polynomial, two: Polynomial, point: dict[str, int]
) -> None:
    inner = two.evaluate(point)
    changed = one.substitute({"A": two})
    expected = one.substitute({"A": constant(inner)}).evaluate(point)
    assert changed.evaluate(point) == expected


@given(polynomials(), POINTS)
def test_the_text_is_arithmetic_that_gives_the_value(one: Polynomial, point: dict[str, int]) -> None:
    numbers = {name: Fraction(value) for name, value in point.items()}
    text = re.sub(r"(\d+)$|^(\d+)", r"Fraction(\1\2)", str(one))
    assert eval(text, {"Fraction": Fraction}, numbers) == one.evaluate(point)


@given(polynomials(), POINTS)
def test_the_terms_of_the_json_add_up_to_the_value(one: Polynomial, point: dict[str, int]) -> None:
    found = Fraction(0)
    for number, powers in one.to_json():
        part = Fraction(number)
        for name, exponent in powers.items():
            part *= point[name] ** exponent
        found += part
    assert found == one.evaluate(point)


@given(st.integers(-9, 9), st.integers(1, 9), st.integers(-9, 9), st.integers(1, 9), st.integers(0, 99))
def test_quotients_of_quotients_are_rounded_as_python_rounds(
    factor: int, first: int, added: int, second: int, size: int
) -> None:
    inner = quotient(factor * T + added, constant(first))
    outer = quotient(inner + added, constant(second))
    expected = ((factor * size + added) // first + added) // second
    assert outer.evaluate({"T": size}) == expected


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (3 * H * H + 3 * C * H + 6 * H, "3*H**2 + 3*H*C + 6*H"),
        (2 * H, "2*H"),
        ((H * H + H) / 2, "(H**2 + H)/2"),
        (H / 2, "H/2"),
        (4 - H, "-H + 4"),
        (C - H - 2, "C - H - 2"),
        ((T + 1) // 2, "(T + 1)//2"),
        (T // 2, "T//2"),
        (3 * (T // 2) * H, "3*H*(T//2)"),
        (T // 2 + 1, "(T//2) + 1"),
        (T // (2 * H), "T//(2*H)"),
        (Polynomial(), "0"),
        (constant(-7), "-7"),
        (constant(1), "1"),
    ],
)
def test_a_formula_is_written_as_a_user_writes_it(formula: Polynomial, text: str) -> None:
    assert str(formula) == text


def test_what_divides_evenly_is_no_quotient() -> None:
    assert (4 * T + 2) // 2 == 2 * T + 1
    assert ((T // 2) + 1) // 2 == (T + 2) // 4


def test_a_quotient_beside_its_denominator_is_shortened_only_where_it_is_exact() -> None:
    heads = T // H
    exact = Quotient(T, H)
    assert (4 * T * H * heads + heads).reduced((exact,)) == 4 * T * T + heads
    assert (4 * T * H * heads).reduced(()) == 4 * T * H * heads
    assert (6 * (T // 2)).reduced((Quotient(T, constant(2)),)) == 3 * T


def test_a_name_without_a_value_is_told() -> None:
    with pytest.raises(Unknown, match="`H` has no value"):
        (H + C).evaluate({"C": 1})


def test_a_division_by_zero_is_an_error() -> None:
    with pytest.raises(ZeroDivisionError):
        quotient(T, constant(0))
