"""Entries to a graph: references, blocks, order, sharing."""

import pytest

from seqshape.faults import (
    Cycle,
    Fault,
    ForwardReference,
    NothingFlowsIn,
    OverLimit,
    StrayWord,
    UnknownReference,
)
from seqshape.graph import Graph
from seqshape.limits import Limits
from tests.reading import graph_of


def sources(graph: Graph) -> dict[str, list[tuple[str, str | None]]]:
    """What each node reads, by path."""
    return {
        node.path: [
            (graph.nodes[link.source].path, link.output) for feed in node.feeds for link in feed.links
        ]
        for node in graph.nodes
    }


def test_a_chain_reads_the_entry_before() -> None:
    graph, faults = graph_of("layers: [{name: a, type: Input}, {name: b, type: B}, {name: c, type: C}]")
    assert faults == ()
    assert sources(graph) == {"a": [], "b": [("a", None)], "c": [("b", None)]}


def test_dotted_references_name_outputs_and_an_exact_name_wins() -> None:
    graph, faults = graph_of(
        """
        layers:
          - {name: enc, type: Input}
          - {name: enc.state, type: Input}
          - {name: a, type: A, inputs: [enc.state, enc.output, enc.0, enc.*]}
        """
    )
    assert faults == ()
    assert sources(graph)["a"] == [("enc.state", None), ("enc", "output"), ("enc", "0"), ("enc", "*")]


def test_a_repeated_block_is_a_chain_of_copies() -> None:
    graph, faults = graph_of(
        """
        layers:
          - {name: x, type: Input}
          - name: block
            repeat: 2
            layers:
              - {name: norm, type: N}
              - {name: sum, type: Add, inputs: [input, norm]}
          - {name: y, type: Y}
          - {name: z, type: Z, inputs: [block, block_0, block_0.norm, block_1.sum.scores]}
        """
    )
    assert faults == ()
    assert sources(graph) == {
        "x": [],
        "block_0.norm": [("x", None)],
        "block_0.sum": [("x", None), ("block_0.norm", None)],
        "block_1.norm": [("block_0.sum", None)],
        "block_1.sum": [("block_0.sum", None), ("block_1.norm", None)],
        "y": [("block_1.sum", None)],
        "z": [
            ("block_1.sum", None),
            ("block_0.sum", None),
            ("block_0.norm", None),
            ("block_1.sum", "scores"),
        ],
    }
    assert [(copy.path, copy.first, copy.end) for copy in graph.blocks] == [
        ("block_0", 1, 3),
        ("block_1", 3, 5),
    ]


def test_blocks_nest_and_see_the_names_round_them() -> None:
    graph, faults = graph_of(
        """
        layers:
          - {name: memory, type: Input}
          - {name: x, type: Input}
          - name: outer
            inputs: [x, memory]
            layers:
              - name: inner
                inputs: input.0
                layers:
                  - {name: a, type: A, inputs: [input, memory]}
              - {name: b, type: B, inputs: [inner, input.1]}
        """
    )
    assert faults == ()
    assert sources(graph)["outer.inner.a"] == [("x", None), ("memory", None)]
    assert sources(graph)["outer.b"] == [("outer.inner.a", None), ("memory", None)]
    assert [node.block for node in graph.nodes] == [None, None, "outer.inner", "outer"]


def only(text: str) -> Fault:
    _, faults = graph_of(text)
    assert len(faults) == 1
    return faults[0]


def test_an_unknown_reference_knows_the_names_before_it() -> None:
    fault = only("layers: [{name: a, type: Input}, {name: b, type: B, inputs: c}, {name: d, type: D}]")
    assert isinstance(fault, UnknownReference)
    assert (fault.layer, fault.reference, fault.known) == ("b", "c", ("a",))


def test_a_forward_reference_is_no_cycle() -> None:
    fault = only(
        "layers: [{name: a, type: Input}, {name: b, type: B, inputs: c}, {name: c, type: C, inputs: a}]"
    )
    assert isinstance(fault, ForwardReference)
    assert (fault.layer, fault.reference, fault.target.line) == ("b", "c", 1)


@pytest.mark.parametrize("length", [1, 2, 7])
def test_a_ring_is_told_once_with_its_members(length: int) -> None:
    entries = [f"{{name: n{i}, type: A, inputs: n{(i + 1) % length}}}" for i in range(length)]
    graph, faults = graph_of(f"layers: [{{name: x, type: Input}}, {', '.join(entries)}]")
    cycles = [fault for fault in faults if isinstance(fault, Cycle)]
    assert len(cycles) == 1
    assert sorted(cycles[0].ring) == [f"n{i}" for i in range(length)]
    assert len(faults) == 1
    assert not any(node.sound for node in graph.nodes[1:2])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("layers: [{type: Dense}]", NothingFlowsIn),
        ("layers: [{name: x, type: Input}, {type: Input, inputs: x}]", StrayWord),
        ("layers: [{name: b, layers: [{type: Dense}]}]", NothingFlowsIn),
        (
            "layers: [{name: b, layers: [{name: i, type: Input}]}, {type: TimeDistributed, layer: {reuse: b}}]",
            StrayWord,
        ),
        ("layers: [{name: x, type: Input}, {reuse: y}]", UnknownReference),
        ("layers: [{name: x, type: Input}, {reuse: y}, {name: y, type: D}]", ForwardReference),
        ("layers: [{name: x, type: Input}, {name: b, inputs: {q: x}, layers: [{type: D}]}]", StrayWord),
        ("layers: [{name: x, type: Input}]\noutputs: [y]", UnknownReference),
    ],
)
def test_faults(text: str, kind: type[Fault]) -> None:
    assert isinstance(only(text), kind)


def test_a_fault_in_a_repeated_block_is_told_once() -> None:
    fault = only("layers: [{name: x, type: Input}, {name: b, repeat: 50, layers: [{type: D, inputs: y}]}]")
    assert isinstance(fault, UnknownReference)


def test_layers_count_after_unrolling() -> None:
    text = "layers: [{name: x, type: Input}, {name: b, repeat: 1000, layers: [{name: c, repeat: 10, layers: [{type: D}]}]}]"
    assert graph_of(text, Limits(layers=10_001))[1] == ()
    assert isinstance(graph_of(text, Limits(layers=10_000))[1][0], OverLimit)
    huge = text.replace("1000", "1000000000000")
    assert isinstance(graph_of(huge)[1][0], OverLimit)


def test_calls_that_share_a_layer_are_one_group() -> None:
    graph, faults = graph_of(
        """
        layers:
          - {name: x, type: Input}
          - {name: d, type: Dense}
          - {name: e, reuse: d, inputs: x}
          - {name: t, type: TimeDistributed, layer: {reuse: d}, inputs: x}
          - {name: o, type: Dense}
          - {name: u, reuse: t, inputs: x}
        """
    )
    assert faults == ()
    groups = [node.group for node in graph.nodes]
    assert groups[0] is None
    assert groups[4] is None
    assert len({groups[1], groups[2], groups[3], groups[5]}) == 1
    assert groups[1] is not None


def test_each_copy_of_a_block_shares_its_own_layer() -> None:
    graph, faults = graph_of(
        "layers: [{name: x, type: Input}, {name: b, repeat: 2, layers: [{name: d, type: D}, {name: e, reuse: d}]}]"
    )
    assert faults == ()
    assert [node.shared for node in graph.nodes] == [(), (), (("d", 1),), (), (("d", 3),)]
    assert len({node.group for node in graph.nodes}) == 3


def test_a_chain_of_many_entries_does_not_recurse() -> None:
    entries = "\n".join("  - {type: D}" for _ in range(20_000))
    graph, faults = graph_of(f"layers:\n  - {{type: Input}}\n{entries}\n")
    assert faults == ()
    assert graph.nodes[-1].feeds[0].links[0].source == 19_999
