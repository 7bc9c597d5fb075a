"""JUnit XML: it parses whatever a spec holds, and its counts are those of its elements."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqshape.render import renderer
from seqshape.render._surface import Options, Surface
from seqshape.report import Comparison, Run
from tests.render.findings import CLEAN, MISMATCH, RUN, finding, report


def parsed(run: Run, fail_on: str = "error") -> ElementTree.Element:
    text = renderer("junit").render(run, Surface(), Options(fail_on=fail_on))
    assert text.isascii()
    return ElementTree.fromstring(text)


@pytest.mark.parametrize(("fail_on", "failures"), [("error", 3), ("warning", 4), ("note", 6), ("never", 0)])
def test_counts(fail_on: str, failures: int) -> None:
    root = parsed(RUN, fail_on)
    assert root.get("failures") == str(failures)
    for element in (root, *root):
        assert element.get("tests") == str(len(element.findall(".//testcase")))
        assert element.get("failures") == str(len(element.findall(".//failure")))
        assert element.get("errors") == "0"
    assert [suite.get("name") for suite in root] == [
        report.path.replace("\x1b", "\\u001b") for report in RUN.reports
    ]


def test_a_clean_spec_is_one_case_that_passes() -> None:
    (suite,) = parsed(Run((CLEAN,)))
    (case,) = suite
    assert (case.tag, case.get("classname"), list(case)) == ("testcase", CLEAN.path, [])


def test_a_failure_says_all_and_lesser_findings_are_in_the_output() -> None:
    (suite,) = parsed(Run((MISMATCH,)))
    case, output = suite
    (failure,) = case
    assert case.get("name") == "SEQ201 fusion"
    assert failure.get("type") == "SEQ201"
    assert str(failure.get("message")).startswith("fusion: Concatenate(axis=3) needs")
    lines = str(failure.text).splitlines()
    assert lines[0] == "specs/cnn_rnn_fusion_mismatch.yaml:3:5"
    assert "sequence         batch      16       32        1" in lines
    assert "help: give `target_shape` 32 steps" in lines
    assert str(output.text).startswith("note SEQ118  nothing here is silenced by `SEQ207`\n")


def test_cases_of_one_suite_have_names_of_their_own() -> None:
    (suite,) = parsed(Run((report("x.yaml", finding(), finding(), finding(layer=None)),)))
    assert [case.get("name") for case in suite] == ["SEQ201 fusion", "SEQ201 fusion (2)", "SEQ201"]


@settings(deadline=None)
@given(st.text(), st.text(), st.text())
def test_whatever_a_spec_holds_is_xml(path: str, name: str, said: str) -> None:
    item = replace(
        finding(message=said, layer=name),
        help=said,
        keras=said,
        compared=Comparison(((name, (None, "T")),), (1,)),
    )
    parsed(Run((report(path, item, replace(item, severity="note")),)))


def test_the_last_characters_of_the_plane_are_shown_by_their_numbers() -> None:
    (suite,) = parsed(Run((report("x\uffff.yaml", finding(message="\ufffe\ud800\x00")),)))
    assert suite.get("name") == "x\\uffff.yaml"
    assert suite[0][0].get("message") == "fusion: \\ufffe\\ud800\\u0000"
