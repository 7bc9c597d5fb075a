"""A frozen value is what `dataclass(frozen=True, slots=True)` makes: each class is made in both ways here."""

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from typing import Any

import pytest

from seqshape.frozen import frozen

Decorator = Callable[[type[Any]], type[Any]]
BOTH: list[Decorator] = [frozen, dataclass(frozen=True, slots=True)]


def made(decorator: Decorator) -> tuple[type[Any], type[Any]]:
    """A class with fields of every kind, and one that has more."""

    class Value:
        """A value."""

        name: str
        sizes: tuple[int, ...] = ()
        notes: list[str] = field(default_factory=list)
        aside: int = field(default=0, compare=False, repr=False)
        _known: dict[str, int] = field(default_factory=dict, init=False, compare=False, repr=False)
        length: int = field(init=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "length", len(self.name))

        def said(self) -> str:
            return f"{self.name}: {self.sizes}"

    base = decorator(Value)

    class More(base):  # type: ignore[misc, valid-type]
        """A value that has more."""

        more: str | None = None

    return base, decorator(More)


@frozen
class Plain:
    """A value that can be found by its name, as pickle does."""

    left: int
    right: "Plain | None" = None


@frozen
class One:
    """A value of a single field."""

    number: float


@frozen
class Nothing:
    """A value without fields."""


@pytest.fixture(params=BOTH, ids=["frozen", "dataclass"])
def both(request: pytest.FixtureRequest) -> tuple[type[Any], type[Any]]:
    return made(request.param)


def test_values_are_told_apart_by_what_is_compared(both: tuple[type[Any], type[Any]]) -> None:
    value, more = both
    assert value("a", (1,)) == value("a", sizes=(1,), aside=5)
    assert value("a", (1,)) != value("a", (2,))
    assert value("a") != value("b")
    assert value("a") != more("a")
    assert value("a") != "a"
    assert more("a", more="x") != more("a")


def test_values_are_shown_with_their_fields(both: tuple[type[Any], type[Any]]) -> None:
    value, more = both
    name = made.__qualname__ + ".<locals>"
    assert repr(value("a", (1,))) == f"{name}.Value(name='a', sizes=(1,), notes=[], length=1)"
    assert repr(more("ab", more="x")) == (f"{name}.More(name='ab', sizes=(), notes=[], length=2, more='x')")


def test_defaults_are_made_anew(both: tuple[type[Any], type[Any]]) -> None:
    value, more = both
    one, other = value("a"), more("b")
    one.notes.append("x")
    one._known["x"] = 1
    assert (other.notes, other._known, value("c").notes, one.length) == ([], {}, [], 1)
    given = ["kept"]
    assert value("a", (), given).notes is given


def test_nothing_can_be_set(both: tuple[type[Any], type[Any]]) -> None:
    value = both[1]("a")
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'name'"):
        value.name = "b"
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'name'"):
        del value.name
    assert value.name == "a"
    assert not hasattr(value, "__dict__")


def test_wrong_arguments_are_told(both: tuple[type[Any], type[Any]]) -> None:
    value, more = both
    for kind in (value, value, more):  # the first value of a class is no exception
        with pytest.raises(TypeError, match=rf"{kind.__name__}.__init__\(\) missing 1 required .* 'name'"):
            kind()
        with pytest.raises(TypeError, match="unexpected keyword argument 'length'"):
            kind("a", length=3)


def test_the_library_takes_them(both: tuple[type[Any], type[Any]]) -> None:
    value, more = both
    names = ["name", "sizes", "notes", "aside", "_known", "length"]
    assert [each.name for each in fields(value)] == names
    assert [each.name for each in fields(more("a"))] == [*names, "more"]
    changed = replace(more("a", more="x"), name="bcd", sizes=(4,))
    assert (changed, changed.length, changed.said()) == (more("bcd", (4,), more="x"), 3, "bcd: (4,)")
    assert dataclasses.asdict(value("a"))["name"] == "a"
    match more("a", (1,), more="x"):
        case more(name, sizes, more=rest):
            assert (name, sizes, rest) == ("a", (1,), "x")
        case _:
            pytest.fail("no match")


def test_hashes_go_by_what_is_compared() -> None:
    assert hash(Plain(1, Plain(2))) == hash(Plain(1, Plain(2)))
    assert len({Plain(1), Plain(1), Plain(2), Plain(1, Plain(1))}) == 3
    assert {One(1.0): "x"}[One(1.0)] == "x"
    assert (Nothing(), hash(Nothing())) == (Nothing(), hash(Nothing()))
    with pytest.raises(TypeError, match="unhashable"):
        hash(made(frozen)[0]("a"))


def test_a_value_that_is_not_itself_equals_itself() -> None:
    """As tuples are compared: by identity first."""
    odd = float("nan")
    assert One(odd) == One(odd)
    assert One(float("nan")) != One(float("nan"))


@pytest.mark.parametrize("value", [Plain(1, Plain(2)), One(0.5), Nothing()], ids=repr)
def test_values_travel_between_processes(value: Any) -> None:
    for again in (pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)):
        assert (again, repr(again)) == (value, repr(value))


def test_mypy_is_told_that_they_are_frozen() -> None:
    """`python -m mypy` refuses `place.line = 5` by this mark, which type checkers look for."""
    mark = frozen.__dataclass_transform__  # type: ignore[attr-defined]
    assert (mark | mark["kwargs"])["frozen_default"]
