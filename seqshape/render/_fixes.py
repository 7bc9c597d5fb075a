"""Fixes for a reader: what is wrong, what is at fault, and each change as lines that go and come."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rich.text import Text

from seqshape import source
from seqshape.edits import Edit, applied
from seqshape.limits import LARGEST
from seqshape.render._console import printed
from seqshape.render._diagnostics import STYLES
from seqshape.render._findings import headline, related_line
from seqshape.render._surface import Surface, printable
from seqshape.report import Diagnostic, ReportData
from seqshape.source import Source
from seqshape.wording import count

_CONTEXT = 3
"""Lines of context in a patch."""


@dataclass(frozen=True, slots=True)
class Texts:
    """A spec's text, for edits to be made of it."""

    path: str
    data: bytes
    source: Source = field(init=False)

    def __post_init__(self) -> None:
        found, _ = source.decode(self.path, self.data, LARGEST)
        object.__setattr__(self, "source", found)

    def after(self, edits: Iterable[Edit]) -> str:
        """The text with these edits."""
        return applied(self.source, edits)


def patch(before: Source, after: str) -> str:
    """The changes of a text as a patch; nothing where there are none."""
    path = before.path.lstrip("/")
    lines = difflib.unified_diff(
        before.text.splitlines(keepends=True),
        after.splitlines(keepends=True),
        f"a/{path}",
        f"b/{path}",
        n=_CONTEXT,
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def listed(report: ReportData, texts: Texts, surface: Surface) -> str:
    """Every error with its cause and its fixes, numbered through."""
    errors = [item for item in report.diagnostics if item.severity == "error"]
    if not errors:
        return printed([Text(f"{printable(report.path)}: no error to mend")], surface)
    lines: list[Text] = []
    number = 0
    for item in errors:
        lines += _head(item, report)
        for fix in item.fixes:
            number += 1
            left = f" ({count(fix.remaining, 'other error')} left)" if fix.remaining else ""
            lines.append(Text(f"  {number}. {printable(fix.title)}{left}", style="bold green"))
            lines += _changed(texts.source, texts.after(fix.edits))
        if not item.fixes:
            lines.append(Text("  no change that was tried mends it"))
        lines.append(Text(""))
    if number:
        lines.append(Text(f"seqshape fix {printable(report.path)} --apply 1 writes the first", style="dim"))
    return printed(lines, surface)


def _head(item: Diagnostic, report: ReportData) -> Iterator[Text]:
    head = Text()
    head.append(f"{item.severity} {item.code}", style=STYLES[item.severity])
    head.append(f"  {headline(item)}")
    yield head
    yield Text(f"  {printable(report.path)}:{item.place.line}:{item.place.column}", style="dim")
    for related in item.related if item.cause is not None else ():
        yield Text(f"  {related_line(related)}")


def _changed(before: Source, after: str) -> Iterator[Text]:
    """The lines that go and those that come, with their numbers."""
    old, new = before.text.splitlines(), after.splitlines()
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, start, stop, first, last in matcher.get_opcodes():
        if kind == "equal":
            continue
        for number in range(start, stop):
            yield _line(number + 1, "-", old[number], "red")
        for number in range(first, last):
            yield _line(number + 1, "+", new[number], "green")


def _line(number: int, sign: str, text: str, style: str) -> Text:
    return Text(f"{number:>8} {sign} {printable(text)}", style=style, no_wrap=True, overflow="ignore")


def done(report: ReportData, titles: tuple[str, ...], surface: Surface, *, dry_run: bool) -> str:
    """What was done, and what is left."""
    lines = [Text(f"{'would ' if dry_run else ''}{printable(title)}") for title in titles]
    errors = [item for item in report.diagnostics if item.severity == "error"]
    if not titles:
        lines.append(Text("nothing to mend" if not errors else "no change that was tried mends it"))
    if errors:
        lines.append(Text(f"{count(len(errors), 'error')} left:", style="bold"))
        lines += [Text(f"  {item.code}  {headline(item)}") for item in errors]
    elif titles:
        lines.append(Text("no error is left", style="green"))
    return printed(lines, surface)
