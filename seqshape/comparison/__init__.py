"""Two models held against each other: which entries stand for each other, and what differs.

Takes two models that were judged; what is wrong in one of them is in its report, and the rest is compared.
"""

import json
import re
from collections.abc import Hashable, Iterator
from dataclasses import replace
from functools import lru_cache

from seqshape.comparison.aligning import Aligned, Member, aligned, increasing
from seqshape.comparison.arguments import Layer, argument_changes, call_changes
from seqshape.comparison.result import Change, Comparison, Pair
from seqshape.comparison.side import Side
from seqshape.engine.tensors import Output, Weight
from seqshape.graph import Feed, Link, Node
from seqshape.report import Row
from seqshape.spec_reader import snake_case
from seqshape.tree import Json

_AGAIN = re.compile(r"_call_\d+\Z")
"""How the name of a later call ends, where a saved model has none for it."""


def compared(one: Side, other: Side) -> Comparison:
    """What two models differ in."""
    found = aligned(_members(one), _members(other))
    wiring = _Wiring(one, other, found)
    pairs = tuple(_pair(one, other, here, there, wiring) for here, there in found)
    paired = {here: there for here, there in found if here is not None and there is not None}
    order = [there for here, there in sorted(paired.items())]
    moved = set(order) - set(_kept(order))
    pairs = tuple(
        replace(pair, moved=there in moved) if pair.kind != "added" else pair
        for pair, (_, there) in zip(pairs, found, strict=True)
    )
    return Comparison(one.report, other.report, pairs, wiring.outputs(), tuple(_settings(one, other)))


def own_name(row: Row) -> str | None:
    """The name that a person gave an entry; None where it came by itself, as `dense_7` and `lstm_call_1`.

    Keras joins the names of blocks and layers: `block_0.dense` and `block_0_dense` are one name.
    """
    if _numbered(row.type, row.name) or (row.shares is not None and _AGAIN.search(row.name)):
        return None
    return row.path.replace(".", "_")


@lru_cache(maxsize=65_536)  # `watch` asks it of every row at each save
def _numbered(type_: str, name: str) -> bool:
    """Whether a name came from the type, with a number or without."""
    return re.fullmatch(rf"{re.escape(snake_case(type_))}(_\d+)?", name) is not None


def _kept(order: list[int]) -> list[int]:
    return [there for _, there in increasing(list(enumerate(order)))]


def _members(side: Side) -> list[Member]:
    return [_member(side, node, row) for node, row in zip(side.graph.nodes, side.report.rows, strict=True)]


def _member(side: Side, node: Node, row: Row) -> Member:
    layer = Layer(side, node)
    words = json.dumps([row.label, layer.written, layer.call, row.shares is not None], sort_keys=True)
    shapes = tuple(output.tensor.shape for output in row.outputs)
    weights = tuple(weight.shape for weight in row.weights)
    keys: tuple[Hashable, ...] = (
        (row.block, words),
        words,
        (row.label, shapes),
        row.type,
        (shapes, weights),
        (len(shapes), *map(len, shapes[:1]), bool(weights)),
    )
    written = node.entry.named and not side.spec.exact and row.shares is None
    return Member(row.path.replace(".", "_") if written else own_name(row), keys)


def _pair(one: Side, other: Side, here: int | None, there: int | None, wiring: "_Wiring") -> Pair:
    if here is None or there is None:
        return Pair(
            None if here is None else one.report.rows[here],
            None if there is None else other.report.rows[there],
        )
    mine, yours = one.report.rows[here], other.report.rows[there]
    layers = Layer(one, one.graph.nodes[here]), Layer(other, other.graph.nodes[there])
    changes = [
        *_named(mine, yours),
        *_typed(mine, yours),
        *(argument_changes(*layers) if mine.shares is None or yours.shares is None else ()),
        *call_changes(*layers),
        *wiring.changes(here, there),
        *_outputs(mine.outputs, yours.outputs),
        *_weights(mine.weights, yours.weights),
    ]
    if mine.status != yours.status:
        changes.append(Change("status", "", mine.status, yours.status))
    return Pair(mine, yours, tuple(changes))


def _named(mine: Row, yours: Row) -> Iterator[Change]:
    is_call = mine.shares is not None and yours.shares is not None  # Keras has no name for a later call
    names = [own_name(row) or row.path.replace(".", "_") for row in (mine, yours)]
    if names[0] != names[1] and not is_call and (own_name(mine) or own_name(yours)):
        yield Change("name", "", mine.path, yours.path)


def _typed(mine: Row, yours: Row) -> Iterator[Change]:
    if mine.type != yours.type:
        yield Change("type", "", mine.label, yours.label)
    if (mine.shares is None) != (yours.shares is None):
        yield Change("shares", "", mine.shares, yours.shares)


def _outputs(mine: tuple[Output, ...], yours: tuple[Output, ...]) -> Iterator[Change]:
    if not mine or not yours:  # not built: its status says so
        return
    for number in range(max(len(mine), len(yours))):
        here = mine[number] if number < len(mine) else None
        there = yours[number] if number < len(yours) else None
        if _output(here) != _output(there):
            several = max(len(mine), len(yours)) > 1
            name = (there or here or mine[0]).name if several else ""
            yield Change("output", name, _output(here), _output(there))


def _output(output: Output | None) -> Json:
    if output is None:
        return None
    tensor = output.tensor
    return {"shape": list(tensor.shape), "dtype": tensor.dtype, "masked": tensor.mask is not None}


def _weights(mine: tuple[Weight, ...], yours: tuple[Weight, ...]) -> Iterator[Change]:
    if [_weight(each) for each in mine] == [_weight(each) for each in yours]:
        return
    here, there = ({each.name: each for each in weights} for weights in (mine, yours))
    for name in dict.fromkeys((*here, *there)):
        one, other = _weight(here.get(name)), _weight(there.get(name))
        if one != other:
            yield Change("weight", name, one, other)


def _weight(weight: Weight | None) -> Json:
    if weight is None:
        return None
    return {"shape": list(weight.shape), "dtype": weight.dtype, "trainable": weight.trainable}


def _settings(one: Side, other: Side) -> Iterator[Change]:
    """Keras's global settings that the two files set otherwise."""
    for name in ("floatx", "image_data_format", "dtype_policy"):
        values = getattr(one.world, name), getattr(other.world, name)
        if values[0] != values[1]:
            yield Change("setting", name, *values, (values[0] is not None, values[1] is not None))


class _Wiring:
    """What each entry reads, in words that hold in both models.

    Where an entry stands newly between two others, the second reads what it read before: only the new one
    differs.
    """

    def __init__(self, one: Side, other: Side, found: Aligned) -> None:
        self._sides = (one, other)
        pairs = [(here, there) for here, there in found if here is not None and there is not None]
        self._known = (dict(pairs), {there: there for _, there in pairs})

    def changes(self, here: int, there: int) -> Iterator[Change]:
        """Whether two entries read otherwise."""
        numbers = (here, there)
        said = [self._feeds(side, numbers[side]) for side in (0, 1)]
        if said[0] != said[1]:
            words = [self._words(side, numbers[side]) for side in (0, 1)]
            yield Change("inputs", "", words[0], words[1])

    def outputs(self) -> Change | None:
        """Whether the two give other outputs, as far as they say which."""
        if self._ends(0) == self._ends(1):
            return None
        words: list[list[Json]] = [
            [link.word.text for link in side.graph.outputs] or ["what nothing reads"]
            for side in self._sides
        ]
        return Change("outputs", "", words[0], words[1])

    def _ends(self, side: int) -> list[object]:
        """What a model gives: what the file says, else what nothing reads."""
        graph = self._sides[side].graph
        if graph.outputs:
            return [each for link in graph.outputs for each in self._links(side, link)]
        read = {link.source for node in graph.nodes for feed in node.feeds for link in feed.links}
        return [
            (self._source(side, node.index), number)
            for node in graph.nodes
            if node.index not in read
            for number in range(max(len(self._sides[side].report.rows[node.index].outputs), 1))
        ]

    def _words(self, side: int, number: int) -> Json:
        return list(self._sides[side].report.rows[number].inputs)

    def _feeds(self, side: int, number: int) -> list[object]:
        """What each parameter of a call reads; the first one may be named or not."""
        graph = self._sides[side].graph
        node = graph.nodes[number]
        type_ = Layer(self._sides[side], node).type
        known = self._sides[side].engine.catalogue().find(type_, None) if node.feeds else None
        first = next(iter(known.call.names()), None) if known is not None else None
        return [self._feed(side, feed, first) for feed in node.feeds]

    def _feed(self, side: int, feed: Feed, first: str | None) -> object:
        links = tuple(each for link in feed.links for each in self._links(side, link))
        parameter = None if feed.parameter is None or feed.parameter.text == first else feed.parameter.text
        return parameter, feed.listed and len(links) > 1, links

    def _links(self, side: int, link: Link) -> list[object]:
        """What a reference means: sources by their numbers in B, each with the number of an output."""
        source = self._source(side, link.source)
        names = [output.name for output in self._sides[side].report.rows[link.source].outputs]
        if link.output == "*":
            return [(source, number) for number in range(len(names))]
        if link.output is None:
            return [(source, 0)]
        if link.output in names:
            return [(source, names.index(link.output))]
        return [(source, int(link.output) if link.output.isdecimal() else link.output)]

    def _source(self, side: int, number: int) -> object:
        """The entry that is read, past those that have no partner and read one tensor."""
        known, graph = self._known[side], self._sides[side].graph
        while number not in known:
            links = [link for feed in graph.nodes[number].feeds for link in feed.links]
            if len(links) != 1:
                return ("alone", side, number)
            number = links[0].source
        return known[number]
