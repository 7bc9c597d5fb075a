"""What flows where in a model, as values that are equal where the wiring is: of a report, and of Keras.

A call is its layer's name and type, what it gives, and what it reads in the order of its
parameters. Functions count as
what they read in the end: Keras may have several operations for one of them.
"""

import inspect
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import keras

from seqshape.convert import Subject
from seqshape.convert._building import program_of
from seqshape.graph import owner_of

_TOGETHER = "together"


def wiring_of(subject: Subject) -> list[object]:
    """What each output of a spec's model is made of."""
    given: list[list[object]] = []
    program = program_of(subject)
    for row, node in zip(subject.rows, subject.graph.nodes, strict=True):
        known = subject.catalogue.find(row.type, None)
        order = list(known.call.names()) if known is not None else []
        fed = sorted(
            (each for each in row.fed if not _is_filled_in(each.parameter, order)),
            key=lambda each: 0 if each.parameter is None else order.index(each.parameter),
        )
        read = [given[each.source][each.output] for one in fed for each in one.tensors]
        own = [(each.tensor.shape, each.tensor.dtype) for each in row.outputs]
        owner = owner_of(node, subject.graph)
        if row.type in ("Input", "InputLayer"):
            given.append([hash(("Input", program.names[node.index], *own))])
        elif row.type.startswith("ops."):
            given.append([_together(read)] * len(own))
        else:
            given.append(_call(program.names[owner.index], row.type, own, read))
    return [given[value.node][value.output] for value in program.outputs]


def wiring_in(model: Any) -> list[object]:
    """What each output of a model of Keras is made of."""
    inputs = [each._keras_history.operation.name for each in model.inputs]
    facts = _facts(model.inputs)
    return _model(model, [hash(("Input", *each)) for each in zip(inputs, facts, strict=True)])


def _model(model: Any, inputs: Sequence[object]) -> list[object]:
    functional = model._functional if isinstance(model, keras.Sequential) else model
    values = {id(each): value for each, value in zip(functional.inputs, inputs, strict=True)}
    for depth in sorted(functional._nodes_by_depth, reverse=True):
        for node in functional._nodes_by_depth[depth]:
            if not node.is_input:
                values.update(zip(map(id, node.outputs), _node(node, values), strict=True))
    return [values[id(each)] for each in functional.outputs]


def _node(node: Any, values: Mapping[int, object]) -> list[object]:
    operation = node.operation
    read = [values[id(each)] for each in node.input_tensors]
    if isinstance(operation, keras.Model):
        return _model(operation, read)
    if not isinstance(operation, keras.Layer):
        return [_together(read)] * len(node.outputs)
    parameters = inspect.signature(operation.call).parameters
    bound = inspect.signature(operation.call).bind(*node.arguments.args, **node.arguments.kwargs)
    read = [
        values[id(each)]
        for name, value in bound.arguments.items()
        if not _is_filled_in(name, parameters)
        for each in keras.tree.flatten(value)
        if id(each) in values
    ]
    return _call(operation.name, type(operation).__name__, _facts(node.outputs), read)


def _is_filled_in(parameter: str | None, parameters: Collection[str]) -> bool:
    """Whether Keras fills in a parameter by itself: the mask of what another one is given."""
    return parameter is not None and (
        parameter == "mask" or (parameter[-5:] == "_mask" and parameter[:-5] in parameters)
    )


def _facts(tensors: Sequence[Any]) -> list[tuple[object, ...]]:
    return [(tuple(each.shape), keras.backend.standardize_dtype(each.dtype)) for each in tensors]


def _call(name: str, type_name: str, outputs: Sequence[object], read: Sequence[object]) -> list[object]:
    """A value for each output of a call."""
    unnumbered = re.sub(r"_[0-9]+\Z", "", name)  # Keras numbers what is made inside layers too
    call = hash((unnumbered, type_name.rpartition(">")[2], tuple(outputs), tuple(read)))
    return [hash((call, number)) for number in range(len(outputs))]


def _together(read: Sequence[object]) -> object:
    """What a function gives: all that it reads, through other functions too."""
    leaves: set[object] = set()
    for each in read:
        leaves |= each[1] if isinstance(each, tuple) and each[0] == _TOGETHER else {each}
    return (_TOGETHER, frozenset(leaves))
