"""The table: what a user sees in the terminal. Fits the width; in a file nothing is cut."""

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from seqshape.render._cells import BEFORE, HEADERS, MARK, UNBROKEN, Cells, table, weight_sums
from seqshape.render._console import printed
from seqshape.render._diagnostics import diagnostics, summary
from seqshape.render._formulas import notes, sums
from seqshape.render._grid import Grid, GridRow
from seqshape.render._since import CHANGED, GONE, NEW, NOTHING, Since
from seqshape.render._surface import Options, Surface, printable
from seqshape.report import ReportData, Run, Totals
from seqshape.wording import bytes_text, count

if TYPE_CHECKING:
    from seqshape.formulas import Formulas

_RIGHT = frozenset(("params", "share", "line"))
_WRAPPED = ("formula", BEFORE)
"""The columns whose cells go on in the next line."""
_DROPPED = ("line", "dtype", "trainable", "share", BEFORE, "inputs")
"""Columns that go first where the width does not hold all."""
_GAP = 2
_MARGIN = 1
_SHORTEST = {"layer": 22, "inputs": 8, "formula": 20, BEFORE: 18}
"""Cells that may be cut or wrapped, and how short that may make them before a column goes."""
_SHORTEST_NAME = 5
_LABEL = 14
_STYLES = {"error": "red", "skipped": "dim"}
_CHANGED = "yellow"
_MARKED = {NEW: "bold green", CHANGED: "bold yellow", GONE: "red"}


def render(run: Run, surface: Surface, options: Options) -> str:
    """A table for each report, an empty line between them."""
    return printed(_parts(run, surface.width, options), surface)


def _parts(run: Run, width: int | None, options: Options) -> Iterator[RenderableType]:
    for number, report in enumerate(run.reports):
        if number:
            yield Text("")
        yield from renderables(report, options, width)


def renderables(
    report: ReportData, options: Options, width: int | None, since: Since = NOTHING
) -> Iterator[RenderableType]:
    """The parts of a report, for a Rich console of this width; what became of it `since` is marked."""
    yield _title(report)
    if report.rows and report.asked:
        yield Text("")
        if since.marks:
            yield _table(table(report, options, since), (MARK, *options.columns, BEFORE), width)
        else:
            yield _table(table(report, options), options.columns, width)
        yield from _totals(report, since.totals)
        if report.formulas is not None:
            yield from _formulas(report.formulas.reduced(), width)
        if options.weights:
            yield Text("")
            yield from _weights(report, options)
    yield from diagnostics(report, report.diagnostics, width, since)
    if report.diagnostics:
        yield Text("")
        yield summary(report)


def _title(report: ReportData) -> Text:
    title = Text()
    if report.name is not None:
        title.append(printable(report.name), style="bold")
        title.append(" · ")
    title.append(printable(report.path))
    if report.keras is not None:
        title.append(f" · Keras {report.keras}", style="dim")
    return title


def _totals(report: ReportData, before: Totals | None) -> Iterator[Text]:
    """The sums below the table, with how much more they are than `before`."""
    totals = report.totals
    before = before or totals
    yield Text("")
    yield _sum("Parameters", totals.params, before.params)
    yield _sum("Trainable", totals.trainable_params, before.trainable_params)
    yield _sum("Non-trainable", totals.non_trainable_params, before.non_trainable_params)
    yield _sum("Weights", totals.weight_bytes, before.weight_bytes, bytes_text(totals.weight_bytes))
    missing = sum(row.status != "ok" for row in report.rows)
    if missing:
        yield _total("Not counted", f"{count(missing, 'layer')} that Keras did not build")
    built = sum(row.status == "ok" and not row.traced for row in report.rows)
    if built:
        yield _total("Only built", f"{count(built, 'call')}, not traced")


def _formulas(formulas: "Formulas", width: int | None) -> Iterator[Text]:
    """The sums as formulas, and what is to be known of them."""
    yield Text("")
    yield Text(" As formulas", style="bold")
    for label, said in (*sums(formulas), *notes(formulas)):
        lines = _wrapped(said, None if width is None else max(width - _LABEL - 2, 8))
        for number, line in enumerate(lines):
            yield _total("" if number else label, line)


def _sum(label: str, number: int, before: int, said: str = "") -> Text:
    text = _total(label, said or f"{number:,}")
    return (
        text if number == before else text.append(f"  ({number - before:+,})", style=f"not dim {_CHANGED}")
    )


def _total(label: str, value: str) -> Text:
    return Text(f" {label:<{_LABEL}}", style="dim").append(value, style="not dim bold")


def _weights(report: ReportData, options: Options) -> Iterator[RenderableType]:
    """Each layer's weights as a sum."""
    sums = list(weight_sums(report, options))
    if not sums:
        return
    yield Text(" Weights", style="bold")
    for name, said in sums:
        yield Text(f" {name}", style="cyan")
        yield Padding(Text(said), (0, 0, 0, 3), expand=False)


def _table(body: tuple[Cells, ...], columns: tuple[str, ...], width: int | None) -> RenderableType:
    """The rows side by side; one below the other where the width holds no table."""
    widths = {
        column: max(
            len(HEADERS[column]), *(cell_len(line) for cells in body for line in cells.lines(column))
        )
        for column in columns
    }
    kept = _fit(widths, width)
    if kept is None:
        return Group(*(_stacked(cells, columns, width or 0) for cells in body))
    columns = tuple(kept)
    bold, dim = ("bold",) * len(columns), ("dim",) * len(columns)
    heads = tuple((_placed(HEADERS[column], column, kept[column]),) for column in columns)
    head = (GridRow(heads, bold), GridRow(tuple(("─" * size,) for size in kept.values()), dim))
    rows = (
        GridRow(tuple(_cell(cells, column, kept[column]) for column in columns), _styles(cells, columns))
        for cells in body
    )
    return Grid((*head, *rows), tuple(kept.values()), _GAP, _MARGIN)


def _styles(cells: Cells, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The style of each cell: of its row, where nothing marks it."""
    style = _STYLES.get(cells.status or "", "")
    mark = "".join(cells.cells.get(MARK, ()))
    if not mark:
        return (style,) * len(columns)
    style = _MARKED[mark] if mark == GONE else style
    return tuple(
        _MARKED[mark] if column == MARK else _CHANGED if column in cells.changed else style
        for column in columns
    )


def _fit(widths: dict[str, int], width: int | None) -> dict[str, int] | None:
    """The columns that the width holds, each with its width. Shapes are never cut.

    Names are cut first, then columns go; None where even that is not enough.
    """
    if width is None:
        return widths
    kept = dict(widths)
    for dropped in (None, *_DROPPED):
        if dropped in kept and len(kept) > 1:
            del kept[dropped]
        shortest = {
            column: min(kept[column], least) for column, least in _SHORTEST.items() if column in kept
        }
        over = _MARGIN + sum(kept.values()) + _GAP * (len(kept) - 1) - width
        if over <= sum(kept[column] - shortest[column] for column in shortest):
            return _shrunk(kept, shortest, over)
    return None


def _shrunk(widths: dict[str, int], shortest: dict[str, int], over: int) -> dict[str, int]:
    """The widths with `over` characters less, taken where there is most to take."""
    kept = dict(widths)
    for _ in range(over):
        column = max(shortest, key=lambda name: kept[name] - shortest[name])
        kept[column] -= 1
    return kept


def _stacked(cells: Cells, columns: tuple[str, ...], width: int) -> Text:
    """A row for a narrow terminal: the layer, then what is asked for on lines of its own."""
    lines: list[str] = []
    mark = f"{''.join(cells.lines(MARK)) or ' '} " if MARK in columns else ""
    for column in columns:
        said = [line for line in cells.lines(column) if line]
        if column == "layer":
            lines.append(mark + _layer(said[0], cells.tail, max(width - _MARGIN - len(mark), 1)))
        elif column in ("output", "shape"):
            lines.extend(f"  {line}" for line in said)
        elif column == "params" and said != ["0"]:
            lines.extend(f"  {line} params" for line in said)
        elif column == "formula" and said not in ([], ["0"]):
            lines.extend(f"  {line}" for line in _wrapped(said[0], max(width - _MARGIN - 2, 8)))
    margin = " " * _MARGIN
    style = _MARKED.get("".join(cells.cells.get(MARK, ())), _STYLES.get(cells.status or "", ""))
    return Text("\n".join(margin + line for line in lines), style)


def _cell(cells: Cells, column: str, width: int) -> tuple[str, ...]:
    """The lines of a cell, none wider than its column."""
    if column == "layer":
        return (_layer(cells.lines(column)[0], cells.tail, width),)
    if column in _WRAPPED:
        return tuple(line.replace(UNBROKEN, " ") for line in _wrapped(cells.lines(column)[0], width))
    return tuple(_placed(line, column, width) for line in cells.lines(column))


def _wrapped(text: str, width: int | None) -> list[str]:
    """A formula or a remark on as many lines as it needs; without a width on one."""
    return [text] if width is None else textwrap.wrap(text, width, break_on_hyphens=False) or [""]


def _placed(text: str, column: str, width: int) -> str:
    """A cell's line, cut to the width and at the side where its column wants it."""
    cut = _cut(text, width)
    return cut.rjust(width) if column in _RIGHT else cut


def _layer(text: str, tail: int, width: int) -> str:
    """A layer's name and type: the name is cut first, the type stays while it has room."""
    if cell_len(text) <= width or tail + _SHORTEST_NAME > width:
        return _cut(text, width)
    return _cut(text[: len(text) - tail], width - tail) + text[len(text) - tail :]


def _cut(text: str, width: int) -> str:
    """The text cut in the middle."""
    if cell_len(text) <= width:
        return text
    head = max(1, (width - 1) // 2)
    tail = max(0, width - 1 - head)
    end = len(text)
    while end > 0 and cell_len(text[end - 1 :]) <= tail:
        end -= 1
    return f"{set_cell_size(text, head).rstrip()}…{text[end:]}"
