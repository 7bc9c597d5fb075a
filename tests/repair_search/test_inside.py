"""Faults inside a block that a wrapper applies to each step, and in a layer or block that is called again."""

import pytest

from seqshape.engine import Engine
from seqshape.engine.question import OutOfTime
from seqshape.repairs import inside
from tests.repair_search.asking import errors, fixed, report_of


def frames(*entries: str) -> str:
    """A spec whose block, one line an entry, is applied to each of five frames."""
    inner = "\n".join(f"        - {{{entry}}}" for entry in entries)
    return f"""
layers:
  - {{name: x, type: Input, shape: [5, 20, 8]}}
  - name: each
    type: TimeDistributed
    layer:
      layers:
{inner}
  - {{name: out, type: LSTM, units: 4}}
"""


@pytest.mark.parametrize(
    ("entries", "title"),
    [
        (
            ("name: low, type: GRU, units: 6", "name: high, type: GRU, units: 6"),
            "set `return_sequences: true` on `low` in `each`",
        ),
        (("name: flat, type: Flatten", "name: gru, type: GRU, units: 6"), "remove `flat` in `each`"),
    ],
)
def test_an_entry_of_a_block_is_mended(entries: tuple[str, ...], title: str, engine: Engine) -> None:
    text = frames(*entries)
    item, *_ = errors(report_of(text, engine))
    assert item.fixes[0].title == title
    assert item.cause is not None
    assert item.cause.layer == "each"
    for number in range(len(item.fixes)):
        assert report_of(fixed(text, item, number), engine, None).ok


def test_a_sound_block_beside_a_fault_is_left_alone(engine: Engine) -> None:
    text = frames("name: c, type: Conv1D, filters: 6, kernel_size: 3", "name: p, type: GlobalMaxPooling1D")
    (item,) = errors(report_of(f"{text}  - {{name: more, type: LSTM, units: 4}}\n", engine))
    assert item.layer == "more"
    assert item.fixes
    assert not any("`each`" in fix.title for fix in item.fixes)


SHARED = """
layers:
  - {name: left, type: Input, shape: [20, 8]}
  - {name: right, type: Input, shape: RIGHT}
  - name: tower
    layers:
      - {name: c, type: Conv1D, filters: 6, kernel_size: 3}
      - {name: f, type: Flatten}
      - {name: d, type: Dense, units: 5}
    inputs: left
  - {name: tower_right, reuse: tower, inputs: right}
  - {name: apart, type: Subtract, inputs: [tower, tower_right]}
"""


@pytest.mark.parametrize("right", ["[24, 8]", "[20, 6]"])
def test_what_flows_into_a_shared_block_is_made_alike(right: str, engine: Engine) -> None:
    text = SHARED.replace("RIGHT", right)
    (item,) = errors(report_of(text, engine))
    assert item.code == "SEQ211"
    assert item.fixes[0].title == "set `shape: [20, 8]` on `right`"
    assert f"set `shape: {right}` on `left`" in [fix.title for fix in item.fixes]
    for number in range(len(item.fixes)):
        assert report_of(fixed(text, item, number), engine, None).ok


def test_inputs_that_are_alike_are_not_what_is_changed(engine: Engine) -> None:
    text = SHARED.replace("RIGHT", "[20, 8]").replace("[tower, tower_right]", "[tower, tower_right, left]")
    (item,) = errors(report_of(text, engine))
    assert item.fixes
    assert not any("`right`" in fix.title for fix in item.fixes)


def test_time_that_runs_out_in_a_block_is_no_defect(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*_: object, **__: object) -> None:
        raise OutOfTime

    monkeypatch.setattr(inside, "_case", late)
    text = frames("name: low, type: GRU, units: 6", "name: high, type: GRU, units: 6")
    (item,) = errors(report_of(text, engine))
    assert item.fixes[0].title == "set `return_sequences: true` on `low` in `each`"
