"""A comparison as a terminal shows it: what differs, the sums, what running both said, the answer."""

from collections.abc import Iterator

from rich.cells import cell_len

from seqshape.comparison.result import Comparison, Total
from seqshape.comparison.words import (
    Group,
    Said,
    differences,
    facts,
    groups,
    said,
    share,
    signed,
    verdict,
)
from seqshape.render._console import printed
from seqshape.render._diagnostics import diagnostics
from seqshape.render._surface import Surface, printable
from seqshape.render._text import Part, Text
from seqshape.report import ReportData

_MARKS = {"added": "+", "removed": "-", "changed": "~", "affected": ">", "same": " "}
_STYLES = {"added": "green", "removed": "red", "changed": "yellow", "affected": "dim", "same": "dim"}
_LABELS = {
    "params": "Parameters",
    "trainable_params": "Trainable",
    "non_trainable_params": "Non-trainable",
    "weight_bytes": "Bytes of weights",
}
_INDENT = 5
_LABEL = 18


def render(found: Comparison, surface: Surface, *, every: bool = False) -> str:
    """The comparison as text; `every` shows the entries that are the same too."""
    return printed(_parts(found, surface.width, every), surface)


def _parts(found: Comparison, width: int | None, every: bool) -> Iterator[Part]:
    for name, report in (("A", found.one), ("B", found.other)):
        yield _title(name, report)
    yield from _errors(found, width)
    if found.one.rows and found.other.rows:
        yield from _differences(found, width, every)
        yield Text("")
        yield from _totals(found, width)
    if found.numeric is not None and found.numeric.outcome is not None:
        yield Text("")
        yield from _numeric(found, width)
    answer = verdict(found)
    if answer:
        yield Text("")
        yield Text(printable(answer), style="bold")
    if found.numeric is not None and found.numeric.remedy:
        yield Text(f"help: {printable(found.numeric.remedy)}", style="green")


def _title(name: str, report: ReportData) -> Text:
    title = Text(f"{name}  ", style="bold")
    title.append(printable(report.path), style="not bold")
    if report.name is not None:
        title.append(f" · {printable(report.name)}", style="not bold")
    if report.keras is not None and name == "B":
        title.append(f" · Keras {report.keras}", style="dim not bold")
    return title


def _errors(found: Comparison, width: int | None) -> Iterator[Part]:
    for report in (found.one, found.other):
        errors = tuple(item for item in report.diagnostics if item.severity == "error")
        yield from diagnostics(report, errors, width)


def _differences(found: Comparison, width: int | None, every: bool) -> Iterator[Part]:
    top = [*found.settings, *((found.outputs,) if found.outputs else ())]
    shown = groups(found.pairs if every else found.differing)
    if top or shown:
        yield Text("")
    for change in top:
        yield from _said(said(change), width)
    for group in shown:
        yield from _group(group, width)


def _group(group: Group, width: int | None) -> Iterator[Part]:
    kind = group.pair.kind
    head = Text(f" {_MARKS[kind]} ", style=_STYLES[kind])
    head.append(printable(group.title), style="bold" if kind != "same" else "")
    head.append(f" ({printable(group.pair.row.label)})")
    if kind == "affected" or group.pair.moved:
        head.append(f"  {group.kind}", style="dim")
    yield head
    if kind != "same":
        for each in differences(group.pair):
            yield from _said(each, width)


def _said(each: Said, width: int | None) -> Iterator[Part]:
    """A line for what differs; where the width does not hold it, a line for each side."""
    one, other = printable(each.one), printable(each.other)
    label = f"{printable(each.label):<{_LABEL}}"
    arrow = " → " if one and other else ""
    line = f"{label} {one}{arrow}{other}"
    if width is None or _INDENT + cell_len(line) <= width:
        text = Text(label + " ", style="dim", margin=_INDENT)
        text.append(one, style="not dim red" if arrow else "not dim")
        text.append(arrow, style="dim")
        text.append(other, style="not dim green" if arrow else "not dim")
        yield text
        return
    yield Text(label.rstrip(), style="dim", margin=_INDENT)
    for name, value in (("A", one), ("B", other)):
        if value:
            yield Text(f"{name}  {value}", margin=_INDENT + 2)


def _totals(found: Comparison, width: int | None) -> Iterator[Part]:
    """The sums side by side, one below the other where the width does not hold them."""
    rows = [("", "A", "B", "Difference"), *map(_total, found.totals)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    if width is None or sum(widths) + 7 <= width:
        for number, row in enumerate(rows):
            cells = [f"{row[0]:<{widths[0]}}", *(f"{row[i]:>{widths[i]}}" for i in (1, 2))]
            yield Text(f" {'  '.join(cells)}  {row[3]}", style="bold" if number == 0 else "")
        return
    for label, one, other, difference in rows[1:]:
        yield Text(f" {label}", style="dim")
        for name, value in (("A", one), ("B", other), ("Difference", difference)):
            yield Text(f"   {name:<10} {value}")


def _total(total: Total) -> tuple[str, str, str, str]:
    difference = signed(total.difference)
    if total.difference:
        difference += share(total.percent).replace(",", " ")
    return _LABELS[total.name], f"{total.one:,}", f"{total.other:,}", difference


def _numeric(found: Comparison, width: int | None) -> Iterator[Part]:
    assert found.numeric is not None
    yield Text(" Run with the same weights and inputs", style="bold")
    rows = list(facts(found.numeric))
    wide = max(len(label) for label, _ in rows)
    for label, value in rows:
        if width is None or wide + cell_len(value) + 5 <= width:
            line = Text(f"   {printable(label):<{wide}}  ", style="dim")
            yield line.append(printable(value), style="not dim")
        else:
            yield Text(f"   {printable(label)}", style="dim")
            yield Text(printable(value), margin=5)
