"""Which layers of a program need no name, since Keras gives them theirs by itself in a fresh process.

Keras numbers whatever is made without a name: layers, those inside other layers, operations of functions.
"""

import json
import re

from seqshape.convert import NotWritable, Subject
from seqshape.convert._building import program_of
from seqshape.convert._inside import Inside, models_in
from seqshape.convert._layers import Layers
from seqshape.convert._names import with_number
from seqshape.convert._program import Call, Program, calls_of
from seqshape.engine.catalogue import module_of
from seqshape.engine.question import Call as Asked
from seqshape.engine.steps import Steps
from seqshape.spec import plain_arguments
from seqshape.spec_reader import snake_case
from seqshape.tree import Json

_INPUT = "input_layer"
"""What Keras calls the layer where data comes in."""


def unnamed(subject: Subject, program: Program, layers: Layers) -> frozenset[int]:
    """The nodes whose layers get the right name where none is given.

    Raises:
        NotWritable: Keras gives an operation the name of a layer.

    """
    return frozenset(_count(subject, program, layers, {}, named=False))


def _count(
    subject: Subject, program: Program, layers: Layers, counts: dict[str, int], *, named: bool
) -> list[int]:
    """Counts what a program makes, in order; the nodes that need no name, none where all are `named`."""
    found: list[int] = []
    operations: dict[str, Call] = {}
    for call in calls_of(program.items):
        node = call.node
        if node.entry.reuse is not None:
            continue
        if layers.type(node).startswith("ops."):
            for step in steps_of(call, subject, layers).steps:
                base = re.sub(r"_[0-9]+\Z", "", str(json.loads(step.config)["config"]["name"]))
                operations[_next(counts, base)] = call
            continue
        _count_inside(layers.essential(node), models_in(node, layers), counts)
        if named:
            continue
        base = _INPUT if layers.type(node) == "Input" else snake_case(layers.type(node))
        if with_number(base, counts.get(base, 0)) == program.names[node.index]:
            _next(counts, base)
            found.append(node.index)
    for call in calls_of(program.items):
        name = program.names.get(call.node.index)
        if name in operations and not layers.type(call.node).startswith("ops."):
            entry = operations[name].node.entry
            reason = f"Keras calls the operation of `{entry.name.text}` `{name}` too; give one another name"
            raise NotWritable(call.node.entry.place, call.node.name, reason)
    return found


def steps_of(call: Call, subject: Subject, layers: Layers) -> Steps:
    """The operations of a function's call."""
    given = layers.given(call.node)
    keywords = json.dumps(plain_arguments(call.node.entry.call))
    return subject.keras.steps(Asked(layers.definition(call.node), given, keywords), layers.world)


def _next(counts: dict[str, int], base: str) -> str:
    number = counts.get(base, 0)
    counts[base] = number + 1
    return with_number(base, number)


def _count_inside(
    arguments: Json, models: dict[str, Inside], counts: dict[str, int], argument: str = ""
) -> None:
    """Counts what has no name inside an argument: layers, and what the models there make."""
    if isinstance(arguments, list):
        for item in arguments:
            _count_inside(item, models, counts, argument)
    elif isinstance(arguments, dict):
        for key, item in arguments.items():
            if isinstance(item, dict | list):
                _count_inside(item, models, counts, key)
        type_name, calls = arguments.get("type"), arguments.get("layers")
        if isinstance(type_name, str) and "name" not in arguments and module_of(argument) is None:
            _next(counts, snake_case(type_name))
        if isinstance(calls, str) and (inside := models.get(calls)) is not None:
            program = program_of(inside.subject)
            _count(inside.subject, program, inside.layers, counts, named=True)
            if inside.chain:
                _next(counts, _INPUT)  # a Sequential makes its own when it is called
