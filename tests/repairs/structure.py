"""What a spec builds, whatever its entries are called and however its arguments are written.

Two specs have equal structures where they make the same calls of the same layers on the same tensors.
What says the same in two ways is one: a Flatten and the Reshape that does its work, an axis counted from
the end and from the start, a default that is written out.
"""

import hashlib
import json
from io import BytesIO
from typing import Any, TypeAlias

from seqshape import containers, graph_builder
from seqshape.blame import wrong_nodes
from seqshape.engine import Engine
from seqshape.engine.question import World
from seqshape.engine.writing import Undescribed
from seqshape.graph import SOURCES, Graph, Node, owner_of
from seqshape.limits import Limits
from seqshape.loading import load
from seqshape.places import Place
from seqshape.report import Row
from seqshape.spec import plain_arguments
from seqshape.tree import Json
from seqshape.walk import walk
from seqshape.words import check

Token: TypeAlias = tuple[Any, ...]

_LAID_OUT = frozenset(("Reshape", "Flatten", "ops.reshape", "ops.expand_dims", "ops.squeeze", "ops.ravel"))
"""Types that lay the same elements out in another shape, in the same order."""
_NEED_NO_WRAPPER = frozenset(("Dense", "Flatten", "Reshape"))
"""Types that do the same in TimeDistributed and without, where the shapes that come out are equal."""
_SYMMETRIC = frozenset(("Add", "Multiply", "Average", "Maximum", "Minimum", "ops.add", "ops.multiply"))
_POOLS = {"ops.mean": "GlobalAveragePooling1D", "ops.max": "GlobalMaxPooling1D"}
_NOT_SAID = frozenset(("name", "module", "registered_name", "build_config", "shared_object_id"))
"""Keys of a saved layer that say nothing of what it does."""


def structure(text: str, engine: Engine) -> tuple[str, ...]:
    """The digests of a spec's outputs; those that `outputs` names in its order, others in any."""
    loaded = load("x.yaml", containers.contents(BytesIO(text.encode()), 1 << 20), {}, Limits(), engine)
    graph, wrong_references = graph_builder.build(loaded.spec, Limits())
    faults = [*loaded.faults, *wrong_references, *check(graph, engine.catalogue())]
    wrong = wrong_nodes(graph, faults)
    walked = walk(graph, loaded.spec, engine.ask, wrong=wrong)
    canon = _Canon(graph, walked.rows, engine)
    if graph.outputs and walked.outputs is not None:
        return tuple(canon.tensor(read.source, read.output) for read in walked.outputs)
    unread = set(range(len(graph.nodes))) - {
        link.source for node in graph.nodes for feed in node.feeds for link in feed.links
    }
    return tuple(sorted(canon.tensor(index, 0) for index in unread))


class _Canon:
    def __init__(self, graph: Graph, rows: tuple[Row, ...], engine: Engine) -> None:
        self._graph = graph
        self._rows = rows
        self._engine = engine
        self._sources = [node.index for node in graph.nodes if _type(node) in SOURCES]
        self._digests: dict[int, str] = {}
        self._bases: dict[str, tuple[str, tuple[int | None, ...]]] = {}
        for node in graph.nodes:
            self._digests[node.index] = self._node(node)

    def tensor(self, source: int, output: int | str) -> str:
        """The digest of one tensor."""
        digest = self._digests[source]
        return digest if output == 0 else _digest((digest, output))

    def _node(self, node: Node) -> str:
        """The digest of a call's first output."""
        row = self._rows[node.index]
        type_, arguments = self._layer(owner_of(node, self._graph), row)
        if type_ in SOURCES:
            shape = row.outputs[0].tensor if row.outputs else arguments
            return _digest(("Input", self._sources.index(node.index), shape))
        read = self._read(node, row)
        given = [tensor for _, tensors in read for tensor in tensors]
        alone = given[0] if len(given) == 1 and row.status == "ok" else None
        if alone is not None and (
            type_ in _LAID_OUT or (type_ == "RepeatVector" and arguments.get("n") == 1)
        ):
            return self._laid_out(alone, node, row)
        if type_ in _SYMMETRIC:
            read = [("", sorted(given))]
        keywords = plain_arguments(node.entry.call)
        layer = self._identity(node, type_, arguments)
        return _digest((layer, sorted(read), json.dumps(keywords, sort_keys=True)))

    def _identity(self, node: Node, type_: str, arguments: dict[str, Any]) -> Token:
        """A layer: by what makes it, or by the call that it was made for."""
        owner = node.again if node.again is not None else None
        if node.entry.reuse is not None and node.shared:
            owner = node.shared[0][1]
        if owner is not None:
            return ("again", self._digests[owner])
        return (type_, json.dumps(arguments, sort_keys=True))

    def _laid_out(self, source: str, node: Node, row: Row) -> str:
        """The digest of elements in a new shape: two such steps are one, and none where the shape is the first."""
        read = row.fed[0].tensors[0]
        before = self._rows[read.source].outputs[read.output].tensor.shape
        base, first = self._bases.get(source, (source, before))
        after = row.outputs[0].tensor.shape
        if after == first:
            return base
        digest = _digest(("laid out", base, after))
        self._bases[digest] = (base, first)
        return digest

    def _read(self, node: Node, row: Row) -> list[tuple[str, list[str]]]:
        """What each parameter of the call reads."""
        found = self._engine.catalogue().find(row.type, None)
        names = found.call.names() if found is not None else ()
        first = names[0] if names else ""
        read: dict[str, list[str]] = {}
        if row.fed:
            for fed in row.fed:
                tensors = [self.tensor(each.source, each.output) for each in fed.tensors]
                read[fed.parameter or first] = tensors
        else:
            for feed in node.feeds:
                name = feed.parameter.text if feed.parameter is not None else first
                read[name] = [self.tensor(link.source, _numbered(link.output)) for link in feed.links]
        if {"query", "value"} <= read.keys() and "key" in names:
            read.setdefault("key", read["value"])
        return list(read.items())

    def _layer(self, node: Node, row: Row) -> tuple[str, dict[str, Any]]:
        """A type and its arguments, with Keras's defaults and axes counted from the start."""
        paths = {word: self._digests[target] for word, target in node.shared}
        models: dict[Place, Json] = {place: [*self._inner(graph)] for place, graph in node.models}
        arguments: dict[str, Any] = plain_arguments(node.entry.arguments, paths, models)
        type_ = _type(node)
        inner = arguments.get("layer")
        if type_ == "TimeDistributed" and isinstance(inner, dict) and inner.get("type") in _NEED_NO_WRAPPER:
            type_ = inner["type"]
            arguments = {key: value for key, value in inner.items() if key != "type"}
        if type_ in SOURCES or type_.startswith("ops."):
            ranks = self._ranks(row)
            if type_ in _POOLS and arguments == {"axis": 1} and ranks == [3]:
                type_, arguments = _POOLS[type_], {}
            else:
                return type_, _counted(arguments, ranks)
        if not paths and not models:
            described = self._described(type_, arguments)
            if described is not None:
                arguments = json.loads(described)
        return type_, _counted(arguments, self._ranks(row))

    def _inner(self, graph: Graph) -> tuple[str, ...]:
        """The entries of a block that stands for a layer, in their order."""
        return tuple(
            json.dumps(
                [
                    _type(node),
                    plain_arguments(node.entry.arguments),
                    [link.source for feed in node.feeds for link in feed.links],
                ],
                sort_keys=True,
            )
            for node in graph.nodes
        )

    def _described(self, type_: str, arguments: dict[str, Any]) -> str | None:
        """The configuration that Keras gives the layer, None where it makes none."""
        try:
            text = self._engine.writing.described(json.dumps({"type": type_, **arguments}), (), World())
        except Undescribed:
            return None
        return json.dumps(_said(json.loads(text)))

    def _ranks(self, row: Row) -> list[int]:
        return [
            len(self._rows[read.source].outputs[read.output].tensor.shape)
            for fed in row.fed
            for read in fed.tensors
            if read.output < len(self._rows[read.source].outputs)
        ]


def _counted(arguments: Any, ranks: list[int]) -> Any:
    """Arguments with `axis` and `axes` counted from the start, where the number of axes is known."""
    if not ranks:
        return arguments
    if "config" in arguments:
        return {**arguments, "config": _counted(arguments["config"], ranks)}
    counted = dict(arguments)
    axis, axes = arguments.get("axis"), arguments.get("axes")
    if isinstance(axis, int):
        counted["axis"] = axis % ranks[0]
    if len(ranks) == 2 and axes is not None:
        pair = axes if isinstance(axes, list) else [axes, axes]
        counted["axes"] = [one % rank for one, rank in zip(pair, ranks, strict=False)]
    return counted


def _said(saved: Any) -> Any:
    """A saved layer without its name and its place in Keras."""
    if isinstance(saved, dict):
        return {key: _said(value) for key, value in saved.items() if key not in _NOT_SAID}
    return [_said(each) for each in saved] if isinstance(saved, list) else saved


def _type(node: Node) -> str:
    return node.entry.type.text if node.entry.type is not None else ""


def _numbered(output: str | None) -> int | str:
    if output is None or output == "output":
        return 0
    return int(output) if output.isdecimal() else output


def _digest(value: Any) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]
