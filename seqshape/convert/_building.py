"""From a sound model to its program: which blocks are models of their own, and what goes into each call."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from seqshape.convert import Subject
from seqshape.convert._layers import Layers, world_of
from seqshape.convert._naming import Namer
from seqshape.convert._program import (
    Again,
    Call,
    Copies,
    Item,
    Nested,
    Program,
    Value,
    is_source,
    outputs_of,
    reads,
)
from seqshape.graph import BlockCopy
from seqshape.spec import Block, Entry


def program_of(subject: Subject) -> Program:
    """The program of a model.

    Raises:
        NotWritable: two layers would have one name.

    """
    builder = _Builder(subject)
    items = builder.items(subject.spec.entries, "")
    outputs = outputs_of(subject)
    inputs = tuple(Value(node.index, 0) for node in subject.graph.nodes if is_source(node))
    namer = Namer(Layers(subject, world_of(subject.spec.settings)))
    namer.name(items)
    return Program(items, inputs, outputs, namer.names, namer.models)


@dataclass(slots=True)
class _Builder:
    subject: Subject
    next: int = 0
    readers: dict[Value, int] = field(default_factory=dict)
    groups: dict[int, list[int]] = field(default_factory=dict)
    copies: dict[str, BlockCopy] = field(default_factory=dict)
    starting: dict[int, list[BlockCopy]] = field(default_factory=dict)
    again: dict[str, list[BlockCopy]] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    nested: dict[str, Nested] = field(default_factory=dict)

    def __post_init__(self) -> None:
        nodes = self.subject.graph.nodes
        for row, node in zip(self.subject.rows, nodes, strict=True):
            for value in reads(row):
                self.readers[value] = node.index
            if node.group is not None:
                self.groups.setdefault(node.group, []).append(node.index)
        self.readers.update(dict.fromkeys(outputs_of(self.subject), len(nodes)))
        for copy in self.subject.graph.blocks:
            self.copies[copy.path] = copy
            self.starting.setdefault(copy.first, []).append(copy)
            if copy.again is not None:
                calls = self.again.setdefault(copy.again, [])
                calls.append(copy)
                self.calls[copy.path] = len(calls)

    def items(self, entries: tuple[Entry | Block, ...], scope: str) -> tuple[Item, ...]:
        """The items of a list of entries, from the next node on; `scope` stands before their paths."""
        return tuple(item for entry in entries for item in self._items(entry, scope))

    def _items(self, entry: Entry | Block, scope: str) -> Iterator[Item]:
        nodes, path = self.subject.graph.nodes, scope + entry.name.text
        if isinstance(entry, Block):
            yield self._block(entry, path)
        elif self.next < len(nodes) and nodes[self.next].entry is entry:
            self.next += 1
            yield Call(nodes[self.next - 1], self.subject.rows[self.next - 1])
        elif path in self.copies:
            yield self._again(self.copies[path])
        else:
            number = 0
            while (copy := self.copies.get(f"{path}_{number}")) is not None:
                yield self._again(copy)
                number += 1

    def _block(self, entry: Block, path: str) -> Item:
        first = self.next
        if entry.repeat is not None:
            copies = (self.items(entry.entries, f"{path}_{number}.") for number in range(entry.repeat))
            return Copies(entry, tuple(copies))
        items = self.items(entry.entries, f"{path}.")
        starts = [copy.first for copy in self.again.get(path, ())]
        size = self.next - first
        inputs = self._inputs((first, *starts), size)
        if not inputs[0] or len(set(inputs[0])) < len(inputs[0]) or self._is_tied(first, starts):
            return Copies(entry, (items,))
        outputs = self._outputs((first, *starts), size)
        self.nested[path] = found = Nested(path, entry, items, first, self.next, tuple(inputs), outputs)
        return found

    def _again(self, copy: BlockCopy) -> Item:
        """One more call of a block."""
        first, self.next = self.next, copy.end
        model = self.nested.get(copy.again or "")
        if model is None:
            calls = tuple(self._called(copy, first))
            label = replace(copy.block, name=replace(copy.block.name, text=_last_part(copy.path)))
            return Copies(replace(label, repeat=None), (calls,))
        shift = first - model.first
        outputs = tuple(Value(value.node + shift, value.output) for value in model.outputs)
        return Again(copy.block, model.path, self.next, model.given[self.calls[copy.path]], outputs)

    def _called(self, copy: BlockCopy, first: int) -> Iterator[Item]:
        """The calls in a copy of a block that is no model, with those of the models in it."""
        self.next = first
        while self.next < copy.end:
            inside = (
                each
                for each in reversed(self.starting.get(self.next, ()))  # the outer ones first
                if each.path.startswith(f"{copy.path}.") and each.again in self.nested
            )
            if (model := next(inside, None)) is not None:
                yield self._again(model)
            else:
                node = self.subject.graph.nodes[self.next]
                self.next += 1
                yield Call(node, self.subject.rows[node.index])

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
        """What is read of a block from outside, or by nobody, of any of its calls."""
        first = starts[0]
        found: list[Value] = []
        for place in range(size):
            outputs = range(len(self.subject.rows[first + place].outputs))
            last = {
                number: max(self.readers.get(Value(start + place, number), -1) - start for start in starts)
                for number in outputs
            }
            if all(reader < 0 for reader in last.values()):  # nobody reads it: it stays in the model so
                found.append(Value(first + place, 0))
            found.extend(Value(first + place, number) for number in outputs if last[number] >= size)
        return tuple(found) or (Value(first + size - 1, 0),)


def _last_part(path: str) -> str:
    return path.rpartition(".")[2]
