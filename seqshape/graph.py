"""Calls and what flows between them: what a spec becomes once its names are resolved.

Made by `graph_builder`. Knows nothing of Keras: whether a layer has the output that a reference
names is seen by `walk`.
"""

from dataclasses import dataclass

from seqshape.frozen import frozen
from seqshape.places import Place
from seqshape.spec import Block, Entry, Word

SOURCES = frozenset(("Input", "InputLayer"))
"""The types that the language lets read nothing."""
FLOWING = -1
"""The source of a link, in the graph of a block that stands for a layer, to what flows into that layer."""


@frozen
class Link:
    """A resolved reference: the node it reads and which output, None for the only one, `*` for all."""

    source: int
    output: str | None
    word: Word


@frozen
class Feed:
    """What one parameter of a call reads; `parameter` is None for the first."""

    parameter: Word | None
    links: tuple[Link, ...]
    listed: bool


@frozen
class Node:
    """One call of a layer.

    `name` is the entry's name, `block` the dotted path of the copy of the block it stands in.
    `shared` gives the nodes that made the layers which this one calls again or wraps, by the word
    that says so; `shares` names the entry whose weights it has again.
    `group` numbers the calls that share a layer, None where nothing is shared.
    `again` is the node whose layer this one calls because the block round that node is called again.
    `sound` is False where the entry's words or references are wrong. `models` are the graphs of the
    blocks in its arguments that stand for layers, each with the place of its mapping.
    """

    index: int
    name: str
    block: str | None
    entry: Entry
    feeds: tuple[Feed, ...]
    shared: tuple[tuple[str, int], ...]
    shares: str | None
    group: int | None
    sound: bool
    models: "tuple[tuple[Place, Graph], ...]" = ()
    again: int | None = None

    @property
    def path(self) -> str:
        """The name that no other node has."""
        return self.name if self.block is None else f"{self.block}.{self.name}"

    @property
    def title(self) -> str:
        """What messages call it: its name; in a block that is called again its path."""
        return self.name if self.again is None else self.path


@dataclass(frozen=True, slots=True)
class BlockCopy:
    """One copy of a block: the nodes from `first` up to, not including, `end`; `feeds` flow into it.

    `again` is the path of the copy whose layers this one calls again, None where they are its own.
    """

    path: str
    block: Block
    first: int
    end: int
    feeds: tuple[Feed, ...] = ()
    again: str | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """All calls in the order of the file."""

    nodes: tuple[Node, ...]
    blocks: tuple[BlockCopy, ...]
    outputs: tuple[Link, ...]


def owner_of(node: Node, graph: Graph) -> Node:
    """The node that made the layer which this one calls."""
    return graph.nodes[node.shared[0][1]] if node.entry.reuse is not None and node.shared else node


def needed_by(node: Node, graph: Graph) -> tuple[int, ...]:
    """The nodes that must be asked about before this one, in order: what it reads, and earlier calls."""
    members: dict[int, list[int]] = {}
    for each in graph.nodes[: node.index]:
        if each.group is not None:
            members.setdefault(each.group, []).append(each.index)
    wanted: set[int] = set()
    todo = [node.index]
    while todo:
        current = graph.nodes[todo.pop()]
        before = [link.source for feed in current.feeds for link in feed.links]
        if current.group is not None:
            before.extend(index for index in members.get(current.group, ()) if index < current.index)
        new = [index for index in before if index not in wanted]
        wanted.update(new)
        todo.extend(new)
    return tuple(sorted(wanted))
