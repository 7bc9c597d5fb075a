"""The search is bounded in time, ends cleanly at an interrupt with what it has, and finds the same again."""

import json
import time
from collections.abc import Callable
from math import inf
from pathlib import Path

import pytest

from seqshape.engine import Engine
from seqshape.engine.question import Call, Facts, Given, OutOfTime, Question
from seqshape.engine.tensors import Tensor
from seqshape.judged import judged
from seqshape.pipeline import Report
from seqshape.repairs.budget import Budget
from seqshape.repairs.ranking import SHOWN
from tests.repair_search.asking import LONG, PATH, errors, fixed, report_of

TWO_FAULTS = """layers:
  - {name: x, type: Input, shape: [9, 4]}
  - {name: low, type: GRU, units: 3}
  - {name: high, type: GRU, units: 5}
  - {name: y, type: Input, shape: [9, 4]}
  - {name: wide, type: Dense, units: 6}
  - {name: sum, type: Add, inputs: [y, wide]}
"""
STACKED = """layers:
  - {name: x, type: Input, shape: [9, 4]}
  - {name: one, type: GRU, units: 3}
  - {name: two, type: GRU, units: 5}
  - {name: three, type: GRU, units: 5}
  - {name: four, type: GRU, units: 5}
"""


def run(text: str, engine: Engine, budget: Budget) -> Report:
    return judged(PATH, text.encode(), engine=engine, thorough=True, budget=budget).report


def titles(report: Report) -> list[tuple[str, ...]]:
    return [tuple(fix.title for fix in item.fixes) for item in errors(report)]


# Budgets.


def test_time_counts_from_the_start_on() -> None:
    budget = Budget(0.0)
    assert not budget.spent
    assert budget.end == inf
    budget.start()
    assert budget.spent
    assert budget.over


def test_a_second_start_changes_nothing() -> None:
    budget = Budget(5.0)
    budget.start()
    end = budget.end
    time.sleep(0.001)
    budget.start()
    assert budget.end == end


@pytest.mark.parametrize("seconds", [0.0, 0.1, 4.0, 600.0])
def test_overtime_is_at_most_a_second(seconds: float) -> None:
    budget = Budget(seconds)
    before = time.monotonic()
    budget.start()
    assert before + seconds <= budget.end <= time.monotonic() + seconds + 1


def test_a_patient_budget_ends_at_an_interrupt() -> None:
    budget = Budget(LONG, patient=True)
    budget.start()
    budget.stop()
    assert budget.spent


def test_an_interrupt_ends_more_where_the_budget_is_not_patient() -> None:
    with pytest.raises(KeyboardInterrupt):
        Budget(LONG).stop()


def test_without_time_nothing_is_looked_for(engine: Engine) -> None:
    tried: list[None] = []
    budget = Budget(0.0, lambda: tried.append(None))
    report = run(TWO_FAULTS, engine, budget)
    assert titles(report) == [(), ()]
    assert all(item.cause is None for item in report.diagnostics)
    assert tried == []
    assert titles(report_of(TWO_FAULTS, engine, 0.0)) == [(), ()]


def test_each_text_that_is_judged_is_told(engine: Engine) -> None:
    told: list[None] = []
    budget = Budget(LONG, lambda: told.append(None))
    run(TWO_FAULTS, engine, budget)
    assert len(told) == budget.tried > 0


def test_nothing_is_tried_for_a_sound_spec(engine: Engine) -> None:
    budget = Budget(LONG)
    sound = "layers:\n  - {name: x, type: Input, shape: [9, 4]}\n  - {name: gru, type: GRU, units: 3}\n"
    assert run(sound, engine, budget).ok
    assert budget.tried == 0


# What is asked ends with the time.


def question(steps: int, *, unroll: bool = False) -> Question:
    layer = {"type": "LSTM", "units": 3, "unroll": unroll}
    given = Given(None, (Tensor((None, steps, 4), "float32"),), False)
    return Question(Call(json.dumps(layer), (given,)), trace=True)


def test_nothing_is_asked_after_the_end(engine: Engine) -> None:
    with engine.until(lambda: time.monotonic() - 1), pytest.raises(OutOfTime):
        engine.ask(question(11))
    assert isinstance(engine.ask(question(11)), Facts)


def test_an_answer_is_not_waited_for_beyond_the_end(engine: Engine) -> None:
    """The question takes tens of seconds, and is asked for a fifth of one."""
    start = time.monotonic()
    with engine.until(lambda: start + 0.2), pytest.raises(OutOfTime):
        engine.ask(question(6000, unroll=True))
    assert time.monotonic() - start < 5  # a second would do; a busy machine may take some more


def test_what_was_cut_short_is_no_answer(engine: Engine) -> None:
    start = time.monotonic()
    with engine.until(lambda: start + 0.01), pytest.raises(OutOfTime):
        engine.ask(question(200, unroll=True))
    assert isinstance(engine.ask(question(200, unroll=True)), Facts)


# Interrupts.


def interrupting(after: int) -> Callable[[], None]:
    """A progress that is interrupted at a text, as by Ctrl-C."""
    left = [after]

    def progress() -> None:
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt

    return progress


def test_an_interrupt_keeps_what_is_found(engine: Engine) -> None:
    whole = Budget(LONG)
    wanted = titles(run(TWO_FAULTS, engine, whole))
    assert all(wanted)
    for after in (1, 2, whole.tried // 2, whole.tried):
        report = run(TWO_FAULTS, engine, Budget(LONG, interrupting(after), patient=True))
        assert [item.message for item in errors(report)]
        for item in errors(report):
            for number in range(len(item.fixes)):
                left = {
                    each.layer for each in errors(report_of(fixed(TWO_FAULTS, item, number), engine, None))
                }
                assert item.layer not in left
    assert titles(report)[0] == wanted[0]  # the last interrupt came in the second fault's search


def test_an_interrupt_while_words_are_put_right(engine: Engine) -> None:
    text = "layers:\n  - {name: x, type: Input, shape: [9, 4]}\n  - {type: GRUU, units: 3}\n"
    assert titles(run(text, engine, Budget(LONG, interrupting(1), patient=True))) == [()]
    with pytest.raises(KeyboardInterrupt):
        run(text, engine, Budget(LONG, interrupting(1)))


# What is found.


def test_the_same_is_found_again(engine: Engine, cache: Path) -> None:
    """Also by an engine that remembers nothing."""
    first = report_of(TWO_FAULTS, engine)
    assert all(item.fixes for item in errors(first))
    assert report_of(TWO_FAULTS, engine).diagnostics == first.diagnostics
    assert report_of(TWO_FAULTS, Engine(cache)).diagnostics == first.diagnostics


def test_at_most_three_are_shown_and_all_are_different(engine: Engine) -> None:
    for item in errors(report_of(TWO_FAULTS, engine)):
        assert 0 < len(item.fixes) <= SHOWN
        texts = {fixed(TWO_FAULTS, item, number) for number in range(len(item.fixes))}
        assert len(texts) == len(item.fixes)


def test_the_same_mistake_all_along_a_stack_is_one_repair(engine: Engine) -> None:
    (item,) = errors(report_of(STACKED, engine))
    assert item.fixes[0].title == "set `return_sequences: true` on `one`, `two`, `three`"
    assert item.fixes[0].remaining == 0
    assert report_of(fixed(STACKED, item), engine).ok


def test_two_changes_where_one_is_not_enough(engine: Engine) -> None:
    """One entry of the branch loses steps, another has the wrong width, and the sum is to stay as it is."""
    text = """layers:
  - {name: x, type: Input, shape: [9, 4], expect: {shape: [batch, 9, 4]}}
  - {name: conv, type: Conv1D, filters: 5, kernel_size: 3, expect: {params: 65}}
  - {name: wide, type: Dense, units: 6, expect: {params: {max: 40}}}
  - {name: sum, type: Add, inputs: [x, wide], expect: {shape: [batch, 9, 4]}}
"""
    (item,) = errors(report_of(text, engine))
    assert item.fixes[0].title == "set `padding: same` on `conv`; set `units: 4` on `wide`"
    assert report_of(fixed(text, item), engine).ok


def test_two_faults_are_mended_one_after_the_other(engine: Engine) -> None:
    text = TWO_FAULTS
    for left in (1, 0):
        item = errors(report_of(text, engine))[0]
        text = fixed(text, item)
        assert len(errors(report_of(text, engine, None))) == left


def test_what_is_expected_still_holds(engine: Engine) -> None:
    """More parameters are not allowed, and the shape at the end is wanted."""
    text = """layers:
  - {name: x, type: Input, shape: [9, 4]}
  - {name: low, type: Dense, units: 4}
  - {name: high, type: Add, inputs: [low, x]}
  - {name: top, type: GRU, units: 2}
  - {name: more, type: GRU, units: 2}
expect: {params: {max: 90}, outputs: {more: [batch, 2]}}
"""
    (item,) = errors(report_of(text, engine))
    assert item.fixes
    for number in range(len(item.fixes)):
        assert report_of(fixed(text, item, number), engine).ok
