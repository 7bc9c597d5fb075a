"""Text: the findings and nothing else, then one line that counts them."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from seqshape.render._console import printed
from seqshape.render._diagnostics import diagnostics
from seqshape.render._findings import not_shown, shown, summary
from seqshape.render._surface import Options, Surface
from seqshape.report import Run


def render(run: Run, surface: Surface, options: Options) -> str:
    """The diagnostics of each report in order, and the summary of all."""
    return printed(list(_parts(run, surface.width, options))[1:], surface)


def _parts(run: Run, width: int | None, options: Options) -> Iterator[RenderableType]:
    """The parts with an empty line before each, the first one too."""
    for report, items in zip(run.reports, shown(run, options.most), strict=True):
        yield from diagnostics(report, items, width)
    said = [not_shown(run, options.most), "" if options.quiet else summary(run)]
    if any(said):
        yield Text("")
        yield from (Text(line, style="bold") for line in said if line)
