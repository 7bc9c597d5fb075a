"""One entry more behind the one of which another shape is expected: it takes over the name."""

from collections.abc import Iterator

from seqshape.graph import Node
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.kinds.insertions import Between, layers_between, unknown_sizes, without_invented
from seqshape.repairs.naming import with_arguments
from seqshape.repairs.references import fresh
from seqshape.repairs.what_if import Overlay
from seqshape.revisions import DropValue, Insert, Revision, SetValue
from seqshape.spec import Axis, Expectation
from seqshape.tree import Json

_LATER = 0.3
"""More than for an entry before it, which leaves the names alone."""


def offer(case: Case) -> Iterator[Candidate]:
    """Layers that make what is expected out of what comes out, where nothing reads that."""
    wanted, node = case.goal.expected, case.node
    made = case.what_if.outputs_of(node.index)
    read = {link.source for each in case.graph.nodes for feed in each.feeds for link in feed.links}
    if wanted is None or node.index in read or len(made) != 1 or node.block is not None:
        return
    if not _expects_a_shape_alone(node.entry.expect):
        return
    tensor = made[0].tensor
    shape = tuple(size for size in tensor.shape[1:] if size is not None)
    target = tuple(axis for axis in wanted.expected[1:] if isinstance(axis, int))
    if len(shape) != len(tensor.shape) - 1:
        return
    unknown = unknown_sizes(case, node.index, tensor)
    for each in layers_between(shape, [target], [target]):
        between = without_invented(each, unknown)
        found = () if between is None else case.what_if.alone(between.layer, tensor)
        if between is not None and len(found) == 1 and case.as_expected(found[0].tensor.shape):
            yield _candidate(case, node, between)


def _expects_a_shape_alone(expect: Expectation) -> bool:
    """Whether an entry's expectation is nothing, or the shape of its output."""
    shapes = expect.shapes
    return not (expect.budgets or expect.dtype or len(shapes) > 1 or any(each.output for each in shapes))


def _candidate(case: Case, node: Node, between: Between) -> Candidate:
    place, layer = node.entry.place, between.layer
    new: dict[str, Json] = {"name": node.name, **layer}
    revisions: list[Revision] = [SetValue(place, ("name",), fresh(f"{node.name}_before", case.graph))]
    for each in node.entry.expect.shapes:
        new["expect"] = {"shape": [_axis(axis, number) for number, axis in enumerate(each.axes)]}
        revisions.append(DropValue(place, ("expect",)))
    return Candidate(
        title=f"insert {with_arguments(layer)} behind `{node.title}`, under its name",
        cost=between.cost + _LATER,
        revisions=(*revisions, Insert(place, new, behind=True)),
        overlay=Overlay(),
        layer=node.title,
        argument="inputs",
        place=place,
        subject=(place, "behind", str(layer["type"])),
        asked=False,
    )


def _axis(axis: Axis, number: int) -> Json:
    return "batch" if axis is None and number == 0 else axis
