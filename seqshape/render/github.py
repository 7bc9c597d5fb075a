"""Workflow commands: findings as GitHub shows them beside the lines of a pull request.

GitHub shows ten annotations of each kind a step. The worst come first, and what is past the ten
stands in the log as plain lines.
"""

from collections.abc import Iterator

from seqshape.places import Place
from seqshape.render._findings import counts, details, headline, summary
from seqshape.render._surface import Options, Surface, fitted, printable
from seqshape.report import SEVERITIES, Diagnostic, ReportData, Run

MOST = 10
"""Annotations of a kind that GitHub shows for one step of a job."""
_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
_DATA = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_PROPERTY = (*_DATA, (":", "%3A"), (",", "%2C"))


def render(run: Run, surface: Surface, options: Options) -> str:
    """A line for each finding."""
    return fitted("".join(f"{line}\n" for line in _lines(run, options)), surface)


def _lines(run: Run, options: Options) -> Iterator[str]:
    hidden: list[tuple[ReportData, Diagnostic]] = []
    for severity in SEVERITIES:
        found = [
            (report, item)
            for report in run.reports
            for item in report.diagnostics
            if item.severity == severity
        ]
        yield from (_annotation(report, item) for report, item in found[:MOST])
        hidden.extend(found[MOST:])
    if hidden:
        yield (
            f"GitHub shows {MOST} annotations of each kind a step; the others stand here in the log: "
            + counts(item for _, item in hidden)
        )
        yield from (_plain(report, item) for report, item in hidden)
    if not options.quiet:
        yield summary(run)


def _annotation(report: ReportData, item: Diagnostic) -> str:
    """A workflow command. What is in no file has no place there, and says its place itself."""
    path = printable(report.path)
    message = "\n".join((headline(item), *details(item)))
    properties = {"title": item.code}
    if path == "<stdin>":
        message = f"{path}:{item.place.line}:{item.place.column} {message}"
    else:
        properties = {"file": path, **_where(item.place), **properties}
    said = ",".join(f"{name}={escaped(value, _PROPERTY)}" for name, value in properties.items())
    return f"::{_COMMANDS[item.severity]} {said}::{escaped(message, _DATA)}"


def _where(place: Place) -> dict[str, str]:
    """The lines; columns only within one line, as GitHub takes them."""
    if place.end_line != place.line:
        return {"line": str(place.line), "endLine": str(place.end_line)}
    return {
        "line": str(place.line),
        "col": str(place.column),
        "endLine": str(place.end_line),
        "endColumn": str(place.end_column),
    }


def _plain(report: ReportData, item: Diagnostic) -> str:
    """A line of the log. GitHub's older commands may stand anywhere in a line, so none is left in it."""
    place = f"{printable(report.path)}:{item.place.line}:{item.place.column}"
    line = f"{item.severity} {item.code} {place} {headline(item)}"
    return line.replace("##[", "#\\u0023[")


def escaped(text: str, signs: tuple[tuple[str, str], ...] = _DATA) -> str:
    """The text as a workflow command carries it; the runner turns it back."""
    for sign, code in signs:
        text = text.replace(sign, code)
    return text
