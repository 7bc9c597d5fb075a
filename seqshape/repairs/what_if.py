"""What would come out of the calls with some of them changed: asked of Keras, along the changed ways alone.

An overlay lies over a graph that was walked: other arguments for a layer, other tensors for a call, layers
put in between. What it does not reach keeps the answers that the walk was given.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from heapq import heappop, heappush

from seqshape.engine.question import Answer, Ask, Call, Facts, Given, Question
from seqshape.engine.tensors import Output, Tensor
from seqshape.flow import Flow
from seqshape.frozen import frozen
from seqshape.graph import Graph, Link, Node, owner_of
from seqshape.places import Place
from seqshape.tree import Json

Layer = dict[str, Json]
"""A layer as a mapping with `type` and its arguments."""
Sizes = tuple[int | None, ...]
"""What stands for the unknown axes of an Input, in order."""


@frozen
class Tap:
    """A tensor for a call: the one it is given now at `feed` and `position`, or a node's own output.

    `output` chooses another output of the same node; `through` are layers that it goes through first.
    """

    feed: int = 0
    position: int = 0
    output: int | None = None
    node: int | None = None
    through: tuple[str, ...] = ()


@frozen
class Planned:
    """What one parameter of a call is given in place of what it is given now."""

    parameter: str | None
    taps: tuple[Tap, ...]
    listed: bool


@frozen
class Overlay:
    """Changes by the places of entries: layers, plans of inputs, entries that let everything through."""

    layers: Mapping[Place, Layer] = field(default_factory=dict)
    plans: Mapping[Place, tuple[Planned, ...]] = field(default_factory=dict)
    passed: frozenset[Place] = frozenset()

    def __or__(self, other: "Overlay") -> "Overlay":
        """Both changes at once; they are to different entries."""
        return Overlay(
            {**self.layers, **other.layers}, {**self.plans, **other.plans}, self.passed | other.passed
        )


@frozen
class Outcome:
    """What one call would be given, None where that fails before it, and what Keras says of it.

    It is `idle` where the change is to calls before this one, and they give what they give without it.
    """

    given: tuple[Given, ...] | None
    answer: Answer | None
    idle: bool = False

    def shapes(self) -> tuple[tuple[int | None, ...], ...] | None:
        """The shapes of all tensors that would go in."""
        if self.given is None:
            return None
        return tuple(tensor.shape for each in self.given for tensor in each.tensors)


class WhatIf:
    """Asks what would be.

    Args:
        graph: the calls.
        base: a pass through them, with sizes for unknown axes where it can be.
        ask: answers questions.
        traced: nodes whose calls are traced, not built alone.
        sizes: what stands for the unknown axes of each Input, by its node.

    """

    def __init__(
        self, graph: Graph, base: Flow, ask: Ask, traced: frozenset[int], sizes: Mapping[int, Sizes]
    ) -> None:
        self.graph = graph
        self.flow = base
        self._ask = ask
        self._traced = traced
        self._sizes = sizes
        self._unanswered = frozenset(node.index for node in graph.nodes if node.index not in base.outputs)
        self._entries: dict[Place, list[int]] = {}
        self._makers: dict[Place, list[int]] = {}
        self._readers: dict[int, list[int]] = {}
        for node in graph.nodes:
            self._entries.setdefault(node.entry.place, []).append(node.index)
            self._makers.setdefault(owner_of(node, graph).entry.place, []).append(node.index)
            for feed in node.feeds:
                for link in feed.links:
                    self._readers.setdefault(link.source, []).append(node.index)

    def outcome(self, target: int, overlay: Overlay, wanted: frozenset[int]) -> Outcome:
        """What the node `target` would be given and answer; `wanted` are the nodes that it hangs on."""
        outputs: dict[int, tuple[Output, ...] | None] = {}
        changed = {*self._changed(overlay), *(wanted & self._unanswered)}
        todo = sorted(wanted & changed)  # sorted, it is a heap
        while todo:
            index = heappop(todo)
            if index in outputs:
                continue
            node = self.graph.nodes[index]
            given = self._given(node, overlay, outputs)
            outputs[index] = None if given is None else self._outputs(node, given, overlay)
            if outputs[index] is None or outputs[index] != self.flow.outputs.get(index):
                for reader in self._readers.get(index, ()):
                    if reader in wanted:
                        heappush(todo, reader)
        node = self.graph.nodes[target]
        given = self._given(node, overlay, outputs)
        if given is None:
            return Outcome(None, None)
        same = all(made == self.flow.outputs.get(index) for index, made in outputs.items())
        answer = self._answer(node, given, overlay)
        if isinstance(answer, Facts) and node.entry.reuse is not None:
            answer = self._answer_again(node, given, overlay, outputs) or answer
        return Outcome(given, answer, same and target not in changed)

    def answer(self, node: Node, layer: Layer) -> Answer | None:
        """What Keras says of a node's call with another layer; None where something before it failed."""
        given = self.given(node)
        return None if given is None else self._answer(node, given, Overlay({self._maker(node): layer}))

    def _maker(self, node: Node) -> Place:
        return owner_of(node, self.graph).entry.place

    def alone(self, layer: Layer, tensor: Tensor, *, trace: bool = False) -> tuple[Output, ...]:
        """The outputs of a new layer that is given one tensor; none where Keras refuses it."""
        answer = self._ask(
            Question(
                Call(json.dumps(layer), (Given(None, (tensor,), False),)),
                world=self.flow.world,
                trace=trace,
            )
        )
        return answer.outputs if isinstance(answer, Facts) else ()

    def layer(self, node: Node) -> Layer:
        """The layer that a node calls, as a mapping with `type`."""
        type_ = owner_of(node, self.graph).entry.type
        return {"type": type_.text if type_ is not None else "", **self.flow.arguments(node)}

    def outputs_of(self, index: int) -> tuple[Output, ...]:
        """What comes out of a node as it is; nothing where it failed."""
        return self.flow.outputs.get(index, ())

    def given(self, node: Node, plan: tuple[Planned, ...] | None = None) -> tuple[Given, ...] | None:
        """What a node is given as it is, or by another plan; None where something before it failed."""
        return self._given(node, Overlay() if plan is None else Overlay(plans={node.entry.place: plan}), {})

    def _changed(self, overlay: Overlay) -> Iterator[int]:
        """The nodes whose own calls are others."""
        for place in overlay.layers:
            yield from self._makers.get(place, ())
        for place in (*overlay.plans, *overlay.passed):
            yield from self._entries.get(place, ())

    def _outputs(self, node: Node, given: tuple[Given, ...], overlay: Overlay) -> tuple[Output, ...] | None:
        if node.entry.place in overlay.passed:
            return tuple(Output("output", each.tensors[0]) for each in given[:1])
        answer = self._answer(node, given, overlay)
        if not isinstance(answer, Facts):
            return None
        if not node.feeds:
            return tuple(self._sized(output, node.index) for output in answer.outputs)
        return answer.outputs

    def _sized(self, output: Output, index: int) -> Output:
        """An Input's output with the sizes that stand for its unknown axes."""
        sizes = list(self._sizes.get(index, ()))
        shape = tuple(
            (sizes.pop(0) if sizes else None) if size is None else size for size in output.tensor.shape
        )
        return Output(output.name, replace(output.tensor, shape=shape))

    def _answer(self, node: Node, given: tuple[Given, ...], overlay: Overlay) -> Answer:
        layer = overlay.layers.get(self._maker(node))
        trace = node.index in self._traced
        return self.flow.alone(node, given, layer, trace=trace)

    def _answer_again(
        self,
        node: Node,
        given: tuple[Given, ...],
        overlay: Overlay,
        outputs: Mapping[int, tuple[Output, ...] | None],
    ) -> Answer | None:
        """The answer of a call that has a layer again, which its first call has built."""
        maker = owner_of(node, self.graph)
        first = None if maker is node else self._given(maker, overlay, outputs)
        if first is None:
            return None
        layer = overlay.layers.get(maker.entry.place)
        return self.flow.again(node, given, (maker, first), layer, trace=node.index in self._traced)

    def _given(
        self, node: Node, overlay: Overlay, outputs: Mapping[int, tuple[Output, ...] | None]
    ) -> tuple[Given, ...] | None:
        plan = overlay.plans.get(node.entry.place)
        if plan is None:
            plan = tuple(
                Planned(
                    None if feed.parameter is None else feed.parameter.text,
                    tuple(Tap(number, position) for position in range(len(feed.links))),
                    feed.listed,
                )
                for number, feed in enumerate(node.feeds)
            )
        found: list[Given] = []
        for planned in plan:
            tensors: list[Tensor] = []
            for tap in planned.taps:
                tapped = self._tapped(node, tap, outputs)
                if tapped is None:
                    return None
                tensors += tapped
            found.append(Given(planned.parameter, tuple(tensors), planned.listed))
        return tuple(found)

    def _tapped(
        self, node: Node, tap: Tap, outputs: Mapping[int, tuple[Output, ...] | None]
    ) -> tuple[Tensor, ...] | None:
        link = None
        if tap.node is None:
            if tap.feed >= len(node.feeds) or tap.position >= len(node.feeds[tap.feed].links):
                return None
            link = node.feeds[tap.feed].links[tap.position]
        source = tap.node if link is None else link.source
        assert source is not None
        made = outputs[source] if source in outputs else self.flow.outputs.get(source)
        if not made:
            return None
        if tap.output is not None or link is None:
            number = tap.output or 0
            chosen = made[number : number + 1]
        else:
            chosen = _selected(link, made)
        tensors = tuple(output.tensor for output in chosen)
        for text in tap.through:
            through: list[Tensor] = []
            for tensor in tensors:
                passed = self.alone(json.loads(text), tensor)
                if len(passed) != 1:
                    return None
                through.append(passed[0].tensor)
            tensors = tuple(through)
        return tensors or None


def _selected(link: Link, made: tuple[Output, ...]) -> tuple[Output, ...]:
    """The outputs that a reference means; none where it is not clear."""
    if link.output == "*":
        return made
    if link.output is None:
        return made if len(made) == 1 else ()
    return tuple(output for number, output in enumerate(made) if link.output in (output.name, str(number)))[
        :1
    ]
