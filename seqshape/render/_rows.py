"""The rows of a table side by side, in the width that there is; one below the other in a narrow one.

Apart from the rest of the report, which is shown without them where Keras was not asked.
"""

import textwrap
from collections.abc import Iterator

from rich.cells import set_cell_size

from seqshape.render._cells import BEFORE, HEADERS, MARK, UNBROKEN, Cells, table
from seqshape.render._grid import Grid, GridRow, cells_of, widest
from seqshape.render._since import CHANGED, GONE, NEW, Since
from seqshape.render._surface import Options
from seqshape.render._text import Part, Text
from seqshape.report import ReportData

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
_STYLES = {"error": "red", "skipped": "dim"}
_CHANGED = "yellow"
_MARKED = {NEW: "bold green", CHANGED: "bold yellow", GONE: "red"}


def rows(report: ReportData, options: Options, width: int | None, since: Since | None) -> Iterator[Part]:
    """The rows of a report in the columns that are asked for; what became of them `since` is marked."""
    if since is not None and since.marks:
        return _table(table(report, options, since), (MARK, *options.columns, BEFORE), width)
    return _table(table(report, options), options.columns, width)


def _table(body: tuple[Cells, ...], columns: tuple[str, ...], width: int | None) -> Iterator[Part]:
    """The rows side by side; one below the other where the width holds no table."""
    widths = {
        column: widest([HEADERS[column], *(line for cells in body for line in cells.cells[column])])
        for column in columns
    }
    kept = _fit(widths, width)
    if kept is None:
        yield from (_stacked(cells, columns, width or 0) for cells in body)
        return
    columns = tuple(kept)
    bold, dim = ("bold",) * len(columns), ("dim",) * len(columns)
    heads = tuple((_placed(HEADERS[column], column, kept[column]),) for column in columns)
    head = (GridRow(heads, bold), GridRow(tuple(("─" * size,) for size in kept.values()), dim))
    rows = (
        GridRow(tuple(_cell(cells, column, kept[column]) for column in columns), _styles(cells, columns))
        for cells in body
    )
    yield Grid((*head, *rows), tuple(kept.values()), _GAP, _MARGIN)


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
            lines.extend(f"  {line}" for line in wrapped(said[0], max(width - _MARGIN - 2, 8)))
        elif column == BEFORE and said:
            before = wrapped(f"before: {said[0]}", max(width - _MARGIN - 2, 8))
            lines.extend(f"  {line.replace(UNBROKEN, ' ')}" for line in before)
    margin = " " * _MARGIN
    style = _MARKED.get("".join(cells.cells.get(MARK, ())), _STYLES.get(cells.status or "", ""))
    return Text("\n".join(margin + line for line in lines), style)


def _cell(cells: Cells, column: str, width: int) -> tuple[str, ...]:
    """The lines of a cell, none wider than its column."""
    if column == "layer":
        return (_layer(cells.lines(column)[0], cells.tail, width),)
    if column in _WRAPPED:
        return tuple(line.replace(UNBROKEN, " ") for line in wrapped(cells.lines(column)[0], width))
    return tuple(_placed(line, column, width) for line in cells.lines(column))


def wrapped(text: str, width: int | None) -> list[str]:
    """A formula or a remark on as many lines as it needs; without a width on one."""
    if width is None or not text:
        return [text]
    return textwrap.wrap(text, width, break_on_hyphens=False) or [""]


def _placed(text: str, column: str, width: int) -> str:
    """A cell's line, cut to the width and at the side where its column wants it."""
    cut = _cut(text, width)
    return cut.rjust(width) if column in _RIGHT else cut


def _layer(text: str, tail: int, width: int) -> str:
    """A layer's name and type: the name is cut first, the type stays while it has room."""
    if cells_of(text) <= width or tail + _SHORTEST_NAME > width:
        return _cut(text, width)
    return _cut(text[: len(text) - tail], width - tail) + text[len(text) - tail :]


def _cut(text: str, width: int) -> str:
    """The text cut in the middle."""
    if cells_of(text) <= width:
        return text
    head = max(1, (width - 1) // 2)
    tail = max(0, width - 1 - head)
    end = len(text)
    while end > 0 and cells_of(text[end - 1 :]) <= tail:
        end -= 1
    return f"{set_cell_size(text, head).rstrip()}…{text[end:]}"
