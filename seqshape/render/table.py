"""The table: what a user sees in the terminal. Fits the width; in a file nothing is cut."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from seqshape.render._console import printed
from seqshape.render._diagnostics import diagnostics, summary
from seqshape.render._surface import Options, Surface, printable
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


def _parts(run: Run, width: int | None, options: Options) -> Iterator[RenderableType]:
    for number, report in enumerate(run.reports):
        if number:
            yield Text("")
        yield from renderables(report, options, width)


def renderables(
    report: ReportData, options: Options, width: int | None, since: "Since | None" = None
) -> Iterator[RenderableType]:
    """The parts of a report, for a Rich console of this width; what became of it `since` is marked."""
    yield _title(report)
    if report.rows and report.asked:
        from seqshape.render._rows import rows  # not where wrong words alone are told

        yield Text("")
        yield rows(report, options, width, since)
        yield from _totals(report, None if since is None else since.totals)
        if report.formulas is not None:
            yield from _formulas(report.formulas.reduced(), width)
        if options.weights:
            yield Text("")
            yield from _weights(report, options)
    yield from diagnostics(report, report.diagnostics, width, since)
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


def _totals(report: ReportData, before: Totals | None) -> Iterator[Text]:
    """The sums below the table, with how much more they are than `before`."""
    totals = report.totals
    before = before or totals
    yield Text("")
    yield _sum("Parameters", totals.params, before.params)
    yield _sum("Trainable", totals.trainable_params, before.trainable_params)
    yield _sum("Non-trainable", totals.non_trainable_params, before.non_trainable_params)
    yield _sum("Weights", totals.weight_bytes, before.weight_bytes, bytes_text(totals.weight_bytes))
    missing = sum(row.status != "ok" for row in report.rows)
    if missing:
        yield _total("Not counted", f"{count(missing, 'layer')} that Keras did not build")
    built = sum(row.status == "ok" and not row.traced for row in report.rows)
    if built:
        yield _total("Only built", f"{count(built, 'call')}, not traced")


def _formulas(formulas: "Formulas", width: int | None) -> Iterator[Text]:
    """The sums as formulas, and what is to be known of them."""
    from seqshape.render._formulas import notes, sums
    from seqshape.render._rows import wrapped

    yield Text("")
    yield Text(" As formulas", style="bold")
    for label, said in (*sums(formulas), *notes(formulas)):
        lines = wrapped(said, None if width is None else max(width - _LABEL - 2, 8))
        for number, line in enumerate(lines):
            yield _total("" if number else label, line)


def _sum(label: str, number: int, before: int, said: str = "") -> Text:
    text = _total(label, said or f"{number:,}")
    return text if number == before else text.append(f"  ({number - before:+,})", style=_CHANGED)


def _total(label: str, value: str) -> Text:
    return Text(f" {label:<{_LABEL}}", style="dim").append(value, style="not dim bold")


def _weights(report: ReportData, options: Options) -> Iterator[RenderableType]:
    """Each layer's weights as a sum."""
    from seqshape.render._cells import weight_sums

    sums = list(weight_sums(report, options))
    if not sums:
        return
    yield Text(" Weights", style="bold")
    for name, said in sums:
        yield Text(f" {name}", style="cyan")
        yield Padding(Text(said), (0, 0, 0, 3), expand=False)
