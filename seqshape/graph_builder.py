"""A spec to a graph: blocks unrolled, references resolved, order and cycles judged."""

from collections.abc import Iterator
from dataclasses import replace

from seqshape.faults import (
    Cycle,
    Fault,
    ForwardReference,
    NothingFlowsIn,
    StrayWord,
    TakenName,
    UnknownReference,
)
from seqshape.graph import FLOWING, SOURCES, BlockCopy, Feed, Graph, Link, Node
from seqshape.limits import Limits
from seqshape.nearest import nearest
from seqshape.places import Place
from seqshape.rings import shortest_ring
from seqshape.scopes import Scope, find
from seqshape.size_reader import is_model
from seqshape.spec import Block, Entry, Flow, Spec, Word
from seqshape.tree import Mapping, Scalar, Sequence, Value
from seqshape.unrolling import BlockDraft, Draft, TooMany, Unroller

_MOST_STEPS = 200_000
"""Steps spent on telling cycles from plain forward references."""


def build(spec: Spec, limits: Limits) -> tuple[Graph, tuple[Fault, ...]]:
    """The graph of a spec, and every fault in its references."""
    return _build(spec.entries, Scope(None, None), limits, spec.outputs, spec.exact)


def _build(
    entries: tuple[Entry | Block, ...],
    top: Scope,
    limits: Limits,
    outputs: tuple[Word, ...],
    exact: bool,
) -> tuple[Graph, tuple[Fault, ...]]:
    unrolled = Unroller(limits)
    try:
        unrolled.unroll_all(entries, top)
    except TooMany as problem:
        return Graph((), (), ()), (problem.fault,)
    return _Builder(top, limits, unrolled, exact).graph(outputs)


class _Builder:
    def __init__(self, top: Scope, limits: Limits, unrolled: Unroller, exact: bool) -> None:
        self._top = top
        self._exact = exact
        self._limits = limits
        self._drafts = unrolled.drafts
        self._entries = unrolled.entries
        self._blocks = unrolled.blocks
        self._faults: dict[tuple[type[Fault], Place], Fault] = {}
        self._nodes: list[Node] = []
        self._forward: list[tuple[int, int, Word]] = []
        self._unsound: set[int] = set()
        self._models: dict[int, Graph] = {}
        for fault in unrolled.faults:
            self._fault(fault)

    def graph(self, outputs: tuple[Word, ...]) -> tuple[Graph, tuple[Fault, ...]]:
        """Resolves everything; called once, after `unroll`."""
        index = 0
        for draft in self._drafts:
            if isinstance(draft, Draft):
                self._nodes.append(self._node(index, draft))
                index += 1
            else:
                draft.copy.flow = self._flow(draft, index)
        self._judge_forward()
        links = tuple(
            link for word in outputs for link in self._resolve(word, self._top, "", len(self._nodes)) or ()
        )
        blocks = tuple(
            BlockCopy(
                scope.path or "",
                block,
                scope.position,
                end,
                scope.flow or (),
                None if scope.called is None else scope.called.path,
            )
            for block, scope, end in self._blocks
        )
        if not self._exact:
            self._judge_paths()
        nodes = _grouped(self._nodes, self._unsound)
        return Graph(nodes, blocks, links), tuple(self._faults.values())

    def _fault(self, fault: Fault) -> None:
        """Keeps a fault; the copies of a repeated block have it once."""
        self._faults.setdefault((type(fault), fault.place), fault)

    def _flow(self, draft: BlockDraft, index: int) -> tuple[Feed, ...]:
        """What flows into one copy of a block."""
        block, copy = draft.block, draft.copy
        assert copy.outer is not None
        feeds: tuple[Feed, ...] | None
        if draft.previous is not None:
            feeds = self._default(draft.previous, block.name)
        elif block.inputs is None:
            feeds = self._inherited(draft.before, copy.outer, block.name)
        else:
            feeds = self._feeds(block.inputs, copy.outer, block.name.text, index)
            copy.sound = feeds is not None
        if any(feed.parameter is not None for feed in feeds or ()):
            reason = "a block takes one reference or a list, which its entries name as `input`"
            self._fault(StrayWord(block.name.place, block.name.text, "inputs", reason))
            copy.sound = False
        return feeds or ()

    def _default(self, before: "int | Scope", word: Word) -> tuple[Feed, ...]:
        """A feed from the entry before."""
        source = before.last if isinstance(before, Scope) else before
        if source is None:
            return ()
        name = before.label if isinstance(before, Scope) else self._entries[before].name.text
        return (Feed(None, (Link(source, None, Word(name, word.place)),), listed=False),)

    def _inherited(self, before: "int | Scope | None", scope: Scope, word: Word) -> tuple[Feed, ...]:
        """What an entry without `inputs` reads: the entry before, or what flows into its block."""
        if before is not None:
            return self._default(before, word)
        return scope.flow or ()

    def _node(self, index: int, draft: Draft) -> Node:
        entry, scope = draft.entry, draft.scope
        name = entry.name.text
        sound = entry.sound and scope.sound
        feeds: tuple[Feed, ...] | None
        if entry.inputs is not None:
            feeds = self._feeds(entry.inputs, scope, name, index)
            if not any(flow.references for flow in entry.inputs):
                if entry.sound and not (entry.type is not None and entry.type.text in SOURCES):
                    self._fault(NothingFlowsIn(entry.name.place, name))
                feeds = None
            if entry.type is not None and entry.type.text in SOURCES:
                reason = f"`{entry.type.text}` is where data comes in: it reads no other entry"
                self._fault(StrayWord(_inputs_place(entry), name, "inputs", reason))
                feeds = None
        elif entry.type is not None and entry.type.text in SOURCES:
            feeds = ()
            if self._top.path is not None:
                reason = "in a block that stands for a layer, `input` is what flows in"
                self._fault(StrayWord(entry.type.place, name, "type", reason))
                feeds = None
        else:
            feeds = self._inherited(draft.before, scope, entry.type or entry.reuse or entry.name)
            if not feeds and isinstance(draft.before, Scope):  # an empty block, which is a fault of its own
                feeds = None
            elif not feeds and sound:
                if entry.type is None or nearest(entry.type.text, SOURCES) is None:
                    self._fault(NothingFlowsIn(entry.name.place, name))
                feeds = None  # a misspelt Input is told as such
        shared = self._shared(index, draft)
        if feeds is None or shared is None:
            sound = False
        owner = self._nodes[shared[0][1]] if shared else None
        shares = (owner.shares or owner.path) if owner is not None else None
        models = tuple((block.place, self._model(block)) for block in entry.models)
        return Node(
            index,
            name,
            scope.path or None,
            entry,
            feeds or (),
            shared or (),
            shares,
            None,
            sound,
            models,
            again=self._first_of(draft.again),
        )

    def _first_of(self, again: int | None) -> int | None:
        """The node itself that a call in a block called again stands for, through all such calls."""
        first = None if again is None else self._nodes[again].again
        return again if first is None else first

    def _model(self, block: Block) -> Graph:
        """The graph of a block that stands for a layer; the copies of an entry have it once."""
        if id(block) not in self._models:
            top = Scope(None, "")
            top.flow = (Feed(None, (Link(FLOWING, None, Word("input", block.place)),), listed=False),)
            self._models[id(block)], faults = _build(block.entries, top, self._limits, (), self._exact)
            for fault in faults:
                self._fault(fault)
        return self._models[id(block)]

    def _feeds(
        self, flows: tuple[Flow, ...], scope: Scope, layer: str, index: int
    ) -> tuple[Feed, ...] | None:
        feeds: list[Feed] = []
        failed = False
        for flow in flows:
            links: list[Link] = []
            listed = flow.listed
            for word in flow.references:
                found = self._resolve(word, scope, layer, index)
                if found is None:
                    failed = True
                    continue
                links.extend(found)
                all_of_it = word.exact is None and word.text.endswith("*")
                listed = listed or len(found) != 1 or all_of_it
            feeds.append(Feed(flow.parameter, tuple(links), listed))
        return None if failed else tuple(feeds)

    def _resolve(self, word: Word, scope: Scope, layer: str, index: int) -> tuple[Link, ...] | None:
        """The links behind a reference; None, with a fault, where it names nothing earlier."""
        found = find(word, scope)
        if found is None:
            self._fault(UnknownReference(word.place, layer, word.text, scope.known(index)))
            return None
        if isinstance(found, tuple):
            flow, output = found
            return self._flowing(word, flow, output, layer)
        target, rest = found.target, found.rest
        source = target.last if isinstance(target, Scope) else target
        if source is None:  # an empty block, which is a fault of its own
            return None
        if source >= index:
            self._forward.append((index, source, word))
            self._unsound.add(index)
            return ()
        return (Link(source, rest or None, word),)

    def _flowing(
        self, word: Word, flow: tuple[Feed, ...], output: str, layer: str
    ) -> tuple[Link, ...] | None:
        """The links behind `input`, or behind `input.0` where a list flows in."""
        links = tuple(Link(link.source, link.output, word) for feed in flow for link in feed.links)
        if output in ("", "*"):
            return links
        if output.isdecimal() and len(links) > 1 and int(output) < len(links):
            return (links[int(output)],)
        if len(links) == 1 and links[0].output is None:
            return (Link(links[0].source, output, word),)
        known = tuple(f"input.{number}" for number in range(len(links)))
        self._fault(UnknownReference(word.place, layer, word.text, known))
        return None

    def _shared(self, index: int, draft: Draft) -> tuple[tuple[str, int], ...] | None:
        """The earlier nodes whose layers this one calls or wraps; None where one does not exist."""
        entry, scope = draft.entry, draft.scope
        if draft.again is not None:
            return () if entry.reuse is None else ((entry.reuse.text, self._owner(draft.again)),)
        words = [entry.reuse] if entry.reuse is not None else []
        for argument in entry.arguments:
            words.extend(_nested_reuse(argument.value))
        shared: list[tuple[str, int]] = []
        for word in words:
            found = find(word, scope)
            name = entry.name.text
            if found is None or isinstance(found, tuple) or found.rest:
                self._fault(UnknownReference(word.place, name, word.text, scope.known(index)))
                return None
            if isinstance(found.target, Scope):
                self._fault(self._no_layer(word, found.target, name, wrapped=entry.reuse is None))
                return None
            kind = self._entries[found.target].type
            if kind is not None and kind.text in SOURCES:
                reason = f"`{word.text}` is no layer but data that comes in: read it with `inputs`"
                self._fault(StrayWord(word.place, name, "reuse", reason))
                return None
            if found.target == index:
                self._fault(Cycle(word.place, name, (name,)))
                return None
            if found.target > index:
                place = self._entries[found.target].place
                self._fault(ForwardReference(word.place, name, word.text, place))
                return None
            shared.append((word.text, self._owner(found.target)))
        return tuple(shared)

    def _owner(self, index: int) -> int:
        """The node that made the layer which a node calls."""
        node = self._nodes[index]
        return node.shared[0][1] if node.entry.reuse is not None and node.shared else index

    def _no_layer(self, word: Word, target: Scope, name: str, *, wrapped: bool) -> Fault:
        """What is wrong with a word that should name an earlier layer and names a block."""
        if wrapped:
            reason = f"`{word.text}` is a block: write its `layers` here instead"
            return StrayWord(word.place, name, "reuse", reason)
        block, end = next((block, end) for block, scope, end in self._blocks if scope is target)
        if target.position <= len(self._nodes) < end:
            return Cycle(word.place, name, (word.text,))
        return ForwardReference(word.place, name, word.text, block.place)

    def _judge_paths(self) -> None:
        """Tells where a name with a dot, or with a number behind it, is that of a block's copy too."""
        taken: dict[str, Place] = {}
        doubled: set[str | None] = set()
        for block, scope, _ in self._blocks:
            if taken.setdefault(scope.path or "", block.name.place) != block.name.place:
                doubled.add(scope.path)  # that is told of the block, not of all in it again
        for node in self._nodes:
            name = node.entry.name
            first = taken.setdefault(node.path, name.place)
            if first != name.place and node.block not in doubled:
                self._fault(TakenName(name.place, name.text, first))

    # Order.

    def _judge_forward(self) -> None:
        """Tells, for each reference to a later entry, whether it closes a ring."""
        if not self._forward:
            return
        feeds: dict[int, list[int]] = {}
        for node in self._nodes:
            feeds[node.index] = [link.source for feed in node.feeds for link in feed.links]
        for index, source, _ in self._forward:
            feeds[index].append(source)
        steps = 0
        told: set[frozenset[int]] = set()
        for index, source, word in self._forward:
            ring, spent = shortest_ring(feeds, index, source, _MOST_STEPS - steps)
            steps += spent
            name = self._entries[index].name.text
            if ring is None:
                target = self._entries[source].place
                self._fault(ForwardReference(word.place, name, word.text, target))
            elif frozenset(ring) not in told:
                told.add(frozenset(ring))
                names = tuple(self._entries[member].name.text for member in ring)
                self._fault(Cycle(word.place, name, names))


def _nested_reuse(value: Value) -> Iterator[Word]:
    """The words of `{reuse: …}` mappings inside an argument."""
    if isinstance(value, Sequence):
        for item in value.items:
            yield from _nested_reuse(item)
    elif isinstance(value, Mapping) and not is_model(value):
        for key, item in value:
            if key.text == "reuse" and isinstance(item, Scalar) and isinstance(item.value, str):
                yield Word(item.text, item.place)
            else:
                yield from _nested_reuse(item)


def _grouped(nodes: list[Node], unsound: set[int]) -> tuple[Node, ...]:
    """The nodes, with those that share layers joined into numbered groups."""
    parents: dict[int, int] = {}

    def root(index: int) -> int:
        while parents.setdefault(index, index) != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    for node in nodes:
        for _, target in node.shared:
            parents[root(node.index)] = root(target)
    groups = {index: root(index) for index in tuple(parents)}
    return tuple(
        replace(node, group=groups.get(node.index), sound=node.sound and node.index not in unsound)
        if node.index in groups or node.index in unsound
        else node
        for node in nodes
    )


def _inputs_place(entry: Entry) -> Place:
    """Where an entry's inputs start."""
    for flow in entry.inputs or ():
        if flow.parameter is not None:
            return flow.parameter.place
        for word in flow.references:
            return word.place
    return entry.place
