"""A sound model as a program: calls in order, models nested in it, copies of blocks.

A block without `repeat` is a model of its own. The copies of a repeated block, and a block that cannot
stand alone (data comes in inside it, or it shares a layer with others), lie in the model round them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from seqshape.convert import NotWritable, Subject
from seqshape.convert._names import base_of, number_of, numbered, omissible, type_of, with_number
from seqshape.engine.question import Tensor
from seqshape.graph import SOURCES, BlockCopy, Node
from seqshape.report import Row
from seqshape.spec import Block, Entry, Word


@dataclass(frozen=True, slots=True)
class Value:
    """An output of a call, by the number of its node and its own."""

    node: int
    output: int


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a layer, or where data comes in."""

    node: Node
    row: Row


@dataclass(frozen=True, slots=True)
class Nested:
    """A block that is a model of its own, with its first call; its nodes are from `first` up to `end`.

    `given` is what goes into each of its calls, the first one first.
    """

    block: Block
    items: tuple["Item", ...]
    first: int
    end: int
    given: tuple[tuple[Value, ...], ...]
    outputs: tuple[Value, ...]

    @property
    def inputs(self) -> tuple[Value, ...]:
        """What goes into the first call."""
        return self.given[0]

    @property
    def is_shared(self) -> bool:
        """Whether it is called more than once."""
        return len(self.given) > 1


@dataclass(frozen=True, slots=True)
class Again:
    """One more call of a nested model, the one whose first node is `model`."""

    block: Block
    model: int
    end: int
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Copies:
    """The copies of a block inside the model round them: one, without a number, where none are counted."""

    block: Block
    copies: tuple[tuple["Item", ...], ...]

    def label(self, number: int) -> str:
        """What stands before the names in a copy."""
        name = self.block.name.text
        return name if self.block.repeat is None else f"{name}_{number}"


Item: TypeAlias = Call | Nested | Again | Copies


@dataclass(frozen=True, slots=True)
class Program:
    """A whole model. `names` are those of the layers by node, and of nested models by their first node."""

    items: tuple[Item, ...]
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]
    names: dict[int, str]
    models: dict[int, str]


def program_of(subject: Subject) -> Program:
    """The program of a model.

    Raises:
        NotWritable: two layers would have one name.

    """
    builder = _Builder(subject)
    items = builder.items(subject.spec.entries)
    outputs = outputs_of(subject)
    inputs = tuple(Value(node.index, 0) for node in subject.graph.nodes if is_source(node))
    namer = _Namer()
    namer.model(items)
    return Program(items, inputs, outputs, namer.names, namer.models)


def is_source(node: Node) -> bool:
    """Whether data comes in there."""
    return node.entry.type is not None and node.entry.type.text in SOURCES


def reads(row: Row) -> Iterator[Value]:
    """The values that a call reads, in order."""
    for fed in row.fed:
        for read in fed.tensors:
            yield Value(read.source, read.output)


def flowing(item: Nested, number: int, rows: tuple[Row, ...]) -> Tensor:
    """What goes into a nested model as one of its inputs; an axis that its calls differ in is unknown."""
    tensors = [rows[given[number].node].outputs[given[number].output].tensor for given in item.given]
    axes = zip(*(tensor.shape for tensor in tensors), strict=False)
    return replace(tensors[0], shape=tuple(sizes[0] if len(set(sizes)) == 1 else None for sizes in axes))


def calls_of(items: tuple[Item, ...]) -> Iterator[Call]:
    """All calls, those of copies and nested models too, in order; not those of models called again."""
    for item in items:
        match item:
            case Call():
                yield item
            case Nested():
                yield from calls_of(item.items)
            case Copies():
                for copy in item.copies:
                    yield from calls_of(copy)


def outputs_of(subject: Subject) -> tuple[Value, ...]:
    """What the model gives: what the spec says, else what nobody reads."""
    found: list[Value] = []
    for link in subject.graph.outputs:
        outputs = subject.rows[link.source].outputs
        if link.output == "*":
            found.extend(Value(link.source, number) for number in range(len(outputs)))
            continue
        number = 0
        for number, output in enumerate(outputs):
            if link.output in (None, output.name, str(number)):
                break
        found.append(Value(link.source, number))
    return tuple(found) or _unread(subject)


def gives_its_end(subject: Subject) -> bool:
    """Whether the model gives one tensor, which is all that nobody reads, as where no `outputs` say it."""
    outputs = outputs_of(subject)
    return len(outputs) == 1 and outputs == _unread(subject)


def _unread(subject: Subject) -> tuple[Value, ...]:
    """What nobody reads."""
    read = {value.node for row in subject.rows for value in reads(row)}
    ends = [node for node in subject.graph.nodes if node.index not in read]
    ends = [node for node in ends if not is_source(node)] or ends
    return tuple(
        Value(node.index, number)
        for node in ends
        for number in range(len(subject.rows[node.index].outputs))
    )


@dataclass(frozen=True, slots=True)
class _Flows:
    """What goes into each call of a nested model, by its first node, and what comes out of the first."""

    inputs: dict[int, tuple[Value, ...]]
    outputs: tuple[Value, ...]


@dataclass(slots=True)
class _Builder:
    subject: Subject
    next: int = 0
    readers: dict[Value, int] = field(default_factory=dict)
    groups: dict[int, list[int]] = field(default_factory=dict)
    again: dict[int, list[tuple[int, BlockCopy]]] = field(default_factory=dict)
    called: dict[tuple[int, int], int] = field(default_factory=dict)
    """The first nodes of the blocks that are called again, by the first node of a call and its end."""
    nested: dict[int, "_Flows"] = field(default_factory=dict)
    """What goes into each call of a nested model and comes out of its first, by its first node."""
    copies: dict[tuple[Word, int], BlockCopy] = field(default_factory=dict)
    """Copies of blocks, by the name in the entry (with its place) and the first node."""

    def __post_init__(self) -> None:
        nodes = self.subject.graph.nodes
        for row, node in zip(self.subject.rows, nodes, strict=True):
            for value in reads(row):
                self.readers[value] = node.index
            if node.group is not None:
                self.groups.setdefault(node.group, []).append(node.index)
        self.readers.update(dict.fromkeys(outputs_of(self.subject), len(nodes)))
        for copy in self.subject.graph.blocks:
            self.copies[copy.block.name, copy.first] = copy
            is_call = not copy.block.entries and copy.block.repeat is None and copy.first < copy.end
            if is_call and (start := self._called(copy)) is not None:
                self.again.setdefault(start, []).append((copy.first, copy))
                self.called[copy.first, copy.end] = start

    def _called(self, copy: BlockCopy) -> int | None:
        """The first node of the block that a copy calls again."""
        for node in self.subject.graph.nodes[copy.first : copy.end]:
            if node.entry.reuse is not None and node.shared:
                return node.shared[0][1] - (node.index - copy.first)
        return None

    def items(self, entries: tuple[Entry | Block, ...]) -> tuple[Item, ...]:
        """The items of a list of entries, from the next node on."""
        return tuple(self._item(entry) for entry in entries)

    def _item(self, entry: Entry | Block) -> Item:
        nodes, first = self.subject.graph.nodes, self.next
        if isinstance(entry, Entry):
            if first < len(nodes) and nodes[first].entry is entry:
                self.next += 1
                return Call(nodes[first], self.subject.rows[first])
            return self._again(entry, first)
        if entry.repeat is not None:
            return Copies(entry, tuple(self.items(entry.entries) for _ in range(entry.repeat)))
        items = self.items(entry.entries)
        starts = [
            start for start, copy in self.again.get(first, ()) if copy.end - start == self.next - first
        ]
        inputs = self._inputs((first, *starts), self.next - first)
        if not inputs[0] or self._is_tied(first, starts):
            return Copies(entry, (items,))
        outputs = self._outputs((first, *starts), self.next - first)
        self.nested[first] = _Flows(dict(zip((first, *starts), inputs, strict=True)), outputs)
        return Nested(entry, items, first, self.next, tuple(inputs), outputs)

    def _again(self, entry: Entry, first: int) -> Item:
        """The calls that an entry makes which calls a block again."""
        copies = [self.copies[entry.name, first]]
        for _ in range(1, copies[0].block.repeat or 1):
            copies.append(self.copies[entry.name, copies[-1].end])
        block, self.next = copies[0].block, copies[-1].end
        model = self.called.get((first, self.next))
        if model is not None and (flows := self.nested.get(model)) is not None:
            shift = first - model
            outputs = tuple(Value(value.node + shift, value.output) for value in flows.outputs)
            return Again(block, model, self.next, flows.inputs[first], outputs)
        calls = (
            tuple(
                Call(node, self.subject.rows[node.index])
                for node in self.subject.graph.nodes[copy.first : copy.end]
            )
            for copy in copies
        )
        return Copies(block, tuple(calls))

    def _inputs(self, starts: tuple[int, ...], size: int) -> list[tuple[Value, ...]]:
        """What each call of a block reads from outside, all in one order."""
        found: dict[tuple[Value, ...], None] = {}
        rows = self.subject.rows
        for place in range(size):
            for values in zip(*(reads(rows[start + place]) for start in starts), strict=True):
                if values[0].node < starts[0]:
                    found[values] = None
        return [tuple(values[number] for values in found) for number in range(len(starts))]

    def _is_tied(self, first: int, starts: list[int]) -> bool:
        """Whether a block cannot stand alone: data comes in inside it, or it shares a layer with others."""
        size = self.next - first
        covered = {node for start in (first, *starts) for node in range(start, start + size)}
        for node in self.subject.graph.nodes[first : self.next]:
            if is_source(node):
                return True
            if node.group is not None and not covered.issuperset(self.groups[node.group]):
                return True
        return False

    def _outputs(self, starts: tuple[int, ...], size: int) -> tuple[Value, ...]:
        """What is read of a block from outside, of any of its calls; else what its last call gives."""
        first = starts[0]
        found = [
            Value(first + place, number)
            for place in range(size)
            for number in range(len(self.subject.rows[first + place].outputs))
            if any(self.readers.get(Value(start + place, number), -1) >= start + size for start in starts)
        ]
        return tuple(found) or (Value(first + size - 1, 0),)


class _Namer:
    """Names the layers of a program, each unique in its model."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self.models: dict[int, str] = {}

    def model(self, items: tuple[Item, ...]) -> None:
        """Names all that lies in one model, then the models nested in it."""
        taken: dict[str, Item] = {}
        automatic: list[tuple[Call, str, str]] = []
        self._collect(items, "", False, omissible(_entries(items)), taken, automatic)
        self._number(items, automatic, taken)

    def _collect(
        self,
        items: tuple[Item, ...],
        prefix: str,
        repeated: bool,
        free: frozenset[int],
        taken: dict[str, Item],
        automatic: list[tuple[Call, str, str]],
    ) -> None:
        types: dict[str, str] = {}
        for number, item in enumerate(items):
            entry = _entry(item)
            base = base_of(entry, types)
            types[entry.name.text] = type_of(entry, types)
            match item:
                case Call() if item.node.entry.reuse is not None:
                    continue
                case Call():
                    name = prefix + item.node.name
                    if repeated and number in free:
                        automatic.append((item, base, name))
                    else:
                        self._take(item, name, taken)
                        self.names[item.node.index] = name
                case Nested():
                    name = prefix + entry.name.text
                    self._take(item, name, taken)
                    self.models[item.first] = name
                    self.model(item.items)
                case Again():
                    continue
                case Copies(block):
                    inner = omissible(block.entries)
                    many = repeated or block.repeat is not None
                    for copy, each in enumerate(item.copies):
                        label = f"{prefix}{item.label(copy)}_"
                        self._collect(each, label, many, inner, taken, automatic)

    def _take(self, item: Item, name: str, taken: dict[str, Item]) -> None:
        entry = _entry(item)
        if taken.setdefault(name, item) is not item:
            reason = f"two layers would be called `{name}` in one Keras model; give one another name"
            raise NotWritable(entry.name.place, entry.name.text, reason)

    def _number(
        self, items: tuple[Item, ...], automatic: list[tuple[Call, str, str]], taken: dict[str, Item]
    ) -> None:
        """Numbers the layers without names of their own as Keras does; where that fails, names them too."""
        given = {call.node.index: base for call, base, _ in automatic}
        found: dict[int, str] = {}
        counts: dict[str, int] = {}
        for call in _own(items):
            index = call.node.index
            if (base := given.get(index)) is not None:
                found[index] = with_number(base, counts.get(base, 0))
                counts[base] = counts.get(base, 0) + 1
            elif index in self.names and call.node.entry.type is not None:
                name, own = self.names[index], base_of(call.node.entry, {})
                if numbered(name, own):
                    counts[own] = max(counts.get(own, 0), number_of(name, own) + 1)
        failed = {base for index, base in given.items() if found[index] in taken}
        for call, base, name in automatic:
            if base in failed:
                self._take(call, name, taken)
                self.names[call.node.index] = name
            else:
                self.names[call.node.index] = found[call.node.index]


def _own(items: tuple[Item, ...]) -> Iterator[Call]:
    """The calls of one model, without those of models nested in it."""
    for item in items:
        if isinstance(item, Call):
            yield item
        elif isinstance(item, Copies):
            for copy in item.copies:
                yield from _own(copy)


def _entry(item: Item) -> Entry | Block:
    return item.node.entry if isinstance(item, Call) else item.block


def _entries(items: tuple[Item, ...]) -> list[Entry | Block]:
    return [_entry(item) for item in items]
