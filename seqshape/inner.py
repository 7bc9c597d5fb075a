"""A layer's arguments as plain data, the blocks in them too: what the engine makes a layer from.

A block that stands for a layer becomes `{"layers": text}`. The text is JSON of its calls in order, each
with the layer, what goes in and the other arguments of the call; a source is the number of an earlier
call, or -1 for what flows into the block. A block inside is a list there and no text: text in text in text
would be twice as long at each level.
"""

import json

from seqshape.graph import Graph, Node
from seqshape.places import Place
from seqshape.spec import plain_arguments
from seqshape.tree import Json


def layer_arguments(node: Node, graph: Graph) -> dict[str, Json]:
    """The arguments of the layer that a node makes; a nested `reuse` names a layer by its whole path."""
    return _arguments(node, graph, {place: {"layers": calls_text(inner)} for place, inner in node.models})


def _arguments(node: Node, graph: Graph, models: dict[Place, Json]) -> dict[str, Json]:
    paths = {word: graph.nodes[target].path for word, target in node.shared}
    return plain_arguments(node.entry.arguments, paths, models)


def calls_text(graph: Graph) -> str:
    """The text for the graph of a block that stands for a layer."""
    return json.dumps(_calls(graph))


def _calls(graph: Graph) -> list[Json]:
    return [_call(node, graph) for node in graph.nodes]


def _call(node: Node, graph: Graph) -> Json:
    layer: dict[str, Json]
    if node.entry.reuse is not None:
        layer = {"again": node.shared[0][1]}
    else:
        assert node.entry.type is not None
        models: dict[Place, Json] = {place: {"layers": _calls(inner)} for place, inner in node.models}
        layer = {"type": node.entry.type.text, **_arguments(node, graph, models)}
    inputs: list[Json] = [
        [
            None if feed.parameter is None else feed.parameter.text,
            [[link.source, link.output] for link in feed.links],
            feed.listed,
        ]
        for feed in node.feeds
    ]
    return {
        "name": node.path,
        "layer": layer,
        "inputs": inputs,
        "call": dict(plain_arguments(node.entry.call)),
    }
