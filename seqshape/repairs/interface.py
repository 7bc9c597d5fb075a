"""What a kind of repair sees, and what it offers: the case, and candidates to be tried.

A candidate is the same change twice: as revisions of the spec's words, and as an overlay that can be asked
about at once. Only what was built and traced from the revised text is ever shown.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from seqshape.engine.catalogue import Catalogue
from seqshape.engine.documentation import Page
from seqshape.engine.question import Facts, Given
from seqshape.faults import Fault
from seqshape.frozen import frozen
from seqshape.graph import Graph, Node, owner_of
from seqshape.places import Place
from seqshape.repairs.expressions import Expressions, expressions
from seqshape.repairs.values import inner_layers
from seqshape.repairs.what_if import Layer, Outcome, Overlay, WhatIf
from seqshape.report import Row
from seqshape.revisions import Path, Revision
from seqshape.shape_faults import Met, Refused, ShapeDiffers
from seqshape.spec import Spec
from seqshape.states import wrong_states
from seqshape.tree import Json

_INITIALIZER = "_initializer"
"""How Keras's arguments end that say how weights start."""


@frozen
class Candidate:
    """A change that may help: its title, its cost, and the entry and argument that it says are at fault.

    `subject` is what it changes: of several candidates with one subject the best alone is shown. `value` is
    what an argument becomes, for the same change elsewhere. A `guess` is a value for which nothing speaks.
    """

    title: str
    cost: float
    revisions: tuple[Revision, ...]
    overlay: Overlay
    layer: str
    argument: str
    place: Place
    subject: tuple[object, ...]
    path: Path = ()
    value: Json = None
    asked: bool = True
    guess: bool = False


@frozen
class Goal:
    """What must come about: the call of `node` is accepted, and gives what is expected of it."""

    node: int
    expected: ShapeDiffers | None = None


@dataclass(frozen=True)
class Case:
    """One fault in a spec: the graph, what came out of it, and what is to be reached.

    `before` are the nodes that the failing one hangs on, with their distance from it, the nearest first.
    """

    fault: Fault
    goal: Goal
    spec: Spec
    graph: Graph
    rows: tuple[Row, ...]
    what_if: WhatIf
    catalogue: Catalogue
    pages: Callable[[], dict[str, Page]]
    before: dict[int, int] = field(default_factory=dict)

    @property
    def node(self) -> Node:
        """The node where it fails."""
        return self.graph.nodes[self.goal.node]

    def near(self, most: int) -> Iterator[tuple[Node, int]]:
        """The failing node and those that it hangs on, up to a distance, each with it."""
        yield self.node, 0
        for index, distance in self.before.items():
            if distance <= most:
                yield self.graph.nodes[index], distance

    def layers(self, most: int) -> Iterator[tuple[Node, int, Layer]]:
        """The layers of these nodes, each once, with its distance and arguments."""
        seen: set[Place] = set()
        for node, distance in self.near(most):
            owner = owner_of(node, self.what_if.graph)
            if owner.entry.place not in seen and owner.entry.type is not None:
                seen.add(owner.entry.place)
                yield owner, distance, self.what_if.layer(node)

    def weights_between(self, first: int, last: int) -> int | None:
        """How many layers with weights lie on the way from one node to another that has fewest.

        The last one counts, the first does not. None where there is no way.
        """
        least = {first: 0}
        for node in self.graph.nodes[first + 1 : last + 1]:
            before = [
                least[link.source] for feed in node.feeds for link in feed.links if link.source in least
            ]
            if before:
                least[node.index] = min(before) + self.weighty(node)
        return least.get(last)

    def weighty(self, node: Node) -> bool:
        """Whether a node's layer has weights; one that was not built where it could initialize some."""
        if self.what_if.outputs_of(node.index) and self.rows[node.index].status == "ok":
            return node.path in self._weighty
        return any(
            parameter.name.endswith(_INITIALIZER)
            for _, layer in inner_layers(self.what_if.layer(owner_of(node, self.graph)))
            if (found := self.catalogue.find(str(layer["type"]), None)) is not None
            for parameter in found.constructor.parameters
        )

    @cached_property
    def expressions(self) -> Expressions:
        """How the spec says its sizes."""
        met = self.fault.inputs if isinstance(self.fault, Refused) else ()
        origins = [origin for each in met for origin in each.origins if origin is not None]
        made = ((origin.size, origin.place) for origin in origins if origin.size is not None)
        expected = [
            *self.spec.expect.shapes,
            *(each for node in self.graph.nodes for each in node.entry.expect.shapes),
        ]
        wanted = (pair for each in expected for pair in zip(each.axes, each.texts, strict=False))
        return expressions(self.graph, self.spec.dims, made, wanted)

    @cached_property
    def lacks_sizes(self) -> bool:
        """Whether the failing call is refused for axes of unknown size alone: with sizes it is taken."""
        fault = self.fault
        if not isinstance(fault, Refused) or not any(None in met.shape[1:] for met in fault.inputs):
            return False
        return isinstance(self.outcome(Overlay()).answer, Facts)

    @cached_property
    def _weighty(self) -> frozenset[str]:
        return frozenset(row.path for row in self.rows if row.weights)

    @cached_property
    def _wanted(self) -> frozenset[int]:
        return frozenset(self.before)

    def outcome(self, overlay: Overlay) -> Outcome:
        """What the failing call would be given and answer."""
        return self.what_if.outcome(self.goal.node, overlay, self._wanted)

    def reached(self, outcome: Outcome, overlay: Overlay) -> bool:
        """Whether what came of an overlay is what is wanted."""
        if outcome.given is None or not isinstance(outcome.answer, Facts):
            return False
        met = tuple(
            Met("", tensor.shape, each.parameter, False)
            for each in outcome.given
            for tensor in each.tensors
        )
        layer = overlay.layers.get(owner_of(self.node, self.graph).entry.place)
        if wrong_states(self.node, self.graph, met, outcome.given, self.what_if.flow, layer):
            return False
        if self._stretches(outcome, overlay):
            return False
        wanted = self.goal.expected
        if wanted is None:
            return True
        for number, output in enumerate(outcome.answer.outputs):
            if wanted.output in ("", output.name) and (wanted.output or number == 0):
                return self.as_expected(output.tensor.shape)
        return False

    def _stretches(self, outcome: Outcome, overlay: Overlay) -> bool:
        """Whether the call takes what it is given only since an axis has become 1, and is stretched.

        An axis more that is 1 is another thing: whoever puts it there says along which it is stretched.
        Data has the axes that it has.
        """
        data = any(not node.feeds and node.entry.place in overlay.layers for node in self.graph.nodes)
        now, before = outcome.given or (), self.what_if.given(self.node) or ()
        if len(now) != 1 or len(before) != 1 or not isinstance(outcome.answer, Facts):
            return False
        shapes = [tensor.shape for tensor in now[0].tensors]
        made = [output.tensor.shape for output in outcome.answer.outputs]
        if len(shapes) < 2 or len(made) != 1 or {len(made[0])} != set(map(len, shapes)):
            return False
        were = [tensor.shape for tensor in before[0].tensors]
        return any(
            size == 1
            and (data if len(shape) != len(old) else old[axis] != 1)
            and made[0][axis] == max(each[axis] or 0 for each in shapes) > 1
            for shape, old in zip(shapes, were, strict=False)
            for axis, size in enumerate(shape)
            if axis
        )

    def as_expected(self, shape: tuple[int | None, ...]) -> bool:
        """Whether a shape is the expected one; an unknown axis must be one here, too."""
        assert self.goal.expected is not None
        axes = self.goal.expected.expected
        return len(axes) == len(shape) and all(
            axis == "any" or (unknown(size, number) if axis is None else size == axis)
            for number, (axis, size) in enumerate(zip(axes, shape, strict=True))
        )

    def shapes(self, outcome: Outcome) -> tuple[tuple[int | None, ...], ...]:
        """The shapes that meet at the failing call, and what comes out where a shape is expected of it."""
        found = outcome.shapes() or ()
        if self.goal.expected is not None and isinstance(outcome.answer, Facts):
            found = (*found, *(output.tensor.shape for output in outcome.answer.outputs))
        return found

    def usual(self, type_: str, argument: str) -> Json:
        """The value that an argument of a type has where nobody gives it; None where Keras tells none."""
        page = self.pages().get(type_)
        for each in page.arguments if page is not None else ():
            if each.name == argument:
                return each.default if each.told else None
        return None

    def inputs(self, node: Node) -> tuple[Given, ...]:
        """What a node is given as it is; nothing where something before it failed."""
        return self.what_if.given(node) or ()


PROBED = 900
"""Sizes from this one on stand for unknown axes, if they are not in the spec."""


def unknown(size: int | None, number: int) -> bool:
    """Whether a size is none, or one that stands for an unknown axis; the batch always is."""
    return size is None or number == 0 or size >= PROBED


Offer: TypeAlias = Callable[[Case], Iterator[Candidate]]
"""A kind of repair: what it would try in a case, and knows nothing of whether that helps."""
