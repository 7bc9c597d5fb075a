"""A sweep as a terminal shows it: a row for each combination, the errors, and a chart."""

import textwrap
from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from seqshape.render._console import flush_left, flush_right, printed
from seqshape.render._surface import Surface, printable
from seqshape.render._text import Part, Text
from seqshape.sweeping import chart
from seqshape.sweeping.result import Sweep
from seqshape.sweeping.series import Plot
from seqshape.sweeping.words import cells, faults, headers, notes, summary

_GAP = 2


def render(found: Sweep, surface: Surface, plot: Plot | None = None) -> str:
    """The sweep as text."""
    return printed(_parts(found, surface, plot), surface)


def _parts(found: Sweep, surface: Surface, plot: Plot | None) -> Iterator[Part]:
    title = Text(printable(found.path), style="bold")
    if found.name is not None:
        title.append(f" · {printable(found.name)}", style="not bold")
    if found.keras is not None:
        title.append(f" · Keras {found.keras}", style="dim not bold")
    yield title
    yield Text("")
    rows = [tuple(map(printable, cells(each, found))) for each in found.combinations]
    yield from _rows(
        tuple(map(printable, headers(found))), rows, [each.ok for each in found.combinations], surface.width
    )
    for code, message, where in faults(found):
        yield Text("")
        head = Text("error", style="red bold")
        head.append(f" {code}", style="bold")
        yield from _wrapped(head, printable(message), surface.width)
        yield from _wrapped(Text("  "), printable(where), surface.width)
    if plot is not None:
        yield Text("")
        yield from chart.lines(plot, surface)
    yield Text("")
    for note in notes(found):
        yield from _wrapped(Text("", style="dim"), printable(note), surface.width)
    yield Text(summary(found), style="bold")


def _rows(
    heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], sound: list[bool], width: int | None
) -> Iterator[Text]:
    """The rows in columns; too wide ones with the last column below, or with each cell on its line."""
    sizes = [max(map(cell_len, column)) for column in zip(heads, *rows, strict=True)]
    *numbers, last = sizes
    wide = 1 + sum(numbers) + _GAP * len(numbers)
    if width is not None and wide > width:
        for row, ok in zip(rows, sound, strict=True):
            yield from _stacked(heads, row, ok)
        return
    below = width is not None and wide + last > width
    shown = [(heads, "bold"), *((row, "" if ok else "red") for row, ok in zip(rows, sound, strict=True))]
    for row, style in shown:
        cut = (flush_right(cell, size) for cell, size in zip(row, numbers, strict=False))
        line = Text(f" {(' ' * _GAP).join(cut)}", style="bold" if style == "bold" else "")
        if below:
            yield line
            yield from _wrapped(Text("     ", style=style), row[-1], width)
        else:
            yield line.append(f"{' ' * _GAP}{row[-1]}", style=style)


def _stacked(heads: tuple[str, ...], row: tuple[str, ...], ok: bool) -> Iterator[Text]:
    wide = max(map(cell_len, heads))
    for number, (head, cell) in enumerate(zip(heads, row, strict=True)):
        if cell:
            style = "" if ok or number < len(row) - 1 else "red"
            yield Text(f" {flush_left(head, wide)}  ", style="dim").append(cell, style=style or "not dim")
    yield Text("")


def _wrapped(head: Text, words: str, width: int | None) -> Iterator[Text]:
    """Words behind a head; lines that follow are set in."""
    before = cell_len(str(head))
    room = None if width is None else max(width - before - 3, 20)
    lines = [words] if room is None else textwrap.wrap(words, room, break_on_hyphens=False) or [""]
    gap = " " if before else ""
    for number, line in enumerate(lines):
        start = head if number == 0 else Text(" " * max(before, 2))
        yield start.append(f"{gap}{line}", style="not bold" if gap else "")
