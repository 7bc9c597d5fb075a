"""A report that shows itself, in a terminal, in a notebook, or as a text."""

from typing import TYPE_CHECKING

from seqshape.report import ReportData, Run

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult


class Report(ReportData):
    """A report that shows itself: `print(report)`, `rich.print(report)`, or alone in a notebook."""

    __slots__ = ()

    def __str__(self) -> str:
        from seqshape.render import renderer
        from seqshape.render._surface import Options, Surface

        return renderer("table").render(Run((self,)), Surface(), Options()).rstrip("\n")

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "RenderResult":
        from seqshape.render._surface import Options
        from seqshape.render.table import renderables

        yield from renderables(self, Options(), options.max_width)

    def _repr_html_(self) -> str:
        from seqshape.render._html import html

        return html(self)
