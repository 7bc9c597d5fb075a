"""What is named as the cause, in which words, and the way from there to where it shows."""

import pytest

from seqshape.engine import Engine
from seqshape.graph import Graph
from seqshape.repairs.causes import path_between
from tests.reading import graph_of
from tests.repair_search.asking import errors, report_of

FAR = """
layers:
  - {name: x, type: Input, shape: [9, 4]}
  - {name: low, type: GRU, units: 3}
  - {name: norm, type: LayerNormalization}
  - {name: drop, type: Dropout, rate: 0.5}
  - {name: high, type: GRU, units: 5}
"""


def test_the_cause_comes_first_and_then_each_step_of_the_way(engine: Engine) -> None:
    (item,) = errors(report_of(FAR, engine))
    assert item.layer == "high"
    assert item.cause is not None
    assert (item.cause.layer, item.cause.argument, item.cause.place.line) == ("low", "return_sequences", 4)
    assert item.related[0].message == "the cause: `return_sequences` of `low`"
    assert [each.place.line for each in item.related[1:4]] == [4, 5, 6]
    for name, related in zip(("low", "norm", "drop"), item.related[1:4], strict=True):
        assert related.message.startswith(f"`{name}`")
        assert "gives (batch, 3) in place of (batch, 9, 3)" in related.message


def test_of_a_long_way_both_ends_are_told(engine: Engine) -> None:
    """Twenty steps are more than anybody reads."""
    steps = "".join(f"  - {{name: n{each}, type: LayerNormalization}}\n" for each in range(20))
    text = FAR.replace("  - {name: norm, type: LayerNormalization}\n", steps)
    (item,) = errors(report_of(text, engine))
    told = [each.message.partition("`")[2].partition("`")[0] for each in item.related[1:]]
    assert told[0] == "low"
    assert told[-1] == "drop"
    assert len(told) < 10


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        (
            "  - {name: flat, type: Flatten}\n  - {name: gru, type: GRU, units: 3}\n",
            "the cause: `flat` itself",
        ),
        (
            "  - {name: e, type: GRU, units: 3, return_state: true}\n  - {name: d, type: Dense, units: 3}\n",
            "the cause: what `d` reads",
        ),
        (
            "  - {name: d, type: Dense, units: 3}\n  - {name: s, type: Add, inputs: [x, d]}\n",
            "the cause: `units` of `d`",
        ),
    ],
)
def test_words_for_causes(entries: str, words: str, engine: Engine) -> None:
    (item,) = errors(report_of(f"layers:\n  - {{name: x, type: Input, shape: [9, 4]}}\n{entries}", engine))
    assert item.related[0].message == words


def test_an_error_without_a_fix_has_no_cause(engine: Engine) -> None:
    """Nothing helped, so nothing is known to be at fault."""
    text = "layers:\n  - {name: x, type: Input, shape: [9, 4]}\n  - {name: x, type: Dense, units: 3}\n"
    (item,) = errors(report_of(text, engine))
    assert item.fixes == ()
    assert item.cause is None


def between(graph: Graph, first: str, last: str) -> list[str]:
    nodes = {node.name: node for node in graph.nodes}
    return [graph.nodes[index].name for index in path_between(graph, nodes[first], nodes[last])]


def test_the_shortest_way_from_one_call_to_another() -> None:
    graph, _ = graph_of("""
        layers:
          - {name: x, type: Input, shape: [9, 4]}
          - {name: a, type: Dense, units: 4}
          - {name: b, type: Dense, units: 4}
          - {name: s, type: Add, inputs: [x, b]}
          - {name: other, type: Dense, units: 4, inputs: x}
        """)
    assert between(graph, "x", "s") == ["x", "s"]
    assert between(graph, "a", "s") == ["a", "b", "s"]
    assert between(graph, "s", "s") == ["s"]
    assert between(graph, "other", "s") == []
    assert between(graph, "s", "x") == []
