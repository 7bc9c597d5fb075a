"""The layers of a model as the engine is asked about them: JSON text, with the layers they share."""

import json
from dataclasses import dataclass, field

from seqshape.convert import Subject
from seqshape.engine.automatic import Automatic
from seqshape.engine.question import Call, Given, World
from seqshape.graph import Graph, Node, owner_of
from seqshape.inner import layer_arguments
from seqshape.spec import Settings, plain_arguments
from seqshape.tree import Json


def world_of(settings: Settings) -> World:
    """Keras's global settings for the model."""
    words = (settings.floatx, settings.image_data_format, settings.dtype_policy)
    return World(*(None if word is None else word.text for word in words))


@dataclass(frozen=True, slots=True)
class Layers:
    """Says what the layer of each node is."""

    subject: Subject
    world: World
    _members: dict[int, list[Node]] = field(default_factory=dict)
    _automatic: dict[int, Automatic] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node in self.subject.graph.nodes:
            if node.group is not None:
                self._members.setdefault(node.group, []).append(node)

    def arguments(self, node: Node) -> dict[str, Json]:
        """The arguments of a node's layer as its file has them; a nested `reuse` names a whole path."""
        return layer_arguments(owner_of(node, self.subject.graph), self.subject.graph)

    def type(self, node: Node) -> str:
        """The type of a node's layer."""
        owner = owner_of(node, self.subject.graph)
        assert owner.entry.type is not None
        return owner.entry.type.text

    def definition(self, node: Node) -> str:
        """The layer as JSON text."""
        return json.dumps({"type": self.type(node), **self.arguments(node)})

    def shared(self, node: Node) -> tuple[tuple[str, str], ...]:
        """The layers that this one may name."""
        if node.group is None:
            return ()
        return tuple(
            (member.path, self.definition(member))
            for member in self._members[node.group]
            if member.entry.reuse is None and member.entry.type is not None
        )

    def essential(self, node: Node) -> dict[str, Json]:
        """The arguments that say something."""
        return self.essential_in(owner_of(node, self.subject.graph), self.subject.graph)

    def essential_in(self, owner: Node, graph: Graph) -> dict[str, Json]:
        """The arguments that say something of a node's layer, in a graph inside a layer too."""
        assert owner.entry.type is not None
        definition = json.dumps({"type": owner.entry.type.text, **layer_arguments(owner, graph)})
        is_outer = graph is self.subject.graph
        shared = self.shared(owner) if is_outer else ()
        given = self.given(owner) if is_outer and owner.group is None else ()
        text = self.subject.keras.essential(definition, shared, self.world, given)
        found: dict[str, Json] = json.loads(text)
        return found

    def given(self, node: Node) -> tuple[Given, ...]:
        """What goes into a call."""
        rows = self.subject.rows
        return tuple(
            Given(
                fed.parameter,
                tuple(rows[read.source].outputs[read.output].tensor for read in fed.tensors),
                fed.listed,
            )
            for fed in rows[node.index].fed
        )

    def calls(self, node: Node) -> tuple[Node, ...]:
        """All calls of the layer that a node makes."""
        if node.group is None:
            return (node,)
        graph = self.subject.graph
        return tuple(each for each in self._members[node.group] if owner_of(each, graph) is node)

    def automatic(self, node: Node) -> Automatic:
        """The names that Keras gives by itself in a call, and where it makes the layer.

        Raises:
            Undescribed: Keras does not make the layer.

        """
        if node.index not in self._automatic:
            graph = self.subject.graph
            members = [node] if node.group is None else self._members[node.group]
            makers = [each for each in members if each.entry.reuse is None]
            paths = {each.index: each.path for each in makers}
            if node.group is None:
                paths = {node.index: "layer"}  # one word for all, so that equal layers are asked about once
            shared: tuple[tuple[str, str], ...] = tuple(
                (paths[each.index], json.dumps({"type": self.type(each), **self.essential(each)}))
                for each in makers
            )
            layers = [json.dumps({"reuse": paths[owner_of(each, graph).index]}) for each in members]
            if self.type(node).startswith("ops."):
                shared, layers = (), [self.definition(node)]
            calls = tuple(
                Call(layer, self.given(each), json.dumps(plain_arguments(each.entry.call)))
                for layer, each in zip(layers, members, strict=True)
            )
            found = self.subject.keras.automatic(calls, shared, self.world)
            self._automatic.update(zip((each.index for each in members), found, strict=True))
        return self._automatic[node.index]
