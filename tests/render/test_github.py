"""Workflow commands: escaped as the runner reads them, ten of a kind, no command from a spec."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqshape.places import Place
from seqshape.render import renderer
from seqshape.render._surface import Options, Surface
from seqshape.render.github import _PROPERTY, escaped
from seqshape.report import ReportData, Run
from tests.render.findings import ODD, RUN, finding, report

COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def lines(*reports: ReportData, quiet: bool = True) -> list[str]:
    return renderer("github").render(Run(reports), Surface(), Options(quiet=quiet)).splitlines()


def unescaped(text: str) -> str:
    """What the runner makes of an escaped text: the per cent sign comes last."""
    for code, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, sign)
    return text


def command(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as the runner takes it apart."""
    found = COMMAND.fullmatch(line)
    assert found is not None, line
    pairs = (pair.split("=", 1) for pair in found[2].split(","))
    return found[1], {name: unescaped(value) for name, value in pairs}, unescaped(found[3])


@settings(deadline=None)
@given(st.text())
def test_escaping_is_undone_by_the_runner(text: str) -> None:
    assert unescaped(escaped(text, _PROPERTY)) == text
    assert not set(escaped(text, _PROPERTY)) & set("\r\n:,")
    assert unescaped(escaped(text).replace(":", "%3A").replace(",", "%2C")) == text


def test_a_path_with_every_sign() -> None:
    kind, properties, message = command(lines(ODD)[1])
    assert kind == "warning"
    assert properties == {
        "file": "spécs/100% odd, a:b/model\\u001b[31m [1].yaml",
        "line": "2",
        "endLine": "4",
        "title": "SEQ204",
    }
    assert message.startswith("sum\\u001b[2J\\u202e漢字: `a|b` and")
    assert message.endswith("\nhelp: 100% sure\\u000aof ``` nothing")


def test_columns_are_told_within_one_line() -> None:
    _, properties, _ = command(lines(report("a.yaml", finding(place=Place(3, 5, 3, 9))))[0])
    assert properties == {
        "file": "a.yaml", "line": "3", "col": "5", "endLine": "3", "endColumn": "9", "title": "SEQ201",
    }  # fmt: skip


def test_standard_input_is_no_file() -> None:
    _, properties, message = command(lines(report("<stdin>", finding()))[0])
    assert properties == {"title": "SEQ201"}
    assert message == "<stdin>:1:1 fusion: the shapes differ"


def test_ten_of_each_kind_the_worst_first_and_the_others_in_the_log() -> None:
    notes = [finding("SEQ118", "note", f"note {number}") for number in range(12)]
    errors = [finding(message=f"error {number}") for number in range(11)]
    said = lines(
        report("a.yaml", *notes), report("b.yaml", finding(severity="warning"), *errors), quiet=False
    )
    assert [line.split()[0] for line in said[:21]] == ["::error"] * 10 + ["::warning"] + ["::notice"] * 10
    assert said[21:] == [
        "GitHub shows 10 annotations of each kind a step; the others stand here in the log: 1 error, 2 notes",
        "error SEQ201 b.yaml:1:1 fusion: error 10",
        "note SEQ118 a.yaml:1:1 fusion: note 10",
        "note SEQ118 a.yaml:1:1 fusion: note 11",
        "11 errors, 1 warning, 12 notes in 2 of 2 specs",
    ]


@pytest.mark.parametrize("evil", ["::stop-commands::x", "##[add-mask]x", "\n::error::x", "\r##[group]x"])
def test_no_command_comes_from_a_spec(evil: str) -> None:
    item = replace(finding(layer=evil, message=evil), keras=f"{evil}\n{evil}", help=evil)
    said = lines(*[report(evil, item)] * 12)
    assert len(said) == 13
    assert all(command(line)[0] == "error" for line in said[:10])
    for line in said[10:]:
        assert not line.lstrip().startswith("::")
        assert "##[" not in line


def test_the_annotations_of_the_whole_run_can_be_read() -> None:
    said = renderer("github").render(RUN, Surface(), Options(quiet=True)).splitlines()
    assert [command(line)[1]["title"] for line in said] == [
        "SEQ001", "SEQ201", "SEQ207", "SEQ204", "SEQ118", "SEQ118",
    ]  # fmt: skip
