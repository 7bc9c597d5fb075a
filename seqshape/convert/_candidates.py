"""The entries of a model as what runs are made of: what each is, and which nodes it reads."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from sys import intern

from seqshape.convert import Subject
from seqshape.convert._layers import Layers
from seqshape.convert._program import is_source
from seqshape.convert._runs import Candidate, Read
from seqshape.graph import BlockCopy, Feed, Node
from seqshape.spec import Block, Entry, Expectation, plain_arguments


def candidates(subject: Subject, layers: Layers) -> tuple[Candidate, ...]:
    """A candidate for each entry of the spec, in its order."""
    return _Reader(subject, layers).level(subject.spec.entries, "", 0)


@dataclass(slots=True)
class _Reader:
    subject: Subject
    layers: Layers
    copies: dict[str, BlockCopy] = field(default_factory=dict)
    called: set[str | None] = field(default_factory=set)

    def __post_init__(self) -> None:
        for copy in self.subject.graph.blocks:
            self.copies[copy.path] = copy
            self.called.add(copy.again)

    def level(self, entries: tuple[Entry | Block, ...], scope: str, first: int) -> tuple[Candidate, ...]:
        """The candidates of a list whose first node is `first`; `scope` stands before its paths."""
        nodes = self.subject.graph.nodes
        found: list[Candidate] = []
        for entry in entries:
            path = scope + entry.name.text
            if isinstance(entry, Entry) and first < len(nodes) and nodes[first].entry is entry:
                each = self._entry(nodes[first])
            elif isinstance(entry, Block) and entry.repeat is None:
                each = self._block(entry, self.copies[path])
            else:
                each = Candidate(first, self._end(path) - first, None, ())
            found.append(each)
            first += each.width
        return tuple(found)

    def _end(self, path: str) -> int:
        """The node behind all copies of a block."""
        if path in self.copies:
            return self.copies[path].end
        number = 0
        while f"{path}_{number + 1}" in self.copies:
            number += 1
        return self.copies[f"{path}_{number}"].end

    def _entry(self, node: Node) -> Candidate:
        entry = node.entry
        reads = tuple(_reads(node.feeds))
        odd = is_source(node) or node.group is not None or entry.models or entry.expect != Expectation()
        if odd or entry.type is None or any(output == "*" for _, output in reads):
            return Candidate(node.index, 1, None, reads)
        parts = [
            entry.type.text,
            self.layers.essential(node),
            plain_arguments(entry.call),
            _kinds(node.feeds),
            [code.text for code in entry.ignore],
        ]
        return Candidate(node.index, 1, intern(json.dumps(parts)), reads)

    def _block(self, block: Block, copy: BlockCopy) -> Candidate:
        inner = self.level(block.entries, f"{copy.path}.", copy.first)
        reads = tuple(_reads(copy.feeds))
        plain = block.expect == Expectation() and not block.ignore and copy.path not in self.called
        parts: list[object] = [_kinds(copy.feeds)]
        for each in inner:
            own = [
                ["inside", node - copy.first, output]
                if node >= copy.first
                else _flowing(reads, (node, output))
                for node, output in each.reads
            ]
            plain = plain and each.token is not None and None not in own
            parts.append([each.token, own])
        plain = plain and all(output != "*" for _, output in reads) and not self._names_others(copy)
        token = intern(json.dumps(parts)) if plain else None
        return Candidate(copy.first, copy.end - copy.first, token, reads, inner)

    def _names_others(self, copy: BlockCopy) -> bool:
        """Whether something in a block reads what lies round it by its name, not as `input`."""
        nodes = self.subject.graph.nodes[copy.first : copy.end]
        feeds = [feed for node in nodes if node.entry.inputs is not None for feed in node.feeds]
        for each in self.subject.graph.blocks:
            if each.path.startswith(f"{copy.path}.") and each.block.inputs is not None:
                feeds.extend(each.feeds)
        return any(
            link.source < copy.first and link.word.text.partition(".")[0] != "input"
            for feed in feeds
            for link in feed.links
        )


def _reads(feeds: tuple[Feed, ...]) -> Iterator[Read]:
    for feed in feeds:
        for link in feed.links:
            yield link.source, link.output


def _kinds(feeds: tuple[Feed, ...]) -> list[object]:
    return [[feed.parameter and feed.parameter.text, feed.listed, len(feed.links)] for feed in feeds]


def _flowing(reads: tuple[Read, ...], read: Read) -> object:
    return ["flow", reads.index(read)] if read in reads else None
