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
from seqshape.convert._program import Call, Program, calls_by_model, calls_of
from seqshape.engine.automatic import Name
from seqshape.engine.question import Call as Asked
from seqshape.engine.steps import Steps
from seqshape.graph import Node
from seqshape.spec import plain_arguments

_SEQUENTIAL = ("sequential", "input_layer", "functional")
"""What Keras names where a Sequential is made and called."""


@dataclass(slots=True)
class Numbering:
    """Goes through the calls of a model in their order.

    `names` are those that Keras gives to layers which have none of their own. `unnamed` are the nodes whose
    layers get the right name where none is said, `right` those whose own name it is. `operations` are the
    names of operations, by node. Where it `follows`, numbers go on behind those of the names that layers
    must have.
    """

    layers: Layers
    follows: bool = False
    names: dict[int, str] = field(default_factory=dict)
    unnamed: set[int] = field(default_factory=set)
    right: set[int] = field(default_factory=set)
    operations: dict[int, list[str]] = field(default_factory=dict)
    _counts: Counter[str] = field(default_factory=Counter)

    def run(self, calls: Iterable[Call], fixed: Mapping[int, str], automatic: Collection[int]) -> None:
        """Numbers the calls; `fixed` are names that layers must have, `automatic` those that have none."""
        for call in calls:
            node = call.node
            found = self.layers.automatic(node)
            used, own = found.named, fixed.get(node.index, "")
            if node.entry.reuse is None and found.name is not None:
                name = self._now(found.name)
                if node.index in automatic:
                    self.names[node.index] = name
                if self.names.get(node.index, own) == name:
                    self.unnamed.add(node.index)
                    used = found.alone
                if own == name:
                    self.right.add(node.index)
            self.operations[node.index] = [self._now(each) for each in used.operations]
            self._counts.update(dict(used.counts))
            for base in _SEQUENTIAL:
                self._counts[base] += _chains(node)
            if self.follows and node.entry.reuse is None and node.index not in self.right:
                self._follow(own, found.name)

    def _follow(self, own: str, name: Name | None) -> None:
        """Goes on behind the number in a layer's own name, where it has one."""
        base = name[0] if name is not None else ""
        if base and numbered(own, base):
            self._counts[base] = max(self._counts[base], number_of(own, base) + 1)

    def _now(self, name: Name) -> str:
        """A name as it is after all that was made before."""
        base, number = name
        return with_number(base, self._counts[base] + number)


def unnamed(program: Program, layers: Layers) -> frozenset[int]:
    """The nodes whose layers get the right name where none is given.

    Raises:
        NotWritable: Keras gives an operation the name of a layer.

    """
    numbering = Numbering(layers)
    numbering.run(calls_of(program.items), program.names, ())
    for calls in calls_by_model(program.items):
        operations = {name: call for call in calls for name in numbering.operations[call.node.index]}
        for call in calls:
            name = program.names.get(call.node.index)
            if name in operations and not layers.type(call.node).startswith("ops."):
                by = operations[name].node
                reason = f"Keras calls an operation of `{by.path}` `{name}` too; give one another name"
                raise NotWritable(call.node.entry.place, call.node.name, reason)
    return frozenset(numbering.unnamed)


def steps_of(call: Call, subject: Subject, layers: Layers) -> Steps:
    """The operations of a function's call."""
    given = layers.given(call.node)
    keywords = json.dumps(plain_arguments(call.node.entry.call))
    return subject.keras.writing.steps(Asked(layers.definition(call.node), given, keywords), layers.world)


def _chains(node: Node) -> int:
    """How many models inside a layer are written as a Sequential."""
    return sum(is_chain(graph) + sum(_chains(each) for each in graph.nodes) for _, graph in node.models)
