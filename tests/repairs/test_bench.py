"""The bench counts what it should: a cause, a fix, an accepted one, made up here for the tool to have said."""

from dataclasses import replace
from pathlib import Path

import pytest

from seqshape.edits import Edit
from seqshape.engine import Engine
from seqshape.places import Place
from seqshape.report import Cause, Fix, ReportData
from tests.repairs.__main__ import misses, table
from tests.repairs.bench import Judge, Outcome, figures, judging, outcome
from tests.repairs.cases import Case, Repair

TEXT = """layers:
  - {name: x, type: Input, shape: [9, 4]}
  - {name: low, type: GRU, units: 3}
  - {name: high, type: GRU, units: 5}
"""
END = len("  - {name: low, type: GRU, units: 3}")
"""The column of the brace that ends the entry `low`, on line 3."""
GOOD = Fix("set return_sequences: true on low", (Edit(Place(3, END, 3, END), ", return_sequences: true"),))
STEPS = Fix("one step behind low", (Edit(Place(4, 1, 4, 1), "  - {type: RepeatVector, n: 1}\n"),))
NOTHING = Fix("more units on low", (Edit(Place(3, END - 1, 3, END), "8"),))
CASE = Case(
    "stacked",
    "made_up",
    Path("made_up.yaml"),
    TEXT,
    "two stacked layers",
    (("low", "return_sequences"),),
    (Repair("set it", TEXT.replace("units: 3", "return_sequences: true, units: 3")),),
    1,
)


def saying(engine: Engine, *fixes: Fix, cause: str = "return_sequences") -> Judge:
    """The tool, as if it had named that cause and shown these fixes."""
    judge = judging(engine)
    told = Cause("low", cause, Place(3, 5, 3, 34))

    def judged(path: str, text: str) -> ReportData:
        report = judge(path, text)
        items = tuple(replace(item, cause=told, fixes=fixes) for item in report.diagnostics)
        return replace(report, diagnostics=items)

    return judged


def of(engine: Engine, *fixes: Fix, cause: str = "return_sequences") -> Outcome:
    return outcome(CASE, engine, saying(engine, *fixes, cause=cause))


def test_the_accepted_repair_comes_first(engine: Engine) -> None:
    found = of(engine, GOOD, STEPS)
    assert found.titles == (GOOD.title, STEPS.title)
    assert (found.detected, found.named, found.fixed, found.first) == (True, True, True, True)
    assert (found.verified, found.accepted) == ((True, True), (True, False))


def test_the_accepted_repair_comes_second(engine: Engine) -> None:
    found = of(engine, STEPS, GOOD)
    assert (found.first, found.accepted) == (False, (False, True))


def test_a_fix_that_repairs_nothing_is_told(engine: Engine) -> None:
    found = of(engine, GOOD, NOTHING)
    assert (found.fixed, found.verified) == (False, (True, False))
    assert any("NOT SOUND" in line for line in misses([found]))


def test_another_cause_is_not_the_right_one(engine: Engine) -> None:
    found = of(engine, GOOD, cause="units")
    assert (found.named, found.cause) == (False, "low.units")
    assert misses([found])[0] == "stacked/made_up: cause low.units, is low.return_sequences"


def test_without_fixes_the_fault_alone_is_found(engine: Engine) -> None:
    found = of(engine)
    assert (found.detected, found.fixed, found.first, found.accepted) == (True, False, False, ())


def test_a_spec_without_errors_is_not_found(engine: Engine) -> None:
    sound = replace(CASE, text=CASE.accepted[0].text)
    found = outcome(sound, engine, saying(engine, GOOD))
    assert not found.detected
    assert misses([found])[0] == "stacked/made_up: not found"


def test_only_three_fixes_are_looked_at(engine: Engine) -> None:
    assert not any(of(engine, NOTHING, NOTHING, NOTHING, GOOD).accepted)


def test_figures_are_shares(engine: Engine) -> None:
    found = [of(engine, GOOD), of(engine, STEPS, GOOD), of(engine, NOTHING), of(engine, cause="units")]
    shares = figures([replace(each, seconds=number) for number, each in enumerate(found)])
    assert (shares.count, shares.detected, shares.named) == (4, 1, 0.75)
    assert (shares.fixed, shares.first, shares.among) == (0.5, 0.25, 0.5)
    assert shares.worst == 3
    assert "stacked" in table(found)


@pytest.mark.parametrize(
    ("layer", "argument", "right"),
    [
        ("both", "layer.return_sequences", True),
        ("both", "return_sequences", True),
        ("tower_1.both", "layer", True),
        ("both", "units", False),
        ("other", "layer.return_sequences", False),
    ],
)
def test_a_cause_in_a_wrapper_or_a_block(layer: str, argument: str, right: bool) -> None:
    case = replace(CASE, causes=(("both", "layer.return_sequences"),))
    assert case.names(Cause(layer, argument, Place(1, 1, 1, 1))) == right


def test_of_two_faults_the_first_must_be_gone(engine: Engine) -> None:
    second = TEXT + "  - {name: more, type: GRU, units: 5}\n"
    repair = Repair("set it", second.replace("units: 3", "return_sequences: true, units: 3"))
    case = replace(CASE, text=second, accepted=(repair,), faults=2)
    assert outcome(case, engine, saying(engine, GOOD, NOTHING)).verified == (True, False)
    assert outcome(replace(case, faults=1), engine, saying(engine, GOOD)).verified == (False,)
