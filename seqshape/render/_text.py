"""Lines for a reader in styles: plain where the surface has neither colours nor a width, else through Rich.

Importing Rich's console takes as long as everything else that tells a misspelt word, and its own text takes
a second for 20,000 lines. So it is asked only where lines must be wrapped or have more than one style.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from rich.cells import cell_len

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult


class Part(Protocol):
    """What stands below what was before it."""

    def plain(self) -> Iterator[str]:
        """Its lines, none of them broken."""
        ...

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "RenderResult":
        """The same in the styles and the width of a console."""
        ...


class Text:
    """Words in a style of Rich's; more in other styles can be appended.

    `margin` moves it to the right, with all the lines that it is wrapped to; `wraps` is False for what
    is better cut than wrapped.
    """

    __slots__ = ("_margin", "_more", "_style", "_text", "_wraps")

    def __init__(self, text: str = "", style: str = "", *, margin: int = 0, wraps: bool = True) -> None:
        self._text = text
        self._style = style
        self._more: list[tuple[str, str]] = []
        self._margin = margin
        self._wraps = wraps

    def append(self, text: str, style: str = "") -> "Text":
        """The same text with more at its end, whose style is added to that of the whole."""
        self._more.append((text, style))
        return self

    def __str__(self) -> str:
        return self._text + "".join(text for text, _ in self._more)

    def plain(self) -> Iterator[str]:
        """Its lines, none of them broken."""
        margin = " " * self._margin
        return (margin + line for line in str(self).split("\n"))

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "RenderResult":
        if self._more or "\n" in self._text or self._margin + cell_len(self._text) > options.max_width:
            yield self._wrapped()
            return
        from rich.segment import Segment

        yield Segment(" " * self._margin)
        yield Segment(self._text, console.get_style(self._style) if self._style else None)
        yield Segment.line()

    def _wrapped(self) -> "RenderableType":
        from rich.padding import Padding
        from rich.text import Text as Wrapped

        text = Wrapped(self._text, self._style)
        if not self._wraps:
            text.no_wrap, text.overflow = True, "ignore"
        for more, style in self._more:
            text.append(more, style)
        return Padding(text, (0, 0, 0, self._margin), expand=False) if self._margin else text
