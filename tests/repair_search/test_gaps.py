"""Changes that go together in one entry, data that keeps its axes, and time that errors share."""

import pytest

from seqshape.engine import Engine
from seqshape.repairs.search import Budget
from tests.repair_search.asking import errors, fixed, report_of


def sound(text: str, engine: Engine) -> bool:
    return report_of(text, engine, None).ok


def test_two_arguments_of_one_entry_are_changed_together(engine: Engine) -> None:
    text = """
    layers:
      - {name: x, type: Input, shape: [20, 4]}
      - {name: a, type: Conv1D, filters: 8, kernel_size: 3}
      - {name: y, type: Input, shape: [20, 12]}
      - {name: sum, type: Add, inputs: [a, y]}
    """
    (item,) = errors(report_of(text, engine))
    mended = fixed(text, item)
    assert "filters: 12" in mended
    assert "padding: same" in mended
    assert sound(mended, engine)


def test_layers_that_one_entry_holds_are_changed_alike(engine: Engine) -> None:
    text = """
    layers:
      - {name: x, type: Input, shape: [20, 4]}
      - name: low
        type: Bidirectional
        layer: {type: GRU, units: 3}
        backward_layer: {type: GRU, units: 3, go_backwards: true}
      - {name: high, type: GRU, units: 5}
    """
    (item,) = errors(report_of(text, engine))
    mended = fixed(text, item)
    assert mended.count("return_sequences: true") == 2
    assert sound(mended, engine)


def test_data_is_not_stretched(engine: Engine) -> None:
    text = """
    layers:
      - {name: x, type: Input, shape: [8, 4]}
      - {name: a, type: Dense, units: 6}
      - {name: sum, type: Add, inputs: [x, a]}
    """
    (item,) = errors(report_of(text, engine))
    assert item.fixes
    assert not any("shape: [8, 4, 1]" in fix.title or "shape: [8, 1]" in fix.title for fix in item.fixes)


def test_a_size_of_data_below_zero_becomes_unknown_or_stays(engine: Engine) -> None:
    text = """
    layers:
      - {name: x, type: Input, shape: [-1, 4]}
      - {name: steps, type: GRU, units: 5}
    """
    (item,) = errors(report_of(text, engine))
    assert [fix.title for fix in item.fixes] == ["set `shape: [null, 4]` on `x`"]
    assert sound(fixed(text, item), engine)


@pytest.mark.parametrize("waiting", [0, 1, 4])
def test_an_error_has_its_share_of_the_time(waiting: int) -> None:
    budget = Budget(100.0)
    budget.start()
    budget.turn(waiting)
    budget._start = (budget._start or 0) - 100.0 / (waiting + 1) + 1.0
    assert not budget.spent
    assert budget.half_spent
    budget._start -= 2.0
    assert budget.spent
    assert budget.late == (waiting == 0)


def test_what_one_error_leaves_is_for_the_others() -> None:
    budget = Budget(100.0)
    budget.start()
    budget.turn(1)
    budget._start = (budget._start or 0) - 10.0
    budget.turn(0)
    budget._start -= 89.0
    assert not budget.spent
