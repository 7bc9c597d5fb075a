"""Blocks called again, and blocks that stand for layers: which calls there are and what they share."""

import time

import pytest

from seqshape.faults import (
    Cycle,
    ForwardReference,
    OverLimit,
    StrayWord,
    TakenName,
    UnknownKey,
    UnknownReference,
)
from seqshape.graph import FLOWING, Graph
from seqshape.limits import Limits
from seqshape.rows import flowing
from tests.reading import graph_of

TWICE = """
    layers:
      - {name: a, type: Input}
      - {name: b, type: Input}
      - name: enc
        inputs: a
        layers:
          - {name: one, type: One}
          - {name: deep, repeat: 2, layers: [{name: two, type: Two}]}
          - {name: out, type: Add, inputs: [input, one, deep_0.two, deep]}
      - {name: again, reuse: enc, inputs: b}
      - {name: end, type: End, inputs: [enc, again, again.one, again.deep_1.two]}
"""


def sources(graph: Graph) -> dict[str, list[str]]:
    return {
        node.path: [graph.nodes[link.source].path for feed in node.feeds for link in feed.links]
        for node in graph.nodes
    }


def owners(graph: Graph) -> dict[str, str]:
    return {node.path: node.shares for node in graph.nodes if node.shares is not None}


def test_a_block_called_again_calls_each_of_its_layers_again() -> None:
    graph, faults = graph_of(TWICE)
    assert faults == ()
    read = sources(graph)
    assert read["again.one"] == ["b"]
    assert read["again.deep_0.two"] == ["again.one"]
    assert read["again.deep_1.two"] == ["again.deep_0.two"]
    assert read["again.out"] == ["b", "again.one", "again.deep_0.two", "again.deep_1.two"]
    assert read["end"] == ["enc.out", "again.out", "again.one", "again.deep_1.two"]
    assert owners(graph) == {
        f"again.{name}": f"enc.{name}" for name in ("one", "deep_0.two", "deep_1.two", "out")
    }
    assert [copy.path for copy in graph.blocks if copy.path.startswith("again")] == [
        "again.deep_0",
        "again.deep_1",
        "again",
    ]


def test_a_call_of_a_call_shares_with_the_first() -> None:
    graph, faults = graph_of(TWICE + "      - {name: third, reuse: again, inputs: a}\n")
    assert faults == ()
    assert owners(graph)["third.deep_1.two"] == "enc.deep_1.two"


def test_the_name_of_a_repeated_block_means_all_copies_and_that_of_a_copy_one() -> None:
    graph, faults = graph_of(
        """
        layers:
          - {name: x, type: Input}
          - {name: tower, repeat: 3, layers: [{name: d, type: D}]}
          - {name: all, reuse: tower}
          - {name: one, reuse: tower_2}
        """
    )
    assert faults == ()
    assert owners(graph) == {
        "all_0.d": "tower_0.d",
        "all_1.d": "tower_1.d",
        "all_2.d": "tower_2.d",
        "one.d": "tower_2.d",
    }
    assert sources(graph)["one.d"] == ["all_2.d"]


def test_functions_and_what_comes_in_have_nothing_to_share() -> None:
    graph, faults = graph_of(
        """
        layers:
          - {name: x, type: Input}
          - {name: b, layers: [{name: more, type: Input}, {name: f, type: ops.add, inputs: [input, more]}]}
          - {name: c, reuse: b, inputs: x}
        """
    )
    assert faults == ()
    assert owners(graph) == {}
    assert sources(graph) == {"x": [], "b.more": [], "b.f": ["x", "b.more"], "c.f": ["x", "b.more"]}


def test_a_layer_that_is_shared_inside_a_block_stays_shared() -> None:
    graph, faults = graph_of(
        """
        layers:
          - {name: x, type: Input}
          - {name: b, layers: [{name: d, type: D}, {name: e, reuse: d}, {name: f, type: W, layer: {reuse: d}}]}
          - {name: c, reuse: b}
        """
    )
    assert faults == ()
    assert owners(graph) == {
        "b.e": "b.d",
        "b.f": "b.d",
        "c.d": "b.d",
        "c.e": "b.d",
        "c.f": "b.d",
    }
    assert len({node.group for node in graph.nodes if node.block is not None}) == 1


def test_what_entries_expect_holds_for_their_first_call() -> None:
    graph, _ = graph_of(
        """
        layers:
          - {name: x, type: Input}
          - {name: b, layers: [{name: d, type: D, expect: {params: 3}}]}
          - {name: c, reuse: b, expect: {params: 0}}
        """
    )
    assert [len(node.entry.expect.budgets) for node in graph.nodes] == [0, 1, 0]
    assert [len(copy.block.expect.budgets) for copy in graph.blocks] == [0, 1]


@pytest.mark.parametrize(
    ("entries", "kind"),
    [
        ("{name: b, layers: [{type: D}, {reuse: b}]}", Cycle),
        ("{name: c, reuse: b}, {name: b, layers: [{type: D}]}", ForwardReference),
        ("{name: b, layers: [{type: D}]}, {reuse: b, inputs: {query: x}}", StrayWord),
        ("{name: b, layers: [{type: D}]}, {reuse: b, call: {training: true}}", StrayWord),
        ("{name: b, layers: [{type: D}]}, {reuse: b, units: 3}", StrayWord),
        ("{name: b, layers: [{type: D}]}, {reuse: bb}", UnknownReference),
        ("{name: b, layers: [{name: d, type: D}]}, {name: b, reuse: b}", TakenName),
        ("{type: TD, layer: {layers: [{type: D, inputs: x}]}}", UnknownReference),
        ("{type: TD, layer: {layers: [{name: i, type: Input}]}}", StrayWord),
        ("{type: TD, layer: {layers: [{type: D, expect: {params: 1}}]}}", StrayWord),
        ("{type: TD, layer: {layers: [{layers: [{type: D, expect: {params: 1}}]}]}}", StrayWord),
        ("{type: TD, layer: {layers: [{type: D, ignore: SEQ303}]}}", StrayWord),
        ("{type: TD, layer: {layers: [{type: D}], repeat: 3}}", UnknownKey),
        ("{type: TD, layer: {layers: [{reuse: x}]}}", UnknownReference),
    ],
)
def test_each_fault_is_told_once(entries: str, kind: type) -> None:
    _, faults = graph_of(f"layers: [{{name: x, type: Input}}, {entries}]")
    assert [type(fault) for fault in faults] == [kind]


def test_a_block_that_stands_for_a_layer_is_a_graph_of_its_own() -> None:
    graph, faults = graph_of(
        """
        layers:
          - {name: x, type: Input}
          - name: td
            type: TD
            layer: {layers: [{name: a, type: A}, {name: b, type: B, inputs: [input, a.state]}, {reuse: a}]}
        """
    )
    assert faults == ()
    assert [node.path for node in graph.nodes] == ["x", "td"]
    ((_, inner),) = graph.nodes[1].models
    links = [
        [(link.source, link.output) for feed in node.feeds for link in feed.links] for node in inner.nodes
    ]
    assert links == [[(FLOWING, None)], [(FLOWING, None), (0, "state")], [(1, None)]]
    assert inner.nodes[2].shares == "a"


def test_calls_that_double_and_double_again_stop_at_the_limit() -> None:
    lines = ["  - {name: b0, layers: [{name: d, type: D}, {name: e, type: D}]}"]
    lines += [
        f"  - {{name: b{n}, layers: [{{reuse: b{n - 1}}}, {{reuse: b{n - 1}}}]}}" for n in range(1, 60)
    ]
    text = "\n".join(["layers:", "  - {name: x, type: Input}", *lines])
    begin = time.monotonic()
    graph, faults = graph_of(text, Limits(layers=20_000))
    assert time.monotonic() - begin < 5
    assert graph.nodes == ()
    assert [(type(fault), getattr(fault, "limit", "")) for fault in faults] == [(OverLimit, "layers")]


def test_calls_in_calls_stop_at_the_depth_that_is_allowed() -> None:
    lines = ["  - {name: b0, layers: [{name: d, type: D}]}"]
    lines += [f"  - {{name: b{n}, layers: [{{reuse: b{n - 1}}}]}}" for n in range(1, 400)]
    _, faults = graph_of("\n".join(["layers:", "  - {name: x, type: Input}", *lines]))
    assert [(type(fault), getattr(fault, "limit", "")) for fault in faults] == [(OverLimit, "depth")]


NESTED = """
    layers:
      - {name: a, type: Input}
      - {name: b, type: Input}
      - name: outer
        inputs: [a, b]
        layers:
          - {name: sum, type: Add, inputs: [input.0, input.1]}
          - {name: inner, layers: [{name: one, type: One}]}
          - {name: second, reuse: inner}
          - {name: pair, repeat: 1, layers: [{name: two, type: Two}]}
          - {name: pair_again, reuse: pair}
      - {name: again, reuse: outer, inputs: [b, a]}
      - {name: end, type: End, inputs: [again.second.one, again.pair_again_0.two]}
"""


def test_calls_inside_a_block_that_is_called_again_keep_their_names() -> None:
    graph, faults = graph_of(NESTED)
    assert faults == ()
    inside = [node.path for node in graph.nodes if node.path.startswith("outer.")]
    again = [node.path for node in graph.nodes if node.path.startswith("again.")]
    assert again == [path.replace("outer", "again", 1) for path in inside]
    assert sources(graph)["end"] == ["again.second.one", "again.pair_again_0.two"]


def test_messages_call_what_has_no_entry_of_its_own_by_its_path() -> None:
    graph, _ = graph_of(NESTED)
    titles = {node.path: node.title for node in graph.nodes}
    assert titles["outer.inner.one"] == "one"
    assert titles["outer.second.one"] == "outer.second.one"
    assert titles["again.second.one"] == "again.second.one"
    first = {node.path: node.again for node in graph.nodes}
    numbers = {node.path: node.index for node in graph.nodes}
    assert first["again.second.one"] == first["again.inner.one"] == numbers["outer.inner.one"]
    assert first["outer.inner.one"] is None


def test_what_flows_into_each_copy_of_a_block_is_told() -> None:
    flows = flowing(graph_of(NESTED)[0])
    assert flows["outer"] == ("a", "b")
    assert flows["outer.inner"] == ("sum",)
    assert flows["outer.second"] == ("inner",)
    assert flows["again"] == ("b", "a")
