"""The rows of a graph, before anything is asked: names, types, and what is read."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from seqshape.engine.catalogue import module_of
from seqshape.graph import Graph, Link, Node, owner_of
from seqshape.places import Place
from seqshape.report import Fed, Row
from seqshape.size_reader import is_model
from seqshape.spec import Argument, Word
from seqshape.tree import Mapping, Scalar, Sequence
from seqshape.wording import count

if TYPE_CHECKING:
    from seqshape.engine.question import Facts


def unasked(graph: Graph, wrong: frozenset[int]) -> tuple[Row, ...]:
    """The rows of a graph that is not asked about: an error where `wrong` says so, else skipped."""
    return tuple(
        replace(row_of(node, graph), status="error" if node.index in wrong else "skipped")
        for node in graph.nodes
    )


def _reference(link: Link, graph: Graph) -> str:
    """A link as a reference that holds anywhere in the spec: `encoder.gru.state`."""
    path = graph.nodes[link.source].path
    return path if link.output is None else f"{path}.{link.output}"


def row_of(
    node: Node,
    graph: Graph,
    fed: tuple[Fed, ...] = (),
    facts: "Facts | None" = None,
    frozen: bool = False,
) -> Row:
    """The row of a node, skipped without `facts`; `fed` is what goes into it, where that is known.

    Where it is `frozen`, no weight is trained.
    """
    entry = node.entry
    links = [link for feed in node.feeds for link in feed.links]
    owner = owner_of(node, graph)
    type_name = owner.entry.type.text if owner.entry.type is not None else ""
    plain = all(isinstance(argument.value, Scalar) for argument in owner.entry.arguments)
    inner = [] if plain else _inner(owner, graph)
    weights = facts.weights if facts is not None else ()
    if frozen:
        weights = tuple(replace(weight, trainable=False) for weight in weights)
    return Row(
        name=node.name,
        type=type_name,
        label=f"{type_name}({', '.join(inner)})" if inner else type_name,
        block=node.block,
        place=entry.place,
        status="ok" if facts is not None else "skipped",
        inputs=tuple(_reference(link, graph) for link in links),
        words=tuple(link.word.text for link in links),
        sources=tuple(link.source for link in links),
        outputs=facts.outputs if facts is not None else (),
        weights=weights,
        traced=facts is not None and facts.traced,
        shares=node.shares,
        fed=fed,
        again=node.again,
    )


def _inner(owner: Node, graph: Graph) -> list[str]:
    """The types of the layers and cells in the arguments of a layer."""
    reused = {word: graph.nodes[target].entry.type for word, target in owner.shared}
    types = {word: type_.text for word, type_ in reused.items() if type_ is not None}
    layers = {block.place: len(block.entries) for block in owner.entry.models}
    return [name for argument in owner.entry.arguments for name in _wrapped(argument, types, layers)]


def flowing(graph: Graph) -> dict[str, tuple[str, ...]]:
    """The words for what flows into each copy of a block, by its path."""
    return {
        copy.path: tuple(link.word.text for feed in copy.feeds for link in feed.links)
        for copy in graph.blocks
    }


def _wrapped(argument: Argument, reused: dict[str, str], layers: dict[Place, int]) -> Iterator[str]:
    """The types of the layers and cells in an argument, with what they wrap in turn.

    `reused` gives the types of the layers that stand there by name, `layers` the number of layers in
    the blocks there, by their places.
    """
    if module_of(argument.name.text) is not None:
        return
    values = argument.value.items if isinstance(argument.value, Sequence) else (argument.value,)
    for value in values:
        if not isinstance(value, Mapping):
            continue
        if is_model(value):
            yield count(layers.get(value.place, 0), "layer")
        if isinstance(word := value.get("type"), Scalar):
            inner = [
                name
                for key, item in value
                for name in _wrapped(Argument(Word(key.text, key.place), item), reused, layers)
            ]
            yield f"{word.text}({', '.join(inner)})" if inner else word.text
        elif isinstance(word := value.get("reuse"), Scalar) and word.text in reused:
            yield reused[word.text]
