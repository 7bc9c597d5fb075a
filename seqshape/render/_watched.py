"""What is shown of watched files after a save: the table of one, or the diagnostics of all."""

from collections.abc import Iterator

from seqshape.render._console import printed
from seqshape.render._diagnostics import diagnostics, resolved
from seqshape.render._findings import summary
from seqshape.render._since import Since
from seqshape.render._surface import Options, Surface, printable
from seqshape.render._text import Part, Text
from seqshape.render.table import renderables
from seqshape.report import ReportData, Run


def heading(said: str, surface: Surface) -> str:
    """The line above what is shown: when, and what was saved."""
    return printed([Text(printable(said), style="dim")], surface)


def table(report: ReportData, since: Since, surface: Surface, options: Options) -> str:
    """The table of one report, marked, with its diagnostics."""
    return printed(renderables(report, options, surface.width, since), surface)


def findings(run: Run, became: tuple[Since, ...], surface: Surface) -> str:
    """The diagnostics of all reports, those that are new marked, and a line that counts them."""
    return printed(_findings(run, became, surface.width), surface)


def _findings(run: Run, became: tuple[Since, ...], width: int | None) -> Iterator[Part]:
    for report, since in zip(run.reports, became, strict=True):
        yield from diagnostics(report, report.diagnostics, width, since)
        yield from resolved(since, report.path)
    yield Text("")
    yield Text(summary(run), style="bold")
