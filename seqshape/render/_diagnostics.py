"""Diagnostics for a reader: the fact, the place, the line with a mark under it, and what to do."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.cells import cell_len

from seqshape.places import TOP
from seqshape.render._comparison import picture
from seqshape.render._findings import counts, fix_line, headline, keras_words, related_line, unfinished
from seqshape.render._surface import printable
from seqshape.render._text import Text
from seqshape.report import Comparison, Diagnostic, ReportData

if TYPE_CHECKING:
    from seqshape.render._since import Since

STYLES = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}
_COMPARISON_MARGIN = 4
LINE_LENGTH = 160
"""Characters of a source line that are shown at the most."""


def diagnostics(
    report: ReportData, items: tuple[Diagnostic, ...], width: int | None, since: "Since | None" = None
) -> Iterator[Text]:
    """These diagnostics of a report, an empty line before each, those that are new `since` marked."""
    new = () if since is None else since.new
    for item in items:
        yield Text("")
        yield from _diagnostic(item, report, width, "new " if item in new else "")


def resolved(since: "Since | None", path: str = "") -> Iterator[Text]:
    """What is resolved, an empty line before it; each with the `path` of its file, where that is given."""
    for number, item in enumerate(() if since is None else since.resolved):
        if not number:
            yield Text("")
        said = f"resolved {item.severity} {item.code}  {headline(item)}"
        yield Text(said + (f"  ({printable(path)})" if path else ""), style="dim green")


def summary(report: ReportData) -> Text:
    """`2 errors, 1 note`, or nothing where there is no diagnostic."""
    text = counts(report.diagnostics)
    codes = [item.code for item in report.diagnostics]
    if text and not report.asked and min(codes) < "SEQ1":
        text += " in the file itself; Keras is asked once it can be read"
    elif text and not report.asked and min(codes) < "SEQ2":
        text += " in the spec's own words; Keras is asked once they are right"
    if searched := unfinished(report.diagnostics):
        text += f"; {searched}"
    return Text(text, style="bold")


def _diagnostic(item: Diagnostic, report: ReportData, width: int | None, first: str) -> Iterator[Text]:
    head = Text()
    head.append(f"{first}{item.severity} {item.code}", style=STYLES[item.severity])
    head.append("  ")
    if item.layer is not None:
        head.append(f"{printable(item.layer)}: ", style="bold")
    head.append(printable(item.message))
    yield head
    yield Text(f"{printable(report.path)}:{item.place.line}:{item.place.column}", style="dim", margin=2)
    yield from _marked(item, report, width)
    if item.compared is not None:
        yield from _compared(item.compared, STYLES[item.severity], width)
    for related in item.related:
        yield Text(related_line(related), margin=2)
    if item.help:
        yield Text(f"help: {printable(item.help)}", style="green", margin=2)
    if item.fixes:
        yield Text(fix_line(item.fixes), style="bold green", margin=2)
    if item.keras:
        yield Text(f"Keras: {keras_words(item)}", style="dim", margin=2)


def _compared(compared: Comparison, style: str, width: int | None) -> Iterator[Text]:
    """The shapes one under the other, the marks in the colour of the severity."""
    shown = picture(compared, None if width is None else width - _COMPARISON_MARGIN)
    lines = (shown.head, "dim"), *((line, "") for line in shown.body), (shown.marks, style)
    return (Text(line, its, margin=_COMPARISON_MARGIN) for line, its in lines if line)


def _marked(item: Diagnostic, report: ReportData, width: int | None) -> list[Text]:
    """The line of the file and the mark under the place; a long line is cut round the place."""
    line = report.lines.get(item.place.line)
    if line is None or not line.strip() or item.place == TOP:  # the file as a whole is meant, or none of it
        return []
    gutter = f"{item.place.line:>5} │ "
    room = min(LINE_LENGTH, (width or LINE_LENGTH) - len(gutter))
    start = item.place.column - 1
    end = item.place.end_column - 1 if item.place.end_line == item.place.line else len(line.rstrip())
    line, start, end = window(line.rstrip(), start, max(end, start + 1), max(room, 12))
    before = printable(line[:start].replace("\t", " "))
    marked = printable(line[start:end].replace("\t", " "))
    text = Text(f"{gutter}{before}{marked}{printable(line[end:])}", wraps=False)
    mark = " " * cell_len(before) + "^" * max(cell_len(marked), 1)
    under = Text(" " * (len(gutter) - 2) + "│ ", wraps=False)
    under.append(mark, style=STYLES[item.severity])
    return [text, under]


def window(line: str, start: int, end: int, room: int) -> tuple[str, int, int]:
    """At most `room` characters of a line round the place from `start` to `end`, and where it is there."""
    if len(line) <= room:
        return line, start, min(end, max(len(line), start + 1))
    end = min(end, start + room - 10)
    left = max(0, min(start - room // 3, len(line) - room))
    text = line[left : left + room]
    if left > 0:
        text = "…" + text[1:]
    if left + room < len(line):
        text = text[:-1] + "…"
    return text, start - left, min(end - left, room)
