"""The table: what a user sees in the terminal. Fits the width; in a file nothing is cut."""

import io
from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from seqshape.render._cells import HEADERS, Cells, table, weight_sums
from seqshape.render._diagnostics import diagnostics, summary
from seqshape.render._surface import Options, Surface, fitted, printable
from seqshape.report import ReportData
from seqshape.wording import bytes_text, count

_RIGHT = frozenset(("params", "share", "line"))
_DROPPED = ("line", "dtype", "share", "trainable", "inputs")
"""Columns that go first where the width does not hold all."""
_GAP = 2
_SHORTEST = {"layer": 24, "inputs": 8}
"""Cells that may be cut, and how short a cut may make them before a column goes."""
_LAST_RESORT = 10
_STYLES = {"error": "red", "skipped": "dim"}
_ENDLESS = 100_000


def render(reports: Sequence[ReportData], surface: Surface, options: Options) -> str:
    """A table for each report, an empty line between them."""
    buffer = io.StringIO()
    console = Console(
        file=buffer,
        width=surface.width or _ENDLESS,
        force_terminal=surface.color,
        color_system="standard" if surface.color else None,
        no_color=not surface.color,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=surface.width is None,
    )
    for number, report in enumerate(reports):
        if number:
            console.print()
        for part in renderables(report, options, surface.width):
            console.print(part, soft_wrap=surface.width is None)
    text = "".join(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())
    return fitted(text, surface)


def renderables(report: ReportData, options: Options, width: int | None) -> Iterator[RenderableType]:
    """The parts of a report, for a Rich console of this width."""
    yield _title(report)
    if report.rows and report.asked:
        yield Text("")
        yield _table(table(report, options), options.columns, width)
        yield from _totals(report)
        if options.weights:
            yield Text("")
            yield from _weights(report, options)
    yield from diagnostics(report, width)
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


def _totals(report: ReportData) -> Iterator[Text]:
    """The sums below the table."""
    totals = report.totals
    yield Text("")
    yield _total("Parameters", f"{totals.params:,}")
    yield _total("Trainable", f"{totals.trainable_params:,}")
    yield _total("Non-trainable", f"{totals.non_trainable_params:,}")
    yield _total("Weights", bytes_text(totals.weight_bytes))
    missing = sum(row.status != "ok" for row in report.rows)
    if missing:
        yield _total("Not counted", f"{count(missing, 'layer')} that Keras did not build")


def _total(label: str, value: str) -> Text:
    return Text(f" {label:<14}", style="dim").append(value, style="not dim bold")


def _weights(report: ReportData, options: Options) -> Iterator[Text]:
    """Each layer's weights as a sum."""
    sums = list(weight_sums(report, options))
    if not sums:
        return
    yield Text(" Weights", style="bold")
    for name, said in sums:
        yield Text(f" {name}", style="cyan")
        yield Text(f"   {said}")


def _table(body: tuple[Cells, ...], columns: tuple[str, ...], width: int | None) -> Table:
    widths = {
        column: max(
            len(HEADERS[column]),
            *(len(line) for cells in body for line in cells.cells[column] or ("",)),
        )
        for column in columns
    }
    kept = _fit(widths, width)
    shown = Table(box=_BOX, show_edge=False, pad_edge=True, padding=(0, 1))
    for column in kept:
        shown.add_column(
            _placed(HEADERS[column], column, kept[column]),
            width=kept[column],
            no_wrap=True,
            overflow="ignore",
        )
    for cells in body:
        style = _STYLES.get(cells.status or "", "")
        shown.add_row(*(Text(_cell(cells.cells[column], column, kept[column]), style) for column in kept))
    return shown


_BOX = box.Box("    \n    \n ── \n    \n    \n    \n    \n    \n")


def _fit(widths: dict[str, int], width: int | None) -> dict[str, int]:
    """The columns that the width holds, each with its width. Shapes are never cut."""
    kept = dict(widths)
    if width is None:
        return kept
    shortest = {
        column: min(size, _SHORTEST[column]) for column, size in widths.items() if column in _SHORTEST
    }
    for dropped in (None, *_DROPPED):
        if dropped is not None:
            kept.pop(dropped, None)
        over = _over(kept, width)
        if over <= sum(kept[column] - shortest[column] for column in shortest if column in kept):
            return _shrunk(kept, shortest, over)
    shortest = {"layer": min(kept.get("layer", 0), _LAST_RESORT)}
    return _shrunk(kept, shortest, _over(kept, width)) if "layer" in kept else kept


def _over(widths: dict[str, int], width: int) -> int:
    """How many characters these columns are too wide by."""
    return max(0, sum(size + _GAP for size in widths.values()) - width)


def _shrunk(widths: dict[str, int], shortest: dict[str, int], over: int) -> dict[str, int]:
    """The widths with `over` characters less, taken from the widest cell that may be cut."""
    kept = dict(widths)
    while over > 0:
        room = {column: kept[column] - least for column, least in shortest.items() if column in kept}
        column = max(room, key=lambda name: room[name], default=None)
        if column is None or room[column] <= 0:
            break
        kept[column] -= 1
        over -= 1
    return kept


def _cell(lines: tuple[str, ...], column: str, width: int) -> str:
    return "\n".join(_placed(line, column, width) for line in lines)


def _cell(lines: tuple[str, ...], column: str, width: int) -> str:
    return "\n".join(_placed(line, column, width) for line in lines)


def _placed(text: str, column: str, width: int) -> str:
    """A cell's line, cut to the width and at the side where its column wants it."""
    cut = _cut(text, width)
    return cut.rjust(width) if column in _RIGHT else cut


def _cut(text: str, width: int) -> str:
    """The text cut in the middle; a type in brackets and a count at the end stay as long as they can."""
    if len(text) <= width:
        return text
    head = max(1, (width - 1) // 2)
    tail = max(0, width - 1 - head)
    return f"{text[:head]}…{text[len(text) - tail :] if tail else ''}"
