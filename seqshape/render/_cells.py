"""The cells of a table as plain text: one list of lines a cell, no widths, no colours."""

from bisect import bisect_left
from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from seqshape.frozen import frozen
from seqshape.render._fold import Line, lines
from seqshape.render._since import GONE, RowSince, Since
from seqshape.render._surface import Options, printable
from seqshape.report import ReportData, Row
from seqshape.wording import count, shape, times

if TYPE_CHECKING:
    from seqshape.algebra import Polynomial
    from seqshape.formulas import Formulas, LayerFormulas

MARK, BEFORE = "mark", "before"
"""Columns that no user asks for: they are there where a table is marked."""
UNBROKEN = "\u00a0"
"""A space in the column `before` at which no line ends."""
HEADERS = {
    "layer": "Layer (type)",
    "inputs": "Inputs",
    "output": "Output",
    "params": "Params",
    "share": "Share",
    "trainable": "Trainable",
    "dtype": "Dtype",
    "line": "Line",
    "shape": "Output",
    "formula": "Params as a formula",
    MARK: "",
    BEFORE: "Before",
}


@frozen
class Cells:
    """One line of the table: its cells by column, and the row's status (None for a block's head).

    `tail` is how many characters at the end of the layer's cell are not its name. `changed` are the columns
    that were otherwise before.
    """

    cells: dict[str, tuple[str, ...]]
    tail: int
    status: str | None
    changed: frozenset[str] = frozenset()

    def lines(self, column: str) -> tuple[str, ...]:
        """The lines of one cell; an empty cell has one."""
        return self.cells[column] or ("",)


def table(report: ReportData, options: Options, since: Since | None = None) -> tuple[Cells, ...]:
    """The body of the table, in the columns that are asked for.

    With what became of it `since`, there are the columns `mark` and `before`, and rows that are gone.
    """
    known = None if report.formulas is None else report.formulas.reduced()
    whole = report.totals.params  # once: it is a sum over all rows
    became = since.rows if since is not None else ()
    beside: tuple[Hashable, ...] = () if known is None else tuple(map(_beside, known.layers))
    if became:
        said = tuple((each.mark, _before(each)) for each in became)
        beside = tuple(zip(beside, said, strict=True)) if beside else said
    body = [
        (line.index, _cells(line, report, known, whole, options, became))
        for line in lines(report.rows, options.fold, beside)
    ]
    for gone in since.gone if since is not None else ():
        left = replace(report, rows=gone.rows)
        had = replace(known, layers=gone.formulas) if known is not None and gone.formulas else None
        marked = (RowSince(GONE),) * len(gone.rows)
        shown = [
            (gone.place, _cells(line, left, had, 0, options, marked))
            for line in lines(gone.rows, options.fold, tuple(map(_beside, gone.formulas)))
        ]
        place = bisect_left(body, gone.place, key=lambda each: each[0])
        body[place:place] = shown
    return tuple(cells for _, cells in body)


def _cells(
    line: Line,
    report: ReportData,
    known: "Formulas | None",
    whole: int,
    options: Options,
    became: tuple[RowSince, ...],
) -> Cells:
    """The cells of one line; `whole` are the parameters of all, 0 where it has no share in them."""
    cells = {column: _cell(line, column, report, known, whole) for column in options.columns}
    status = None if line.row is None else line.row.status
    if not became:
        return Cells(cells, len(_tail(line)), status)
    this = became[line.index] if line.row is not None else RowSince()
    cells |= {MARK: (this.mark,), BEFORE: (_before(this),)}
    return Cells(cells, len(_tail(line)), status, this.columns)


def _before(since: RowSince) -> str:
    """How a row was before it changed, as far as it was otherwise."""
    was, columns = since.was, since.columns
    if was is None:
        return ""
    said = []
    if "layer" in columns:
        said.append(f"{printable(was.path)} ({printable(was.label)})")
    if "inputs" in columns:
        said.append("from " + (", ".join(map(printable, dict.fromkeys(was.words))) or "nothing"))
    if "output" in columns:
        said.append("; ".join(_outputs(was)))
    elif "shape" in columns:
        said.append("; ".join(_outputs(was) if since.formulas is None else _formula_shapes(since.formulas)))
    elif "dtype" in columns:
        said.append(", ".join(output.tensor.dtype for output in was.outputs))
    if "params" in columns and was.status == "ok":
        said.append(count(was.params, "param"))
    elif "formula" in columns and since.formulas is not None:
        said.append(f"{printable(str(since.formulas.counts.params))} params")
    elif "trainable" in columns:
        said.append(f"{was.trainable_params:,} trainable")
    return " · ".join(part.replace(" ", UNBROKEN) for part in said)


def _beside(found: "LayerFormulas | None") -> Hashable:
    """What tells two layers of equal sizes apart where formulas are shown."""
    return None if found is None else (found.outputs, found.weights)


def _cell(
    line: Line, column: str, report: ReportData, known: "Formulas | None", whole: int
) -> tuple[str, ...]:
    if column == "layer":
        return (_name(line),)
    row = line.row
    if column == "inputs":
        words = report.blocks.get(line.path, ()) if row is None else row.words
        return tuple(printable(word) for word in dict.fromkeys(words))
    if row is None:
        return ("",)
    found = None if known is None else known.layers[line.index]
    match column:
        case "shape":
            return _outputs(row) if found is None else _formula_shapes(found)
        case "formula":
            return (_formula(line, found),)
        case "output":
            return _outputs(row)
        case "params":
            return (_params(line, row),)
        case "share":
            return (_share(row.params * line.times, whole) if whole else "",)
        case "trainable":
            return (_trainable(row),)
        case "dtype":
            return tuple(output.tensor.dtype for output in row.outputs)
        case _:
            return (str(row.place.line),)


def _name(line: Line) -> str:
    text = "  " * line.depth + printable(line.name)
    if line.last is not None:
        text += f" … {printable(line.last)}"
    return text + _tail(line)


def _tail(line: Line) -> str:
    """What stands behind a layer's name: its type, whose weights it has, how often it stands there."""
    text = ""
    if line.row is not None:
        text = f" ({printable(line.row.label)})"
        if line.row.shares is not None and not line.row.weights:
            text += f" = {printable(line.row.shares)}"
    if line.count > 1:
        text += f" × {line.count:,}"
    return text


def _outputs(row: Row) -> tuple[str, ...]:
    if row.status != "ok":
        return (row.status,)
    if len(row.outputs) == 1:
        return (shape(row.outputs[0].tensor.shape),)
    width = max(len(output.name) for output in row.outputs)
    return tuple(f"{output.name:<{width}} {shape(output.tensor.shape)}" for output in row.outputs)


def _formula_shapes(found: "LayerFormulas") -> tuple[str, ...]:
    if len(found.outputs) == 1:
        return (printable(shape(_axes(found.outputs[0].shape))),)
    width = max(len(output.name) for output in found.outputs)
    return tuple(printable(f"{each.name:<{width}} {shape(_axes(each.shape))}") for each in found.outputs)


def _axes(axes: "tuple[Polynomial | None, ...]") -> tuple[str | None, ...]:
    return tuple(None if axis is None else str(axis) for axis in axes)


def _formula(line: Line, found: "LayerFormulas | None") -> str:
    """The parameters of a layer as a formula; of folded layers those of one, and how often they stand."""
    if found is None or not found.weights:
        return ""
    text = str(found.counts.params)
    if line.times == 1 or not found.counts.params:
        return printable(text)
    return printable(
        f"{line.times:,} × ({text})" if len(found.counts.params.terms) > 1 else f"{line.times:,} × {text}"
    )


def _params(line: Line, row: Row) -> str:
    if row.status != "ok":
        return ""
    if row.shares is not None and not row.weights:
        return "shared"
    return f"{line.times:,} × {row.params:,}" if line.times > 1 and row.params else f"{row.params:,}"


def _share(params: int, total: int) -> str:
    """A share of the total in per cent, to one digit; the smallest share is not shown as none."""
    if not params:
        return ""
    tenths = (2000 * params + total) // (2 * total)
    return f"{tenths // 10}.{tenths % 10}%" if tenths else "<0.1%"


def _trainable(row: Row) -> str:
    if not row.params:
        return ""
    if row.trainable_params == row.params:
        return "yes"
    return "no" if not row.trainable_params else f"{row.trainable_params:,}"


def weight_sums(report: ReportData, options: Options) -> Iterator[tuple[str, str]]:
    """For each line with weights, its name and the sum of its weights: `kernel 15×48 + … = 1,584`."""
    for line in lines(report.rows, options.fold):
        if line.row is None or not line.row.weights:
            continue
        terms = [
            f"{printable(weight.name)} {times(weight.shape)}{'' if weight.trainable else ' (not trained)'}"
            for weight in line.row.weights
        ]
        yield _name(line).strip(), f"{' + '.join(terms)} = {line.row.params:,}"
