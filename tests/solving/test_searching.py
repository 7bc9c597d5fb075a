"""The search that asks value by value, on functions in the place of specs."""

from collections.abc import Callable
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st

from seqshape.places import TOP
from seqshape.report import Diagnostic, Totals
from seqshape.solving.asking import Asking
from seqshape.solving.result import Asked, Budget
from seqshape.solving.searching import MOST_ALL, Search
from seqshape.sweeping.result import Combination

FAULT = Diagnostic("SEQ205", "error", "it does not fit", "x", TOP)


class Function:
    """A spec that has as many parameters as a function says; none where it does not fit."""

    def __init__(self, function: Callable[[int], int | None]) -> None:
        self.asked: set[int] = set()
        self._function = function

    def at(self, value: int) -> Combination:
        self.asked.add(value)
        number = self._function(value)
        if number is None:
            return Combination((("H", value),), None, (), FAULT, True)
        return Combination((("H", value),), Totals(number, number, number), (), None, True)


def found(function: Callable[[int], int | None], **asked: object) -> tuple[Search, Function]:
    limit = int(str(asked.pop("limit")))
    spec = Function(function)
    question = Asked("H", (Budget("params", limit),), **asked)  # type: ignore[arg-type]
    search = Search(cast(Asking, spec), question)
    search.run()
    return search, spec


def best(function: Callable[[int], int | None], asked: Asked) -> int | None:
    values = range(asked.first, asked.last + 1, asked.multiple)
    limit = asked.budgets[0].limit
    good = [
        value
        for value in values
        if (number := function(value)) is not None and (number <= limit if asked.most else number >= limit)
    ]
    return (max if asked.most else min)(good, default=None)


@settings(max_examples=300, deadline=None)
@given(
    slope=st.sampled_from([-3, -1, 1, 2]),
    limit=st.integers(-200, 3000),
    low=st.integers(1, 9),
    length=st.sampled_from([0, 5, 50, 200, 1000]),
    multiple=st.sampled_from([1, 2, 5]),
    most=st.booleans(),
    fits=st.sampled_from([lambda _: True, lambda n: n % 3 != 1, lambda n: n <= 90, lambda n: n >= 4]),
)
def test_what_goes_one_way_is_found(
    slope: int,
    limit: int,
    low: int,
    length: int,
    multiple: int,
    most: bool,
    fits: Callable[[int], bool],
) -> None:
    def function(value: int) -> int | None:
        return slope * value + (1000 if slope < 0 else 0) if fits(value) else None

    asked = {"low": low, "high": low + length, "multiple": multiple, "most": most}
    if Asked("H", (), **asked).first > Asked("H", (), **asked).last:  # type: ignore[arg-type]
        return
    search, _ = found(function, limit=limit, **asked)
    assert search.value == best(function, search.asked)


def test_a_long_range_is_not_asked_about_whole() -> None:
    search, spec = found(lambda value: value * value, limit=10**6 + 5)
    assert search.value == 1000
    assert len(spec.asked) < 40


def test_it_does_not_go_where_nothing_is_to_be_found() -> None:
    search, spec = found(lambda value: value + 10, limit=5)
    assert search.value is None
    assert max(spec.asked) < 100
    search, spec = found(lambda value: None, limit=5)
    assert search.value is None
    assert len(spec.asked) < 80


def test_a_short_range_is_asked_about_whole_whatever_goes_on_in_it() -> None:
    search, _ = found(lambda value: value * 37 % 101, limit=10, high=MOST_ALL)
    assert search.value == best(lambda value: value * 37 % 101, search.asked)


def test_what_does_not_fit_beyond_the_answer_is_told() -> None:
    search, _ = found(lambda value: value if value <= 20 else None, limit=30, high=40)
    assert search.value == 20
    assert [dict(each.sizes)["H"] for each in search.refused()] == list(range(40, 20, -1))
