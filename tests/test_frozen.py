"""Values that are made by the thousands are what frozen dataclasses with slots are, but for the guard."""

import pickle
from dataclasses import field, fields, replace

import pytest

from seqshape.frozen import frozen
from seqshape.places import Place


@frozen
class Point:
    """A value as the package has them."""

    across: int
    down: int = 0
    label: str = field(default="", compare=False)


def test_values_are_equal_by_what_they_hold() -> None:
    assert Point(1, 2, "a") == Point(1, 2, "b") != Point(1, 3)
    assert {Point(1, 2, "a"): "one"}[Point(1, 2)] == "one"
    assert repr(Point(1)) == "Point(across=1, down=0, label='')"


def test_values_are_replaced_matched_and_sent() -> None:
    match replace(Point(1, 2), down=5):
        case Point(1, down):
            assert down == 5
    assert [each.name for each in fields(Point)] == ["across", "down", "label"]
    assert pickle.loads(pickle.dumps(Place(1, 2, 3, 4))) == Place(1, 2, 3, 4)


def test_no_field_can_be_added() -> None:
    with pytest.raises(AttributeError):
        Point(1).other = 3  # type: ignore[attr-defined]


def test_mypy_is_told_that_they_are_frozen() -> None:
    """`python -m mypy` refuses `place.line = 5` by this mark, which type checkers look for."""
    mark = frozen.__dataclass_transform__  # type: ignore[attr-defined]
    assert (mark | mark["kwargs"])["frozen_default"]
