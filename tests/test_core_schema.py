"""Plain scalars by the YAML 1.2 core schema."""

import math

import pytest

from seqshape.core_schema import TAG, resolve, tagged


@pytest.mark.parametrize(
    "text", ["no", "on", "yes", "off", "y", "12:30", "1_000", "0b1", "+", "-", ".", "e5"]
)
def test_what_older_yaml_made_something_else_of_is_text(text: str) -> None:
    assert resolve(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("FALSE", False),
        ("12", 12),
        ("-3", -3),
        ("+7", 7),
        ("012", 12),
        ("0o17", 15),
        ("0xFf", 255),
        ("1e6", 1e6),
        (".5", 0.5),
        ("1.", 1.0),
        ("-1.5e-3", -0.0015),
        (".inf", math.inf),
        ("-.INF", -math.inf),
    ],
)
def test_values(text: str, value: object) -> None:
    found = resolve(text)
    assert found == value
    assert type(found) is type(value)


def test_not_a_number_is_a_float() -> None:
    found = resolve(".nan")
    assert isinstance(found, float)
    assert math.isnan(found)


def test_a_number_too_long_to_print_stays_text() -> None:
    assert resolve("9" * 5000) == "9" * 5000


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [("12", "str", "12"), ("12", "float", 12.0), ("12", "int", 12), ("", "null", None), ("", "str", "")],
)
def test_tags(text: str, kind: str, value: object) -> None:
    found = tagged(text, TAG + kind)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "kind"), [("abc", "int"), ("1.5", "int"), ("1", "bool"), ("x", "null"), ("9" * 900, "float")]
)
def test_a_tag_that_does_not_fit_is_refused(text: str, kind: str) -> None:
    with pytest.raises(ValueError, match=r"is no|too large"):
        tagged(text, TAG + kind)
