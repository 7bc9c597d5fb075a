"""What the tool found: rows, totals, diagnostics. Frozen, and all that renderers see."""

from collections.abc import Iterator
from dataclasses import field
from itertools import chain, repeat
from math import prod
from typing import TYPE_CHECKING

from seqshape.frozen import frozen

if TYPE_CHECKING:
    from seqshape.edits import Edit
    from seqshape.engine.tensors import Output, Weight
    from seqshape.formulas import Formulas
    from seqshape.places import Place
    from seqshape.tree import Json

REPORT_VERSION = 1
SEVERITIES = ("error", "warning", "note")
"""The worst first."""


def at_least(severity: str, least: str) -> bool:
    """Whether a severity is that one or worse; none is where `least` is no severity."""
    return least in SEVERITIES and SEVERITIES.index(severity) <= SEVERITIES.index(least)


@frozen
class Read:
    """One tensor that goes into a call: the entry's word for it, the row it comes from, which output."""

    word: str
    source: int
    output: int


@frozen
class Fed:
    """What one parameter of a call is given; `parameter` is None for the first, `listed` a list."""

    parameter: str | None
    tensors: tuple[Read, ...]
    listed: bool


@frozen
class Row:
    """One call of a layer, as Keras sees it.

    `label` is the type with what it wraps: `TimeDistributed(Dense)`. `block` is the dotted path of
    the block it stands in. `inputs` are references that hold anywhere in the spec, `words` the same
    as the entry writes them, `sources` the rows they come from, `fed` the tensors that they are, known
    once the rows before are. `shares` names the layer whose weights it uses again; those are counted on
    that layer's own row. `traced` says that the call itself was run on symbolic tensors, and not its
    shape rules alone. `again` is the row whose layer this one calls because the block round that row is
    called again.
    """

    name: str
    type: str
    label: str
    block: str | None
    place: "Place"
    status: str
    inputs: tuple[str, ...]
    words: tuple[str, ...]
    sources: tuple[int, ...]
    outputs: "tuple[Output, ...]" = ()
    weights: "tuple[Weight, ...]" = ()
    shares: str | None = None
    fed: tuple[Fed, ...] = ()
    traced: bool = False
    again: int | None = None

    @property
    def path(self) -> str:
        """The name that no other row has."""
        return self.name if self.block is None else f"{self.block}.{self.name}"

    @property
    def title(self) -> str:
        """What messages call it: its name; in a block that is called again its path."""
        return self.name if self.again is None else self.path

    @property
    def params(self) -> int:
        """Parameters that this row adds."""
        return sum([prod(weight.shape) for weight in self.weights])

    @property
    def trainable_params(self) -> int:
        """Trainable ones among them."""
        return sum(elements(weight) for weight in self.weights if weight.trainable)

    @property
    def weight_bytes(self) -> int:
        """Bytes of its weights, each in its own dtype."""
        return sum(elements(weight) * weight.itemsize for weight in self.weights)


def elements(weight: "Weight") -> int:
    """The number of elements of a weight: 1 for a scalar."""
    return prod(weight.shape)


@frozen
class Totals:
    """Sums over all rows; the weights of a shared layer count once."""

    params: int
    trainable_params: int
    weight_bytes: int

    @property
    def non_trainable_params(self) -> int:
        """Parameters that training leaves alone."""
        return self.params - self.trainable_params


@frozen
class Related:
    """A second place that a diagnostic speaks of."""

    message: str
    place: "Place"


@frozen
class Comparison:
    """Shapes that should fit, by name, to stand one under the other; `marked` are the axes that do not."""

    shapes: tuple[tuple[str, tuple[int | str | None, ...]], ...]
    marked: tuple[int, ...]

    def to_dict(self) -> "dict[str, Json]":
        """The comparison as JSON has it."""
        shapes: list[Json] = [{"name": name, "shape": list(axes)} for name, axes in self.shapes]
        return {"shapes": shapes, "marked": list(self.marked)}


@frozen
class Cause:
    """What is at fault for a finding: the entry and its argument.

    That is `inputs` for what the entry reads, and `type` for what it is.
    """

    layer: str
    argument: str
    place: "Place"


@frozen
class Fix:
    """Edits after which a finding is gone and no other has come; built and traced whole.

    `remaining` counts the findings that it leaves, which have other causes.
    """

    title: str
    edits: "tuple[Edit, ...]"
    remaining: int = 0


@frozen
class Diagnostic:
    """A finding at a place of the file.

    `keras` is Keras's own message, where it gave one; `compared` the shapes that the message is about,
    where it is about several. `fixes` are the best first. `search` is how far they were looked for: empty
    where they were not, `whole`, `cut` where the time ran out, `late` where it was gone before, `waiting`
    behind enough other errors, `stopped` by the user.
    """

    code: str
    severity: str
    message: str
    layer: str | None
    place: "Place"
    help: str = ""
    keras: str = ""
    related: tuple[Related, ...] = ()
    compared: Comparison | None = None
    cause: Cause | None = None
    fixes: tuple[Fix, ...] = ()
    search: str = ""


@frozen
class ReportData:
    """All that was found in one spec.

    `lines` holds the file's lines that diagnostics stand on, `blocks` the words for what flows into each
    copy of a block, by its dotted path. `formulas` are there where they were asked for.
    """

    seqshape: str
    keras: str | None
    path: str
    name: str | None
    rows: tuple[Row, ...]
    diagnostics: tuple[Diagnostic, ...]
    lines: dict[int, str] = field(default_factory=dict)
    asked: bool = True
    blocks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    formulas: "Formulas | None" = None

    @property
    def ok(self) -> bool:
        """Whether no diagnostic is an error."""
        return all(diagnostic.severity != "error" for diagnostic in self.diagnostics)

    @property
    def totals(self) -> Totals:
        """Sums over the rows."""
        params = trainable = size = 0
        for row in self.rows:
            for weight in row.weights:
                count = prod(weight.shape)
                params += count
                trainable += count if weight.trainable else 0
                size += count * weight.itemsize
        return Totals(params, trainable, size)

    def to_dict(self) -> "dict[str, Json]":
        """The report as JSON has it (`report_version` 1)."""
        return {key: list(value) if isinstance(value, Iterator) else value for key, value in self.members()}

    def members(self) -> "Iterator[tuple[str, Json | Iterator[Json]]]":
        """The same member by member, and lists item by item: all at once they are most of the memory."""
        totals, formulas = self.totals, self.formulas
        yield "report_version", REPORT_VERSION
        yield "seqshape", self.seqshape
        yield "keras", self.keras
        yield "spec", {"path": self.path, "name": self.name}
        yield "ok", self.ok
        yield "layers", self._layers()
        yield (
            "totals",
            {
                "params": totals.params,
                "trainable_params": totals.trainable_params,
                "non_trainable_params": totals.non_trainable_params,
                "weight_bytes": totals.weight_bytes,
            },
        )
        if formulas is not None:
            yield "symbolic", formulas.to_dict()
        yield "diagnostics", (_diagnostic(item, self.path) for item in self.diagnostics)

    def _layers(self) -> "Iterator[Json]":
        formulas = () if self.formulas is None else self.formulas.layers
        for row, formula in zip(self.rows, chain(formulas, repeat(None)), strict=False):
            data = _row(row)
            if formula is not None:
                data["symbolic"] = formula.to_dict()
            yield data


@frozen
class Run:
    """All that one command found: a report for each spec, in the order of their paths.

    `several` says that a list was asked for, even where it holds one report. `passed_over` counts the
    YAML files in folders that are no specs.
    """

    reports: tuple[ReportData, ...]
    several: bool = False
    passed_over: int = 0


def _row(row: Row) -> "dict[str, Json]":
    data: dict[str, Json] = {
        "name": row.name,
        "type": row.type,
        "block": row.block,
        "line": row.place.line,
        "status": row.status,
        "inputs": list(row.inputs),
        "outputs": [
            {
                "name": output.name,
                "shape": list(output.tensor.shape),
                "dtype": output.tensor.dtype,
                "masked": output.tensor.mask is not None,
            }
            for output in row.outputs
        ],
        "weights": [
            {
                "name": weight.name,
                "shape": list(weight.shape),
                "dtype": weight.dtype,
                "trainable": weight.trainable,
            }
            for weight in row.weights
        ],
        "params": row.params,
        "trainable_params": row.trainable_params,
    }
    if row.status == "ok" and not row.traced:
        data["traced"] = False
    if row.shares is not None:
        data["shares"] = row.shares
    return data


def _diagnostic(item: Diagnostic, path: str) -> "Json":
    data: dict[str, Json] = {
        "code": item.code,
        "severity": item.severity,
        "message": item.message,
        "layer": item.layer,
        "path": path,
        "line": item.place.line,
        "column": item.place.column,
        "end_line": item.place.end_line,
        "end_column": item.place.end_column,
        "related": [
            {"message": each.message, "line": each.place.line, "column": each.place.column}
            for each in item.related
        ],
        "help": item.help,
        "fixes": [
            {
                "title": fix.title,
                "verified": True,
                "edits": [
                    {
                        "line": edit.place.line,
                        "column": edit.place.column,
                        "end_line": edit.place.end_line,
                        "end_column": edit.place.end_column,
                        "text": edit.text,
                    }
                    for edit in fix.edits
                ],
            }
            for fix in item.fixes
        ],
    }
    if item.cause is not None:
        data["root_cause"] = {
            "layer": item.cause.layer,
            "argument": item.cause.argument,
            "line": item.cause.place.line,
        }
    if item.keras:
        data["keras"] = item.keras
    if item.compared is not None:
        data["compared"] = item.compared.to_dict()
    return data
