"""The language of `--set` in a sweep."""

import re

import pytest

from seqshape.sweeping.values import NoValues, named


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("H=16", (16,)),
        ("H=16,32,64", (16, 32, 64)),
        ("H = 16 , 32", (16, 32)),
        ("H=3..6", (3, 4, 5, 6)),
        ("H=16..64:16", (16, 32, 48, 64)),
        ("H=16..70:16", (16, 32, 48, 64)),
        ("H=16..256*2", (16, 32, 64, 128, 256)),
        ("H=1..100*10", (1, 10, 100)),
        ("H=5..5", (5,)),
        ("H=null,8,?", (None, 8)),
        ("H=8,16..32:8,null,16", (8, 16, 24, 32, None)),
        ("H=0", (0,)),
    ],
)
def test_values(text: str, values: tuple[int | None, ...]) -> None:
    assert named(text) == ("H", values)


def test_names_of_numbers_in_arguments() -> None:
    assert named("block.gru.cell.units=4") == ("block.gru.cell.units", (4,))
    assert named("chars.shape[1]=4,5") == ("chars.shape[1]", (4, 5))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("H", "is not of the form H=16,32,64"),
        ("H=", "is not of the form"),
        ("=3", "is not of the form"),
        ("H=x", "`x` is no value of `H`: a whole number, null, or a range"),
        ("H=1,,2", "a value of `H` is missing"),
        ("H=1,2,", "a value of `H` is missing"),
        ("H=-1", "`-1` is no value"),
        ("H=1.5", "`1.5` is no value"),
        ("H=2..1", "starts above its end"),
        ("H=1..9:0", "has a step of 0"),
        ("H=0..8*2", "never ends"),
        ("H=1..8*1", "never ends"),
        ("H=1..999999999999", "more than 100,000 values"),
        ("H=1..70000,80000..150000", "more than 100,000 values"),
        ("H=" + "9" * 400, "more than 300 digits"),
        ("H=٣", "is no value"),
    ],
)
def test_what_is_no_value_is_told(text: str, said: str) -> None:
    with pytest.raises(NoValues, match=re.escape(said)):
        named(text)
