"""Counts the multiply-accumulates in a graph of TensorFlow's operations, loops and functions included.

This is all that is known here: what the few operations multiply that are products of matrices or
convolutions. How often one multiplies follows from the shapes of its operands, as TensorFlow defines it:
https://www.tensorflow.org/api_docs/python/tf/raw_ops, under the name of each. Of Keras's layers nothing is
known. Operations that lead to no output are passed over, as TensorFlow prunes them before it runs a graph.
"""

from collections.abc import Callable, Iterable, Iterator
from math import prod
from typing import Any

import tensorflow

from seqshape.engine.question import Cost
from seqshape.engine.stepping import times

_FUNCTIONS = frozenset(("PartitionedCall", "StatefulPartitionedCall"))
_LOOPS = frozenset(("While", "StatelessWhile"))
_BRANCHES = frozenset(("If", "StatelessIf", "Case", "StatelessCase"))
_PASSING = frozenset(("Squeeze", "Reshape", "Identity"))
_OTHER = (
    *("FFT", "IFFT", "RFFT", "IRFFT", "Qr", "Svd", "Cholesky", "Matrix", "SelfAdjointEig", "Eig", "Lu"),
    *(
        "SparseTensorDense",
        "SparseMat",
        "CudnnRNN",
        "Xla",
        "SegmentSum",
        "Quantized",
        "UniformQuantized",
        "Tridiagonal",
    ),
    *("ResizeBilinear", "ResizeBicubic", "ScaleAndTranslate", "ImageProjectiveTransform", "Dilation2D"),
)
"""How the names of operations begin that multiply and sum in another way; they are named, not counted."""
_NO_WORK = ("MatrixBandPart", "MatrixDiag", "MatrixSetDiag")
"""Names among them that only move elements."""


def counted(graph: Any, outputs: Iterable[Any]) -> Cost:
    """The products in a graph on the way to some of its tensors."""
    uncounted: dict[str, None] = {}
    return Cost(_counted(graph, outputs, uncounted), tuple(uncounted))


def _counted(graph: Any, outputs: Iterable[Any], uncounted: dict[str, None]) -> int:
    number = 0
    for operation in _needed(outputs):
        type_, often = operation.type, times(operation)
        if type_ in _PRODUCTS:
            number += often * _PRODUCTS[type_](operation)
        elif type_ in _FUNCTIONS:
            number += often * _inside(graph, operation.get_attr("f"), uncounted)
        elif type_ in _LOOPS:
            body = _inside(graph, operation.get_attr("body"), uncounted)
            rounds = _rounds(graph, operation) if body else 0
            if rounds is None:
                uncounted["a loop that goes round an unknown number of times"] = None
            number += often * body * (rounds or 0)
        elif type_ in _BRANCHES:
            dearest = max((_inside(graph, each, uncounted) for each in _branches(operation)), default=0)
            number += often * dearest
        elif type_.startswith(_OTHER) and not type_.startswith(_NO_WORK):
            uncounted[type_] = None
    return number


def _needed(outputs: Iterable[Any]) -> Iterator[Any]:
    """The operations on the way to some tensors, each once."""
    todo = [tensor.op for tensor in outputs]
    met: set[str] = set()
    while todo:
        operation = todo.pop()
        if operation.name not in met:
            met.add(operation.name)
            yield operation
            todo.extend(tensor.op for tensor in operation.inputs)
            todo.extend(operation.control_inputs)


def _inside(graph: Any, function: Any, uncounted: dict[str, None]) -> int:
    """The products in a function of a graph."""
    inner = _function(graph, function.name)
    return _counted(inner, inner.outputs, uncounted)


def _function(graph: Any, name: str) -> Any:
    """The graph of a function that stands in this graph or in one round it."""
    while graph is not None:
        found = graph._get_function(name)
        if found is not None:
            return found.graph
        graph = getattr(graph, "outer_graph", None)
    raise LookupError(name)


def _branches(operation: Any) -> Iterable[Any]:
    """The functions of a choice, of which one runs: the dearest is counted."""
    if operation.type.endswith("Case"):
        branches: Iterable[Any] = operation.get_attr("branches")
        return branches
    return (operation.get_attr("then_branch"), operation.get_attr("else_branch"))


def _rounds(graph: Any, loop: Any) -> int | None:
    """How often a loop goes round at most; None where that hangs on what flows in."""
    most = loop.inputs[1]  # as `tf.while_loop` lowers it: the counter, the most rounds, then its variables
    reached = list(_needed([most]))
    if any(each.type == "Placeholder" for each in reached):
        return None
    with tensorflow.compat.v1.Session(graph=graph) as session:
        rounds = int(session.run(most))
    return rounds if rounds >= 0 else None


# What the operations multiply.


def _size(tensor: Any) -> int:
    return prod(int(axis) for axis in tensor.shape)


def _matrices(operation: Any) -> int:
    """Each element of the result sums over one axis of the first matrix."""
    type_ = operation.type
    turned = operation.get_attr("transpose_a" if type_ == "MatMul" else "adj_x")
    return _size(operation.outputs[0]) * int(operation.inputs[0].shape[-2 if turned else -1])


def _einsum(operation: Any) -> int:
    """Each combination of the two operands' axes is one product.

    An axis that only one operand has, and the result has not, is summed before.
    """
    if len(operation.inputs) != 2:
        return 0
    left, _, right = operation.get_attr("equation").decode().replace(" ", "").partition("->")
    terms = left.split(",")
    sizes: dict[str, int] = {}
    for term, tensor in zip(terms, operation.inputs, strict=True):
        shape = [int(axis) for axis in tensor.shape]
        before, dots, after = term.partition("...")
        middle = len(shape) - len(before) - len(after) if dots else 0
        labels = [*before, *(f".{each}" for each in range(middle, 0, -1)), *after]
        for label, size in zip(labels, shape, strict=True):
            sizes[label] = max(size, sizes.get(label, 1))
    kept = set(right) | {label for label in sizes if all(label in term for term in terms)}
    return prod(size for label, size in sizes.items() if label in kept or label.startswith("."))


def _window(operation: Any, shared: int) -> int:
    """The elements of a filter for each element of what it gives: all its axes but the last `shared`."""
    return prod(int(axis) for axis in operation.inputs[1].shape[:-shared])


def _convolution(operation: Any) -> int:
    """Each element of the result is a sum over a window: a filter is (…, channels in a group, filters)."""
    return _kept(operation.outputs[0]) * _window(operation, 1)


def _depthwise(operation: Any) -> int:
    """The same on one channel: a filter is (height, width, channels, multiplier)."""
    return _kept(operation.outputs[0]) * _window(operation, 2)


def _transposed(operation: Any) -> int:
    """Each element of what goes in is multiplied with a whole window of what comes out."""
    return _size(operation.inputs[2]) * _window(operation, 1)


def _transposed_depthwise(operation: Any) -> int:
    """The same on one channel."""
    return _size(operation.inputs[2]) * _window(operation, 2)


def _kept(tensor: Any) -> int:
    """The elements of a convolution's result; dilated ones are made from blocks, some elements cut off."""
    result = tensor
    while True:
        users = tensor.consumers()
        if len(users) != 1:
            return _size(result)
        if users[0].type == "BatchToSpaceND":
            return _size(users[0].outputs[0])
        if users[0].type not in _PASSING:
            return _size(result)
        tensor = users[0].outputs[0]


_PRODUCTS: dict[str, Callable[[Any], int]] = {
    "MatMul": _matrices,
    "BatchMatMul": _matrices,
    "BatchMatMulV2": _matrices,
    "BatchMatMulV3": _matrices,
    "Einsum": _einsum,
    "Conv2D": _convolution,
    "Conv3D": _convolution,
    "DepthwiseConv2dNative": _depthwise,
    "Conv2DBackpropInput": _transposed,
    "Conv3DBackpropInputV2": _transposed,
    "DepthwiseConv2dNativeBackpropInput": _transposed_depthwise,
}
