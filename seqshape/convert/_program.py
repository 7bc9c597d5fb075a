"""A sound model as a program: calls in order, nested models with what goes in and comes out, copies of blocks.

A block without `repeat` is a model of its own. The copies of a repeated block, and a block that cannot
stand alone (data comes in inside it, or it shares a layer with what is outside), lie in the model round them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from seqshape.convert import NotWritable, Subject
from seqshape.convert._names import base_of, number_of, numbered, omissible, type_of, with_number
from seqshape.graph import SOURCES, Node
from seqshape.report import Row
from seqshape.spec import Block, Entry


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
    """A block that is a model of its own; `name` is the block's, `first` its first node."""

    block: Block
    items: tuple["Item", ...]
    first: int
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Copies:
    """The copies of a block inside the model round them: one, without a number, where it has no `repeat`."""

    block: Block
    copies: tuple[tuple["Item", ...], ...]

    def label(self, number: int) -> str:
        """What stands before the names in a copy."""
        name = self.block.name.text
        return name if self.block.repeat is None else f"{name}_{number}"


Item: TypeAlias = Call | Nested | Copies


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
    outputs = _outputs(subject)
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


def calls_of(items: tuple[Item, ...]) -> Iterator[Call]:
    """All calls, those of copies and nested models too, in order."""
    for item in items:
        match item:
            case Call():
                yield item
            case Nested():
                yield from calls_of(item.items)
            case Copies():
                for copy in item.copies:
                    yield from calls_of(copy)


def _outputs(subject: Subject) -> tuple[Value, ...]:
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
    if found:
        return tuple(found)
    read = {value.node for row in subject.rows for value in reads(row)}
    ends = [node for node in subject.graph.nodes if node.index not in read]
    ends = [node for node in ends if not is_source(node)] or ends
    return tuple(
        Value(node.index, number)
        for node in ends
        for number in range(len(subject.rows[node.index].outputs))
    )


@dataclass(slots=True)
class _Builder:
    subject: Subject
    next: int = 0
    readers: dict[Value, list[int]] = field(default_factory=dict)
    groups: dict[int, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row, node in zip(self.subject.rows, self.subject.graph.nodes, strict=True):
            for value in reads(row):
                self.readers.setdefault(value, []).append(node.index)
            if node.group is not None:
                first, _ = self.groups.get(node.group, (node.index, 0))
                self.groups[node.group] = (first, node.index)
        for value in _outputs(self.subject):
            self.readers.setdefault(value, []).append(len(self.subject.rows))

    def items(self, entries: tuple[Entry | Block, ...]) -> tuple[Item, ...]:
        return tuple(self._item(entry) for entry in entries)

    def _item(self, entry: Entry | Block) -> Item:
        if isinstance(entry, Entry):
            node = self.subject.graph.nodes[self.next]
            self.next += 1
            return Call(node, self.subject.rows[node.index])
        if entry.repeat is not None:
            return Copies(entry, tuple(self.items(entry.entries) for _ in range(entry.repeat)))
        first = self.next
        items = self.items(entry.entries)
        inputs = self._inputs(items, first)
        if not inputs or self._is_tied(items, first):
            return Copies(entry, (items,))
        return Nested(entry, items, first, inputs, self._outputs(items, first))

    def _inputs(self, items: tuple[Item, ...], first: int) -> tuple[Value, ...]:
        """What a block reads from outside, in order."""
        found = (value for call in calls_of(items) for value in reads(call.row))
        return tuple(dict.fromkeys(value for value in found if value.node < first))

    def _is_tied(self, items: tuple[Item, ...], first: int) -> bool:
        """Whether a block cannot stand alone."""
        for call in calls_of(items):
            if is_source(call.node):
                return True
            if call.node.group is not None:
                start, end = self.groups[call.node.group]
                if start < first or end >= self.next:
                    return True
        return False

    def _outputs(self, items: tuple[Item, ...], first: int) -> tuple[Value, ...]:
        """What is read of a block from outside; what its last call gives where nothing is."""
        found = [
            Value(call.node.index, number)
            for call in calls_of(items)
            for number in range(len(call.row.outputs))
            if any(reader >= self.next for reader in self.readers.get(Value(call.node.index, number), ()))
        ]
        return tuple(found) or (Value(self.next - 1, 0),)


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
        """Numbers the layers without names of their own as Keras does; under their copies' names if that fails."""
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
