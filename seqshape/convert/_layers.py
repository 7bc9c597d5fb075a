"""The layers of a model as the engine is asked about them: JSON text, with the layers they share."""

import json
from dataclasses import field

from seqshape.convert import Subject
from seqshape.engine.automatic import Automatic
from seqshape.engine.question import Call, Given, World
from seqshape.frozen import frozen
from seqshape.graph import Graph, Node, owner_of
from seqshape.inner import layer_arguments
from seqshape.spec import Settings, plain_arguments
from seqshape.tree import Json


def world_of(settings: Settings) -> World:
    """Keras's global settings for the model."""
    words = (settings.floatx, settings.image_data_format, settings.dtype_policy)
    return World(*(None if word is None else word.text for word in words))


@frozen
class Layers:
    """Says what the layer of each node is."""

    subject: Subject
    world: World
    _members: dict[int, list[Node]] = field(default_factory=dict)
    _automatic: dict[int, Automatic] = field(default_factory=dict)
    _alone: dict[tuple[int, tuple[Given, ...]], Automatic] = field(default_factory=dict)

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

    def first_parameter(self, node: Node) -> str | None:
        """The first parameter of a layer's call, where Keras says it."""
        found = self.subject.catalogue.find(self.type(node), None)
        return None if found is None else next((each.name for each in found.call.parameters), None)

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
        shared = self.shared(owner) if is_outer else _wrapped(owner, graph)
        given = self.given(owner) if is_outer and owner.group is None else ()
        text = self.subject.keras.writing.essential(definition, shared, self.world, given)
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
        if node.group is None:  # copies of a block have one entry
            key = (id(node.entry), self.given(node))
            if key not in self._alone:
                (self._alone[key],) = self._asked([node])
            return self._alone[key]
        if node.index not in self._automatic:
            members = self._members[node.group]
            found = self._asked(members)
            self._automatic.update(zip((each.index for each in members), found, strict=True))
        return self._automatic[node.index]

    def _asked(self, members: list[Node]) -> tuple[Automatic, ...]:
        """What Keras says of all calls of some layers."""
        graph = self.subject.graph
        makers = [each for each in members if each.entry.reuse is None]
        shared: tuple[tuple[str, str], ...] = tuple(
            (_known_as(each), json.dumps({"type": self.type(each), **self.essential(each)}))
            for each in makers
        )
        layers = [json.dumps({"reuse": _known_as(owner_of(each, graph))}) for each in members]
        if self.type(members[0]).startswith("ops."):
            shared, layers = (), [self.definition(members[0])]
        calls = tuple(
            Call(layer, self.given(each), json.dumps(plain_arguments(each.entry.call)))
            for layer, each in zip(layers, members, strict=True)
        )
        return self.subject.keras.writing.automatic(calls, shared, self.world)


def _known_as(node: Node) -> str:
    """What a layer is called in a question; equal layers that nothing shares are one question."""
    return "" if node.group is None else node.path


def _wrapped(owner: Node, graph: Graph) -> tuple[tuple[str, str], ...]:
    """The earlier layers of a graph inside a layer that this one wraps."""
    found = []
    for _, number in owner.shared:
        target = graph.nodes[number]
        assert target.entry.type is not None
        definition = {"type": target.entry.type.text, **layer_arguments(target, graph)}
        found.append((target.path, json.dumps(definition)))
    return tuple(found)
