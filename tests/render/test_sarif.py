"""SARIF 2.1.0: each key is one that the format has, indices point where they should, fingerprints stay."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from sarif_pydantic import Sarif

from seqshape.places import Place
from seqshape.render import renderer
from seqshape.render._surface import Options, Surface, printable
from seqshape.render.sarif import uri
from seqshape.report import Diagnostic, ReportData, Run
from seqshape.rules import all_rules
from tests.render.findings import CLEAN, MISMATCH, ODD, RUN, finding, report

NOT_MODELLED = {"columnKind"}
"""What the standard has and the library's models do not know."""


def text(run: Run) -> str:
    return renderer("sarif").render(run, Surface(), Options())


def sarif(*reports: ReportData) -> dict[str, Any]:
    """The one run of these reports."""
    (run,) = json.loads(text(Run(reports)))["runs"]
    return dict(run)


def fingerprints(*reports: ReportData) -> list[str]:
    return [result["partialFingerprints"]["seqshapeFinding/v1"] for result in sarif(*reports)["results"]]


def models(value: object) -> Iterator[BaseModel]:
    """Every model within a model."""
    if isinstance(value, BaseModel):
        yield value
        for name in type(value).model_fields:
            yield from models(getattr(value, name))
    elif isinstance(value, list):
        for item in value:
            yield from models(item)


@pytest.mark.parametrize("run", [RUN, Run(())], ids=["findings", "nothing"])
def test_every_key_is_one_of_the_standard(run: Run) -> None:
    log = Sarif.model_validate_json(text(run))
    assert {key for model in models(log) for key in model.model_extra or {}} <= NOT_MODELLED
    assert log.version == "2.1.0"


def test_a_key_that_the_standard_has_not_would_be_seen() -> None:
    log = Sarif.model_validate_json(text(RUN).replace('"ruleId"', '"ruleIdentifier"'))
    assert {key for model in models(log) for key in model.model_extra or {}} == {
        "ruleIdentifier",
        *NOT_MODELLED,
    }


def test_nothing_found_is_an_empty_list() -> None:
    assert sarif()["results"] == sarif(replace(MISMATCH, diagnostics=()))["results"] == []


def test_indices_point_where_they_should() -> None:
    run = sarif(*RUN.reports)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["SEQ001", "SEQ118", "SEQ201", "SEQ204", "SEQ207"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        for where in (*result["locations"], *result.get("relatedLocations", ())):
            place = where["physicalLocation"]["artifactLocation"]
            assert run["artifacts"][place["index"]]["location"]["uri"] == place["uri"]


def test_a_file_that_stands_twice_is_one_artifact() -> None:
    run = sarif(MISMATCH, CLEAN, replace(MISMATCH, path="./" + MISMATCH.path))
    assert [artifact["location"]["uri"] for artifact in run["artifacts"]] == [MISMATCH.path, CLEAN.path]
    assert len(run["results"]) == 4


def test_a_finding_has_its_place_its_layer_and_what_belongs_to_it() -> None:
    result, note = sarif(MISMATCH)["results"]
    assert result["level"] == "error"
    assert note["level"] == "note"
    (where,) = result["locations"]
    assert where["physicalLocation"]["region"] == {
        "startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 79,
    }  # fmt: skip
    assert where["logicalLocations"] == [{"name": "fusion", "fullyQualifiedName": "fusion"}]
    assert result["message"]["text"].splitlines()[1:] == [
        "encoder_output (batch, 32, 32, 16)",
        "sequence (batch, 16, 32, 1)",
        "help: give `target_shape` 32 steps",
    ]
    (related,) = result["relatedLocations"]
    assert related["id"] == 1
    assert related["physicalLocation"]["region"]["startLine"] == 2
    assert result["properties"]["keras"].startswith("A `Concatenate` layer requires")


def test_a_rule_has_its_page() -> None:
    (rule,) = sarif(report("x.yaml", finding()))["tool"]["driver"]["rules"]
    assert rule["name"] == "ConcatShapes"
    assert rule["shortDescription"]["text"].startswith("Concatenate: the inputs differ")
    assert "\n" not in rule["fullDescription"]["text"]
    assert rule["help"]["markdown"].count("```yaml\nlayers:\n") == 2
    assert rule["defaultConfiguration"] == {"level": "error"}


def test_every_rule_has_a_page_of_its_own() -> None:
    items = [finding(rule.code, rule.severity) for rule in all_rules()]
    rules = sarif(report("x.yaml", *items))["tool"]["driver"]["rules"]
    assert len({rule["name"] for rule in rules}) == len(list(all_rules()))
    for rule in rules:
        assert all(rule[key]["text"].strip() for key in ("shortDescription", "fullDescription", "help"))


def test_a_code_without_a_rule_is_still_a_code() -> None:
    (rule,) = sarif(report("x.yaml", finding("SEQ888", "warning")))["tool"]["driver"]["rules"]
    assert rule == {"id": "SEQ888", "defaultConfiguration": {"level": "warning"}}


def test_fingerprints_stay_while_lines_move() -> None:
    def moved(item: Diagnostic) -> Diagnostic:
        place = item.place
        return replace(
            item, place=Place(place.line + 7, place.column, place.end_line + 7, place.end_column)
        )

    for before in (MISMATCH, ODD):
        after = replace(
            before,
            diagnostics=tuple(moved(item) for item in before.diagnostics),
            lines={number + 7: line for number, line in before.lines.items()},
        )
        assert fingerprints(after) == fingerprints(before)


def test_fingerprints_tell_findings_apart() -> None:
    items = [finding(), finding(), finding(layer="other"), finding("SEQ202"), finding(layer=None)]
    found = fingerprints(report("a.yaml", *items), report("b.yaml", *items))
    assert len(set(found)) == 10
    without = fingerprints(report("a.yaml", *items[2:]))
    assert without == found[2:5]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("specs/a.yaml", "specs/a.yaml"),
        ("./specs//a.yaml", "specs/a.yaml"),
        ("../a b.yaml", "../a%20b.yaml"),
        ("a:b/100%,#?.yaml", "a%3Ab/100%25%2C%23%3F.yaml"),
        ("ü/漢.yaml", "%C3%BC/%E6%BC%A2.yaml"),
        ("/srv/a b:c.yaml", "file:///srv/a%20b:c.yaml"),
        ("<stdin>", "%3Cstdin%3E"),
        ("not-utf-8-\udcff.yaml", "not-utf-8-%FF.yaml"),
    ],
)
def test_uris(path: str, said: str) -> None:
    assert uri(path) == said


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/"), min_size=1))
def test_a_uri_is_the_path_again(name: str) -> None:
    name = name.replace("\0", "").strip(".") or "a"
    assert uri(name).isascii()
    assert unquote(uri(name)) == name


def test_a_name_makes_no_link() -> None:
    (result,) = sarif(report("x.yaml", finding(layer="[a[b]](https://x) \\](y)", message="")))["results"]
    assert result["message"]["text"].startswith("[a[b]\\](https://x) \\\\\\](y)")


@settings(deadline=None)
@given(st.text(), st.text(), st.text())
def test_whatever_a_spec_holds_is_sarif(path: str, name: str, said: str) -> None:
    item = replace(finding(message=said, layer=name), help=said, keras=said)
    run = sarif(report(path, item, replace(item, severity="note", layer=None)))
    assert len(run["results"]) == 2
    for result in run["results"]:
        lines = result["message"]["text"].split("\n")
        assert [printable(line) for line in lines] == lines
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].isascii()
