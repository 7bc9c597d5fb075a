"""Sizes that a layer's weights need and the spec leaves unknown: where a size comes from, and where none does."""

import pytest

from seqshape.engine import Engine
from tests.repair_search.asking import errors, fixed, report_of


def titles(text: str, engine: Engine) -> list[str]:
    """The fixes of the one error, each of which leaves a sound spec."""
    (item,) = errors(report_of(text, engine))
    for number in range(len(item.fixes)):
        assert report_of(fixed(text, item, number), engine, None).ok
    return [fix.title for fix in item.fixes]


@pytest.mark.parametrize(
    ("shape", "layer", "title"),
    [
        (
            "[null, null]",
            "GRU, units: 3",
            "set `shape: [null, 1]` on `x`, with the size of your data for 1",
        ),
        (
            "[null, null, null]",
            "Conv2D, filters: 3, kernel_size: 3",
            "set `shape: [null, null, 3]` on `x`, with the size of your data for 3",
        ),
        ("[9, null]", "Dense, units: 3", "set `shape: [9, 1]` on `x`, with the size of your data for 1"),
    ],
)
def test_a_likely_size_stands_for_that_of_the_data(
    shape: str, layer: str, title: str, engine: Engine
) -> None:
    text = f"layers:\n  - {{name: x, type: Input, shape: {shape}}}\n  - {{name: a, type: {layer}}}\n"
    assert titles(text, engine)[0] == title


def test_another_input_says_it(engine: Engine) -> None:
    text = """
layers:
  - {name: x, type: Input, shape: [null, null]}
  - {name: a, type: GRU, units: 3}
  - {name: y, type: Input, shape: [null, 40]}
  - {name: b, type: GRU, units: 3}
  - {name: both, type: Concatenate, inputs: [a, b]}
"""
    assert titles(text, engine)[0] == "set `shape: [null, 40]` on `x`"


def test_an_expectation_says_it(engine: Engine) -> None:
    text = """
layers:
  - {name: x, type: Input, shape: [12, null]}
  - {name: enc, type: LSTM, units: 3}
  - {name: rep, type: RepeatVector, n: 12}
  - {name: dec, type: LSTM, units: 5, return_sequences: true, expect: {shape: [batch, 12, 5]}}
"""
    assert titles(text, engine)[0] == "set `shape: [12, 5]` on `x`"


def test_a_dim_gets_the_size_where_it_stands_for_it(engine: Engine) -> None:
    text = """
dims: {T: null, D: null}
layers:
  - {name: x, type: Input, shape: [T, D]}
  - {name: a, type: GRU, units: 3}
"""
    (item,) = errors(report_of(text, engine))
    assert item.fixes[0].title == "set `D: 1` in `dims`, with the size of your data for 1"
    assert "dims: {T: null, D: 1}" in fixed(text, item)


def test_a_flatten_of_any_length_becomes_a_pooling(engine: Engine) -> None:
    text = """
layers:
  - {name: x, type: Input, shape: [null, 8]}
  - {name: flat, type: Flatten}
  - {name: a, type: Dense, units: 3}
"""
    assert titles(text, engine)[0] == "make `flat` GlobalAveragePooling1D"


def test_where_all_sizes_are_known_none_is_asked_for(engine: Engine) -> None:
    text = """
layers:
  - {name: x, type: Input, shape: [9, 8]}
  - {name: flat, type: Flatten}
  - {name: a, type: GRU, units: 3}
"""
    assert not any("your data" in title for title in titles(text, engine))
