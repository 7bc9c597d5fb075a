"""The edits of fixes for programs: made from JSON or SARIF alone, they give what `seqshape fix` writes."""

import html
import json
import re
from typing import Any

import pytest
from sarif_pydantic import Sarif

from seqshape.edits import applied
from seqshape.engine import Engine
from seqshape.pipeline import Report, inspect_bytes
from seqshape.render import renderer
from seqshape.render._surface import Options, Surface
from seqshape.report import Run
from seqshape.source import from_text
from tests.render.test_sarif import NOT_MODELLED, models

LAYERS = "layers:\n  - {name: x, type: Input, shape: [9, 4]}\n  - {name: low, type: GRU, units: 3}\n"
SPECS = {
    "argument": LAYERS + "  - {name: high, type: GRU, units: 5}\n",
    "signs": '# 🎉 é\n"x-🎉": 漢\n' + LAYERS.replace("{name: low", "{name: 🎉lów") + "  - {name: high, type: GRU, units: 5}",
    "windows": (LAYERS + "  - {name: high, type: GRU, units: 5}\n").replace("\n", "\r\n"),
    "block": "layers:\n- name: x\n  type: Input\n  shape: [9, 4]\n- name: low\n  type: GRU\n  units: 3\n- name: high\n  type: GRU\n  units: 5\n",
    "entries": LAYERS + "  - {name: sum, type: Add, inputs: [x, low]}\n",
    "several": LAYERS + "  - {name: high, type: GRU, units: 5}\n  - {name: noise, type: Input, shape: [8]}\n  - {name: square, type: Reshape, target_shape: [2, 5]}\n",
    "words": LAYERS.replace("GRU", "GUR"),
    "json": '{"layers": [{"name": "x", "type": "Input", "shape": [9, 4]}, {"name": "low", "type": "GRU", "units": 3}, {"name": "high", "type": "GRU", "units": 5}]}',
}  # fmt: skip


@pytest.fixture(scope="module", params=SPECS)
def judged(request: pytest.FixtureRequest, engine: Engine) -> tuple[str, Report]:
    text = SPECS[request.param]
    report = inspect_bytes("specs/a b.yaml", text.encode(), engine=engine, thorough=True, budget=60)
    assert any(item.fixes for item in report.diagnostics)
    return text, report


def printed(report: Report, format_: str) -> str:
    return renderer(format_).render(Run((report,)), Surface(), Options())


def made(text: str, edits: list[tuple[int, int, int, int, str]]) -> str:
    """The text with edits made as their readers make them: from the last to the first."""
    starts = [0, *(found.end() for found in re.finditer(r"\r\n|\n", text))]
    for line, column, end_line, end_column, new in sorted(edits, reverse=True):
        start, stop = starts[line - 1] + column - 1, starts[end_line - 1] + end_column - 1
        assert 0 <= start <= stop <= len(text)
        text = text[:start] + new + text[stop:]
    return text


def expected(text: str, report: Report) -> list[str]:
    source = from_text("", text)
    return [applied(source, fix.edits) for item in report.diagnostics for fix in item.fixes]


def test_of_json(judged: tuple[str, Report]) -> None:
    text, report = judged
    fixes: list[dict[str, Any]] = [
        fix for item in json.loads(printed(report, "json"))["diagnostics"] for fix in item["fixes"]
    ]
    keys = ("line", "column", "end_line", "end_column", "text")
    assert all(set(fix) == {"title", "verified", "edits"} and fix["verified"] is True for fix in fixes)
    assert all(set(edit) == set(keys) for fix in fixes for edit in fix["edits"])
    texts = [made(text, [tuple(edit[key] for key in keys) for edit in fix["edits"]]) for fix in fixes]  # type: ignore[misc]
    assert texts == expected(text, report)


def test_of_sarif(judged: tuple[str, Report]) -> None:
    text, report = judged
    log = printed(report, "sarif")
    sarif = Sarif.model_validate_json(log)
    assert {key for model in models(sarif) for key in model.model_extra or {}} <= NOT_MODELLED
    (run,) = json.loads(log)["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    texts = []
    for fix in (fix for result in run["results"] for fix in result.get("fixes", ())):
        (change,) = fix["artifactChanges"]
        where = change["artifactLocation"]
        assert run["artifacts"][where["index"]]["location"]["uri"] == where["uri"] == "specs/a%20b.yaml"
        regions = [
            (*(each["deletedRegion"][key] for key in ("startLine", "startColumn", "endLine", "endColumn")),
             each["insertedContent"]["text"])
            for each in change["replacements"]
        ]  # fmt: skip
        assert regions
        assert fix["description"]["text"]
        texts.append(made(text, regions))
    assert texts == expected(text, report)


def test_the_root_cause_stands_beside_the_fixes(judged: tuple[str, Report]) -> None:
    text, report = judged
    for item, data in zip(
        report.diagnostics, json.loads(printed(report, "json"))["diagnostics"], strict=True
    ):
        assert ("root_cause" in data) == bool(item.fixes)
        if item.cause is not None:
            assert set(data["root_cause"]) == {"layer", "argument", "line"}
            assert data["root_cause"]["layer"] in (*(row.name for row in report.rows), "")
            assert 1 <= data["root_cause"]["line"] <= text.count("\n") + 1


@pytest.mark.parametrize("format_", ["text", "table", "github", "junit", "markdown"])
def test_every_format_for_readers_shows_the_best_fix(format_: str, judged: tuple[str, Report]) -> None:
    _, report = judged
    text = html.unescape(printed(report, format_))
    for item in report.diagnostics:
        assert not item.fixes or f"fix: {item.fixes[0].title}" in text


def test_a_search_that_ended_before_its_end_is_told_in_the_summary(engine: Engine) -> None:
    data = SPECS["several"].encode()
    report = inspect_bytes("a.yaml", data, engine=engine, thorough=True, budget=1e-9)
    for format_ in ("text", "table"):
        last = printed(report, format_).splitlines()[-1]
        assert last.startswith("2 errors")
        assert "the time to look for fixes ran out at 2 errors (--budget)" in last
    assert "time" not in printed(inspect_bytes("a.yaml", data, engine=engine), "text").splitlines()[-1]
