"""Small pieces of text, whatever stands in a file."""

import json

import pytest

import seqshape
from seqshape.engine import Engine
from seqshape.wording import clipped

HUGE = ["A" * 10**6, "a b " * 250_000, "`" * 10**6, "`a b " * 200_000]
X = {"name": "x", "type": "Input", "shape": [12, 8]}


def test_a_long_value_is_cut_and_the_words_round_it_stay() -> None:
    text = clipped(f"there is no entry `{'a b' * 999}`; did you mean `x`?")
    assert text.startswith("there is no entry `a ba b")
    assert text.endswith("`; did you mean `x`?")
    assert len(text) < 250


def test_words_between_two_values_are_no_value() -> None:
    text = f"`a` {'and words ' * 30}`b`"
    assert clipped(text) == text


@pytest.mark.parametrize("huge", HUGE, ids=["word", "words", "marks", "marked"])
@pytest.mark.parametrize("place", ["type", "argument", "value", "reference", "key", "dtype"])
def test_no_message_is_longer_than_one_can_read(huge: str, place: str, engine: Engine) -> None:
    layer: dict[str, object] = {"type": "Dense", "units": 3, "expect": {}}
    layer |= {
        "type": {"type": huge},
        "argument": {huge: 1},
        "value": {"activation": huge},
        "reference": {"inputs": huge},
        "key": {"expect": {huge: 1}},
        "dtype": {"expect": {"dtype": huge}},
    }[place]
    report = seqshape.inspect_bytes("x.json", json.dumps({"layers": [X, layer]}).encode(), engine=engine)
    assert report.diagnostics
    for found in report.diagnostics:
        said = [found.message, found.help, found.keras, *(each.message for each in found.related)]
        assert max(map(len, said)) < 2100


def test_keras_is_quoted_without_the_whole_value(engine: Engine) -> None:
    spec = {"layers": [X, {"type": "Dense", "units": {"a": [{"b": [*range(300)]}] * 300}}]}
    (found,) = seqshape.inspect_bytes("x.json", json.dumps(spec).encode(), engine=engine).diagnostics
    assert found.keras.startswith("Received an invalid value for `units`")
    assert len(found.keras) < 300
