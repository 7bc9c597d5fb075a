"""A comparison as a comment on a pull request: the answer first, then tables."""

from collections.abc import Iterator

from seqshape.comparison.result import Comparison
from seqshape.comparison.words import differences, facts, groups, said, share, signed, verdict
from seqshape.render._findings import headline
from seqshape.render._markup import code, escaped, quoted
from seqshape.render._surface import Surface, fitted
from seqshape.wording import count

_LABELS = {
    "params": "Parameters",
    "trainable_params": "Trainable",
    "non_trainable_params": "Non-trainable",
    "weight_bytes": "Bytes of weights",
}


def render(found: Comparison, surface: Surface, *, every: bool = False) -> str:
    """The comparison as Markdown; `every` shows the entries that are the same too."""
    return fitted("".join(f"{line}\n" for line in _lines(found, every)), surface)


def _lines(found: Comparison, every: bool) -> Iterator[str]:
    yield f"### {escaped(found.one.path)} → {escaped(found.other.path)}"
    yield ""
    yield quoted(verdict(found))
    if found.numeric is not None and found.numeric.remedy:
        yield ""
        yield quoted(f"Help: {found.numeric.remedy}")
    yield from _errors(found)
    if found.one.rows and found.other.rows:
        yield from _table(found, every)
        yield from _totals(found)
    if found.numeric is not None and found.numeric.outcome is not None:
        yield ""
        yield "| Run with the same weights and inputs | |"
        yield "| --- | --- |"
        for label, value in facts(found.numeric):
            yield f"| {escaped(label.strip())} | {quoted(value)} |"


def _errors(found: Comparison) -> Iterator[str]:
    for report in (found.one, found.other):
        errors = [item for item in report.diagnostics if item.severity == "error"]
        if errors:
            yield ""
            yield f"{code(report.path)} has {count(len(errors), 'error')}:"
            yield ""
        for item in errors:
            yield f"- **{item.code}** line {item.place.line}: {quoted(headline(item))}"


def _table(found: Comparison, every: bool) -> Iterator[str]:
    top = [*found.settings, *((found.outputs,) if found.outputs else ())]
    shown = groups(found.pairs if every else found.differing)
    if not top and not shown:
        return
    yield ""
    yield "| Layer | | A | B |"
    yield "| --- | --- | --- | --- |"
    for change in top:
        each = said(change)
        yield _row("", each.label, each.one, each.other)
    for group in shown:
        title = f"{code(group.title)} ({escaped(group.pair.row.label)})<br>{group.kind}"
        lines = list(differences(group.pair)) if group.pair.kind != "same" else []
        if not lines:
            yield f"| {title} | | | |"
        for each in lines:
            yield _row(title, each.label, each.one, each.other)
            title = ""


def _row(title: str, label: str, one: str, other: str) -> str:
    cells = (escaped(label), *(_code(value) for value in (one, other)))
    return f"| {' | '.join((title.replace('|', chr(92) + '|'), *cells))} |"


def _code(text: str) -> str:
    return code(text).replace("|", "\\|") if text else ""


def _totals(found: Comparison) -> Iterator[str]:
    yield ""
    yield "| | A | B | Difference |"
    yield "| --- | ---: | ---: | ---: |"
    for total in found.totals:
        difference = signed(total.difference) + share(total.percent)
        yield f"| {_LABELS[total.name]} | {total.one:,} | {total.other:,} | {difference} |"
