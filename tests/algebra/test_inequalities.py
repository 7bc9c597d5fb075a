"""Where formulas are within bounds: against looking at every number."""

from hypothesis import given, settings
from hypothesis import strategies as st

from seqshape.algebra import Polynomial, constant, symbol
from seqshape.algebra.inequalities import Bound, scanned, solutions

N = symbol("n")


@st.composite
def formulas(draw: st.DrawFn) -> Polynomial:
    """Sums of products of the number itself and of quotients rounded down."""
    found = constant(draw(st.integers(-60, 60)))
    for _ in range(draw(st.integers(0, 4))):
        term = constant(draw(st.integers(-6, 6)))
        for _ in range(draw(st.integers(0, 3))):
            line = N * draw(st.integers(1, 3)) + draw(st.integers(-5, 5))
            term = term * draw(st.sampled_from([N, N, line // draw(st.integers(2, 4))]))
        found = found + term
    return found


bounds = st.tuples(formulas(), st.integers(-400, 400), st.booleans()).map(lambda each: Bound(*each))


def looked_at(wanted: tuple[Bound, ...], low: int, high: int, multiple: int) -> list[int]:
    def holds(bound: Bound, number: int) -> bool:
        value = bound.formula.evaluate({"n": number})
        return value <= bound.limit if bound.most else value >= bound.limit

    numbers = (number for number in range(low, high + 1) if number % multiple == 0)
    return [number for number in numbers if all(holds(bound, number) for bound in wanted)]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(bounds, min_size=1, max_size=2).map(tuple),
    st.integers(1, 8),
    st.integers(-1, 60),
    st.sampled_from([1, 2, 3, 8]),
)
def test_the_solutions_are_those_of_looking_at_every_number(
    wanted: tuple[Bound, ...], low: int, more: int, multiple: int
) -> None:
    high = low + more
    expected = looked_at(wanted, low, high, multiple)
    found = solutions(wanted, "n", low, high, multiple)
    assert found is not None
    for each in (found, scanned(wanted, "n", low, high, multiple)):
        assert list(each.smallest_first()) == expected
        assert list(each.largest_first()) == expected[::-1]
        assert each.count(low, high) == len(expected)
        middle = (low + high) // 2
        assert each.count(low, middle) == sum(number <= middle for number in expected)
        assert each.below(middle) == max((n for n in expected if n <= middle), default=None)
        assert each.above(middle) == min((n for n in expected if n >= middle), default=None)


def test_large_ranges_cost_nothing() -> None:
    found = solutions((Bound(3 * N**2 + 66 * N + 15, 10**24),), "n", 1, 10**15, 1)
    assert found is not None
    best = next(found.largest_first())
    assert 3 * best**2 + 66 * best + 15 <= 10**24 < 3 * (best + 1) ** 2 + 66 * (best + 1) + 15


def test_a_formula_that_rises_and_falls() -> None:
    # (n - 3)(n - 10)(n - 20) is 0 or less up to 3, and from 10 to 20
    formula = (N - 3) * (N - 10) * (N - 20)
    found = solutions((Bound(formula, 0),), "n", 1, 1000, 1)
    assert found is not None
    assert list(found.smallest_first()) == [1, 2, 3, *range(10, 21)]


def test_what_divides_by_the_number_itself_is_not_solved_but_looked_at() -> None:
    wanted = (Bound(N * (constant(12) // N), 11),)
    assert solutions(wanted, "n", 1, 14, 1) is None
    # 12 = 1·12 = 2·6 = 3·4; 5·2, 7·1 and so on are less
    assert list(scanned(wanted, "n", 1, 14, 1).smallest_first()) == [5, 7, 8, 9, 10, 11, 13, 14]


def test_dividing_by_zero_holds_nowhere() -> None:
    assert list(scanned((Bound(constant(1) // (N - 2), 5),), "n", 1, 4, 1).smallest_first()) == [1, 3, 4]
