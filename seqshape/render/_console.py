"""Parts to text, as wide and as colourful as the surface."""

import io
import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.cells import cell_len

from seqshape.render._surface import Surface, fitted
from seqshape.render._text import Part

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

_ENDLESS = 100_000


def flush_left(text: str, cells: int) -> str:
    """A text with spaces behind it, so wide on a terminal: a Chinese letter takes two cells."""
    return text + " " * max(cells - cell_len(text), 0)


def flush_right(text: str, cells: int) -> str:
    """A text with spaces before it, so wide on a terminal."""
    return " " * max(cells - cell_len(text), 0) + text


def wrapped(text: str, width: int | None, before: int) -> list[str]:
    """The lines of a text in a width of which some is taken; one line without a width."""
    if width is None:
        return [text]
    return textwrap.wrap(text, max(width - before - 2, 20), break_on_hyphens=False) or [""]


def printed(parts: Iterable[Part], surface: Surface) -> str:
    """The parts one below the other, no line with spaces at its end; without a width nothing is wrapped."""
    if surface.color or surface.width is not None:
        lines = _laid_out(parts, surface).splitlines()
    else:
        lines = [line for part in parts for line in part.plain()]
    return fitted("".join(f"{line.rstrip()}\n" for line in lines), surface)


def _laid_out(parts: Iterable[Part], surface: Surface) -> str:
    """What Rich makes of the parts."""
    from rich.console import Console

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
    console.print(_Below(parts), soft_wrap=surface.width is None)
    return buffer.getvalue()


class _Below:
    """Parts one below the other: printing each by itself takes longer than laying it out."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self._parts = parts

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "RenderResult":
        for part in self._parts:
            yield from part.__rich_console__(console, options)
