"""The values in a layer's arguments by the ways to them, and what a user reads of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqshape.repairs.naming import with_arguments, written
from seqshape.repairs.references import fresh
from seqshape.repairs.values import at, inner_layers, is_axis, whole_number, with_value, without
from seqshape.repairs.what_if import Layer
from seqshape.revisions import Path
from seqshape.tree import Json
from tests.reading import graph_of

LAYER: Layer = {
    "type": "RNN",
    "cell": [{"type": "LSTMCell", "units": 4}, {"type": "GRUCell", "units": 6, "use_bias": False}],
    "return_sequences": True,
}
WRAPPED: Layer = {"type": "TimeDistributed", "layer": {"type": "Bidirectional", "layer": {"type": "GRU"}}}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("type",), "RNN"),
        (("cell", 1, "units"), 6),
        (("cell", 2, "units"), None),
        (("cell", "units"), None),
        (("layer", "units"), None),
        ((), LAYER),
    ],
)
def test_the_value_at_the_end_of_a_way(path: Path, value: Json) -> None:
    assert at(LAYER, path) == value


@pytest.mark.parametrize(
    "path", [("return_sequences",), ("cell", 0, "units"), ("cell", 1, "more"), ("name",)]
)
def test_another_value_there_and_nowhere_else(path: Path) -> None:
    changed = with_value(LAYER, path, 99)
    assert at(changed, path) == 99
    others = [
        ("type",),
        ("return_sequences",),
        ("cell", 0, "units"),
        ("cell", 1, "units"),
        ("cell", 1, "use_bias"),
    ]
    assert [at(changed, each) for each in others if each != path] == [
        at(LAYER, each) for each in others if each != path
    ]


def test_no_value_is_put_where_no_way_leads() -> None:
    with pytest.raises(LookupError):
        with_value(LAYER, ("cell", "units"), 1)


def test_an_argument_less() -> None:
    assert without(LAYER, ("return_sequences",)) == {"type": "RNN", "cell": LAYER["cell"]}
    assert at(without(LAYER, ("cell", 1, "use_bias")), ("cell", 1)) == {"type": "GRUCell", "units": 6}


def test_layers_inside_a_layer_with_the_ways_to_them() -> None:
    assert [(path, layer["type"]) for path, layer in inner_layers(LAYER)] == [
        ((), "RNN"),
        (("cell", 0), "LSTMCell"),
        (("cell", 1), "GRUCell"),
    ]
    assert [path for path, _ in inner_layers(WRAPPED)] == [(), ("layer",), ("layer", "layer")]


@pytest.mark.parametrize(
    ("value", "whole"), [(3, True), (0, True), (True, False), (3.0, False), (None, False)]
)
def test_whole_numbers(value: Json, whole: bool) -> None:
    assert whole_number(value) == whole


@pytest.mark.parametrize(
    ("path", "axis"),
    [
        (("axis",), True),
        (("axes", 0), True),
        (("dims", 1), True),
        (("layer", "axis"), True),
        (("units",), False),
    ],
)
def test_numbers_of_axes(path: Path, axis: bool) -> None:
    assert is_axis(path) == axis


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (None, "null"),
        (1.5, "1.5"),
        ("same", "same"),
        ([2, [3, None]], "[2, [3, null]]"),
        ({"type": "GRU", "units": 4}, "{type: GRU, units: 4}"),
    ],
)
def test_values_as_a_spec_says_them(value: Json, text: str) -> None:
    assert written(value) == text


def test_a_layer_as_a_title_says_it() -> None:
    assert with_arguments({"type": "Reshape", "target_shape": [7, 7]}) == "Reshape (target_shape: [7, 7])"
    assert with_arguments({"type": "Flatten"}) == "Flatten"


@given(st.lists(st.sampled_from(["a", "a_1", "a_2", "b"]), unique=True))
def test_a_name_that_no_entry_has(names: list[str]) -> None:
    rows = "".join(f"\n  - {{name: {name}, type: Input, shape: [3]}}" for name in names)
    graph, _ = graph_of(f"layers:{rows or ' []'}")
    assert fresh("a", graph) not in names
    assert fresh("a", graph).startswith("a")


def test_a_block_has_its_name_too() -> None:
    graph, _ = graph_of("""
        layers:
          - {name: x, type: Input, shape: [3]}
          - {name: a, layers: [{name: b, type: Dense, units: 3}]}
        """)
    assert fresh("a", graph) == "a_1"
