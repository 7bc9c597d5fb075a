"""Which axes of a spec's Inputs have no known size, and by what names a user knows them."""

from collections.abc import Iterator

from seqshape.engine.tensors import Output
from seqshape.graph import Graph, Node
from seqshape.shape_faults import Unknown
from seqshape.sizes import names
from seqshape.spec import Spec
from seqshape.tree import Scalar, Sequence, Value


def unknown_axes(
    graph: Graph, spec: Spec, inputs: dict[int, tuple[Output, ...]]
) -> tuple[tuple[Unknown, ...], int | None, frozenset[str]]:
    """Every unknown axis of the Inputs; the batch's size if one is fixed; the dims that are the batch."""
    found: list[Unknown] = []
    axes_of: dict[str, list[tuple[int, str]]] = {}
    batches: set[int | None] = set()
    batch_dims: set[str] = set()
    for index, outputs in inputs.items():
        node = graph.nodes[index]
        for output in outputs:
            shape = output.tensor.shape
            batches.update(shape[:1])
            named = _dims_of(node, spec)
            for number, size in enumerate(shape):
                dims = named.get(number - len(shape), ())
                if size is None and number == 0:
                    batch_dims.update(dims)
                elif size is None:
                    label = f"axis {number} of `{node.path}`"
                    for dim in dims:
                        axes_of.setdefault(dim, []).append((index, label))
                    if not dims:
                        place = node.entry.place
                        found.append(Unknown(label, place, axis=number, nodes=(index,), where=(label,)))
    for dim, axes in axes_of.items():
        nodes, where = zip(*axes, strict=True)
        place = graph.nodes[nodes[0]].entry.place
        found.append(Unknown(f"`{dim}`", place, dim, nodes=nodes, where=where))
    if None in batches:
        first = graph.nodes[min(inputs)]
        found.append(Unknown("the batch", first.entry.place))
    unmet = (dim for dim in spec.unknown_dims if dim not in axes_of)
    found.extend(Unknown(f"`{dim}`", graph.nodes[0].entry.place, dim) for dim in unmet)
    known = sorted(size for size in batches if size is not None)
    return tuple(found), known[0] if len(known) == 1 else None, frozenset(batch_dims)


def _dims_of(node: Node, spec: Spec) -> dict[int, tuple[str, ...]]:
    """The unknown dims that an Input's axes are written with, by axis from the end."""
    named: dict[int, tuple[str, ...]] = {}
    for argument in node.entry.arguments:
        if argument.name.text in ("shape", "batch_shape") and isinstance(argument.value, Sequence):
            for back, item in enumerate(reversed(argument.value.items), start=1):
                if isinstance(item, Scalar) and item.value is None:
                    words = [word for word in names(item.text) if word in spec.dims]
                    unknown = tuple(word for word in words if word in spec.unknown_dims)
                    named[-back] = unknown or (spec.unknown_dims if words else ())
    return named


def sizes_in(graph: Graph) -> frozenset[int]:
    """Every whole number in the arguments of a graph."""
    return frozenset(number for node in graph.nodes for number in numbers_of(node))


def numbers_of(node: Node) -> Iterator[int]:
    """Every whole number in the arguments of a node, inside lists and mappings too."""
    todo: list[Value] = [argument.value for argument in node.entry.arguments]
    while todo:
        value = todo.pop()
        if isinstance(value, Scalar):
            if isinstance(value.value, int) and not isinstance(value.value, bool):
                yield value.value
        elif isinstance(value, Sequence):
            todo.extend(value.items)
        else:
            todo.extend(item for _, item in value.items)
