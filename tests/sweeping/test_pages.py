"""A sweep as it is shown: tables, CSV, JSON, Markdown, a chart, an SVG plot. No Keras is asked."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from seqshape.places import Place
from seqshape.render._surface import Surface
from seqshape.report import Diagnostic, Totals
from seqshape.sweeping import to_csv, to_json, to_markdown, to_table
from seqshape.sweeping.result import Combination, Sweep, Work
from seqshape.sweeping.series import default_over, plot, short, ticks
from seqshape.sweeping.to_svg import svg

SVG = "{http://www.w3.org/2000/svg}"
FAULT = Diagnostic(
    "SEQ205", "error", "Reshape to [4, -1], and `x` has 5 elements", "fold", Place(3, 5, 3, 9)
)
NASTY = 'a,"b"\n<&|*`\x1b[31m'


def sound(h: int, t: int | None, *, work: Work | None = None) -> Combination:
    params = 3 * h * h
    given = work or Work(None if t is None else t * params, "" if t else f"{params}*T", left_out=("fold",))
    return Combination(
        (("H", h), ("T", t)),
        Totals(params, params, 4 * params),
        (("fold", (None, t, h)),),
        None,
        True,
        given,
    )


SWEEP = Sweep(
    "0.1.0",
    "3.15.1",
    "models/small.yaml",
    "small",
    (("H", (16, 32, 1000)), ("T", (64, None))),
    (
        sound(16, 64),
        sound(16, None),
        sound(32, 64),
        Combination((("H", 32), ("T", None)), None, (), FAULT, True),
        sound(1000, 64),
        Combination((("H", 1000), ("T", None)), None, (), FAULT, True),
    ),
)


def hostile() -> Sweep:
    """A sweep whose names and messages are anything a file may hold."""
    fault = replace(FAULT, message=NASTY, layer=NASTY)
    good = Combination(((NASTY, 1),), Totals(3, 3, 12), ((NASTY, (None, 1)),), None, True, Work(3))
    other = replace(good, sizes=((NASTY, 2),), totals=Totals(6, 6, 24))
    bad = Combination(((NASTY, 3),), None, (), fault, True)
    return Sweep("0.1.0", "3.15.1", NASTY, NASTY, ((NASTY, (1, 2, 3)),), (good, other, bad))


@pytest.mark.parametrize(
    ("name", "surface"),
    [
        ("140", Surface(140)),
        ("80", Surface(80)),
        ("40", Surface(40)),
        ("pipe", Surface()),
        ("ascii", Surface(80, unicode=False)),
        ("colour", Surface(80, color=True)),
    ],
)
def test_the_table_and_its_chart(name: str, surface: Surface, golden: Callable[[str, str], None]) -> None:
    text = to_table.render(SWEEP, surface, plot(SWEEP, "H", "params"))
    golden(f"sweep_{name}.txt", text)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    if surface.width is not None:
        assert max(map(len, plain.splitlines())) <= surface.width
    assert "3,000,000" in plain
    assert plain.splitlines()[-1] == "6 combinations, 2 with an error"


def test_a_sweep_that_was_ended_says_so() -> None:
    found = replace(SWEEP, combinations=SWEEP.combinations[:2], complete=False)
    assert to_table.render(found, Surface()).splitlines()[-1] == "ended after 2 of 6 combinations"


def test_what_was_not_counted_is_no_number() -> None:
    nothing = sound(16, 64, work=Work(0, counted=False, left_out=("fold",)))
    part = sound(32, 64, work=Work(70, unknown=("fft",)))
    found = replace(SWEEP, combinations=(nothing, part))
    text = to_table.render(found, Surface())
    assert re.search(r"16  64 +768 +3,072 +-  ", text)
    assert "more than 70" in text
    assert "nothing in the model is counted" in text
    assert "Not all is known of `fft`" in text
    rows = list(csv.DictReader(io.StringIO(to_csv.render(found, Surface()))))
    assert [row["multiply_accumulates"] for row in rows] == ["", ""]
    data = json.loads(to_json.render(found, Surface()))
    assert [each["multiply_accumulates"] for each in data["combinations"]] == [None, None]
    assert [each["not_known"] for each in data["combinations"]] == [[], ["fft"]]


def test_what_was_not_traced_is_said() -> None:
    some = (sound(16, 64), replace(sound(32, 64), traced=False))
    assert "All were built, 1 of them were traced too" in to_table.render(
        replace(SWEEP, combinations=some), Surface()
    )


def test_csv_can_be_read_back() -> None:
    text = to_csv.render(SWEEP, Surface(80))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["H"], row["T"]) for row in rows] == [
        ("16", "64"), ("16", "null"), ("32", "64"), ("32", "null"), ("1000", "64"), ("1000", "null"),
    ]  # fmt: skip
    assert [row["ok"] for row in rows] == ["true", "true", "true", "false", "true", "false"]
    assert rows[0]["params"] == "768"
    assert rows[0]["weight_bytes"] == "3072"
    assert rows[0]["multiply_accumulates"] == str(64 * 768)
    assert rows[0]["outputs"] == "fold (batch, 64, 16)"
    assert rows[1]["multiply_accumulates"] == ""
    assert (rows[3]["params"], rows[3]["code"], rows[3]["layer"]) == ("", "SEQ205", "fold")
    assert rows[3]["message"] == FAULT.message


def test_json_has_everything() -> None:
    data = json.loads(to_json.render(SWEEP, Surface()))
    assert (data["sweep_version"], data["ok"], data["complete"]) == (1, False, True)
    assert data["sizes"] == {"H": [16, 32, 1000], "T": [64, None]}
    first, second = data["combinations"][:2]
    assert first["sizes"] == {"H": 16, "T": 64}
    assert (first["params"], first["weight_bytes"], first["multiply_accumulates"]) == (768, 3072, 64 * 768)
    assert first["outputs"] == [{"name": "fold", "shape": [None, 64, 16]}]
    assert (second["multiply_accumulates"], second["multiply_accumulates_formula"]) == (None, "768*T")
    fault = data["combinations"][3]["fault"]
    assert (fault["code"], fault["layer"], fault["line"]) == ("SEQ205", "fold", 3)
    assert data["combinations"][3]["params"] is None


def test_markdown_is_a_table() -> None:
    lines = to_markdown.render(SWEEP, Surface()).splitlines()
    assert lines[2] == "| H | T | Parameters | Bytes | Multiply-acc. | Output of fold |"
    assert lines[4] == "| 16 | 64 | 768 | 3,072 | 49,152 | (batch, 64, 16) |"
    assert sum(line.startswith("- **SEQ205**") for line in lines) == 1


def test_hostile_names_in_every_form() -> None:
    found = hostile()
    rows = list(csv.DictReader(io.StringIO(to_csv.render(found, Surface()), newline="")))
    assert [row[NASTY] for row in rows] == ["1", "2", "3"]
    assert rows[2]["message"] == rows[2]["layer"] == NASTY
    assert list(json.loads(to_json.render(found, Surface()))["sizes"]) == [NASTY]
    for text in (
        to_table.render(found, Surface(80), plot(found, NASTY, "params")),
        to_markdown.render(found, Surface()),
        svg(plot(found, NASTY, "params"), NASTY),
    ):
        assert "\x1b" not in text
    body = [line for line in to_markdown.render(found, Surface()).splitlines() if line.startswith("|")]
    assert len({len(re.findall(r"(?<!\\)\|", line)) for line in body}) == 1


# Plots.


def test_series_are_by_the_other_sizes() -> None:
    found = plot(SWEEP, "H", "params")
    assert [(each.label, each.points) for each in found.series] == [
        ("T=64", ((16, 768), (32, 3072), (1000, 3_000_000))),
        ("T=null", ((16, 768),)),
    ]
    assert found.missing == 2
    assert default_over(SWEEP) == "H"


def test_series_that_are_alike_are_one() -> None:
    found = replace(SWEEP, combinations=(sound(16, 64), sound(16, 65), sound(32, 64), sound(32, 65)))
    assert [each.label for each in plot(found, "H", "bytes").series] == ["T=64 or 65"]
    over_t = plot(found, "T", "macs")
    assert [(each.label, each.points) for each in over_t.series] == [
        ("H=16", ((64, 64 * 768), (65, 65 * 768))),
        ("H=32", ((64, 64 * 3072), (65, 65 * 3072))),
    ]


@pytest.mark.parametrize(
    ("most", "least", "expected"),
    [
        (10, 0, (0, 2, 4, 6, 8, 10)),
        (1, 0, (0, 1)),
        (0, 0, (0, 1)),
        (3_000_000, 0, (0, 1_000_000, 2_000_000, 3_000_000)),
        (1000, 16, (0, 200, 400, 600, 800, 1000)),
        (1010, 1000, (1000, 1002, 1004, 1006, 1008, 1010)),
    ],
)
def test_ticks_are_nice(most: int, least: int, expected: tuple[int, ...]) -> None:
    assert ticks(most, least) == expected


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1k"),
        (1500, "1.5k"),
        (2 * 10**6, "2M"),
        (10**9, "1G"),
        (5 * 10**15, "5,000T"),
    ],
)
def test_numbers_at_an_axis(number: int, text: str) -> None:
    assert short(number) == text


@pytest.mark.parametrize("found", [SWEEP, hostile()])
def test_an_svg_plot_is_sound(found: Sweep) -> None:
    wanted = plot(found, default_over(found), "params")
    text = svg(wanted, found.path)
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    lines = [line for line in root.iter(f"{SVG}polyline") if line.get("class") == "series"]
    assert len(lines) == len(wanted.series)
    width, height = float(root.get("width", "")), float(root.get("height", ""))
    for line, series in zip(lines, wanted.series, strict=True):
        points = [tuple(map(float, pair.split(","))) for pair in line.get("points", "").split()]
        assert len(points) == len(series.points)
        assert all(0 <= x <= width and 0 <= y <= height for x, y in points)
        assert [x for x, _ in points] == sorted(x for x, _ in points)
        assert [y for _, y in points] == sorted((y for _, y in points), reverse=True)  # larger is higher
    assert not any(each.tag.endswith(("script", "image", "a")) for each in root.iter())


def test_points_lie_where_their_numbers_are() -> None:
    found = replace(
        SWEEP, combinations=(sound(0, 64), sound(10, 64)), values=(("H", (0, 10)), ("T", (64,)))
    )
    root = ElementTree.fromstring(svg(plot(found, "H", "params"), "x"))
    (line,) = (each for each in root.iter(f"{SVG}polyline") if each.get("class") == "series")
    (axes,) = (each for each in root.iter(f"{SVG}polyline") if each.get("class") == "axes")
    (_, top), (left, bottom), (right, _) = (
        tuple(map(float, pair.split(","))) for pair in axes.get("points", "").split()
    )
    first, last = (tuple(map(float, pair.split(","))) for pair in line.get("points", "").split())
    assert first == (left, bottom)
    assert last == (right, top)  # 300 is the last tick, and 10 the last size


def test_a_plot_of_nothing() -> None:
    found = replace(SWEEP, combinations=SWEEP.combinations[3:4])
    assert "nothing to show" in to_table.render(found, Surface(), plot(found, "H", "params"))
    ElementTree.fromstring(svg(plot(found, "H", "params"), "x"))


def test_many_series_have_a_short_legend() -> None:
    many = tuple(sound(h, t) for t in range(1, 31) for h in (t, 2 * t))
    found = replace(
        SWEEP, combinations=many, values=(("H", tuple(range(1, 61))), ("T", tuple(range(1, 31))))
    )
    text = svg(plot(found, "H", "macs"), "x")
    ElementTree.fromstring(text)
    assert "and 12 more" in text
