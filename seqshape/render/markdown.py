"""Markdown: a table as GitHub shows it, for a comment or a page."""

import re
from collections.abc import Iterator

from seqshape.render._cells import HEADERS, table, weight_sums
from seqshape.render._surface import Options, Surface, fitted, printable
from seqshape.report import Diagnostic, ReportData, Run
from seqshape.wording import bytes_text

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")
_RIGHT = frozenset(("params", "share", "line"))


def render(run: Run, surface: Surface, options: Options) -> str:
    """A section for each report."""
    text = "\n".join("".join(f"{line}\n" for line in _section(report, options)) for report in run.reports)
    return fitted(text, surface)


def _section(report: ReportData, options: Options) -> Iterator[str]:
    title = report.name if report.name is not None else report.path
    yield f"### {_escaped(title)}"
    yield ""
    keras = f", Keras {report.keras}" if report.keras is not None else ""
    yield f"`{printable(report.path)}`{keras}"
    if report.rows and report.asked:
        yield ""
        yield from _table(report, options)
        totals = report.totals
        yield ""
        yield (
            f"**{totals.params:,}** parameters, {totals.trainable_params:,} trainable, "
            f"{totals.non_trainable_params:,} non-trainable, {bytes_text(totals.weight_bytes)} of weights"
        )
        if options.weights:
            yield ""
            for name, said in weight_sums(report, options):
                yield f"- {_escaped(name)}: {_escaped(said)}"
    if report.diagnostics:
        yield ""
        yield from (_diagnostic(item) for item in report.diagnostics)


def _table(report: ReportData, options: Options) -> Iterator[str]:
    columns = options.columns
    yield "| " + " | ".join(HEADERS[column] for column in columns) + " |"
    yield "| " + " | ".join("---:" if column in _RIGHT else "---" for column in columns) + " |"
    for cells in table(report, options):
        texts = ("<br>".join(_indented(line) for line in cells.lines(column)) for column in columns)
        yield "| " + " | ".join(texts) + " |"


def _indented(text: str) -> str:
    inner = text.lstrip(" ")
    return "&nbsp;" * (len(text) - len(inner)) + _escaped(inner)


def _diagnostic(item: Diagnostic) -> str:
    layer = f"{_escaped(item.layer)}: " if item.layer is not None else ""
    text = f"- **{item.severity} {item.code}** line {item.place.line}: {layer}{_escaped(item.message)}"
    if item.help:
        text += f" ({_escaped(item.help)})"
    if item.keras:
        text += f"<br>Keras: {_escaped(' '.join(item.keras.split()))}"
    return text


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", printable(text))
