"""What formats share: how many findings there are, which are shown, and each as plain lines."""

import re
from collections import Counter
from collections.abc import Iterable

from seqshape.render._comparison import picture
from seqshape.render._surface import printable
from seqshape.report import SEVERITIES, Diagnostic, Fix, Related, Run
from seqshape.wording import count, leads

_COMMAND = re.compile(r"^\s*::")
"""What a line of a CI job's log must not begin with."""


def counts(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors, 1 note`, the worst first; nothing where there is no diagnostic."""
    return _counted(Counter(item.severity for item in diagnostics))


def _counted(numbers: Counter[str]) -> str:
    return ", ".join(count(numbers[severity], severity) for severity in SEVERITIES if numbers[severity])


def summary(run: Run) -> str:
    """One line on all reports: `2 errors, 1 warning in 1 of 3 specs; 4 other YAML files passed over`."""
    specs = len(run.reports)
    found = [report for report in run.reports if report.diagnostics]
    if found:
        text = counts(item for report in found for item in report.diagnostics)
        text += " in 1 spec" if specs == 1 else f" in {len(found):,} of {specs:,} specs"
    else:
        text = f"{count(specs, 'spec')}, no findings" if specs else "no specs"
    waiting = sum(not report.asked and bool(report.rows) for report in run.reports)
    if waiting:
        text += (
            f"; {count(waiting, 'spec')} {'waits' if waiting == 1 else 'wait'} for right words to be judged"
        )
    built = sum(row.status == "ok" and not row.traced for report in run.reports for row in report.rows)
    if built:
        text += f"; {count(built, 'call')} only built, not traced"
    if searched := unfinished(item for report in run.reports for item in report.diagnostics):
        text += f"; {searched}"
    if run.passed_over:
        text += f"; {count(run.passed_over, 'other YAML file')} passed over"
    return text


def unfinished(diagnostics: Iterable[Diagnostic]) -> str:
    """What is to be said where the time ran out before fixes were found; nothing where it did not."""
    number = sum(item.search in ("cut", "late") and not item.fixes for item in diagnostics)
    return f"the time to look for fixes ran out at {count(number, 'error')} (--budget)" if number else ""


def shown(run: Run, most: int | None) -> tuple[tuple[Diagnostic, ...], ...]:
    """For each report the diagnostics to show, in their order: the worst `most` of the whole run."""
    if most is None:
        return tuple(report.diagnostics for report in run.reports)
    every = [
        (SEVERITIES.index(item.severity), number, index)
        for number, report in enumerate(run.reports)
        for index, item in enumerate(report.diagnostics)
    ]
    kept = {(number, index) for _, number, index in sorted(every)[: max(most, 0)]}
    return tuple(
        tuple(item for index, item in enumerate(report.diagnostics) if (number, index) in kept)
        for number, report in enumerate(run.reports)
    )


def not_shown(run: Run, most: int | None) -> str:
    """`12 more findings not shown: 2 errors, 10 notes`; nothing where all are shown."""
    every = Counter(item.severity for report in run.reports for item in report.diagnostics)
    left_out = every - Counter(item.severity for items in shown(run, most) for item in items)
    if not left_out:
        return ""
    return f"{count(left_out.total(), 'more finding')} not shown: {_counted(left_out)}"


def headline(item: Diagnostic) -> str:
    """The layer and the fact, in one line."""
    return printable(item.message if item.layer is None else f"{item.layer}: {item.message}")


def related_line(related: Related) -> str:
    """What a related place is, and its line where the message does not name it."""
    message, where = printable(related.message), f"line {related.place.line}"
    return (
        message
        if not leads(related.place) or re.search(rf"\b{where}\b", message)
        else f"{message} ({where})"
    )


def details(item: Diagnostic) -> list[str]:
    """All that is said beside the headline and the place, as plain lines of any length."""
    lines: list[str] = []
    if item.compared is not None:
        lines.extend(picture(item.compared, None).lines())
    lines.extend(related_line(related) for related in item.related)
    if item.help:
        lines.append(f"help: {printable(item.help)}")
    if item.fixes:
        lines.append(fix_line(item.fixes))
    if item.keras:
        lines.extend(f"Keras: {keras_words(item)}".split("\n"))
    return lines


def fix_line(fixes: tuple[Fix, ...]) -> str:
    """The best fix, with how many others there are and what it leaves."""
    more = [uncovered(fixes[0])] if fixes[0].remaining else []
    if len(fixes) > 1:
        more.append(f"{count(len(fixes) - 1, 'other way', 'other ways')}: seqshape fix")
    return f"fix: {printable(fixes[0].title)}" + (f" ({'; '.join(more)})" if more else "")


def uncovered(fix: Fix) -> str:
    """The errors that could not be seen before a fix is made."""
    return f"then {count(fix.remaining, 'more error')} come{'s' if fix.remaining == 1 else ''} to light"


def keras_words(item: Diagnostic) -> str:
    """Keras's own message, its lines kept."""
    return "\n".join(_COMMAND.sub(": :", printable(line)) for line in item.keras.splitlines())
