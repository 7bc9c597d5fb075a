"""The grid of a table looks as Rich's own grid does, byte for byte, and costs a fraction of its calls."""

import sys
from collections.abc import Iterator
from io import StringIO

import pytest
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from seqshape.engine import Engine
from seqshape.pipeline import Report, inspect_bytes
from seqshape.render import _rows, renderer
from seqshape.render._console import printed
from seqshape.render._grid import Grid, GridRow
from seqshape.render._surface import Options, Surface
from seqshape.report import Run
from tests.render.test_formats import WIDE

SURFACES = [
    Surface(),
    Surface(unicode=False),
    Surface(140),
    Surface(100, color=True),
    Surface(70, color=True),
]
MIXED = """\
dims: {T: null, Heads: 2, Units: 7}
layers:
  - {name: "列の文字", type: Input, shape: [T, 8]}
  - {name: "レイヤー名がとても長いので切り取られる", type: GRU, units: Heads*Units, return_sequences: true, return_state: true}
  - {name: again, type: LSTM, units: Units, inputs: "レイヤー名がとても長いので切り取られる.output"}
  - name: tower
    repeat: 4
    layers:
      - {type: Dense, units: Units}
      - {name: sum, type: Add, inputs: [input, dense]}
  - {name: refused, type: Dense, units: 0}
  - {name: behind, type: Dense, units: 3}
"""


class RichGrid:
    """What Rich lays out of the same rows, for every surface."""

    def __init__(self, shown: Padding) -> None:
        self.shown = shown

    def plain(self) -> Iterator[str]:
        console = Console(file=StringIO(), width=10_000)
        console.print(self.shown)
        return iter(console.file.getvalue().splitlines())  # type: ignore[attr-defined]

    def __rich_console__(self, *_: object) -> Iterator[Padding]:
        yield self.shown


def rich_grid(rows: list[GridRow], widths: tuple[int, ...], gap: int, margin: int) -> RichGrid:
    shown = Table.grid()
    for number, width in enumerate(widths):
        last = number == len(widths) - 1
        shown.add_column(width=width + (0 if last else gap), no_wrap=True, overflow="ignore")
    for row in rows:
        shown.add_row(*(Text("\n".join(c), style) for c, style in zip(row.cells, row.styles, strict=True)))
    return RichGrid(Padding(shown, (0, 0, 0, margin), expand=False))


@pytest.fixture(scope="module")
def reports(engine: Engine) -> list[Report]:
    wide = inspect_bytes("wide.yaml", WIDE.encode(), engine=engine)
    return [
        wide,
        *(inspect_bytes("m.yaml", MIXED.encode(), engine=engine, symbolic=on) for on in (False, True)),
    ]


@pytest.mark.parametrize("surface", SURFACES, ids=str)
@pytest.mark.parametrize("fold", [True, False])
def test_a_table_is_what_rich_makes_of_it(
    surface: Surface, fold: bool, reports: list[Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = ("layer", "inputs", "shape", "params", "formula", "dtype"), Options().columns
    every = [Options(each, fold=fold) for each in columns]
    render = renderer("table").render
    run = Run(tuple(reports))
    own = [render(run, surface, options) for options in every]
    monkeypatch.setattr(
        _rows, "Grid", lambda rows, widths, gap, margin: rich_grid(list(rows), widths, gap, margin)
    )
    assert own == [render(run, surface, options) for options in every]
    assert "列の文字" in own[0] or not surface.unicode
    assert ("\x1b[31m" in own[0]) == surface.color


@pytest.mark.parametrize("color", [False, True])
def test_cells_of_every_kind(color: bool) -> None:
    """Several lines, wide characters, empty cells, a style in one cell alone."""
    rows = [
        GridRow((("a", "bc"), ("列列",), ("",)), ("bold", "", "red")),
        GridRow((("",), ("x", "", "z"), ("last",)), ("red", "dim", "")),
        GridRow((("",), ("",), ("",)), ("", "", "")),
        GridRow((("abcd",), ("plain",), ("end",)), ("", "yellow", "")),
    ]
    widths = (4, 5, 6)
    for surface in (Surface(40, color), Surface(None, color)):
        own = printed([Grid(rows, widths, 2, 1)], surface)
        assert own == printed([rich_grid(rows, widths, 2, 1)], surface)
        assert len(own.splitlines()) == 7


def calls(report: Report, surface: Surface) -> int:
    """How many functions are called to print a report with its weights."""
    counted = 0

    def count(_: object, event: str, __: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        renderer("table").render(Run((report,)), surface, Options(fold=False, weights=True))
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize(("surface", "most"), [(Surface(), 400), (Surface(140, color=True), 600)], ids=str)
def test_each_row_costs_the_same_however_many_there_are(
    surface: Surface, most: int, engine: Engine
) -> None:
    """Rich takes some 1,400 calls for a row of its own grid, and half as many for two lines of text.

    A sum over all rows in each was once in it.
    """

    def chain(length: int) -> Report:
        text = "layers:\n  - {type: Input, shape: [8]}\n" + "  - {type: Dense, units: 8}\n" * length
        return inspect_bytes("chain.yaml", text.encode(), engine=engine)

    short, long = calls(chain(100), surface), calls(chain(1100), surface)
    assert (long - short) / 1000 < most
