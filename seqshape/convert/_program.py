"""A sound model as a program: calls in order, models nested in it, copies of blocks.

A block without `repeat` is a model of its own. The copies of a repeated block, and a block that cannot
stand alone (data comes in inside it, or it shares a layer with others), lie in the model round them.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from seqshape.convert import Subject
from seqshape.engine.tensors import Tensor
from seqshape.frozen import frozen
from seqshape.graph import SOURCES, Link, Node
from seqshape.report import Row
from seqshape.spec import Block


@frozen
class Value:
    """An output of a call, by the number of its node and its own."""

    node: int
    output: int


@frozen
class Call:
    """One call of a layer, or where data comes in."""

    node: Node
    row: Row


@frozen
class Nested:
    """A block that is a model of its own, with its first call; its nodes are from `first` up to `end`.

    `path` is the name that no other block has. `given` is what goes into each of its calls, the first
    one first.
    """

    path: str
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


@frozen
class Again:
    """One more call of a nested model, the one with the path `model`."""

    block: Block
    model: str
    end: int
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]


@frozen
class Copies:
    """The copies of a block inside the model round them: one, without a number, where none are counted."""

    block: Block
    copies: tuple[tuple["Item", ...], ...]

    def label(self, number: int) -> str:
        """What stands before the names in a copy."""
        name = self.block.name.text
        return name if self.block.repeat is None else f"{name}_{number}"


Item: TypeAlias = Call | Nested | Again | Copies


@frozen
class Program:
    """A whole model. `names` are those of the layers by node, `models` of nested models by their path."""

    items: tuple[Item, ...]
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]
    names: dict[int, str]
    models: dict[str, str]


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


def calls_by_model(items: tuple[Item, ...]) -> Iterator[list[Call]]:
    """The calls of a model, then those of each model nested in it."""
    own: list[Call] = []
    nested: list[Nested] = []
    todo = list(reversed(items))
    while todo:
        item = todo.pop()
        match item:
            case Call():
                own.append(item)
            case Nested():
                nested.append(item)
            case Copies():
                todo.extend(each for copy in reversed(item.copies) for each in reversed(copy))
    yield own
    for model in nested:
        yield from calls_by_model(model.items)


def outputs_of(subject: Subject) -> tuple[Value, ...]:
    """What the model gives: what the spec says, else what nobody reads."""
    found = tuple(value for link in subject.graph.outputs for value in values_of(link, subject.rows))
    return found or _unread(subject)


def values_of(link: Link, rows: tuple[Row, ...]) -> tuple[Value, ...]:
    """The outputs that a link means."""
    outputs = rows[link.source].outputs
    if link.output == "*":
        return tuple(Value(link.source, number) for number in range(len(outputs)))
    number = 0
    for number, output in enumerate(outputs):
        if link.output in (None, output.name, str(number)):
            break
    return (Value(link.source, number),)


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


def longest_chain(rows: tuple[Row, ...]) -> int:
    """How many calls stand one after the other at the most."""
    depths: list[int] = []
    for row in rows:
        depths.append(1 + max((depths[source] for source in row.sources), default=0))
    return max(depths, default=0)
