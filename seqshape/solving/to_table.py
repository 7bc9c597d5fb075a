"""What came of a question about a size, as a terminal shows it."""

from collections.abc import Iterator

from rich.cells import cell_len

from seqshape.render._console import flush_left, flush_right, printed, wrapped
from seqshape.render._surface import Surface, printable
from seqshape.render._text import Part, Text
from seqshape.solving.result import Solution
from seqshape.solving.words import answer, facts, headers, notes, rows

_GAP = 2
_LEAST_BESIDE = 26
"""Columns without the label below which a fact stands under it."""


def render(found: Solution, surface: Surface) -> str:
    """The answer as text."""
    return printed(_parts(found, surface.width), surface)


def _parts(found: Solution, width: int | None) -> Iterator[Part]:
    title = Text(printable(found.path), style="bold")
    if found.spec_name is not None:
        title.append(f" · {printable(found.spec_name)}", style="not bold")
    if found.keras is not None:
        title.append(f" · Keras {found.keras}", style="dim not bold")
    yield title
    yield Text("")
    style = "bold green" if found.status in ("found", "any") else "bold red"
    for line in wrapped(printable(answer(found)), width, 0):
        yield Text(f" {line}", style=style)
    shown = [tuple(map(printable, cells)) for cells in (headers(found.asked), *rows(found))]
    if len(shown) > 1:
        yield Text("")
        yield from _table(shown, width)
    yield Text("")
    known = list(facts(found))
    wide = max(len(label) for label, _ in known)
    for label, value in known:
        yield from _fact(f"{label:<{wide}}", printable(value), width)
    for note in notes(found):
        yield Text("")
        for number, line in enumerate(wrapped(printable(note), width, 2)):
            yield Text(f" {'  ' if number else ''}{line}")


def _table(shown: list[tuple[str, ...]], width: int | None) -> Iterator[Text]:
    """The values in columns, or, where the width does not hold them, each cell on its line."""
    sizes = [max(map(cell_len, column)) for column in zip(*shown, strict=True)]
    if width is not None and sum(sizes) + _GAP * len(sizes) > width:
        heads, *body = shown
        wide = max(map(cell_len, heads))
        for cells in body:
            for head, cell in zip(heads, cells, strict=True):
                if not cell:
                    continue
                yield Text(f" {flush_left(head, wide)}  ", style="dim").append(cell, style="not dim")
        return
    for number, cells in enumerate(shown):
        line = (" " * _GAP).join(
            flush_right(cell, size) for cell, size in zip(cells[:-1], sizes, strict=False)
        )
        yield Text(f" {line}{' ' * _GAP}{cells[-1]}", style="" if number else "dim")


def _fact(label: str, value: str, width: int | None) -> Iterator[Text]:
    if width is not None and width - len(label) < _LEAST_BESIDE:
        yield Text(f" {label.rstrip()}", style="dim")
        yield from (Text(f"   {line}") for line in wrapped(value, width, 3))
        return
    first, *rest = wrapped(value, width, len(label) + 2)
    yield Text(f" {label}  ", style="dim").append(first, style="not dim")
    yield from (Text(f"{' ' * (len(label) + 3)}{line}") for line in rest)
