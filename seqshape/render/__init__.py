"""Reports to text. Every module here without a leading underscore is a format; a new file is a new one.

A format has `render(run, surface, options) -> str`. Renderers are pure: they see reports and a
surface, and touch no terminal.
"""

import importlib
import pkgutil
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:  # the command line lists the formats for its help, and needs no report for that
    from seqshape.render._surface import Options, Surface
    from seqshape.report import Run


class Renderer(Protocol):
    """What the module of a format has."""

    def render(self, run: "Run", surface: "Surface", options: "Options") -> str:
        """The reports as text, ending with a line break."""
        ...


def formats() -> tuple[str, ...]:
    """The names of all formats, without importing them."""
    names = (info.name for info in pkgutil.iter_modules(__path__))
    return tuple(sorted(name for name in names if not name.startswith("_")))


def renderer(name: str) -> Renderer:
    """The renderer of one of `formats()`."""
    return cast("Renderer", importlib.import_module(f"{__name__}.{name}"))
