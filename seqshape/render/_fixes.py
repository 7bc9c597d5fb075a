"""Fixes for a reader: what is wrong, what is at fault, what to change; then what was done, what is left."""

import shlex
from collections.abc import Iterator
from itertools import islice

from seqshape.frozen import frozen
from seqshape.render._changes import changes
from seqshape.render._console import printed
from seqshape.render._diagnostics import LINE_LENGTH, STYLES, window
from seqshape.render._findings import headline, related_line, uncovered
from seqshape.render._surface import Surface, printable
from seqshape.render._text import Part, Text
from seqshape.report import Diagnostic, Fix, ReportData
from seqshape.source import Source
from seqshape.wording import count

_GUTTER = 11
"""Characters before a line that goes or comes."""
_LEAST_ROOM = 12
_MORE = 5.0
_MORE_AT_LEAST = 20.0
"""How many times the budget is told where it was too small, and how many seconds at least."""


@frozen
class Step:
    """A fix that was made of a text."""

    before: Source
    fix: Fix


@frozen
class Mended:
    """What became of a spec: the changes made one after another, its text now, and the report on that.

    `searched` says that fixes were looked for of what is left, `exhausted` that there may be more of them,
    and no more was to be tried in one run.
    """

    text: str
    steps: tuple[Step, ...]
    report: ReportData
    searched: bool = True
    exhausted: bool = False


def listed(report: ReportData, source: Source, surface: Surface, budget: float) -> str:
    """Every error with its cause and its fixes, numbered through; `budget` is the time that there was."""
    errors = _errors(report)
    if not errors:
        return printed(
            [Text(f"{printable(report.path)}: no error to mend{_warned(report, '; ')}")], surface
        )
    lines: list[Part] = []
    number = 0
    for item in errors:
        lines += _head(item, report)
        for fix in item.fixes:
            number += 1
            lines += _fix(number, fix, source, surface)
        if not item.fixes:
            lines.append(Text(_unmended(item, budget, asked=report.asked), margin=2))
        lines.append(Text(""))
    lines += (Text(line, style="dim") for line in _footer(report, number, budget))
    return printed(lines if number or len(lines) > 1 else lines[:-1], surface)


def _errors(report: ReportData) -> list[Diagnostic]:
    return [item for item in report.diagnostics if item.severity == "error"]


def _warned(report: ReportData, before: str) -> str:
    """The warnings that nothing is mended of."""
    warnings = sum(item.severity == "warning" for item in report.diagnostics)
    path = shlex.quote(printable(report.path))
    return f"{before}{count(warnings, 'warning')} (seqshape check {path})" if warnings else ""


def _head(item: Diagnostic, report: ReportData) -> Iterator[Part]:
    head = Text()
    head.append(f"{item.severity} {item.code}", style=STYLES[item.severity])
    head.append(f"  {headline(item)}")
    yield head
    yield Text(f"{printable(report.path)}:{item.place.line}:{item.place.column}", style="dim", margin=2)
    for related in item.related if item.cause is not None else ():
        yield Text(related_line(related), margin=2)


def _fix(number: int, fix: Fix, source: Source, surface: Surface) -> Iterator[Part]:
    left = f" ({uncovered(fix)})" if fix.remaining else ""
    yield Text(f"{number}. {printable(fix.title)}{left}", style="bold green", margin=2)
    room = max((surface.width or LINE_LENGTH + _GUTTER) - _GUTTER, _LEAST_ROOM)
    for each in changes(source, fix.edits):
        style = "red" if each.sign == "-" else "green"
        start = each.start if each.start > room // 2 else 0
        shown, _, _ = window(each.text, start, max(each.end, start + 1), room)
        line = f"{each.number:>8} {each.sign} {printable(shown.replace(chr(9), ' '))}"
        yield Text(line, style=style, wraps=False)


def _unmended(item: Diagnostic, budget: float, *, asked: bool) -> str:
    """Why an error has no fix."""
    more = f"`--budget {_more(budget):g}` gives it more"
    match item.search:
        case "whole":
            return "no change that was tried mends it"
        case "cut":
            return f"the time ran out before a change was found; {more}"
        case "late":
            return f"no change was tried, since the time was gone before; {more}"
        case "waiting":
            return "no change was tried yet: mend some of the errors before it, then run this again"
        case "stopped":
            return "stopped before a change was found"
        case _ if not budget:
            return "no change was tried, since `--budget` is 0"
        case _ if asked:
            return "no change is known that might mend it"
        case _:
            return "no change was tried, since the spec cannot be judged as it is"


def _more(budget: float) -> float:
    return max(_MORE_AT_LEAST, _MORE * budget)


def _footer(report: ReportData, fixes: int, budget: float) -> Iterator[str]:
    """How far was looked, and how a fix is made."""
    searches = {item.search for item in _errors(report)}
    if "stopped" in searches and fixes:
        yield "stopped; these are the fixes that were found until then"
    elif searches & {"cut", "late"} and fixes:
        yield f"the time ran out: `--budget {_more(budget):g}` tries more changes, and may find better ones"
    if fixes:
        told = report.path == "<stdin>"
        path = "-" if told else shlex.quote(printable(report.path))
        does = "prints the spec with the first" if told else "writes the first"
        one = f"seqshape fix {path} --apply 1 {does}"
        yield f"{one}, --apply best mends one error after another" if len(_errors(report)) > 1 else one


def done(mended: Mended, surface: Surface, budget: float, *, where: str = "", brief: bool = False) -> str:
    """What was changed, and what is left of errors and warnings.

    `where` is what became of the mended text, such as `is written`; empty where it went nowhere.
    Where that is to be `brief`, the lines that go and come are left out.
    """
    path = printable(mended.report.path)
    errors = _errors(mended.report)
    if not mended.steps and not errors:
        return printed([Text(f"{path}: no error to mend{_warned(mended.report, '; ')}")], surface)
    lines: list[Part] = []
    for number, step in enumerate(mended.steps, start=1):
        lines += islice(_fix(number, step.fix, step.before, surface), 1 if brief else None)
    if mended.steps:
        what = f"{path} {where}:" if where else "nothing is written; with this"
    else:
        what = f"{path} stays as it is:"
    left = f"{count(len(errors), 'error')} {'is' if len(errors) == 1 else 'are'} left" if errors else ""
    end = f"{what} {left or 'no error is left'}{_warned(mended.report, '; ')}"
    lines.append(Text(end, style="bold" if errors else "bold green"))
    for item in errors:
        lines.append(Text(f"{item.code}  {headline(item)} (line {item.place.line})", margin=2))
        if mended.searched and not item.fixes:
            reason = _unmended(item, budget, asked=mended.report.asked)
            lines.append(Text(reason, style="dim", margin=4))
    if mended.exhausted:
        lines.append(Text(f"stopped after {count(len(mended.steps), 'change')}: run this again to go on"))
    return printed(lines, surface)
