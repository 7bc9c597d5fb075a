"""An explanation as text for a terminal, as Markdown, and as JSON."""

import json
import textwrap
from collections.abc import Iterator

from rich.cells import cell_len

from seqshape.explanation import Explanation, LayerStory
from seqshape.render._console import printed
from seqshape.render._markup import escaped, quoted
from seqshape.render._stories import Section, sections, totals
from seqshape.render._story_data import data
from seqshape.render._surface import Surface, fitted, printable
from seqshape.render._text import Part, Text
from seqshape.wording import aside, count

_WIDEST = 100
_GAP = 2


def text(found: Explanation, surface: Surface) -> str:
    """The explanation for a reader; in a pipe no line is broken."""
    return printed(_parts(found, surface.width), surface)


def _parts(found: Explanation, width: int | None) -> Iterator[Part]:
    width = None if width is None else min(width, _WIDEST)
    title = Text(printable(found.report.name or found.report.path), style="bold")
    yield title.append(f" · {printable(found.report.path)}" if found.report.name else "", style="not bold")
    for story in found.stories:
        yield Text("")
        yield Text(printable(_title(story)), style="bold cyan")
        for section in sections(story, _known(found)):
            yield from _section(section, width)
    if found.left:
        yield Text(f"\n… and {count(found.left, 'layer')} more: name one to see it")
    for section in totals(found) if found.layer is None else ():
        yield from _section(section, width)


def _section(section: Section, width: int | None) -> Iterator[Part]:
    if section.title:
        yield Text("")
        yield Text(printable(f" {section.title}"), style="bold")
    yield from _table(section, width)
    for line in section.lines:
        for number, part in enumerate(_wrapped(line, width)):
            yield Text(f"  {'  ' if number else ''}{part}")


def _wrapped(line: str, width: int | None) -> list[str]:
    line = printable(line)
    if width is None:
        return [line]
    return textwrap.wrap(line, max(width - 5, 12), break_on_hyphens=False) or [""]


def _table(section: Section, width: int | None) -> Iterator[Text]:
    """The table in columns; where the width does not hold them each row on lines of its own."""
    rows = [tuple(map(printable, row)) for row in section.table]
    if not rows:
        return
    shown = [section.header, *rows] if any(section.header) else rows
    sizes = [max(cell_len(row[column]) for row in shown) for column in range(len(rows[0]))]
    if width is not None and sum(sizes) + _GAP * len(sizes) > width:
        for row in rows:
            first, *rest = row
            for number, part in enumerate(_wrapped(f"{first}: {', '.join(rest)}", width)):
                yield Text(f"  {'  ' if number else ''}{part}")
        return
    for number, row in enumerate(shown):
        cells = (
            cell.rjust(size) if section.header[column] == "numbers" else cell.ljust(size)
            for column, (cell, size) in enumerate(zip(row, sizes, strict=True))
        )
        yield Text(
            "  " + (" " * _GAP).join(cells), style="dim" if any(section.header) and not number else ""
        )


def _title(story: LayerStory) -> str:
    row = story.row
    return f"{row.path} ({row.label}){aside(row.place).replace(' (', ', ').removesuffix(')')}"


def _known(found: Explanation) -> dict[str, int]:
    """The sizes of the dims; of unknown ones the length, where it is given."""
    variables = {} if found.formulas is None else found.formulas.variables
    sizes = {name: found.length if size is None else size for name, size in variables.items()}
    known = {name: size for name, size in sizes.items() if size is not None}
    return known if found.length is None else {**known, "steps": found.length}


def markdown(found: Explanation, surface: Surface) -> str:
    """The explanation as Markdown."""
    return fitted("".join(f"{line}\n" for line in _markdown(found)), surface)


def _markdown(found: Explanation) -> Iterator[str]:
    yield f"### {escaped(found.report.name or found.report.path)}"
    for story in found.stories:
        yield ""
        yield f"#### {escaped(_title(story))}"
        for section in sections(story, _known(found)):
            yield from _markdown_section(section)
    if found.left:
        yield ""
        yield f"… and {count(found.left, 'layer')} more"
    for section in totals(found) if found.layer is None else ():
        yield from _markdown_section(section)


def _markdown_section(section: Section) -> Iterator[str]:
    if section.title:
        yield ""
        yield f"**{escaped(section.title)}**"
    if section.table:
        yield ""
        yield f"| {' | '.join(section.header)} |"
        yield f"| {' | '.join('---:' if head == 'numbers' else '---' for head in section.header)} |"
        yield from (f"| {' | '.join(escaped(cell) for cell in row)} |" for row in section.table)
    if section.lines:
        yield ""
        yield from (f"- {quoted(line)}" if section.title else quoted(line) for line in section.lines)


def as_json(found: Explanation, surface: Surface) -> str:
    """The explanation for programs."""
    return json.dumps(data(found), ensure_ascii=not surface.unicode, indent=2) + "\n"
