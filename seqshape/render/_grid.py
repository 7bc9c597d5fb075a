"""Rows of cells in columns of known widths, as lines or as segments for a Rich console.

Rich's own grid looks the same and measures, wraps and crops every cell again, which takes seconds for
10,000 rows. Cells come in cut to their widths.
"""

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from seqshape.frozen import frozen

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions
    from rich.segment import Segment


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


@frozen
class Grid:
    """What a console prints of the rows: columns of these widths, `margin` before and `gap` between."""

    rows: Iterable[GridRow]
    widths: tuple[int, ...]
    gap: int
    margin: int

    def plain(self) -> Iterator[str]:
        """Its lines without styles."""
        for row in self.rows:
            for texts in zip_longest(*row.cells, fillvalue=""):
                line = " " * self.margin
                for text, room in self._fitted(texts):
                    line += text + " " * (room + self.gap)
                yield line

    def __rich_console__(self, console: "Console", _: "ConsoleOptions") -> Iterator["Segment"]:
        from rich.segment import Segment

        end = Segment.line()
        for row in self.rows:
            for texts in zip_longest(*row.cells, fillvalue=""):
                plain = " " * self.margin  # what has no style between two that have is one segment
                for (text, room), style in zip(self._fitted(texts), row.styles, strict=True):
                    if style and text:
                        yield Segment(plain)
                        yield Segment(text, console.get_style(style))
                        plain = " " * (room + self.gap)
                    else:
                        plain += text + " " * (room + self.gap)
                yield Segment(plain.rstrip())
                yield end

    def _fitted(self, texts: tuple[str, ...]) -> Iterator[tuple[str, int]]:
        """Each text of a line as its column holds it, and how much room is left there."""
        for text, width in zip(texts, self.widths, strict=True):
            room = width - cells_of(text)
            yield (text, room) if room >= 0 else (set_cell_size(text, width), 0)
