"""A model that was built, as rules see it: its rows, what feeds what, and what its entries say.

Only sound rows take part. Nothing here asks Keras.
"""

from collections.abc import Collection, Iterator
from dataclasses import field

from seqshape.engine.catalogue import Catalogue
from seqshape.engine.tensors import Output, Tensor
from seqshape.frozen import frozen
from seqshape.graph import Graph, Node, owner_of
from seqshape.places import Place
from seqshape.report import Fed, Read, Row
from seqshape.spec import plain_arguments
from seqshape.tree import Json, Mapping


@frozen
class Model:
    """All rows with their nodes, in order.

    `readers` gives the rows that read an output, by the row and the number of the output; `named` are
    the outputs that the spec's `outputs` names, None where it has no such key. `saved` says that it is a
    model that Keras saved.
    """

    rows: tuple[Row, ...]
    graph: Graph
    readers: dict[tuple[int, int], tuple[int, ...]]
    named: frozenset[tuple[int, int]] | None
    catalogue: Catalogue
    saved: bool = False
    _arguments: dict[int, dict[str, Json]] = field(default_factory=dict, init=False, compare=False)

    def sound(self, types: Collection[str] | None = None) -> Iterator[tuple[int, Row]]:
        """The rows that Keras accepts, of some types or of all, each with its number."""
        return (
            (number, row)
            for number, row in enumerate(self.rows)
            if row.status == "ok" and (types is None or row.type in types)
        )

    def arguments(self, number: int) -> dict[str, Json]:
        """The constructor's arguments of the layer that a row calls, and those of the call."""
        if (found := self._arguments.get(number)) is None:  # rules ask for them one after another
            node = self._owner(number)
            own = self.graph.nodes[number].entry.call
            found = plain_arguments(node.entry.arguments) | plain_arguments(own)
            self._arguments[number] = found
        return found

    def place(self, number: int, *path: str) -> Place:
        """Where an argument stands, inside mappings if more names are given; else the row's place."""
        node = self._owner(number)
        for argument in (*node.entry.arguments, *self.graph.nodes[number].entry.call):
            if path and argument.name.text == path[0]:
                place, value = argument.name.place, argument.value
                for name in path[1:]:
                    if not isinstance(value, Mapping) or (inner := value.get(name)) is None:
                        break
                    place, value = value.key_place(name), inner
                return place.to(value.place)
        return self.rows[number].place

    def tensor(self, read: Read) -> Tensor:
        """What flows along."""
        return self.rows[read.source].outputs[read.output].tensor

    def reads(self, number: int) -> Iterator[tuple[Fed, Read]]:
        """Every tensor that goes into a row, with the parameter it is for."""
        return ((fed, read) for fed in self.rows[number].fed for read in fed.tensors)

    def outputs(self, number: int) -> tuple[Output, ...]:
        """What comes out of a row."""
        return self.rows[number].outputs

    def has_weights(self, number: int) -> bool:
        """Whether the layer that a row calls has weights, counted there or at an earlier call."""
        return bool(self.rows[number].weights or self.rows[self._owner(number).index].weights)

    def _owner(self, number: int) -> Node:
        return owner_of(self.graph.nodes[number], self.graph)


def model_of(
    graph: Graph,
    rows: tuple[Row, ...],
    outputs: tuple[Read, ...] | None,
    catalogue: Catalogue,
    *,
    saved: bool = False,
) -> Model:
    """The model of a graph that was walked; `outputs` are those that the spec names, None for no word."""
    readers: dict[tuple[int, int], list[int]] = {}
    for number, row in enumerate(rows):
        for fed in row.fed:
            for read in fed.tensors:
                readers.setdefault((read.source, read.output), []).append(number)
    named = None if outputs is None else frozenset((read.source, read.output) for read in outputs)
    found = {key: tuple(value) for key, value in readers.items()}
    return Model(rows, graph, found, named, catalogue, saved)
