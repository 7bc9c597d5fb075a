"""A spec to a graph: blocks unrolled, references resolved, order and cycles judged."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from seqshape.faults import (
    Cycle,
    Fault,
    ForwardReference,
    NothingFlowsIn,
    OverLimit,
    StrayWord,
    TakenName,
    UnknownReference,
)
from seqshape.graph import SOURCES, BlockCopy, Feed, Graph, Link, Node
from seqshape.limits import Limits
from seqshape.nearest import nearest
from seqshape.places import Place
from seqshape.scopes import Scope, find
from seqshape.spec import Block, Entry, Flow, Spec, Word
from seqshape.tree import Mapping, Scalar, Sequence, Value

_MOST_STEPS = 200_000
"""Steps spent on telling cycles from plain forward references."""


def build(spec: Spec, limits: Limits) -> tuple[Graph, tuple[Fault, ...]]:
    """The graph of a spec, and every fault in its references."""
    total = 0
    for entry in spec.entries:
        total += _size((entry,), limits.layers)
        if total > limits.layers:
            fault = OverLimit(entry.place, "layers", "layers after unrolling", limits.layers)
            return Graph((), (), ()), (fault,)
    builder = _Builder()
    builder.unroll(spec.entries, builder.top)
    return builder.graph(spec)


def _size(entries: tuple[Entry | Block, ...], most: int) -> int:
    """The number of calls after unrolling; counting stops past `most`."""
    total = 0
    for entry in entries:
        if isinstance(entry, Block):
            total += max(1, _size(entry.entries, most)) * (entry.repeat or 1)
        else:
            total += 1
        if total > most:
            break
    return total


@dataclass(slots=True)
class _Draft:
    """A node before its references are resolved. `before` is the entry it follows, in its scope."""

    entry: Entry
    scope: Scope
    before: "int | Scope | None"


@dataclass(slots=True)
class _BlockDraft:
    """A copy of a block before its references are resolved; `previous` is the copy that feeds it."""

    block: Block
    copy: Scope
    before: "int | Scope | None"
    previous: "Scope | None"


class _Builder:
    def __init__(self) -> None:
        self.top = Scope(None, None)
        self._drafts: list[_Draft | _BlockDraft] = []
        self._entries: list[Entry] = []
        self._blocks: list[tuple[Block, Scope, int]] = []
        self._faults: dict[tuple[type[Fault], Place], Fault] = {}
        self._nodes: list[Node] = []
        self._forward: list[tuple[int, int, Word]] = []
        self._unsound: set[int] = set()

    # First pass: names and places in the order.

    def unroll(self, entries: tuple[Entry | Block, ...], scope: Scope) -> None:
        """Gives each call its index and each name its meaning."""
        before: int | Scope | None = None
        for entry in entries:
            target: int | Scope
            if isinstance(entry, Entry):
                target = len(self._entries)
                self._entries.append(entry)
                self._drafts.append(_Draft(entry, scope, before))
                scope.last = target
            else:
                target = self._unroll_block(entry, scope, before)
                scope.last = target.last
            scope.name(entry.name.text, target)
            before = target

    def _unroll_block(self, block: Block, scope: Scope, before: "int | Scope | None") -> Scope:
        copy = previous = None
        for number in range(block.repeat or 1):
            name = block.name.text if block.repeat is None else f"{block.name.text}_{number}"
            path = name if scope.path is None else f"{scope.path}.{name}"
            copy = Scope(scope, path, label=name, position=len(self._entries))
            self._drafts.append(_BlockDraft(block, copy, before, previous))
            self.unroll(block.entries, copy)
            self._blocks.append((block, copy, len(self._entries)))
            scope.name(name, copy)
            previous = copy
        assert copy is not None
        return copy

    # Second pass: references.

    def graph(self, spec: Spec) -> tuple[Graph, tuple[Fault, ...]]:
        """Resolves everything; called once, after `unroll`."""
        index = 0
        for draft in self._drafts:
            if isinstance(draft, _Draft):
                self._nodes.append(self._node(index, draft))
                index += 1
            else:
                draft.copy.flow = self._flow(draft, index)
        self._judge_forward()
        outputs = tuple(
            link
            for word in spec.outputs
            for link in self._resolve(word, self.top, "", len(self._nodes)) or ()
        )
        blocks = tuple(
            BlockCopy(scope.path or "", block, scope.position, end) for block, scope, end in self._blocks
        )
        self._judge_paths()
        nodes = _grouped(self._nodes, self._unsound)
        return Graph(nodes, blocks, outputs), tuple(self._faults.values())

    def _fault(self, fault: Fault) -> None:
        """Keeps a fault; the copies of a repeated block have it once."""
        self._faults.setdefault((type(fault), fault.place), fault)

    def _flow(self, draft: _BlockDraft, index: int) -> tuple[Feed, ...]:
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

    def _node(self, index: int, draft: _Draft) -> Node:
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
        shares = (owner.shares or owner.name) if owner is not None else None
        return Node(index, name, scope.path, entry, feeds or (), shared or (), shares, None, sound)

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
                listed = listed or len(found) != 1 or word.text.endswith("*")
            feeds.append(Feed(flow.parameter, tuple(links), listed))
        return None if failed else tuple(feeds)

    def _resolve(self, word: Word, scope: Scope, layer: str, index: int) -> tuple[Link, ...] | None:
        """The links behind a reference; None, with a fault, where it names nothing earlier."""
        found = find(word.text, scope)
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

    def _shared(self, index: int, draft: _Draft) -> tuple[tuple[str, int], ...] | None:
        """The earlier nodes whose layers this one calls or wraps; None where one does not exist."""
        entry, scope = draft.entry, draft.scope
        words = [entry.reuse] if entry.reuse is not None else []
        for argument in entry.arguments:
            words.extend(_nested_reuse(argument.value))
        shared: list[tuple[str, int]] = []
        for word in words:
            found = find(word.text, scope)
            name = entry.name.text
            if found is None or isinstance(found, tuple) or found.rest:
                self._fault(UnknownReference(word.place, name, word.text, scope.known(index)))
                return None
            if isinstance(found.target, Scope):
                reason = f"`{word.text}` is a block, and only a layer can be called again"
                self._fault(StrayWord(word.place, name, "reuse", reason))
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
            target = self._nodes[found.target]
            again = target.entry.reuse is not None and target.shared
            shared.append((word.text, target.shared[0][1] if again else found.target))
        return tuple(shared)

    def _judge_paths(self) -> None:
        """Tells where a name with a dot, or with a number behind it, is that of a block's copy too."""
        taken: dict[str, Place] = {}
        for block, scope, _ in self._blocks:
            taken.setdefault(scope.path or "", block.name.place)
        for node in self._nodes:
            name = node.entry.name
            first = taken.setdefault(node.path, name.place)
            if first != name.place:
                self._fault(TakenName(name.place, name.text, first))

    # Order.

    def _judge_forward(self) -> None:
        """Tells, for each reference to a later entry, whether it closes a ring."""
        feeds: dict[int, list[int]] = {}
        for node in self._nodes:
            feeds[node.index] = [link.source for feed in node.feeds for link in feed.links]
        for index, source, _ in self._forward:
            feeds[index].append(source)
        steps = 0
        told: set[frozenset[int]] = set()
        for index, source, word in self._forward:
            ring, spent = _ring(feeds, index, source, _MOST_STEPS - steps)
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
    elif isinstance(value, Mapping):
        for key, item in value:
            if key.text == "reuse" and isinstance(item, Scalar) and isinstance(item.value, str):
                yield Word(item.text, item.place)
            else:
                yield from _nested_reuse(item)


def _ring(
    feeds: dict[int, list[int]], index: int, source: int, most: int
) -> tuple[tuple[int, ...] | None, int]:
    """The shortest ring that the edge from `source` to `index` closes, and the steps spent on it."""
    came: dict[int, int] = {source: index}
    queue = deque([source])
    steps = 0
    while queue and steps < most:
        node = queue.popleft()
        steps += 1
        if node == index:
            ring = [index]
            while (node := came[node]) != index:
                ring.append(node)
            return tuple(ring), steps
        for earlier in feeds[node]:
            if earlier not in came:
                came[earlier] = node
                queue.append(earlier)
    return None, steps


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
