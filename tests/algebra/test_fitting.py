"""Formulas from values: found exactly where there is one, and said to be missing where there is none."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqshape.algebra import Polynomial, Symbol, constant, symbol, total
from seqshape.algebra.fitting import Fit, Fitting
from seqshape.algebra.interpolation import interpolated

H, N, T = map(symbol, "HNT")
Point = dict[Symbol, int]


def fitted(value: Callable[[Point], int | None], **base: int) -> Fit:
    def ask(point: Point) -> tuple[int, ...] | None:
        found = value(point)
        return None if found is None else (found,)

    return Fitting(ask, dict(base)).fits()[0]


@st.composite
def polynomials(draw: st.DrawFn) -> Polynomial:
    """Whole numbers for coefficients, degree 4 at the most in each of three symbols."""
    term = st.tuples(st.integers(-9, 9), st.tuples(*[st.integers(0, 4)] * 3))
    parts = draw(st.lists(term, max_size=5))
    return total(
        constant(number) * H ** powers[0] * N ** powers[1] * T ** powers[2] for number, powers in parts
    )


@settings(deadline=None, max_examples=60)
@given(polynomials(), st.tuples(*[st.integers(1, 600)] * 3))
def test_any_polynomial_is_found_from_its_values(formula: Polynomial, sizes: tuple[int, int, int]) -> None:
    base = dict(zip("HNT", sizes, strict=True))
    found = Fitting(lambda point: (int(formula.at(point)),), base).fits()[0].formula
    # at its own sizes one that does not move there may hide a product; then nothing is claimed
    assert found is None or found == formula


@given(polynomials())
def test_interpolation_gives_the_polynomial_itself(formula: Polynomial) -> None:
    grid = {"H": (1, 2, 3, 4, 5), "N": (2, 3, 5, 7, 11), "T": (6, 1, 8, 3, 9)}
    assert interpolated(grid, lambda point: int(formula.at(point))) == formula


def test_coefficients_may_be_fractions() -> None:
    assert fitted(lambda at: at["H"] * (at["H"] + 1) // 2, H=16).formula == (H * H + H) / 2


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 5), st.integers(-20, 20), st.integers(2, 30), st.integers(30, 300))
def test_quotients_rounded_down_are_found(factor: int, added: int, divisor: int, size: int) -> None:
    found = fitted(lambda at: (factor * at["T"] + added) // divisor, T=size).formula
    assert found is not None
    for moved in range(size, size + 3 * divisor):
        assert found.evaluate({"T": moved}) == (factor * moved + added) // divisor


def test_what_is_added_before_a_division_may_be_a_formula_and_the_divisor_a_symbol() -> None:
    found = fitted(lambda at: (at["T"] - at["H"]) // at["N"] + 1, T=100, H=7, N=3).formula
    assert found is not None
    for point in ({"T": 90, "H": 4, "N": 5}, {"T": 31, "H": 9, "N": 2}):
        assert found.evaluate(point) == (point["T"] - point["H"]) // point["N"] + 1


@pytest.mark.parametrize(
    "value",
    [
        lambda at: max(at["T"], at["H"]),
        lambda at: at["T"].bit_length() * at["H"],
        lambda at: 2 ** min(at["H"], 60),
    ],
)
def test_what_is_no_formula_is_said_to_be_none_with_its_values(value: Callable[[Point], int]) -> None:
    found = fitted(value, T=64, H=16)
    assert found.formula is None
    assert found.uneven
    for each, pairs in found.seen:
        assert len(pairs) >= 5
        for node, came in pairs:
            assert came == value({"T": 64, "H": 16, each: node})


def test_a_formula_that_fails_far_away_is_not_believed() -> None:
    assert fitted(lambda at: at["T"] if at["T"] < 500 else 0, T=12).formula == T  # never asked so far
    assert fitted(lambda at: at["T"] if at["T"] < 90 else 0, T=12).formula is None


@pytest.mark.parametrize("step", [2, 3, 8, 12])
def test_sizes_that_must_be_multiples_are_found(step: int) -> None:
    found = fitted(lambda at: None if at["H"] % step else at["H"] // step * at["T"], H=24 * 8, T=5)
    assert found.formula == H * T / step


def test_a_symbol_for_which_nothing_else_fits_is_stuck() -> None:
    fitting = Fitting(lambda at: (at["T"],) if at["H"] == 16 else None, {"T": 9, "H": 16})
    assert fitting.stuck() == ("H",)
    assert fitting.fits()[0].formula == T
