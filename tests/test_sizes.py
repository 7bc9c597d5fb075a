"""Size expressions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqshape.sizes import NoSize, evaluate, is_size

DIMS = {"H": 16, "T": 64, "C": 15, "U": None}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("H", 16),
        ("2*H", 32),
        ("T//3", 21),
        ("(H + C) * 2", 62),
        ("-H + 20", 4),
        ("T - H - C", 33),
        ("3", 3),
        ("U", None),
        ("2*U + H", None),
    ],
)
def test_values(text: str, value: int | None) -> None:
    assert evaluate(text, DIMS) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2*G", "no dim `G`"),
        ("H/2", "only"),
        ("H**2", "only"),
        ("H//0", "divides by zero"),
        ("U//0", "divides by zero"),
        ("H +", "no complete expression"),
        ("(H", "no complete expression"),
        ("2H", "only"),
        ("0x10", "only"),
        ("H()", "only"),
        ("True", "only"),
        ("__import__('os')", "only"),
        ("H if T else C", "only"),
        ("1" * 400, "digits"),
        ("(" * 10_000, "longer"),
        ("(" * 240 + "H" + ")" * 240, "no complete expression"),
        ("", "only"),
    ],
)
def test_what_is_no_size(text: str, said: str) -> None:
    with pytest.raises(NoSize, match=r"no|only|zero|digits|longer") as problem:
        evaluate(text, DIMS)
    assert said in problem.value.problem


def test_an_unknown_name_is_named() -> None:
    with pytest.raises(NoSize) as problem:
        evaluate("2*HH", DIMS)
    assert problem.value.word == "HH"


@pytest.mark.parametrize("text", ["H", "2*H", "T//2", "(H)", "H-C", "2*HH", "HH//2"])
def test_sizes_in_arguments(text: str) -> None:
    assert is_size(text, DIMS)


@pytest.mark.parametrize(
    "text", ["same", "SAME", "HeNormal", "abc,cd->abd", "relu", "float32", "X", "A-B", "2", "64", "", "h*2"]
)
def test_texts_in_arguments(text: str) -> None:
    assert not is_size(text, DIMS)


expressions = st.recursive(
    st.integers(0, 99).map(str) | st.sampled_from(["H", "T", "C"]),
    lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*", "//"]), inner).map(
        lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
    ),
    max_leaves=12,
)


@given(expressions)
def test_an_expression_has_the_value_that_python_gives(text: str) -> None:
    try:
        expected = eval(text, {"__builtins__": {}}, dict(DIMS))
    except ZeroDivisionError:
        with pytest.raises(NoSize):
            evaluate(text, DIMS)
        return
    assert evaluate(text, DIMS) == expected


@given(st.text("HTUC0129+-*/() ", max_size=30))
def test_no_text_raises_anything_else(text: str) -> None:
    try:
        evaluate(text, DIMS)
    except NoSize as problem:
        assert problem.problem
