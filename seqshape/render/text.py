"""Text: the findings and nothing else, then one line that counts them."""

from seqshape.render._console import printed
from seqshape.render._diagnostics import diagnostics
from seqshape.render._findings import not_shown, shown, summary
from seqshape.render._surface import Options, Surface
from seqshape.render._text import Text
from seqshape.report import Diagnostic, ReportData, Run


def render(run: Run, surface: Surface, options: Options) -> str:
    """The diagnostics of each report in order, and the summary of all."""
    each = zip(run.reports, shown(run, options.most), strict=True)
    found = "".join(findings(report, items, surface) for report, items in each)
    return (found + ending(run, surface, options)).removeprefix("\n")


def findings(report: ReportData, items: tuple[Diagnostic, ...], surface: Surface) -> str:
    """These diagnostics of a report, an empty line before each."""
    return printed(diagnostics(report, items, surface.width), surface) if items else ""


def ending(run: Run, surface: Surface, options: Options) -> str:
    """What stands below all diagnostics, after an empty line; nothing where there is nothing to say."""
    said = [not_shown(run, options.most), "" if options.quiet else summary(run)]
    lines = [Text(line, style="bold") for line in said if line]
    return printed([Text(""), *lines], surface) if lines else ""
