"""The names that Keras gives by itself to what a program makes, in a fresh process.

Keras numbers whatever is made without a name: layers, those that they make inside, operations. How much
of that each call uses up is asked of Keras; here it is added up, in the order of the program.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from seqshape.convert import NotWritable, Subject
from seqshape.convert._inside import is_chain
from seqshape.convert._layers import Layers
from seqshape.convert._names import number_of, numbered, with_number
from seqshape.convert._program import Call, Program, calls_of
from seqshape.engine.question import Call as Asked
from seqshape.engine.steps import Steps
from seqshape.graph import Node
from seqshape.spec import plain_arguments

_SEQUENTIAL = ("sequential", "input_layer", "functional")
"""What Keras names where a Sequential is made and called."""


@dataclass(slots=True)
class Numbering:
    """Goes through the calls of a model in their order.

    `names` are those that Keras gives where none is said: of layers that have no name of their own, and of
    functions. `unnamed` are the nodes whose layers get the right name so. `before` says of the call of a
    function how often the names that it uses were taken before. `right` are all nodes that have such a
    name. Where it `follows`, numbers go on behind those of the names that layers must have.
    """

    layers: Layers
    follows: bool = False
    names: dict[int, str] = field(default_factory=dict)
    unnamed: set[int] = field(default_factory=set)
    before: dict[int, dict[str, int]] = field(default_factory=dict)
    right: set[int] = field(default_factory=set)
    _counts: Counter[str] = field(default_factory=Counter)

    def run(self, calls: Iterable[Call], fixed: Mapping[int, str], automatic: Collection[int]) -> None:
        """Numbers the calls; `fixed` are names that layers must have, `automatic` those that have none."""
        for call in calls:
            node = call.node
            used = self.layers.automatic(node)
            function = self.layers.type(node).startswith("ops.")
            if function:
                self.before[node.index] = {base: self._counts[base] for base, _ in used.counts}
            if node.entry.reuse is not None or not used.base:
                self._counts.update(dict(used.counts_named))
                continue
            name = with_number(used.base, self._counts[used.base] + used.number)
            free = function or node.index in automatic or fixed.get(node.index) == name
            if function or node.index in automatic:
                self.names[node.index] = name
            if free and not function:
                self.unnamed.add(node.index)
            self._counts.update(dict(used.counts if free else used.counts_named))
            for base in _SEQUENTIAL:
                self._counts[base] += _chains(node)
            own = fixed.get(node.index, "")
            if own == name:
                self.right.add(node.index)
            elif self.follows and numbered(own, used.base):
                self._counts[used.base] = max(self._counts[used.base], number_of(own, used.base) + 1)


def unnamed(subject: Subject, program: Program, layers: Layers) -> frozenset[int]:
    """The nodes whose layers get the right name where none is given.

    Raises:
        NotWritable: Keras gives an operation the name of a layer.

    """
    numbering = Numbering(layers)
    calls = tuple(calls_of(program.items))
    numbering.run(calls, program.names, ())
    operations: dict[str, Call] = {}
    for call in calls:
        before = numbering.before.get(call.node.index)
        if before is None:
            continue
        for step in steps_of(call, subject, layers).steps:
            own = str(json.loads(step.config)["config"]["name"])
            base, _, number = (own, "", "0") if own in before else own.rpartition("_")
            operations[with_number(base, before.get(base, 0) + int(number))] = call
    for call in calls:
        name = program.names.get(call.node.index)
        if name in operations and not layers.type(call.node).startswith("ops."):
            entry = operations[name].node.entry
            reason = f"Keras calls the operation of `{entry.name.text}` `{name}` too; give one another name"
            raise NotWritable(call.node.entry.place, call.node.name, reason)
    return frozenset(numbering.unnamed)


def steps_of(call: Call, subject: Subject, layers: Layers) -> Steps:
    """The operations of a function's call."""
    given = layers.given(call.node)
    keywords = json.dumps(plain_arguments(call.node.entry.call))
    return subject.keras.steps(Asked(layers.definition(call.node), given, keywords), layers.world)


def _chains(node: Node) -> int:
    """How many models inside a layer are written as a Sequential."""
    return sum(is_chain(graph) + sum(_chains(each) for each in graph.nodes) for _, graph in node.models)
