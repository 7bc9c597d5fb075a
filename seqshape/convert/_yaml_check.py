"""Reads a written spec again: it must have the calls, arguments and links that were to be written."""

import json
from collections.abc import Iterator

from seqshape import spec_reader, yaml_reader
from seqshape.convert import NotWritable, Subject
from seqshape.convert._layers import Layers, world_of
from seqshape.convert._program import outputs_of
from seqshape.graph import Graph, Node, owner_of
from seqshape.limits import DEEPEST, LARGEST, Limits
from seqshape.source import from_text
from seqshape.spec import Block, Entry, plain_arguments
from seqshape.tree import Json

_LIMITS = Limits(bytes=LARGEST, nodes=LARGEST, depth=DEEPEST, layers=LARGEST)


def verify(text: str, wanted: Subject) -> None:
    """Compares what a spec says with the model that it was written for.

    Raises:
        NotWritable: it says something else.

    """
    first = wanted.graph.nodes[0]
    document, faults = yaml_reader.read(from_text("", text), _LIMITS)
    spec, more = spec_reader.read(document, {})
    if faults or more:
        raise NotWritable(first.entry.place, "", "what would be written is no right spec")
    try:
        found = wanted.with_spec(spec)
    except ValueError as error:
        reason = "what would be written has other layers"
        raise NotWritable(first.entry.place, "", reason) from error
    _compare(wanted.graph, found.graph, _Pair(wanted, found))
    if not _named_alike(wanted.spec.entries, spec.entries, repeated=False):
        raise NotWritable(first.entry.place, "", "what would be written has names where there are none")
    if outputs_of(found) != outputs_of(wanted):
        raise NotWritable(first.entry.place, "", "what would be written gives other outputs")
    if (found.spec.name, world_of(found.spec.settings)) != (
        wanted.spec.name,
        world_of(wanted.spec.settings),
    ):
        raise NotWritable(first.entry.place, "", "what would be written has another name or other settings")


class _Pair:
    """A model and what was read of its spec, as the engine is asked about their layers."""

    def __init__(self, wanted: Subject, found: Subject) -> None:
        self.wanted = Layers(wanted, world_of(wanted.spec.settings))
        self.found = Layers(found, world_of(found.spec.settings))


def _compare(wanted: Graph, found: Graph, layers: _Pair) -> None:
    """Compares calls in order, and those of blocks that stand for layers."""
    if len(wanted.nodes) != len(found.nodes):
        entry = wanted.nodes[0].entry
        raise NotWritable(entry.place, entry.name.text, "what would be written has other layers")
    for one, other in zip(wanted.nodes, found.nodes, strict=True):
        same = list(_said(one, wanted)) == list(_said(other, found)) and len(one.models) == len(
            other.models
        )
        if same and one.entry.reuse is None and one.entry.type is not None:
            mine, its = layers.wanted.essential_in(one, wanted), layers.found.essential_in(other, found)
            same = json.dumps(_outside(mine)) == json.dumps(_outside(its))
        if not same:
            reason = "a spec has no way to say it: what would be written is another layer, or reads another"
            raise NotWritable(one.entry.place, one.name, reason)
        for (_, mine_), (_, its_) in zip(one.models, other.models, strict=True):
            _compare(mine_, its_, layers)


def _named_alike(
    wanted: tuple[Entry | Block, ...], found: tuple[Entry | Block, ...], *, repeated: bool
) -> bool:
    """Whether the same entries of repeated blocks have names of their own: layers are called by these."""
    for one, other in zip(wanted, found, strict=True):
        many = repeated or (isinstance(one, Block) and one.repeat is not None)
        if many and one.named != other.named:
            return False
        inner = [each.entries if isinstance(each, Block) else () for each in (one, other)]
        if not _named_alike(*inner, repeated=many):
            return False
    return True


def _said(node: Node, graph: Graph) -> Iterator[object]:
    """What a call is, but for the arguments of its layer."""
    owner = owner_of(node, graph)
    yield node.path, owner.index, owner.entry.type and owner.entry.type.text
    yield json.dumps(plain_arguments(node.entry.call), sort_keys=True)
    for feed in node.feeds:
        yield feed.parameter and feed.parameter.text, feed.listed
        yield [(link.source, link.output) for link in feed.links]


def _outside(value: Json) -> Json:
    """Arguments without the blocks in them, in one order of keys."""
    if isinstance(value, list):
        return [_outside(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and isinstance(value.get("layers"), str):
        return {"layers": ""}
    return {key: _outside(value[key]) for key in sorted(value)}
