"""A sweep as a table in Markdown, with the errors below."""

from collections.abc import Iterator

from seqshape.render._markup import escaped, quoted
from seqshape.render._surface import Surface, fitted
from seqshape.sweeping.result import Sweep
from seqshape.sweeping.words import cells, faults, headers, notes, summary


def render(found: Sweep, surface: Surface) -> str:
    """The sweep as Markdown."""
    return fitted("".join(f"{line}\n" for line in _lines(found)), surface)


def _lines(found: Sweep) -> Iterator[str]:
    heads = headers(found)
    yield f"### {escaped(found.name or found.path)}"
    yield ""
    yield f"| {' | '.join(map(escaped, heads))} |"
    yield f"|{' ---: |' * (len(heads) - 1)} --- |"
    for each in found.combinations:
        yield f"| {' | '.join(map(escaped, cells(each, found)))} |"
    problems = list(faults(found))
    if problems:
        yield ""
    for code, message, where in problems:
        yield f"- **{code}** {quoted(message)} ({escaped(where)})"
    yield ""
    yield f"{summary(found)}. {'. '.join(map(quoted, notes(found)))}".strip()
