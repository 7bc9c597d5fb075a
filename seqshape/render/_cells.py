"""The cells of a table as plain text: one list of lines a cell, no widths, no colours."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seqshape.render._fold import Line, lines
from seqshape.render._surface import Options, printable
from seqshape.report import ReportData, Row
from seqshape.wording import shape, times

if TYPE_CHECKING:
    from seqshape.algebra import Polynomial
    from seqshape.formulas import Formulas, LayerFormulas

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
}


@dataclass(frozen=True, slots=True)
class Cells:
    """One line of the table: its cells by column, and the row's status (None for a block's head).

    `tail` is how many characters at the end of the layer's cell are not its name.
    """

    cells: dict[str, tuple[str, ...]]
    tail: int
    status: str | None

    def lines(self, column: str) -> tuple[str, ...]:
        """The lines of one cell; an empty cell has one."""
        return self.cells[column] or ("",)


def table(report: ReportData, options: Options) -> tuple[Cells, ...]:
    """The body of the table, in the columns that are asked for."""
    known = None if report.formulas is None else report.formulas.reduced()
    beside = () if known is None else tuple(map(_beside, known.layers))
    whole = report.totals.params  # once: it is a sum over all rows
    return tuple(
        Cells(
            {column: _cell(line, column, report, known, whole) for column in options.columns},
            len(_tail(line)),
            None if line.row is None else line.row.status,
        )
        for line in lines(report.rows, options.fold, beside)
    )


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
            return (_share(row.params * line.times, whole),)
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
