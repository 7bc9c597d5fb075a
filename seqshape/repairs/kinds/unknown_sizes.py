"""A size for an axis of an Input that the spec leaves unknown, where a layer's weights need it.

Another Input may have it, or an expectation; where nothing says it, a likely one stands for that of
the user's data.
"""

from collections.abc import Iterator
from dataclasses import replace

from seqshape.graph import Node
from seqshape.repairs import costs
from seqshape.repairs.interface import PROBED, Candidate, Case
from seqshape.repairs.naming import setting
from seqshape.repairs.what_if import Layer, Overlay
from seqshape.revisions import Path, SetTop
from seqshape.tree import Scalar, Sequence

_FAR = 40
_SAID = -0.1
"""Less than for another number: that none is there is what is wrong."""
_EXPECTED = 0.1
_CHANNELS, _FEATURES = 3, 1
"""What an image and a series have at least."""

Shape = tuple[int | None, ...]


def offer(case: Case) -> Iterator[Candidate]:
    """Sizes for the unknown axes that come to the failing layer as they flow in."""
    if not case.lacks_sizes:
        return
    needed = _needed(case)
    for node, distance, layer in case.layers(_FAR):
        shape = _plain(case, node)
        sized = case.what_if.outputs_of(node.index)
        if node.feeds or not shape or not sized:
            continue
        for axis, (size, known) in enumerate(zip(shape, sized[0].tensor.shape, strict=True)):
            path = _path(layer, axis)
            if size is None and known in needed and path:
                for value, cost in _values(case, node, shape, axis).items():
                    yield _candidate(case, node, layer, path, value, cost + costs.STEP * distance)


def _path(layer: Layer, axis: int) -> Path:
    """The way to the size of an axis in the words of an Input; nothing where it says none."""
    for name, first in (("shape", 1), ("batch_shape", 0)):
        if isinstance(layer.get(name), list):
            return (name, axis - first)
    return ()


def _candidate(case: Case, node: Node, layer: Layer, path: Path, value: int, cost: float) -> Candidate:
    """A size in an Input's shape, or for the dim that stands there."""
    found = setting(case, node, layer, path, value, cost)
    dim = _word(node, path)
    if dim in case.spec.dims:
        found = replace(found, title=f"set `{dim}: {value}` in `dims`", asked=False)
        found = replace(found, revisions=(SetTop(("dims", dim), value),), overlay=Overlay())
    if cost >= costs.GUESSED:
        found = replace(found, title=f"{found.title}, with the size of your data for {value}")
    # what is said of other sizes of data, that they are as they are, is not so here
    return replace(found, path=())


def _word(node: Node, path: Path) -> str:
    """What stands at the end of a way, as it is written."""
    name, index = path
    values = (each.value for each in node.entry.arguments if each.name.text == name)
    sizes = next(values, None)
    item = sizes.items[int(index)] if isinstance(sizes, Sequence) else None
    return item.text if isinstance(item, Scalar) else ""


def _needed(case: Case) -> frozenset[int | None]:
    """What stands for the unknown axes of what flows in."""
    assert case.fault is not None
    given = [tensor.shape for each in case.inputs(case.node) for tensor in each.tensors]
    met = [each.shape for each in getattr(case.fault, "inputs", ())]
    return frozenset(
        known
        for sized, plain in zip(given, met, strict=False)
        for number, (known, size) in enumerate(zip(sized, plain, strict=False))
        if number and size is None
    )


def _values(case: Case, node: Node, shape: Shape, axis: int) -> dict[int, float]:
    """Sizes for an axis, the likeliest first: that of other Inputs, an expected one, or a likely one."""
    rank = len(shape)
    found: dict[int, float] = {}
    for other in case.graph.nodes:
        like = () if other.feeds or other.index == node.index else _plain(case, other)
        if len(like) == rank and (size := like[axis]) is not None:
            found.setdefault(size, costs.NUMBER + _SAID)
    expectations = [each for entry in case.graph.nodes for each in entry.entry.expect.shapes]
    for expected in (*case.spec.expect.shapes, *expectations):
        wanted = expected.axes[axis] if len(expected.axes) == rank else None
        if isinstance(wanted, int) and wanted < PROBED:
            found.setdefault(wanted, costs.NUMBER + _EXPECTED)
    if not found and axis == rank - 1:
        found[_CHANNELS if rank > 3 else _FEATURES] = costs.GUESSED
    return found


def _plain(case: Case, node: Node) -> Shape:
    """The shape that an Input has in the spec's own words."""
    made = case.rows[node.index].outputs
    return made[0].tensor.shape if made else ()
