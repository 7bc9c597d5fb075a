"""Which diagnostics are told, and which fail a run."""

import pytest

from seqshape.codes import can_be_silenced
from seqshape.places import Place
from seqshape.report import Diagnostic, ReportData
from seqshape.selection import Selection, fails, nearest_code, problem

CODES = ("SEQ001", "SEQ103", "SEQ118", "SEQ201", "SEQ205", "SEQ401", "SEQ901")
FIXED = ("SEQ001", "SEQ103", "SEQ118", "SEQ901")


def report(*codes: str, severity: str = "error") -> ReportData:
    items = tuple(Diagnostic(code, severity, "", None, Place(1, 1, 1, 2)) for code in codes)
    return ReportData("0", None, "specs/old/a.yaml", None, (), items)


def told(selection: Selection, path: str = "specs/old/a.yaml") -> tuple[str, ...]:
    return tuple(item.code for item in selection.of(report(*CODES), path).diagnostics)


@pytest.mark.parametrize(
    ("selection", "beside"),
    [
        (Selection(), ("SEQ201", "SEQ205", "SEQ401")),
        (Selection(("SEQ2",)), ("SEQ201", "SEQ205")),
        (Selection(("SEQ2", "SEQ401"), ("SEQ205",)), ("SEQ201", "SEQ401")),
        (Selection(ignore=("SEQ2",)), ("SEQ401",)),
        (Selection(("SEQ201",), ("SEQ2",)), ("SEQ201",)),
        (Selection(("SEQ201",), ("SEQ201",)), ()),
        (Selection(per_file=(("old/*", ("SEQ2",)),)), ("SEQ201", "SEQ205", "SEQ401")),
        (Selection(per_file=(("specs/old/*", ("SEQ2",)), ("*.yaml", ("SEQ401",)))), ()),
        (Selection(("SEQ201",), per_file=(("specs/**", ("SEQ2",)),)), ()),
    ],
)
def test_selection(selection: Selection, beside: tuple[str, ...]) -> None:
    assert told(selection) == tuple(sorted((*FIXED, *beside)))


def test_what_keeps_a_spec_from_being_judged_is_always_told() -> None:
    assert [code for code in CODES if not can_be_silenced(code)] == list(FIXED)
    assert told(Selection(("SEQ4",), ("SEQ",), (("**", ("SEQ",)),))) == FIXED


def test_a_report_that_loses_nothing_is_the_same_one() -> None:
    whole = report("SEQ201")
    assert Selection().of(whole, "x") is whole
    assert Selection(ignore=("SEQ201",)).of(whole, "x").ok


@pytest.mark.parametrize(
    ("code", "ignored", "said"),
    [
        ("SEQ201", True, None),
        ("SEQ2", True, None),
        ("SEQ1", False, None),
        ("SEQ103", True, "`SEQ103` cannot be ignored"),
        ("SEQ0", True, "`SEQ001`, which `SEQ0` covers, cannot be ignored"),
        ("SEQ", True, "cannot be ignored"),
        ("SEQ2O1", True, "there is no code `SEQ2O1`; did you mean `SEQ201`?"),
        ("SEQ406", False, "there is no code `SEQ406`; did you mean `SEQ40"),
        ("W-unused", False, "there is no code `W-unused`; `seqshape rule --all` lists them"),
        ("", False, "there is no code"),
        ("S", False, "there is no code `S`"),
    ],
)
def test_a_wrong_code(code: str, ignored: bool, said: str | None) -> None:
    found = problem(code, ignored)
    assert found is None if said is None else said in str(found)


def test_the_nearest_code_is_one_of_the_same_range_first() -> None:
    assert nearest_code("seq499").startswith("; did you mean `SEQ40")


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        ("error", {"error": True, "warning": True, "note": True}),
        ("warning", {"error": False, "warning": True, "note": True}),
        ("note", {"error": False, "warning": False, "note": True}),
    ],
)
def test_what_fails_a_run(severity: str, expected: dict[str, bool]) -> None:
    found = report("SEQ201", severity=severity)
    assert {least: fails([report(), found], least) for least in expected} == expected
    assert not fails([report()], "note")
