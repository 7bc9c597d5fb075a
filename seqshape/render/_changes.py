"""What edits do to a text: the lines that go and those that come, and all of it as a patch.

Lines are found from the edits alone, so that a long file costs no more than a short one.
"""

import difflib
import re
from collections.abc import Iterable, Iterator

from seqshape.edits import Edit, applied
from seqshape.frozen import frozen
from seqshape.render._surface import printable
from seqshape.source import Source, from_text

_CONTEXT = 3
"""Lines of context in a patch."""
_LINE_END = re.compile(r"\r\n|\n|\r")


@frozen
class Changed:
    """A line that goes (`-`) or comes (`+`), its number, and where in it the change is."""

    number: int
    sign: str
    text: str
    start: int
    end: int


def changes(source: Source, edits: Iterable[Edit]) -> Iterator[Changed]:
    """The lines that edits take away and bring, in their order."""
    moved = 0
    for first, last, group in _groups(edits):
        stop = source.starts[last] if last < len(source.starts) else len(source.text)
        offset = source.starts[first - 1]
        part = from_text("", source.text[offset:stop])
        shifted = (
            Edit(part.place(*(index - offset for index in source.span(edit.place))), edit.text)
            for edit in group
        )
        old, new = _split(part.text), _split(applied(part, shifted))
        yield from _compared(old, new, first, first + moved)
        moved += len(new) - len(old)


def _groups(edits: Iterable[Edit]) -> Iterator[tuple[int, int, list[Edit]]]:
    """Edits that touch the same lines, with the first and the last of these."""
    group: list[Edit] = []
    last = 0
    for edit in sorted(edits, key=lambda each: (each.place.line, each.place.column)):
        if group and edit.place.line > last:
            yield group[0].place.line, last, group
            group = []
        group.append(edit)
        last = max(last, edit.place.end_line)
    if group:
        yield group[0].place.line, last, group


def _split(text: str) -> list[str]:
    lines = _LINE_END.split(text)
    return lines if lines[-1] else lines[:-1]


def _compared(old: list[str], new: list[str], first: int, first_now: int) -> Iterator[Changed]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, start, stop, begin, end in matcher.get_opcodes():
        if kind == "equal":
            continue
        for number in range(start, stop):
            spot = _differing(old[number], new[begin:end])
            yield Changed(first + number, "-", old[number], *spot)
        for number in range(begin, end):
            spot = _differing(new[number], old[start:stop])
            yield Changed(first_now + number, "+", new[number], *spot)


def _differing(line: str, others: list[str]) -> tuple[int, int]:
    """Where a line differs from the one that is most like it; its start where there is none."""
    if not others:
        return 0, 0
    start, other = max((_alike(line, other), other) for other in others)
    return start, len(line) - _alike(line[start:][::-1], other[start:][::-1])


def _alike(one: str, other: str) -> int:
    """How many characters two texts have in common from their start."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))


def patch(before: Source, after: str, *, bom: bool = False) -> bytes:
    """The changes of a text as a patch, for `patch -p1` and `git apply`; nothing where there are none.

    `bom` says that the file begins with UTF-8's byte order mark, which is in the patch then, too.
    """
    path = printable(before.path).lstrip("/")
    tab = "\t" if " " in path else ""
    mark = "\ufeff" if bom else ""
    lines = difflib.unified_diff(
        _by_newline(mark + before.text),
        _by_newline(mark + after),
        f"a/{path}{tab}",
        f"b/{path}{tab}",
        n=_CONTEXT,
    )
    whole = "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )
    return whole.encode("utf-8", "surrogatepass")


def _by_newline(text: str) -> list[str]:
    """The lines as programs that read patches know them: nothing else ends one."""
    return [found.group() for found in re.finditer(r"[^\n]*\n|[^\n]+", text)]
