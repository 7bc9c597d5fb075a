"""A report against the model that Keras has: every call of every layer, nested ones too, and the totals."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

import keras
from keras.src.ops.function import make_node_key

from seqshape import Report


@dataclass(frozen=True)
class Called:
    """One call of an operation of a model: the shapes and dtypes it gives, and what it counts."""

    name: str
    tensors: tuple[tuple[tuple[int | None, ...], str], ...]
    params: int
    trainable: int


def size(weights: list[Any]) -> int:
    """Elements of weights; nothing need be allocated."""
    return sum(prod(weight.shape) for weight in weights)


def calls(
    model: keras.Model, told: set[int], inner: bool = False, top: "set[int] | None" = None
) -> Iterator[Called]:
    """The calls of a model's operations; `told` are those whose weights were counted.

    `top` are the weights that the outermost model trains: a layer's own flag is not all that counts.
    """
    top = {id(weight) for weight in model.trainable_weights} if top is None else top
    functional = model._functional if isinstance(model, keras.Sequential) else model
    for operation in functional.operations:
        if inner and isinstance(operation, keras.layers.InputLayer):
            continue
        for number, node in enumerate(operation._inbound_nodes):
            if make_node_key(operation, number) not in functional._nodes:
                continue
            if isinstance(operation, keras.Model):
                yield from calls(operation, told, inner=True, top=top)
                continue
            tensors = tuple(
                (tuple(tensor.shape), keras.backend.standardize_dtype(tensor.dtype))
                for tensor in keras.tree.flatten(node.output_tensors)
            )
            first = id(operation) not in told and isinstance(operation, keras.Layer)
            told.add(id(operation))
            weights = operation.weights if first else []
            trainable = [weight for weight in weights if id(weight) in top]
            yield Called(operation.name, tensors, size(weights), size(trainable))


def found(report: Report) -> list[Called]:
    """The rows of a report in the same words; a later call has the name of its layer."""
    return [
        Called(
            row.name if row.shares is None else row.shares.rpartition(".")[2],
            tuple((each.tensor.shape, each.tensor.dtype) for each in row.outputs),
            row.params,
            row.trainable_params,
        )
        for row in report.rows
    ]


def agree(report: Report, model: keras.Model) -> None:
    """Fails where they differ.

    Inputs stand in the order in which the model takes them. A layer that is called again has its later
    rows where their inputs are there, which Keras's list of layers does not say.
    """
    errors = [
        (item.code, item.layer, item.message) for item in report.diagnostics if item.severity == "error"
    ]
    assert errors == []
    rows, expected = found(report), list(calls(model, set()))
    assert sorted(map(repr, rows)) == sorted(map(repr, expected))
    inputs = [tensor._keras_history.operation.name for tensor in model.inputs]
    names = [row.name for row in rows]
    assert [name for name in names if name in inputs] == inputs
    if len({each.name for each in expected}) == len(expected):
        wanted = [each.name for each in expected]
        assert [name for name in names if name not in inputs] == [
            name for name in wanted if name not in inputs
        ]
    assert report.totals.params == size(model.weights)
    assert report.totals.trainable_params == size(model.trainable_weights)
