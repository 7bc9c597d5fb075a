"""What `seqshape fix` prints, on surfaces of several widths: of reports made by hand."""

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.cells import cell_len

from seqshape.edits import Edit, applied
from seqshape.places import Place
from seqshape.render._fixes import Mended, Step, done, listed
from seqshape.render._surface import Surface
from seqshape.report import SEVERITIES, Cause, Diagnostic, Fix, Related, ReportData
from seqshape.source import Source, from_text
from tests.render.findings import finding, report

Golden = Callable[[str, str], None]
SURFACES = {
    "40": Surface(40),
    "80": Surface(80),
    "140": Surface(140),
    "pipe": Surface(),
    "ascii": Surface(unicode=False),
    "colour": Surface(80, color=True),
}
TEXT = """layers:
  - {name: image, type: Input, shape: [32, 32, 1]}
  - {name: sequence_in, type: Reshape, target_shape: [16, 1024]}   # one step for each line of 64 pixels, as the paper has it
\t- {name: fusion, type: Concatenate, axis: 3, inputs: [encoder, sequence]}
"""
START = TEXT.splitlines()[2].index("[16") + 1
ENCODER = TEXT.splitlines()[3].index("encoder") + 1
RESHAPED = Fix(
    "set `target_shape: [32, 512]` on `sequence_in`",
    (Edit(Place(3, START, 3, START + 10), "[32, 512]"),),
    2,
)
CROPPED = Fix(
    "insert Cropping2D between `encoder` and `fusion\x1b[31m`",
    (
        Edit(Place(4, 1, 4, 1), "  - {name: crop, type: Cropping2D}\n"),
        Edit(Place(4, ENCODER, 4, ENCODER + 7), "crop"),
    ),
)
FUSION = Diagnostic(
    code="SEQ201",
    severity="error",
    message="axis 1 is 32 in `encoder` and 16 in `sequence`",
    layer="fusion",
    place=Place(4, 4, 4, 73),
    related=(
        Related("the cause: `target_shape` of `sequence_in` (line 3)", Place(3, START, 3, START + 10)),
        Related("`sequence_in` (Reshape) gives (batch, 16, 1024)", Place(3, 5, 3, 60)),
    ),
    cause=Cause("sequence_in", "target_shape", Place(3, START, 3, START + 10)),
    fixes=(RESHAPED, CROPPED),
    search="whole",
)
VAIN = replace(finding("SEQ205", message="nothing fits", layer="head"), search="whole")
WARNING = finding("SEQ301", "warning")
BOTH = report("specs/fusion of two.yaml", FUSION, VAIN, WARNING)
SOURCE = from_text(BOTH.path, TEXT)


def mended(*fixes: Fix, left: ReportData = BOTH, **more: bool) -> Mended:
    steps, now = list[Step](), SOURCE
    for fix in fixes:
        steps.append(Step(now, fix))
        now = from_text(now.path, applied(now, fix.edits))
    return Mended(now.text, tuple(steps), left, **more)


@pytest.mark.parametrize("name", SURFACES)
def test_what_is_printed(name: str, golden: Golden) -> None:
    surface = SURFACES[name]
    listing = listed(BOTH, SOURCE, surface, 4)
    result = done(mended(RESHAPED, left=report(BOTH.path, VAIN)), surface, 4, where="is written")
    text = f"{listing}\n{'~' * 20}\n\n{result}"
    golden(f"fixes_{name}.txt", text)
    assert "\x1b" not in text or surface.color
    assert "\\u001b" in text
    assert text.isascii() or surface.unicode
    if surface.width:
        plain = re.sub(r"\x1b\[[\d;]*m", "", text)
        assert max(map(cell_len, plain.splitlines())) <= surface.width


@pytest.mark.parametrize(
    ("search", "words"),
    [
        ("whole", "no change that was tried mends it"),
        ("cut", "the time ran out before a change was found; `--budget 20` gives it more"),
        ("late", "no change was tried, since the time was gone before; `--budget 20` gives it more"),
        ("waiting", "mend some of the errors before it"),
        ("stopped", "stopped before a change was found"),
        ("", "no change is known that might mend it"),
    ],
)
def test_why_there_is_no_fix(search: str, words: str) -> None:
    item = replace(VAIN, search=search)
    for text in (
        listed(report("a.yaml", item), SOURCE, Surface(), 4),
        done(mended(left=report("a.yaml", item)), Surface(), 4),
    ):
        assert words in text
        assert all(other not in text for other in ("--apply", "--budget") if other not in words)


def test_more_time_is_more_than_there_was() -> None:
    item = replace(VAIN, search="cut")
    said = listed(report("a.yaml", item), SOURCE, Surface(), 30)
    assert float(re.findall(r"--budget (\S+)`", said)[0]) > 30


@pytest.mark.parametrize(
    ("search", "words"),
    [("cut", "the time ran out: `--budget 20` tries more changes"), ("stopped", "until then")],
)
def test_a_list_that_may_not_be_all_says_so(search: str, words: str) -> None:
    said = listed(report("a.yaml", replace(FUSION, search=search)), SOURCE, Surface(), 4)
    assert words in said
    assert "the time ran out" not in listed(report("a.yaml", FUSION), SOURCE, Surface(), 4)


def test_what_was_not_searched_for_is_not_told_to_be_in_vain() -> None:
    text = done(mended(RESHAPED, searched=False), Surface(), 4, where="is written")
    assert "specs/fusion of two.yaml is written: 2 errors are left; 1 warning (seqshape check" in text
    assert "no change" not in text


def test_an_end_before_the_last_change_is_told() -> None:
    assert "stopped after 2 changes: run this again" in done(
        mended(RESHAPED, CROPPED, exhausted=True), Surface(), 4
    )


@pytest.mark.parametrize("severity", SEVERITIES)
def test_warnings_are_counted_where_no_error_is_left(severity: str) -> None:
    left = report("a.yaml", *([finding(severity=severity)] * 2))
    text = done(mended(RESHAPED, left=left), Surface(), 4, where="is written")
    told = {
        "error": "2 errors are left",
        "warning": "no error is left; 2 warnings",
        "note": "no error is left\n",
    }
    assert f"a.yaml is written: {told[severity]}" in text


def test_a_long_line_is_shown_round_the_change() -> None:
    entries = ", ".join(json.dumps({"name": f"gru{number}", "units": number}) for number in range(3000))
    start = entries.index('"units": 1500') + len('"units": ')
    source = from_text("a.json", entries)
    fix = Fix("set `units: 77`", (Edit(source.place(start, start + 4), "77"),))
    item = replace(FUSION, fixes=(fix,))
    for width in (40, 80, None):
        lines = listed(report("a.json", item), source, Surface(width), 4).splitlines()
        gone, come = (next(line for line in lines if f"1 {sign} " in line[:12]) for sign in "-+")
        assert "1500" in gone
        assert "77" in come
        assert max(len(gone), len(come)) <= (width or 180)


def _numbers(text: str) -> list[tuple[str, str]]:
    return re.findall(r"^ *(\d+) ([-+]) ", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("source", "edits", "expected"),
    [
        ("a\nb\nc\n", (Edit(Place(2, 1, 3, 1), ""),), ["2-"]),
        ("a\nb\nc\n", (Edit(Place(1, 1, 1, 1), "x\n"), Edit(Place(3, 1, 3, 2), "y")), ["1+", "3-", "4+"]),
        ("a\nb", (Edit(Place(2, 2, 2, 2), "\nc"),), ["3+"]),
        ("a\r\nb\r\n", (Edit(Place(1, 1, 3, 1), "c\r\n"),), ["1-", "2-", "1+"]),
        ("a\rb\u2028\rc", (Edit(Place(2, 1, 2, 2), "x"),), ["2-", "2+"]),
        ("", (Edit(Place(1, 1, 1, 1), "a"),), ["1+"]),
    ],
)
def test_lines_that_go_and_come_have_their_numbers(
    source: str, edits: tuple[Edit, ...], expected: list[str]
) -> None:
    item = replace(FUSION, fixes=(Fix("change", edits),))
    text: Source = from_text("a.yaml", source)
    said = listed(report("a.yaml", item), text, Surface(), 4)
    assert ["".join(found) for found in _numbers(said)] == expected
