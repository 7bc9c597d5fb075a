"""Weights mapped: as the user says, by name, by order, by entries."""

import pytest

from seqshape.comparison.mapping import Held, Mapping, WrongMap, mapped

Weights = tuple[Held, ...]


def weights(**layers: list[tuple[str, tuple[int, ...]]]) -> Weights:
    found = [(layer, name, shape) for layer, own in layers.items() for name, shape in own]
    return tuple(Held(number, *each) for number, each in enumerate(found))


def titles(found: Mapping) -> list[str]:
    return [f"{one.title}={other.title}" for one, other in found.pairs]


DENSE = [("kernel", (3, 3)), ("bias", (3,))]
WIDE = [("kernel", (3, 5)), ("bias", (5,))]


def test_one_name_goes_before_the_order() -> None:
    found = mapped(weights(a=DENSE, b=DENSE), weights(b=DENSE, a=DENSE), (), {})
    assert found.how == "name"
    assert titles(found) == ["a.kernel=a.kernel", "a.bias=a.bias", "b.kernel=b.kernel", "b.bias=b.bias"]


def test_other_names_in_one_order() -> None:
    found = mapped(weights(a=DENSE, b=WIDE), weights(x=DENSE, y=WIDE), (), {})
    assert (found.how, titles(found)[0]) == ("order", "a.kernel=x.kernel")
    assert found.left == ((), ())


def test_entries_that_stand_for_each_other() -> None:
    found = mapped(weights(a=DENSE, b=WIDE), weights(y=WIDE, x=DENSE), (), {"a": "x", "b": "y"})
    assert found.how == "entry"
    assert titles(found)[0] == "a.kernel=x.kernel"
    assert found.left == ((), ())


def test_what_matches_nothing_is_left() -> None:
    bias = [("kernel", (3, 3)), ("bias", (2, 3))]
    found = mapped(weights(a=DENSE), weights(a=bias), (), {"a": "a"})
    assert [[each.title for each in side] for side in found.left] == [["a.bias"], ["a.bias"]]
    assert titles(found) == ["a.kernel=a.kernel"]


def test_what_the_user_says_goes_first() -> None:
    one, other = weights(a=DENSE, b=DENSE), weights(x=DENSE, y=DENSE)
    found = mapped(one, other, (("a", "y"),), {})
    assert titles(found) == ["a.kernel=y.kernel", "a.bias=y.bias", "b.kernel=x.kernel", "b.bias=x.bias"]
    found = mapped(one, other, (("a.bias", "y.bias"), ("b.bias", "x.bias")), {})
    assert titles(found)[:2] == ["a.bias=y.bias", "b.bias=x.bias"]


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ((("c", "x"),), "A has no entry or weight `c`"),
        ((("a", "z"),), "B has no entry or weight `z`"),
        ((("a.kernl", "x.kernel"),), "did you mean `a.kernel`?"),
        ((("a", "x"), ("a", "y")), "`a` is mapped twice"),
        ((("a.bias", "x.kernel"),), "`a.bias` has weights of (3,), `x.kernel` of (3, 3)"),
    ],
)
def test_what_is_wrong_in_it(chosen: tuple[tuple[str, str], ...], said: str) -> None:
    with pytest.raises(WrongMap) as found:
        mapped(weights(a=DENSE, b=DENSE), weights(x=DENSE, y=DENSE), chosen, {})
    assert said in str(found.value)
