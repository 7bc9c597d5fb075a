"""What a spec expects against what Keras said: `expect` of the entries, the blocks and the spec."""

from collections.abc import Iterator, Sequence

from seqshape.engine.tensors import Output
from seqshape.faults import AmbiguousOutput, Fault, UnknownOutput, UnknownReference
from seqshape.graph import Graph
from seqshape.report import Row
from seqshape.shape_faults import CountDiffers, DtypeDiffers, ShapeDiffers
from seqshape.spec import Budget, Expectation, ExpectedShape, Spec

_NOTHING = Expectation()


def check(spec: Spec, graph: Graph, rows: tuple[Row, ...]) -> tuple[Fault, ...]:
    """Every expectation that does not hold. What was not built is not judged."""
    faults: dict[Fault, None] = {}
    for node, row in zip(graph.nodes, rows, strict=True):
        if row.status == "ok" and node.entry.expect != _NOTHING:
            faults.update(dict.fromkeys(_entry(node.entry.expect, node.name, row, [row])))
    for copy in graph.blocks:
        inside = rows[copy.first : copy.end]
        expect = copy.block.expect
        if expect != _NOTHING and inside and all(row.status == "ok" for row in inside):
            name = copy.path
            faults.update(dict.fromkeys(_entry(expect, name, inside[-1], inside)))
    faults.update(dict.fromkeys(_whole(spec, rows)))
    return tuple(faults)


def _entry(expect: Expectation, name: str, last: Row, inside: Sequence[Row]) -> Iterator[Fault]:
    for shape in expect.shapes:
        yield from _shape(shape, name, last.outputs)
    for budget in expect.budgets:
        yield from _budget(budget, name, inside)
    if expect.dtype is not None:
        for output in last.outputs[:1]:
            if output.tensor.dtype != expect.dtype.text:
                place = expect.dtype.place
                yield DtypeDiffers(place, name, expect.dtype.text, output.tensor.dtype)


def _whole(spec: Spec, rows: tuple[Row, ...]) -> Iterator[Fault]:
    """The spec's own expectations; its counts are judged where every layer was built."""
    by_name = {row.path: row for row in rows}
    for shape in spec.expect.shapes:
        if shape.output is None:
            continue
        reference = shape.output.text
        head, _, output = reference.rpartition(".")
        row = by_name.get(reference)
        if row is None and (row := by_name.get(head)) is not None and row.status == "ok":
            yield from _named(shape, row.name, output, row.outputs)
        elif row is None:
            yield UnknownReference(shape.output.place, "", reference, tuple(by_name)[-200:])
        elif row.status == "ok" and len(row.outputs) > 1:
            names = tuple(found.name for found in row.outputs)
            yield AmbiguousOutput(shape.output.place, "", reference, names)
        elif row.status == "ok":
            yield from _differs(shape, row.name, row.outputs[0], several=False)
    if all(row.status == "ok" for row in rows):
        for budget in spec.expect.budgets:
            yield from _budget(budget, "", rows)


def _shape(shape: ExpectedShape, name: str, outputs: Sequence[Output]) -> Iterator[Fault]:
    """An entry's expectation: of an output by name, or of its first one."""
    if shape.output is not None:
        yield from _named(shape, name, shape.output.text, outputs)
    elif outputs:
        yield from _differs(shape, name, outputs[0], len(outputs) > 1)


def _named(shape: ExpectedShape, name: str, output: str, outputs: Sequence[Output]) -> Iterator[Fault]:
    for number, found in enumerate(outputs):
        if output in (found.name, str(number)):
            yield from _differs(shape, name, found, len(outputs) > 1)
            return
    place = shape.output.place if shape.output is not None else shape.place
    names = tuple(found.name for found in outputs)
    yield UnknownOutput(place, name, name, output, names)


def _differs(shape: ExpectedShape, name: str, output: Output, several: bool) -> Iterator[Fault]:
    found = output.tensor.shape
    same = len(found) == len(shape.axes) and all(
        expected == "any" or expected == axis for expected, axis in zip(shape.axes, found, strict=True)
    )
    if not same:
        yield ShapeDiffers(shape.place, name, output.name if several else "", shape.axes, found)


def _budget(budget: Budget, name: str, rows: Sequence[Row]) -> Iterator[Fault]:
    found = sum(int(getattr(row, budget.quantity)) for row in rows)
    least = budget.exact if budget.exact is not None else budget.least
    most = budget.exact if budget.exact is not None else budget.most
    if (least is not None and found < least) or (most is not None and found > most):
        yield CountDiffers(
            budget.place, name, budget.quantity, budget.exact, budget.least, budget.most, found
        )
