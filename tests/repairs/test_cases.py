"""The bench is sound as data: what is broken is broken, what is accepted is clean, what is correct is silent."""

from pathlib import Path

import pytest

from seqshape.engine import Engine
from tests.repairs.bench import false_alarms, judging, left, primary
from tests.repairs.cases import Case, broken, case_of, changed, sound
from tests.repairs.structure import structure

CASES = broken()
LEAST_BROKEN, LEAST_SOUND = 60, 30
"""What the bench must hold at least."""


def _name(case: Case) -> str:
    return f"{case.kind}-{case.name}"


def test_the_bench_is_large_enough() -> None:
    assert len(CASES) >= LEAST_BROKEN
    assert len(sound()) >= LEAST_SOUND


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_a_broken_spec_has_an_error_and_its_repairs_have_none(case: Case, engine: Engine) -> None:
    judge = judging(engine, thorough=False)
    before = judge(case.name, case.text)
    assert primary(before) is not None
    for repair in case.accepted:
        after = judge(case.name, repair.text)
        assert [(item.code, item.message) for item in left(case, before, after)] == [], repair.what


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_no_two_repairs_are_the_same(case: Case, engine: Engine) -> None:
    found = [structure(repair.text, engine) for repair in case.accepted]
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_a_cause_is_an_entry_of_the_spec(case: Case) -> None:
    assert all(f"name: {layer}" in case.text for layer, _ in case.causes)


@pytest.mark.parametrize("path", sound(), ids=lambda path: path.stem)
def test_a_correct_spec_gets_no_word(path: Path, engine: Engine) -> None:
    assert false_alarms([path], judging(engine, thorough=False)) == {}


def test_a_broken_spec_would_be_told_among_the_correct_ones(engine: Engine) -> None:
    assert false_alarms([CASES[0].path], judging(engine, thorough=False)) != {}


@pytest.mark.parametrize(
    ("changes", "said"),
    [([("c", "x")], "0 times"), ([("a", "x")], "2 times"), ([("ab", "x"), ("b", "y")], "overlaps")],
)
def test_a_change_that_is_not_clear_is_refused(changes: list[tuple[str, str]], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        changed("ab a", changes)


def test_changes_are_made_on_the_text_as_it_was() -> None:
    assert changed("one two", [("two", "one"), ("one", "two")]) == "two one"


@pytest.mark.parametrize(
    "tail",
    [
        "",
        "x-repair:\n  story: s\n  cause: [a.units]\n",
        "x-repair:\n  story: s\n  cause: [a]\n  accepted: [{what: w, changes: [[x, y]]}]\n",
        "x-repair:\n  story: s\n  cause: [a.units]\n  accepted: [{what: w, changes: [[absent, y]]}]\n",
        "x-repair:\n  story: s\n  cause: [a.units]\n  accepted: []\n",
        "x-repair:\n  story: s\n  cause: [a.units]\n  accept: []\n  accepted: [{what: w, changes: [[x, y]]}]\n",
    ],
    ids=["none", "no repair", "no argument", "absent text", "empty", "unknown word"],
)
def test_a_case_that_is_not_whole_is_refused(tail: str, tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(f"layers:\n  - {{name: x, type: Input, shape: [3]}}\n{tail}", encoding="utf-8")
    with pytest.raises(ValueError, match=r"case\.yaml"):
        case_of(path)
