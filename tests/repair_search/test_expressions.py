"""A repair says a size as the spec does: by the dim or the expression that makes the one it must equal."""

import pytest

from seqshape.engine import Engine
from tests.repair_search.asking import errors, report_of


def best(text: str, engine: Engine) -> str:
    (item,) = errors(report_of(text, engine))
    return item.fixes[0].title


SUM = """
dims: {T: 20, H: 16, DIMS}
layers:
  - {name: x, type: Input, shape: [T, WIDTH]}
  - {name: a, type: Dense, units: UNITS}
  - {name: sum, type: Add, inputs: [a, x]}
  - {name: out, type: Dense, units: E}
"""


@pytest.mark.parametrize(
    ("dims", "width", "units", "said"),
    [
        ("D: 24, E: 5", "D", "H", "D"),
        ("D: 24, E: 24", "D", "H", "D"),  # the one that makes the width, of two that are equal
        ("E: 5", "4*H", "H", "4*H"),
        ("E: 5", "24", "H", "24"),  # nothing is 24
        ("D: 24, E: 5", "D", "16", "24"),  # a number became another one
    ],
)
def test_a_number_of_units(dims: str, width: str, units: str, said: str, engine: Engine) -> None:
    text = SUM.replace("DIMS", dims).replace("WIDTH", width).replace("UNITS", units)
    assert best(text, engine) == f"set `units: {said}` on `a`"


def test_both_directions_are_twice_as_wide(engine: Engine) -> None:
    text = """
dims: {T: 20, H: 16}
layers:
  - {name: x, type: Input, shape: [T, 8]}
  - {name: e, type: Bidirectional, layer: {type: LSTM, units: H, return_sequences: true}}
  - {name: d, type: LSTM, units: H, return_sequences: true, inputs: x}
  - {name: a, type: Attention, inputs: [d, e]}
"""
    assert best(text, engine) == "set `units: 2*H` on `d`"


def test_sizes_of_a_list_that_stay_are_left_as_they_are_written(engine: Engine) -> None:
    text = """
dims: {T: 20, H: 16}
layers:
  - {name: x, type: Input, shape: [T, H]}
  - {name: y, type: Reshape, target_shape: [T, H, 2]}
"""
    titles = [fix.title for item in errors(report_of(text, engine)) for fix in item.fixes]
    assert titles
    assert not any("[20" in title or ", 16" in title for title in titles)


def test_an_entry_more_says_them_too(engine: Engine) -> None:
    text = """
dims: {T: 20}
layers:
  - {name: x, type: Input, shape: [T, 8]}
  - {name: code, type: Input, shape: [6]}
  - {name: both, type: Concatenate, inputs: [code, x]}
"""
    (item,) = errors(report_of(text, engine))
    assert "insert RepeatVector (n: T) between `code` and `both`" in [fix.title for fix in item.fixes]
