"""A marked table as golden files: rows new, changed and gone, folded ones too, on every kind of surface."""

from collections.abc import Callable

import pytest

from seqshape.engine import Engine
from seqshape.pipeline import Report, inspect_bytes
from seqshape.render import _watched
from seqshape.render._surface import Options, Surface
from seqshape.report import Run
from seqshape.since import since

BEFORE = """\
layers:
  - {name: x, type: Input, shape: [64, 15]}
  - {name: encoder, type: GRU, units: 16, return_sequences: true}
  - {name: tower, repeat: 4, layers: [{type: Dense, units: 16}]}
  - {name: old, type: Dropout, rate: 0.5}
  - {name: out, type: Dense, units: 4}
  - {name: bad, type: GRU, units: 0}
"""
AFTER = """\
layers:
  - {name: x, type: Input, shape: [64, 15]}
  - {name: encoder, type: LSTM, units: 32, return_sequences: true}
  - {name: tower, repeat: 3, layers: [{type: Dense, units: 16}]}
  - {name: flat, type: Flatten}
  - {name: out, type: Dense, units: 4}
  - {name: worse, type: GRU, units: 4}
"""
SURFACES = {
    "pipe": Surface(),
    "80": Surface(80),
    "40": Surface(40),
    "colour": Surface(120, color=True),
    "ascii": Surface(100, unicode=False),
}


@pytest.fixture(scope="module")
def reports(engine: Engine) -> tuple[Report, Report]:
    one, now = (inspect_bytes("m.yaml", text.encode(), engine=engine) for text in (BEFORE, AFTER))
    return one, now


@pytest.mark.parametrize("name", SURFACES)
def test_a_marked_table(
    name: str, reports: tuple[Report, Report], golden: Callable[[str, str], None]
) -> None:
    one, now = reports
    text = _watched.table(now, since(one, one.diagnostics, now), SURFACES[name], Options())
    golden(f"watched_{name}.txt", text.replace(str(now.keras), "KERAS"))


def test_each_mark_stands_for_its_row_whether_folded_or_not(reports: tuple[Report, Report]) -> None:
    one, now = reports
    found = since(one, one.diagnostics, now)
    lines = _watched.table(now, found, Surface(), Options(fold=False)).splitlines()
    for row, became in zip(now.rows, found.rows, strict=True):
        mark = became.mark or " "
        assert any(line.startswith(f" {mark}") and f" {row.name} (" in line for line in lines), row.path
    gone = sum(len(each.rows) for each in found.gone)
    assert sum(line.startswith(" -") for line in lines) == gone
    assert 0 < gone < len(one.rows)


@pytest.mark.parametrize("width", [30, 40])
def test_a_narrow_terminal_tells_the_same(width: int, reports: tuple[Report, Report]) -> None:
    """Former values and differences have lines of their own, none of which begins at the left edge."""
    one, now = reports
    found = since(one, one.diagnostics, now)
    lines = _watched.table(now, found, Surface(width), Options()).splitlines()
    table = lines[2 : next(number for number, line in enumerate(lines) if line.startswith("new "))]
    assert all(line.startswith(" ") for line in table if line)
    said = " ".join(" ".join(table).split())
    assert "before: encoder (GRU) · (batch, 64, 16) · 1,584 params" in said
    more = now.totals.weight_bytes - one.totals.weight_bytes
    assert f"({more:+,})" in said


def test_nothing_is_marked_where_nothing_changed(reports: tuple[Report, Report]) -> None:
    one, _ = reports
    plain = _watched.table(one, since(None, None, one), Surface(80), Options())
    assert plain == _watched.table(one, since(one, one.diagnostics, one), Surface(80), Options())
    run = Run((one,), several=True)
    assert "new " not in _watched.findings(run, (since(one, one.diagnostics, one),), Surface(80))
