"""From a fault to what must come about: which call, what is expected of it, and what it hangs on."""

import pytest

from seqshape.engine import Engine
from seqshape.repairs.interface import PROBED, Case, unknown
from tests.repair_search.asking import the_case, trial_of

TREE = """
layers:
  - {name: x, type: Input, shape: [9, 4]}
  - {name: a, type: Dense, units: 4}
  - {name: b, type: Dense, units: 4, inputs: x}
  - {name: c, type: Dense, units: 5}
  - {name: sum, type: Add, inputs: [a, c]}
  - {name: after, type: Dense, units: 4}
"""


def case(text: str, engine: Engine) -> Case:
    found = the_case(trial_of(text, engine))
    assert found is not None
    return found


def test_the_node_that_fails_and_those_that_it_hangs_on(engine: Engine) -> None:
    found = case(TREE, engine)
    assert found.node.name == "sum"
    near = [(node.name, distance) for node, distance in found.near(9)]
    assert near[0] == ("sum", 0)
    assert set(near[1:]) == {("a", 1), ("c", 1), ("b", 2), ("x", 2)}
    assert [distance for _, distance in near] == sorted(distance for _, distance in near)


def test_only_so_far(engine: Engine) -> None:
    assert {node.name for node, _ in case(TREE, engine).near(1)} == {"sum", "a", "c"}


def test_a_layer_that_is_called_twice_is_one(engine: Engine) -> None:
    text = TREE.replace("{name: b, type: Dense, units: 4, inputs: x}", "{name: b, reuse: a, inputs: x}")
    names = [node.name for node, _, _ in case(text, engine).layers(9)]
    assert sorted(names) == ["a", "c", "sum", "x"]


def test_of_equal_copies_the_first_that_fails(engine: Engine) -> None:
    text = """
layers:
  - {name: x, type: Input, shape: [9, 4]}
  - {name: b, repeat: 4, layers: [{name: gru, type: GRU, units: 4}]}
"""
    assert case(text, engine).node.path == "b_1.gru"


def test_an_expectation_is_a_goal_of_a_call_that_is_accepted(engine: Engine) -> None:
    text = """
layers:
  - {name: x, type: Input, shape: [9, 4]}
  - {name: gru, type: GRU, units: 4, expect: {shape: [batch, 9, 4]}}
"""
    found = case(text, engine)
    assert found.node.name == "gru"
    assert found.goal.expected is not None
    assert found.as_expected((None, 9, 4))
    assert not found.as_expected((None, 4))
    assert not found.as_expected((None, 9, 5))


@pytest.mark.parametrize(
    "entry",
    ["{name: x, type: Dense, units: 3}", "{name: d, type: Dnse, units: 3}", "{name: d, type: Lambda}"],
)
def test_a_fault_of_words_has_no_case(entry: str, engine: Engine) -> None:
    text = f"layers:\n  - {{name: x, type: Input, shape: [9, 4]}}\n  - {entry}\n"
    assert the_case(trial_of(text, engine)) is None


def test_whether_a_layer_has_weights(engine: Engine) -> None:
    found = case(TREE, engine)
    weighty = {node.name: found.weighty(node) for node, _ in found.near(9)}
    assert weighty == {"x": False, "a": True, "b": True, "c": True, "sum": False}


def test_what_keras_takes_where_nothing_is_said(engine: Engine) -> None:
    found = case(TREE, engine)
    assert found.usual("GRU", "return_sequences") is False
    assert found.usual("Conv1D", "padding") == "valid"
    assert found.usual("Conv1D", "nonsense") is None


@pytest.mark.parametrize(
    ("size", "axis", "is_unknown"),
    [(None, 1, True), (7, 0, True), (7, 1, False), (PROBED, 1, True), (PROBED - 1, 2, False)],
)
def test_sizes_that_stand_for_unknown_ones(size: int | None, axis: int, is_unknown: bool) -> None:
    assert unknown(size, axis) == is_unknown
