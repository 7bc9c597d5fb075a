"""The bench as a whole meets its bars: faults found, causes named, repairs verified and accepted, time."""

import time

import pytest

from seqshape.engine import Engine
from tests.repairs.__main__ import misses, table
from tests.repairs.bench import Figures, Outcome, false_alarms, figures, judging, outcome
from tests.repairs.cases import broken, sound

pytestmark = pytest.mark.timeout(1200)

_BUDGET = 15.0
"""Seconds for a search: thrice those of the bar, so that another program's work does not cut one short."""
_SLOWER = 3.0
"""How much slower than the bars this may be. Their times are those of a machine of two cores that does nothing
else. Here the time of the process counts, which others do not add to; but they share the processor's caches, and
it may be a slower one: beside four other programs the same search has taken twice as much of it.
`python -m tests.repairs` prints the times that the bars are for."""


@pytest.fixture(scope="module")
def outcomes(engine: Engine) -> list[Outcome]:
    """What becomes of every case, after Keras is loaded; run once, it takes minutes."""
    judge = judging(engine, budget=_BUDGET)
    judge(
        "warm.yaml", "layers:\n  - {type: Input, shape: [8, 4]}\n  - {type: Flatten}\n  - {type: Flatten}\n"
    )
    engine.pages()
    return [outcome(case, engine, judge, time.process_time) for case in broken()]


@pytest.fixture(scope="module")
def found(outcomes: list[Outcome]) -> Figures:
    """The shares of all cases."""
    return figures(outcomes)


@pytest.fixture(scope="module")
def said(outcomes: list[Outcome]) -> str:
    """What to read where a bar is not met."""
    return "\n".join((table(outcomes), *misses(outcomes)))


def test_every_fault_is_found(found: Figures, said: str) -> None:
    assert found.detected == 1, said


def test_the_cause_is_named(found: Figures, said: str) -> None:
    assert found.named >= 0.90, said


def test_fixes_are_sound(found: Figures, said: str) -> None:
    assert found.fixed >= 0.97, said


def test_an_accepted_repair_is_shown(found: Figures, said: str) -> None:
    assert found.among >= 0.92, said


def test_an_accepted_repair_is_first(found: Figures, said: str) -> None:
    assert found.first >= 0.75, said


def test_no_search_takes_long(found: Figures, said: str) -> None:
    assert found.median <= 0.5 * _SLOWER, said
    assert found.worst <= 5.0 * _SLOWER, said


def test_correct_specs_get_no_word(engine: Engine) -> None:
    """Nor a cause or a fix, with the search as without it."""
    assert false_alarms(sound(), judging(engine, budget=_BUDGET)) == {}
