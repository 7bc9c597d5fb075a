"""The arguments of layers as plain data, with blocks in them."""

import json

from seqshape.inner import layer_arguments
from tests.reading import graph_of


def length(levels: int) -> int:
    """The length of the arguments of blocks in layers in blocks, so many levels deep."""
    entry = "{type: Inner}"
    for _ in range(levels):
        entry = f"{{type: Outer, layer: {{layers: [{entry}]}}}}"
    graph, faults = graph_of(f"layers: [{{name: x, type: Input}}, {entry}]")
    assert faults == ()
    return len(json.dumps(layer_arguments(graph.nodes[1], graph)))


def test_each_level_of_blocks_in_layers_adds_the_same() -> None:
    assert length(20) - length(10) == length(12) - length(2)
