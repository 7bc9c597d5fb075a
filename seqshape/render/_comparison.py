"""Shapes one under the other, an axis a column, with marks under the axes that do not fit.

Plain text: who shows it adds the colours and the margin. Of hundreds of shapes the first, the last
and the odd ones are shown.
"""

from typing import TypeAlias

from rich.cells import cell_len

from seqshape.frozen import frozen
from seqshape.render._surface import printable
from seqshape.report import Comparison
from seqshape.wording import axis

_GAP = "   "
_MOST = 12
"""Shapes that are shown without a cut."""
_EDGE = 4
"""Shapes at either end that a cut leaves."""
_ODD = 4
"""Shapes that a cut leaves because no other one before is like them on the marked axes."""

_Shape: TypeAlias = tuple[str, tuple[int | str | None, ...]]


@frozen
class Picture:
    """A comparison as text: the head names the axes; head and marks are empty where there is no table."""

    head: str
    body: tuple[str, ...]
    marks: str

    def lines(self) -> tuple[str, ...]:
        """All lines of it."""
        return tuple(line for line in (self.head, *self.body, self.marks) if line)


def picture(compared: Comparison, width: int | None) -> Picture:
    """The comparison as a table; a shape a line where the width does not hold one."""
    shown = _shown(compared)
    rank = max((len(item[1]) for item in shown if not isinstance(item, int)), default=0)
    if rank:
        drawn = _drawn(shown, rank, compared.marked)
        if width is None or all(cell_len(line) <= width for line in drawn.lines()):
            return drawn
    return Picture("", _listed(shown), "")


def shape_lines(compared: Comparison) -> tuple[str, ...]:
    """The comparison for a proportional font: a shape a line."""
    return _listed(_shown(compared))


def _listed(shown: list[_Shape | int]) -> tuple[str, ...]:
    return tuple(
        _more(item) if isinstance(item, int) else f"{printable(item[0])} ({', '.join(_sizes(item[1]))})"
        for item in shown
    )


def _more(number: int) -> str:
    return f"… {number:,} more"


def _sizes(axes: tuple[int | str | None, ...]) -> list[str]:
    return [printable(axis(size, number)) for number, size in enumerate(axes)]


def _shown(compared: Comparison) -> list[_Shape | int]:
    """The shapes to show; a number stands for so many that are left out."""
    shapes = compared.shapes
    if len(shapes) <= _MOST:
        return list(shapes)
    kept = {*range(_EDGE), *range(len(shapes) - _EDGE, len(shapes))}
    met: set[tuple[int | str | None, ...]] = set()
    for number, (_, axes) in enumerate(shapes):
        sizes = tuple(axes[mark] if mark < len(axes) else "" for mark in compared.marked)
        if sizes not in met and len(met) < _ODD:
            met.add(sizes)
            kept.add(number)
    shown: list[_Shape | int] = []
    before = -1
    for number in sorted(kept):
        left_out = number - before - 1
        if left_out == 1:
            shown.append(shapes[before + 1])
        elif left_out:
            shown.append(left_out)
        shown.append(shapes[number])
        before = number
    return shown


def _drawn(shown: list[_Shape | int], rank: int, marked: tuple[int, ...]) -> Picture:
    """The table: in each column the sizes end under one another and stand in its middle."""
    heads = [f"axis {number}" for number in range(rank)]
    cells = [[] if isinstance(item, int) else _sizes(item[1]) or ["()"] for item in shown]
    names = [_more(item) if isinstance(item, int) else printable(item[0]) for item in shown]
    inner = [max(cell_len(row[number]) for row in cells if number < len(row)) for number in range(rank)]
    outer = [max(len(head), size) for head, size in zip(heads, inner, strict=True)]
    left = max(cell_len(name) for name in names)

    def line(name: str, columns: list[str]) -> str:
        padded = (
            column + " " * (size - cell_len(column)) for column, size in zip(columns, outer, strict=False)
        )
        return _GAP.join((name + " " * (left - cell_len(name)), *padded)).rstrip()

    def cell(text: str, number: int) -> str:
        return " " * ((outer[number] - inner[number]) // 2 + inner[number] - cell_len(text)) + text

    def mark(number: int) -> str:
        if number not in marked:
            return ""
        start = (outer[number] - inner[number]) // 2
        first, last = max(start - 1, 0), min(start + inner[number] + 1, outer[number])
        return " " * first + "^" * (last - first)

    return Picture(
        line("", [f"{head:^{size}}" for head, size in zip(heads, outer, strict=True)]),
        tuple(
            line(name, [cell(text, number) for number, text in enumerate(row)])
            for name, row in zip(names, cells, strict=True)
        ),
        line("", [mark(number) for number in range(rank)]),
    )
