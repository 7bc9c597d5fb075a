"""Which layers of a program need no name, since Keras gives them theirs by itself in a fresh process.

Keras numbers whatever is made without a name: layers, those inside other layers, operations of functions.
"""

import json
import re
from collections.abc import Iterator

from seqshape.convert import NotWritable, Subject
from seqshape.convert._layers import Layers
from seqshape.convert._names import with_number
from seqshape.convert._program import Call, Program, calls_of
from seqshape.engine.catalogue import module_of
from seqshape.engine.question import Call as Asked
from seqshape.engine.steps import Steps
from seqshape.spec import plain_arguments
from seqshape.spec_reader import snake_case
from seqshape.tree import Json


def unnamed(subject: Subject, program: Program, layers: Layers) -> frozenset[int]:
    """The nodes whose layers get the right name where none is given.

    Raises:
        NotWritable: Keras gives an operation the name of a layer.

    """
    counts: dict[str, int] = {}
    found: set[int] = set()
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
        for inner in _inside(layers.essential(node)):
            _next(counts, inner)
        base = "input_layer" if layers.type(node) == "Input" else snake_case(layers.type(node))
        if with_number(base, counts.get(base, 0)) == program.names[node.index]:
            _next(counts, base)
            found.add(node.index)
    for call in calls_of(program.items):
        name = program.names.get(call.node.index)
        if name in operations and not layers.type(call.node).startswith("ops."):
            entry = operations[name].node.entry
            reason = f"Keras calls the operation of `{entry.name.text}` `{name}` too; give one another name"
            raise NotWritable(call.node.entry.place, call.node.name, reason)
    return frozenset(found)


def steps_of(call: Call, subject: Subject, layers: Layers) -> Steps:
    """The operations of a function's call."""
    given = layers.given(call.node)
    keywords = json.dumps(plain_arguments(call.node.entry.call))
    return subject.keras.steps(Asked(layers.definition(call.node), given, keywords), layers.world)


def _next(counts: dict[str, int], base: str) -> str:
    number = counts.get(base, 0)
    counts[base] = number + 1
    return with_number(base, number)


def _inside(arguments: Json, argument: str = "") -> Iterator[str]:
    """What the automatic names begin with of the layers inside an argument that have no names."""
    if isinstance(arguments, list):
        for item in arguments:
            yield from _inside(item, argument)
    elif isinstance(arguments, dict):
        for key, item in arguments.items():
            if isinstance(item, dict | list):
                yield from _inside(item, key)
        type_name = arguments.get("type")
        if isinstance(type_name, str) and "name" not in arguments and module_of(argument) is None:
            yield snake_case(type_name)
