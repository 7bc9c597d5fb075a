"""Reports as bytes and back: each is had again exactly, and what is no report is none."""

import json
import zlib
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqshape.edits import Edit
from seqshape.engine.tensors import Output, Tensor, Weight
from seqshape.places import Place
from seqshape.report import (
    Cause,
    Comparison,
    Diagnostic,
    Fed,
    Fix,
    Read,
    Related,
    ReportData,
    Row,
)
from seqshape.report_text import NoReport, packed, unpacked
from seqshape.reporting import Report

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
WHOLE = st.integers(0, 2**70)
AXES = st.lists(st.none() | WHOLE, max_size=3).map(tuple)
PLACES = st.builds(Place, WHOLE, WHOLE, WHOLE, WHOLE)


def tuples(part: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(part, max_size=2).map(tuple)


TENSORS = st.builds(Tensor, AXES, WORDS, st.none() | AXES, st.booleans())
ROWS = st.builds(
    Row,
    name=WORDS,
    type=WORDS,
    label=WORDS,
    block=st.none() | WORDS,
    place=PLACES,
    status=st.sampled_from(["ok", "error", "skipped"]),
    inputs=tuples(WORDS),
    words=tuples(WORDS),
    sources=st.just((0,)),
    outputs=tuples(st.builds(Output, WORDS, TENSORS)),
    weights=tuples(st.builds(Weight, WORDS, tuples(WHOLE), WORDS, WHOLE, st.booleans())),
    shares=st.none() | WORDS,
    fed=tuples(
        st.builds(Fed, st.none() | WORDS, tuples(st.builds(Read, WORDS, st.just(0), WHOLE)), st.booleans())
    ),
    traced=st.booleans(),
    again=st.none() | st.just(0),
)
COMPARISONS = st.builds(
    Comparison,
    st.just((("a", (None, 3, "T")), ("b", ()))),
    st.lists(st.integers(0, 2), max_size=2).map(tuple),
)
FINDINGS = st.builds(
    Diagnostic,
    code=WORDS,
    severity=st.sampled_from(["error", "warning", "note"]),
    message=WORDS,
    layer=st.none() | WORDS,
    place=PLACES,
    help=WORDS,
    keras=WORDS,
    related=tuples(st.builds(Related, WORDS, PLACES)),
    compared=st.none() | COMPARISONS,
    cause=st.none() | st.builds(Cause, WORDS, WORDS, PLACES),
    fixes=tuples(st.builds(Fix, WORDS, tuples(st.builds(Edit, PLACES, WORDS)), WHOLE)),
    search=st.sampled_from(["", "whole", "cut"]),
)
REPORTS = st.builds(
    Report,
    seqshape=WORDS,
    keras=st.none() | WORDS,
    path=WORDS,
    name=st.none() | WORDS,
    rows=tuples(ROWS),
    diagnostics=tuples(FINDINGS),
    lines=st.dictionaries(WHOLE, WORDS, max_size=2),
    asked=st.booleans(),
    blocks=st.dictionaries(WORDS, tuples(WORDS), max_size=2),
)
PLACE = Place(1, 2, 3, 4)
WHOLE_REPORT = Report(
    "1",
    "3.15.1",
    "model.yaml",
    "model",
    (
        Row(
            *("gru", "GRU", "GRU", "block", PLACE, "ok", ("x",), ("x",), (0,)),
            outputs=(Output("out", Tensor((None, 3), "float32", (None,))),),
            weights=(Weight("kernel", (3, 4), "float32", 4, True),),
            shares="other",
            fed=(Fed("states", (Read("x", 0, 0),), True),),
            traced=True,
            again=0,
        ),
    ),
    (
        Diagnostic(
            *("SEQ201", "error", "it does not fit", "gru", PLACE, "make it fit", "Keras's words"),
            related=(Related("here", PLACE),),
            compared=Comparison((("x", (None, 3, "T")),), (1,)),
            cause=Cause("x", "shape", PLACE),
            fixes=(Fix("make it 3", (Edit(PLACE, "3"),), 1),),
            search="whole",
        ),
    ),
    {1: "a line"},
    True,
    {"block": ("x",)},
)


def text(report: ReportData) -> list[Any]:
    """What a report's bytes say."""
    data = packed(report)  # type: ignore[arg-type]
    assert data is not None
    said: list[Any] = json.loads(zlib.decompress(data))
    return said


def written(said: Any) -> bytes:
    return zlib.compress(json.dumps(said).encode())


@given(REPORTS)
def test_every_report_is_had_again(report: Report) -> None:
    data = packed(report)
    assert data is not None
    again = unpacked(data)
    assert again == report
    assert type(again) is type(report)


def test_no_part_of_a_report_is_left_out() -> None:
    """The report above has each part that there is, with another value than it has by itself."""
    for value in (WHOLE_REPORT, *WHOLE_REPORT.rows, *WHOLE_REPORT.diagnostics):
        for field in fields(value):
            if field.name != "formulas":
                assert getattr(value, field.name) not in (None, (), "", {}), field.name
    data = packed(WHOLE_REPORT)
    assert data is not None
    assert unpacked(data) == WHOLE_REPORT


def places(said: Any, path: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    """Where each value stands, at any depth."""
    found = [path] if path else []
    if isinstance(said, list):
        for number, each in enumerate(said):
            found += places(each, (*path, number))
    return found


def changed(said: Any, path: tuple[int, ...], value: Any) -> Any:
    if not path:
        return value
    return [
        changed(each, path[1:], value) if number == path[0] else each for number, each in enumerate(said)
    ]


@pytest.mark.parametrize("value", [{}, {"a": 1}, -1, 1.5, [[[]]]], ids=str)
def test_a_value_of_another_kind_is_no_report_wherever_it_stands(value: Any) -> None:
    said = text(WHOLE_REPORT)
    assert unpacked(written(said)) == WHOLE_REPORT
    for path in places(said):
        with pytest.raises(NoReport):
            unpacked(written(changed(said, path, value)))


def test_a_row_that_reads_from_none_is_no_report() -> None:
    row = WHOLE_REPORT.rows[0]
    for other in (
        replace(row, sources=(1,)),
        replace(row, again=1),
        replace(row, fed=(Fed(None, (Read("x", 1, 0),), False),)),
    ):
        data = packed(replace(WHOLE_REPORT, rows=(other,)))
        assert data is not None
        with pytest.raises(NoReport):
            unpacked(data)


@given(st.binary(max_size=20))
def test_bytes_are_a_report_or_none(data: bytes) -> None:
    with pytest.raises(NoReport):
        unpacked(data)
    with pytest.raises(NoReport):
        unpacked(zlib.compress(data))


def test_a_report_cut_off_or_with_more_behind_it_is_none() -> None:
    data = packed(WHOLE_REPORT)
    assert data is not None
    for other in (data[:-1], data + b"\0", zlib.compress(b"[" * 100_000)):
        with pytest.raises(NoReport):
            unpacked(other)


def test_halves_of_characters_are_not_put_together() -> None:
    assert packed(replace(WHOLE_REPORT, name="\ud83d\ude00")) is None
    assert packed(replace(WHOLE_REPORT, path="model\udcff.yaml")) is None
    assert packed(replace(WHOLE_REPORT, name="\N{GRINNING FACE}")) is not None
