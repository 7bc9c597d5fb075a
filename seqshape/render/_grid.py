"""Rows of cells in columns of known widths, as segments for a Rich console.

Rich's own grid looks the same and measures, wraps and crops every cell again, which takes seconds for
10,000 rows. Cells come in cut to their widths.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions
from rich.segment import Segment

from seqshape.frozen import frozen


def cells_of(text: str) -> int:
    """How wide a text is on a terminal; one in ASCII, as nearly all are, is so without looking at it."""
    return len(text) if text.isascii() else cell_len(text)


def widest(texts: list[str]) -> int:
    """How wide the widest of some texts is."""
    return max(map(len if "".join(texts).isascii() else cells_of, texts))


@frozen
class GridRow:
    """The lines of each cell, from left to right, and each cell's style; empty styles are none."""

    cells: tuple[tuple[str, ...], ...]
    styles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """What a console prints of the rows: columns of these widths, `margin` before and `gap` between."""

    rows: Iterable[GridRow]
    widths: tuple[int, ...]
    gap: int
    margin: int

    def __rich_console__(self, console: Console, _: ConsoleOptions) -> Iterator[Segment]:
        end = Segment.line()
        for row in self.rows:
            for line in zip_longest(*row.cells, fillvalue=""):
                yield from self._line(line, row.styles, console)
                yield end

    def _line(self, texts: tuple[str, ...], styles: tuple[str, ...], console: Console) -> Iterator[Segment]:
        """One line of the terminal: what has no style between two that have is one segment."""
        plain = " " * self.margin
        if not any(styles):  # as most lines
            yield Segment((plain + (" " * self.gap).join(map(_padded, texts, self.widths))).rstrip())
            return
        for text, style, width in zip(texts, styles, self.widths, strict=True):
            room = width - cells_of(text)
            if room < 0:
                text, room = set_cell_size(text, width), 0
            if style and text:
                yield Segment(plain)
                yield Segment(text, console.get_style(style))
                plain = " " * (room + self.gap)
            else:
                plain += text + " " * (room + self.gap)
        yield Segment(plain.rstrip())


def _padded(text: str, width: int) -> str:
    """A text with spaces behind it, or cut to the width."""
    return text.ljust(width) if text.isascii() and len(text) <= width else set_cell_size(text, width)
