"""The golden files of findings made by hand, and what all formats count and leave out."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from seqshape.places import TOP, Place
from seqshape.render import formats, renderer
from seqshape.render._findings import not_shown, related_line, shown, summary
from seqshape.render._surface import Options, Surface
from seqshape.report import Diagnostic, Related, ReportData, Run, at_least
from seqshape.wording import aside
from tests.render.findings import CLEAN, FUSION, MISMATCH, ODD, RUN, finding, report

Golden = Callable[[str, str], None]
SURFACES = {
    "pipe": Surface(),
    "ascii": Surface(unicode=False),
    "140": Surface(140),
    "80": Surface(80),
    "40": Surface(40),
    "colour": Surface(80, color=True),
}
FINDINGS = st.lists(
    st.lists(st.builds(finding, severity=st.sampled_from(("error", "warning", "note"))), max_size=6).map(
        lambda items: report("x.yaml", *items)
    ),
    max_size=5,
).map(lambda reports: Run(tuple(reports)))


def text(run: Run, surface: Surface | None = None, **options: object) -> str:
    return renderer("text").render(run, surface or Surface(), replace(Options(), **options))


@pytest.mark.parametrize("name", SURFACES)
def test_text(name: str, golden: Golden) -> None:
    golden(f"findings_text_{name}.txt", text(RUN, SURFACES[name]))


@pytest.mark.parametrize("format_", [name for name in formats() if name != "text"])
def test_every_format(format_: str, golden: Golden) -> None:
    said = renderer(format_).render(RUN, Surface(), Options(rows=False))
    golden(f"findings_{format_}.txt", said.replace('ersion": "0.1.0"', 'ersion": "SEQSHAPE"'))


def test_the_shapes_stand_in_the_markdown_of_inspect_too(golden: Golden) -> None:
    golden("findings_markdown_rows.txt", renderer("markdown").render(RUN, Surface(), Options()))


@pytest.mark.parametrize("format_", ["github", "markdown", "text"])
def test_clean_specs_are_one_line(format_: str) -> None:
    said = renderer(format_).render(Run((CLEAN, CLEAN, CLEAN)), Surface(), Options(rows=False))
    assert said.strip("*\n") == "3 specs, no findings"


@pytest.mark.parametrize("format_", ["github", "markdown", "text"])
def test_a_quiet_run_has_no_summary(format_: str) -> None:
    options = Options(rows=False, quiet=True)
    assert renderer(format_).render(Run((CLEAN,)), Surface(), options) == ""
    assert "of 5 specs" not in renderer(format_).render(RUN, Surface(), options)


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (Run(()), "no specs"),
        (Run((), passed_over=1), "no specs; 1 other YAML file passed over"),
        (Run((CLEAN,)), "1 spec, no findings"),
        (Run((MISMATCH,)), "1 error, 1 note in 1 spec"),
        (Run((CLEAN, ODD)), "1 error, 1 warning in 1 of 2 specs"),
        (RUN, "3 errors, 1 warning, 2 notes in 4 of 5 specs; 4 other YAML files passed over"),
    ],
)
def test_summary(run: Run, said: str) -> None:
    assert summary(run) == said


@pytest.mark.parametrize("width", [40, 80, 140])
def test_no_line_of_the_text_is_wider_than_the_terminal(width: int) -> None:
    assert max(cell_len(line) for line in text(RUN, Surface(width)).splitlines()) <= width


def test_of_too_many_the_worst_are_shown_in_their_order() -> None:
    said = text(RUN, most=4)
    heads = [line.split()[1] for line in said.splitlines() if line.startswith(("error", "warning", "note"))]
    assert heads == ["SEQ001", "SEQ201", "SEQ204", "SEQ207"]
    assert said.splitlines()[-2:] == ["2 more findings not shown: 2 notes", summary(RUN)]


def test_markdown_says_how_many_are_not_shown() -> None:
    said = renderer("markdown").render(RUN, Surface(), Options(rows=False, most=1))
    assert said.count("**error**") == 1
    assert "5 more findings not shown: 2 errors, 1 warning, 2 notes\n" in said


@settings(deadline=None)
@given(FINDINGS, st.one_of(st.none(), st.integers(0, 12)))
def test_what_is_shown_and_what_is_not_add_up(run: Run, most: int | None) -> None:
    found = sum(len(each.diagnostics) for each in run.reports)
    kept = [item for items in shown(run, most) for item in items]
    said = not_shown(run, most)
    left_out = int(said.split()[0]) if said else 0
    assert len(kept) + left_out == found
    assert left_out == 0 or len(kept) == most
    if left_out and "error" in said:
        assert all(item.severity == "error" for item in kept)


@settings(deadline=None)
@given(FINDINGS)
def test_the_summary_counts_every_finding(run: Run) -> None:
    counted = sum(int(number) for number in re.findall(r"(\d+) (?:error|warning|note)", summary(run)))
    assert counted == sum(len(each.diagnostics) for each in run.reports)


def test_the_number_of_one_long_line_is_left_out() -> None:
    far = Place(1, 93_896, 1, 93_990)
    assert aside(far, "Flatten") == " (Flatten)"
    assert aside(far) == ""
    assert related_line(Related("`flat` has 2 axes", far)) == "`flat` has 2 axes"
    first = Place(1, 90, 1, 400)  # the first layer of a saved model
    assert aside(first, "InputLayer") == " (InputLayer)"
    near = Place(7, 3, 7, 300)
    assert aside(near, "Flatten") == " (Flatten, line 7)"
    assert related_line(Related("`flat` has 2 axes", near)) == "`flat` has 2 axes (line 7)"


def test_what_is_wrong_with_no_line_shows_none() -> None:
    line = "layers: []  # innocent"
    item = Diagnostic("SEQ904", "error", "the plugin `mine` cannot be imported: no reason", None, TOP)
    shown_at = {
        place: renderer("text").render(
            Run((ReportData("0", None, "a.yaml", None, (), (replace(item, place=place),), {1: line}),)),
            Surface(),
            Options(),
        )
        for place in (TOP, Place(1, 1, 1, 7))
    }
    assert all("cannot be imported" in text for text in shown_at.values())
    assert [line in text for text in shown_at.values()] == [False, True]


def test_a_related_line_names_its_line_once() -> None:
    place = MISMATCH.diagnostics[0].related[0].place
    assert (
        related_line(Related("`gru` (GRU, line 2) has no steps", place))
        == "`gru` (GRU, line 2) has no steps"
    )
    assert related_line(Related("the first is in line 23", place)) == "the first is in line 23 (line 2)"


def test_what_fails_a_run() -> None:
    severities = ("error", "warning", "note")
    fail_on = {each: [at_least(one, each) for one in severities] for each in (*severities, "never")}
    assert fail_on == {
        "error": [True, False, False],
        "warning": [True, True, False],
        "note": [True, True, True],
        "never": [False, False, False],
    }


def test_json_has_the_comparison_where_there_is_one() -> None:
    compared, plain = MISMATCH.to_dict()["diagnostics"]
    assert compared["compared"] == {
        "shapes": [
            {"name": "encoder_output", "shape": [None, 32, 32, 16]},
            {"name": "sequence", "shape": [None, 16, 32, 1]},
        ],
        "marked": [1],
    }
    assert compared["compared"] == FUSION.to_dict()
    assert "compared" not in plain
