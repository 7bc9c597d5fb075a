"""The table: what a user sees in the terminal. Fits the width; in a file nothing is cut."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from seqshape.render._console import printed
from seqshape.render._diagnostics import diagnostics, resolved, summary
from seqshape.render._surface import Options, Surface, printable
from seqshape.render._text import Part, Text
from seqshape.report import ReportData, Run, Totals
from seqshape.wording import bytes_text, count

if TYPE_CHECKING:
    from seqshape.formulas import Formulas
    from seqshape.render._since import Since

_LABEL = 14
_CHANGED = "not dim yellow"


def render(run: Run, surface: Surface, options: Options) -> str:
    """A table for each report, an empty line between them."""
    return printed(_parts(run, surface.width, options), surface)


def _parts(run: Run, width: int | None, options: Options) -> Iterator[Part]:
    for number, report in enumerate(run.reports):
        if number:
            yield Text("")
        yield from renderables(report, options, width)


def renderables(
    report: ReportData, options: Options, width: int | None, since: "Since | None" = None
) -> Iterator[Part]:
    """The parts of a report, for a Rich console of this width; what became of it `since` is marked."""
    yield _title(report)
    if report.rows and report.asked:
        from seqshape.render._rows import rows  # not where wrong words alone are told

        yield Text("")
        yield from rows(report, options, width, since)
        yield from _totals(report, None if since is None else since.totals, width)
        if report.formulas is not None:
            yield from _formulas(report.formulas.reduced(), width)
        if options.weights:
            yield Text("")
            yield from _weights(report, options)
    yield from diagnostics(report, report.diagnostics, width, since)
    yield from resolved(since)
    if report.diagnostics:
        yield Text("")
        yield summary(report)


def _title(report: ReportData) -> Text:
    title = Text()
    if report.name is not None:
        title.append(printable(report.name), style="bold")
        title.append(" · ")
    title.append(printable(report.path))
    if report.keras is not None:
        title.append(f" · Keras {report.keras}", style="dim")
    return title


def _totals(report: ReportData, before: Totals | None, width: int | None) -> Iterator[Text]:
    """The sums below the table, with how much more they are than `before`."""
    totals = report.totals
    before = before or totals
    yield Text("")
    for (label, number), (_, was) in zip(_numbers(totals), _numbers(before), strict=True):
        yield from _sum(label, f"{number:,}", number - was, width)
    more = totals.weight_bytes - before.weight_bytes
    yield from _sum("Weights", bytes_text(totals.weight_bytes), more, width)
    missing = sum(row.status != "ok" for row in report.rows)
    if missing:
        yield from _lines("Not counted", f"{count(missing, 'layer')} that Keras did not build", width)
    built = sum(row.status == "ok" and not row.traced for row in report.rows)
    if built:
        yield from _lines("Only built", f"{count(built, 'call')}, not traced", width)


def _numbers(totals: Totals) -> Iterator[tuple[str, int]]:
    yield "Parameters", totals.params
    yield "Trainable", totals.trainable_params
    yield "Non-trainable", totals.non_trainable_params


def _formulas(formulas: "Formulas", width: int | None) -> Iterator[Text]:
    """The sums as formulas, and what is to be known of them."""
    from seqshape.render._formulas import notes, sums

    yield Text("")
    yield Text(" As formulas", style="bold")
    for label, said in (*sums(formulas), *notes(formulas)):
        yield from _lines(label, said, width)


def _sum(label: str, said: str, more: int, width: int | None) -> Iterator[Text]:
    """A sum, with how much `more` it is than before: below it, where it has no room beside it."""
    text = _total(label, said).append(f"  ({more:+,})" if more else "", style=_CHANGED)
    if width is None or len(str(text)) <= width:
        yield text
        return
    yield from _lines(label, said, width)
    if more:
        yield _total("", "").append(f"({more:+,})", style=_CHANGED)


def _lines(label: str, said: str, width: int | None) -> Iterator[Text]:
    """A remark beside its label, on as many lines as it needs."""
    from seqshape.render._rows import wrapped

    for number, line in enumerate(wrapped(said, None if width is None else max(width - _LABEL - 2, 8))):
        yield _total("" if number else label, line)


def _total(label: str, value: str) -> Text:
    return Text(f" {label:<{_LABEL}}", style="dim").append(value, style="not dim bold")


def _weights(report: ReportData, options: Options) -> Iterator[Part]:
    """Each layer's weights as a sum."""
    from seqshape.render._cells import weight_sums

    sums = list(weight_sums(report, options))
    if not sums:
        return
    yield Text(" Weights", style="bold")
    for name, said in sums:
        yield Text(f" {name}", style="cyan")
        yield Text(said, margin=3)
