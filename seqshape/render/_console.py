"""Parts of Rich to text, as wide and as colourful as the surface."""

import io
from collections.abc import Iterable

from rich.console import Console, RenderableType

from seqshape.render._surface import Surface, fitted

_ENDLESS = 100_000


def printed(parts: Iterable[RenderableType], surface: Surface) -> str:
    """The parts one below the other, no line with spaces at its end; without a width nothing is wrapped."""
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
    for part in parts:
        console.print(part, soft_wrap=surface.width is None)
    return fitted("".join(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines()), surface)
