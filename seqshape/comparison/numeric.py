"""Whether two models are one function: what is run, on which inputs and weights, and within which bounds.

What runs it is the engine. Here both become plans, their inputs, outputs and weights are paired, and sizes
are chosen for axes of unknown size.
"""

import json
import re
from collections.abc import Iterator
from math import prod

from seqshape.comparison.mapping import Held, Mapping, held, mapped
from seqshape.comparison.numbers import Numeric
from seqshape.comparison.result import Comparison
from seqshape.comparison.side import Side
from seqshape.convert._program import Value, is_source, outputs_of
from seqshape.engine.experiment import Entering, Experiment, Failure, Plan, Stage, Wire
from seqshape.engine.tensors import Tensor
from seqshape.frozen import frozen
from seqshape.graph import Node, owner_of
from seqshape.inner import layer_arguments
from seqshape.report import Row
from seqshape.spec import plain_arguments
from seqshape.wording import bytes_text, count, shape, times

_LENGTHS = (16, 64, 224)
"""Lengths that are tried for axes of unknown size: even ones, the last as large as pictures are."""
_FLOATS = re.compile(r"float|int|bool|complex")


@frozen
class Asked:
    """What a user asks for. `length` is for axes of unknown size, None to have one chosen."""

    chosen: tuple[tuple[str, str], ...] = ()
    seed: int = 0
    tries: int = 3
    runs: int = 5
    batch: int = 4
    length: int | None = None
    memory: int = 1024**3
    patience: float = 600.0


def numeric(one: Side, other: Side, found: Comparison, asked: Asked) -> Numeric:
    """Runs both, and says whether they are one function.

    Raises:
        WrongMap: a name of what is to be mapped is none.

    """
    try:
        return _Trial(one, other, found, asked).run()
    except _NotRun as problem:
        return Numeric(
            asked.seed, asked.tries, reason=problem.reason, remedy=problem.remedy, apart=problem.apart
        )


class _NotRun(Exception):
    def __init__(self, reason: str, remedy: str = "", *, apart: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
        self.apart = apart


class _Trial:
    """Two models, and how they are to be run."""

    def __init__(self, one: Side, other: Side, found: Comparison, asked: Asked) -> None:
        for name, side in (("A", one), ("B", other)):
            if side.subject is None:
                raise _NotRun(f"{name} has errors, and Keras does not run it")
        self._sides = (one, other)
        self._asked = asked
        self._partners = {
            pair.one.path: pair.other.path
            for pair in found.pairs
            if pair.one is not None and pair.other is not None
        }

    def run(self) -> Numeric:
        """What came of it."""
        inputs, outputs = self._inputs(), self._outputs()
        weights = self._weights()
        plans = tuple(_plan(side, nodes) for side, nodes in zip(self._sides, inputs, strict=True))
        lengths = _LENGTHS if self._asked.length is None else (self._asked.length,)
        failure: Failure | None = None
        for length in lengths:
            entering = tuple(self._entering(*pair, length) for pair in zip(*inputs, strict=True))
            self._refuse_large(entering, length)
            experiment = Experiment(
                (plans[0], plans[1]),
                entering,
                tuple((one.number, other.number) for one, other in weights.pairs),
                self._is_masked(),
                self._asked.seed,
                self._asked.tries,
                self._asked.runs,
                max(4 * self._asked.memory, 2 * 1024**3),
                self._asked.patience,
            )
            came = self._sides[0].engine.run(experiment)
            if not isinstance(came, Failure):
                return Numeric(
                    self._asked.seed,
                    self._asked.tries,
                    came,
                    mapped=weights.how if weights.pairs else "",
                    pairs=tuple((one.title, other.title) for one, other in weights.pairs),
                    entering=entering,
                    outputs=outputs,
                )
            failure = came
            if not failure.shaped or not self._has_unknown(inputs):
                break
        assert failure is not None
        raise _failed(failure, lengths if self._has_unknown(inputs) else ())

    # What goes in and comes out.

    def _inputs(self) -> tuple[list[Node], list[Node]]:
        """Where data comes in, in one order: by name where both have the same names, else as written."""
        one, other = ([node for node in side.graph.nodes if is_source(node)] for side in self._sides)
        if len(one) != len(other):
            counts = [count(len(each), "input") for each in (one, other)]
            raise _NotRun(
                f"A has {counts[0]} and B {counts[1]}, so they cannot be given the same data", apart=True
            )
        by_name = {node.path: node for node in other}
        if {node.path for node in one} == set(by_name):
            other = [by_name[node.path] for node in one]
        return one, other

    def _outputs(self) -> tuple[tuple[str, str], ...]:
        """The names of what both give; they must be as many, and of shapes that can be the same."""
        ends = [_ends(side) for side in self._sides]
        if len(ends[0]) != len(ends[1]):
            counts = [count(len(each), "output") for each in ends]
            raise _NotRun(f"A gives {counts[0]} and B {counts[1]}", apart=True)
        for (name, one), (other_name, other) in zip(*ends, strict=True):
            if not _fit(one.shape, other.shape):
                said = f"`{name}` of A is {shape(one.shape)} and `{other_name}` of B {shape(other.shape)}"
                raise _NotRun(f"they give different shapes: {said}", apart=True)
        return tuple((one, other) for (one, _), (other, _) in zip(*ends, strict=True))

    def _entering(self, one: Node, other: Node, length: int) -> Entering:
        tensors = [
            side.report.rows[node.index].outputs[0].tensor
            for side, node in zip(self._sides, (one, other), strict=True)
        ]
        if any(tensor.sparse for tensor in tensors):
            raise _NotRun(f"`{one.path}` takes sparse tensors, which are not drawn")
        if not _fit(tensors[0].shape, tensors[1].shape):
            shapes = [shape(tensor.shape) for tensor in tensors]
            raise _NotRun(
                f"`{one.path}` of A takes {shapes[0]} and `{other.path}` of B {shapes[1]}",
                "give both the same sizes, with --set where a dim says them",
                apart=True,
            )
        return Entering(
            one.path,
            _sized(_known(tensors[0].shape, tensors[1].shape), self._asked.batch, length),
            (tensors[0].dtype, tensors[1].dtype),
        )

    def _has_unknown(self, inputs: tuple[list[Node], list[Node]]) -> bool:
        return any(
            None in self._sides[0].report.rows[node.index].outputs[0].tensor.shape[1:] for node in inputs[0]
        )

    def _is_masked(self) -> bool:
        return any(
            output.tensor.mask is not None
            for side in self._sides
            for row in side.report.rows
            for output in row.outputs
        )

    # Weights and memory.

    def _weights(self) -> Mapping:
        ones, others = (held(side.report.rows) for side in self._sides)
        found = mapped(ones, others, self._asked.chosen, self._partners)
        if any(found.left):
            said = " and ".join(
                f"{_listed(left)} of {name}"
                for name, left in zip(("A", "B"), found.left, strict=True)
                if left
            )
            verb = "matches" if sum(map(len, found.left)) == 1 else "match"
            remedy = "--map NAME=NAME says which entries, or which weights, stand for each other"
            raise _NotRun(
                f"they cannot be given the same weights: {said} {verb} nothing in the other",
                remedy if all(found.left) and _may_fit(found.left) else "",
            )
        return found

    def _refuse_large(self, entering: tuple[Entering, ...], length: int) -> None:
        """Refuses what would take more than the memory that is allowed, before anything is allocated."""
        for name, side in zip(("A", "B"), self._sides, strict=True):
            weights = side.report.totals.weight_bytes
            batch = next((each.shape[0] for each in entering if each.shape), self._asked.batch)
            tensors = sum(
                prod(_sized(output.tensor.shape, batch, length)) * _itemsize(output.tensor.dtype)
                for row in side.report.rows
                for output in row.outputs
            )
            if weights + tensors > self._asked.memory:
                said = f"{bytes_text(weights)} of weights and {bytes_text(tensors)} that its layers give"
                raise _NotRun(
                    f"{name} is too large to run: {said} are more than {bytes_text(self._asked.memory)}",
                    "--memory raises the limit; --set, --batch and --length make it smaller",
                )


def _plan(side: Side, inputs: list[Node]) -> Plan:
    assert side.subject is not None
    shared = dict(pair for node in side.graph.nodes for pair in _definitions(side, node))
    return Plan(
        tuple(
            _stage(side, node, row) for node, row in zip(side.graph.nodes, side.report.rows, strict=True)
        ),
        tuple(shared.items()),
        tuple(node.index for node in inputs),
        tuple((value.node, value.output) for value in outputs_of(side.subject)),
        side.world,
    )


def _definitions(side: Side, node: Node) -> Iterator[tuple[str, str]]:
    """The layer of a node that several calls share, by its path."""
    if node.group is not None and node.entry.reuse is None and node.entry.type is not None:
        yield node.path, _definition(side, node)


def _definition(side: Side, node: Node) -> str:
    assert node.entry.type is not None
    return json.dumps({"type": node.entry.type.text, **layer_arguments(node, side.graph)})


def _stage(side: Side, node: Node, row: Row) -> Stage:
    layer = _definition(side, node) if node.group is None else json.dumps({"reuse": _owner(side, node)})
    first = next((_tensor(side, read.source, read.output) for fed in row.fed for read in fed.tensors), None)
    return Stage(
        node.path,
        layer,
        tuple(
            Wire(fed.parameter, tuple((read.source, read.output) for read in fed.tensors), fed.listed)
            for fed in row.fed
        ),
        json.dumps(plain_arguments(node.entry.call)),
        None if first is None or "float" in first.dtype else first.dtype,
    )


def _owner(side: Side, node: Node) -> str:
    return owner_of(node, side.graph).path


def _tensor(side: Side, node: int, output: int) -> Tensor:
    return side.report.rows[node].outputs[output].tensor


def _ends(side: Side) -> list[tuple[str, Tensor]]:
    """What a model gives: the name and the tensor of each output."""
    assert side.subject is not None
    return [
        (_title(side, value), _tensor(side, value.node, value.output)) for value in outputs_of(side.subject)
    ]


def _title(side: Side, value: Value) -> str:
    row = side.report.rows[value.node]
    return row.path if len(row.outputs) == 1 else f"{row.path}.{row.outputs[value.output].name}"


def _fit(one: tuple[int | None, ...], other: tuple[int | None, ...]) -> bool:
    return len(one) == len(other) and all(
        None in pair or pair[0] == pair[1] for pair in zip(one, other, strict=True)
    )


def _known(one: tuple[int | None, ...], other: tuple[int | None, ...]) -> tuple[int | None, ...]:
    """The sizes that either of two shapes knows."""
    return tuple(there if here is None else here for here, there in zip(one, other, strict=True))


def _sized(axes: tuple[int | None, ...], batch: int, length: int) -> tuple[int, ...]:
    return tuple(
        (batch if number == 0 else length) if size is None else size for number, size in enumerate(axes)
    )


def _itemsize(dtype: str) -> int:
    bits = re.search(r"\d+", dtype) if _FLOATS.match(dtype.removeprefix("b").removeprefix("u")) else None
    return max(int(bits[0]) // 8, 1) if bits else 1


def _listed(weights: tuple[Held, ...]) -> str:
    most = 4
    said = [f"`{each.title}` ({times(each.shape)})" for each in weights[:most]]
    if len(weights) > most:
        said.append(f"{len(weights) - most} more")
    return ", ".join(said)


def _may_fit(left: tuple[tuple[Held, ...], tuple[Held, ...]]) -> bool:
    """Whether what is left over are the same shapes in another order."""
    one, other = (sorted(each.shape for each in weights) for weights in left)
    return one == other


def _failed(failure: Failure, lengths: tuple[int, ...]) -> _NotRun:
    of = {None: "", 0: " A", 1: " B"}[failure.plan]
    at = f" at `{failure.stage}`" if failure.stage else ""
    said = f" with {' or '.join(map(str, lengths))} for each unknown size" if lengths else ""
    remedy = "--length says how long unknown axes are" if lengths and failure.shaped else ""
    return _NotRun(f"Keras does not run{of}{at}{said}: {failure.message}", remedy)
