"""Markdown: a table as GitHub shows it, for a comment or a page."""

from collections.abc import Iterator

from seqshape.render._cells import HEADERS, table, weight_sums
from seqshape.render._comparison import picture
from seqshape.render._findings import fix_line, headline, not_shown, related_line, shown, summary
from seqshape.render._formulas import notes, sums
from seqshape.render._markup import code, escaped, quoted
from seqshape.render._surface import Options, Surface, fitted
from seqshape.report import Comparison, Diagnostic, ReportData, Run
from seqshape.wording import bytes_text

_RIGHT = frozenset(("params", "share", "line"))


def render(run: Run, surface: Surface, options: Options) -> str:
    """A section for each report; without rows, for each that has findings, and a line on all of them."""
    if options.rows:
        sections = [_section(report, options) for report in run.reports]
    else:
        pairs = zip(run.reports, shown(run, options.most), strict=True)
        sections = [_findings(report, items) for report, items in pairs if items]
        sections.append(_summary(run, options))
    texts = ("".join(f"{line}\n" for line in section) for section in sections)
    return fitted("\n".join(text for text in texts if text), surface)


def _section(report: ReportData, options: Options) -> Iterator[str]:
    title = report.name if report.name is not None else report.path
    yield f"### {escaped(title)}"
    yield ""
    keras = f", Keras {report.keras}" if report.keras is not None else ""
    yield f"{code(report.path)}{keras}"
    if report.rows and report.asked:
        yield ""
        yield from _table(report, options)
        totals = report.totals
        yield ""
        yield (
            f"**{totals.params:,}** parameters, {totals.trainable_params:,} trainable, "
            f"{totals.non_trainable_params:,} non-trainable, {bytes_text(totals.weight_bytes)} of weights"
        )
        if report.formulas is not None:
            yield ""
            found = report.formulas.reduced()
            for label, said in (*sums(found), *notes(found)):
                yield f"- {label}: {code(said)}"
        if options.weights:
            yield ""
            for name, said in weight_sums(report, options):
                yield f"- {escaped(name)}: {escaped(said)}"
    if report.diagnostics:
        yield ""
        for item in report.diagnostics:
            yield from _diagnostic(item)


def _findings(report: ReportData, items: tuple[Diagnostic, ...]) -> Iterator[str]:
    """A finding a row; shapes that one compares stand below the table, where they keep their columns."""
    yield f"### {escaped(report.path)}"
    yield ""
    yield "| | Code | Line | Finding |"
    yield "| --- | --- | ---: | --- |"
    for item in items:
        said = [headline(item), *(related_line(related) for related in item.related)]
        if item.help:
            said.append(f"help: {item.help}")
        if item.fixes:
            said.append(fix_line(item.fixes))
        if item.keras:
            said.append(f"Keras: {' '.join(item.keras.split())}")
        severity = f"**{item.severity}**" if item.severity == "error" else item.severity
        cell = "<br>".join(quoted(line) for line in said)
        yield f"| {severity} | {item.code} | {item.place.line} | {cell} |"
    for item in items:
        if item.compared is not None:
            yield ""
            of = "" if item.layer is None else f" of {escaped(item.layer)}"
            yield f"The shapes{of}, {item.code} in line {item.place.line}:"
            yield ""
            yield from _compared(item.compared, "")


def _summary(run: Run, options: Options) -> Iterator[str]:
    left_out = not_shown(run, options.most)
    if left_out:
        yield left_out
    if left_out and not options.quiet:
        yield ""
    if not options.quiet:
        yield f"**{summary(run)}**"


def _table(report: ReportData, options: Options) -> Iterator[str]:
    columns = options.columns
    yield "| " + " | ".join(HEADERS[column] for column in columns) + " |"
    yield "| " + " | ".join("---:" if column in _RIGHT else "---" for column in columns) + " |"
    for cells in table(report, options):
        texts = ("<br>".join(_indented(line) for line in cells.lines(column)) for column in columns)
        yield "| " + " | ".join(texts) + " |"


def _indented(text: str) -> str:
    inner = text.lstrip(" ")
    return "&nbsp;" * (len(text) - len(inner)) + escaped(inner)


def _diagnostic(item: Diagnostic) -> Iterator[str]:
    layer = f"{escaped(item.layer)}: " if item.layer is not None else ""
    text = f"- **{item.severity} {item.code}** line {item.place.line}: {layer}{escaped(item.message)}"
    if item.help:
        text += f" ({escaped(item.help)})"
    for related in item.related if item.cause is not None else ():
        text += f"<br>{quoted(related_line(related))}"
    if item.fixes:
        text += f"<br>{quoted(fix_line(item.fixes))}"
    if item.keras:
        text += f"<br>Keras: {escaped(' '.join(item.keras.split()))}"
    yield text
    if item.compared is not None:
        yield ""
        yield from _compared(item.compared, "  ")
        yield ""


def _compared(compared: Comparison, margin: str) -> Iterator[str]:
    """A block of code, so that the marks stay under their axes. No line of shapes can close it."""
    yield f"{margin}```text"
    yield from (f"{margin}{line}" for line in picture(compared, None).lines())
    yield f"{margin}```"
