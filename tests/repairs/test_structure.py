"""When two specs build the same, and when they do not."""

import pytest

from seqshape.engine import Engine
from tests.repairs.structure import structure

SAME = {
    "names": (
        "- {name: x, type: Input, shape: [4, 6]}\n- {name: y, type: GRU, units: 3}",
        "- {name: one, type: Input, shape: [4, 6]}\n- {name: two, type: GRU, units: 3, inputs: one}",
    ),
    "a default written out": (
        "- {type: Input, shape: [4, 6]}\n- {type: GRU, units: 3}",
        "- {type: Input, shape: [4, 6]}\n- {type: GRU, units: 3, return_sequences: false}",
    ),
    "a size for every axis": (
        "- {type: Input, shape: [8, 8, 1]}\n- {type: Conv2D, filters: 2, kernel_size: 3}",
        "- {type: Input, shape: [8, 8, 1]}\n- {type: Conv2D, filters: 2, kernel_size: [3, 3]}",
    ),
    "an axis from the end": (
        "- {name: x, type: Input, shape: [4, 6]}\n- {type: Concatenate, inputs: [x, x]}",
        "- {name: x, type: Input, shape: [4, 6]}\n- {type: Concatenate, axis: 2, inputs: [x, x]}",
    ),
    "ways to lay elements out": (
        "- {type: Input, shape: [4, 6]}\n- {type: Flatten}\n- {type: Dense, units: 2}",
        "- {type: Input, shape: [4, 6]}\n- {type: Reshape, target_shape: [-1]}\n- {type: Dense, units: 2}",
    ),
    "there and back": (
        "- {type: Input, shape: [4, 6]}\n- {type: Dense, units: 2}",
        "- {type: Input, shape: [4, 6]}\n- {type: Flatten}\n- {type: Reshape, target_shape: [4, 6]}\n"
        "- {type: Dense, units: 2}",
    ),
    "TimeDistributed round a Dense": (
        "- {type: Input, shape: [4, 6]}\n- {type: Dense, units: 2}",
        "- {type: Input, shape: [4, 6]}\n- {type: TimeDistributed, layer: {type: Dense, units: 2}}",
    ),
    "every step laid out": (
        "- {type: Input, shape: [4, 3, 2]}\n- {type: Reshape, target_shape: [4, 6]}\n- {type: GRU, units: 2}",
        "- {type: Input, shape: [4, 3, 2]}\n- {type: TimeDistributed, layer: {type: Flatten}}\n"
        "- {type: GRU, units: 2}",
    ),
    "the order of a sum": (
        "- {name: a, type: Input, shape: [4]}\n- {name: b, type: Input, shape: [4]}\n- {type: Add, inputs: [a, b]}",
        "- {name: a, type: Input, shape: [4]}\n- {name: b, type: Input, shape: [4]}\n- {type: Add, inputs: [b, a]}",
    ),
    "the first parameter by name": (
        "- {name: x, type: Input, shape: [4, 6]}\n- {type: GRU, units: 3, inputs: {sequences: x}}",
        "- {name: x, type: Input, shape: [4, 6]}\n- {type: GRU, units: 3, inputs: x}",
    ),
    "the first output by name": (
        "- {type: Input, shape: [4, 6]}\n- {name: g, type: GRU, units: 3, return_state: true}\n"
        "- {type: Dense, units: 2, inputs: g.output}",
        "- {type: Input, shape: [4, 6]}\n- {name: g, type: GRU, units: 3, return_state: true}\n"
        "- {type: Dense, units: 2, inputs: g.0}",
    ),
    "a block and its entries": (
        "- {type: Input, shape: [4]}\n- {name: b, repeat: 2, layers: [{type: Dense, units: 4}]}",
        "- {type: Input, shape: [4]}\n- {type: Dense, units: 4}\n- {type: Dense, units: 4}",
    ),
}
OTHER = {
    "an argument": (
        "- {type: Input, shape: [4, 6]}\n- {type: GRU, units: 3}",
        "- {type: Input, shape: [4, 6]}\n- {type: GRU, units: 3, return_sequences: true}",
    ),
    "a type": (
        "- {type: Input, shape: [4, 6]}\n- {type: GlobalMaxPooling1D}",
        "- {type: Input, shape: [4, 6]}\n- {type: GlobalAveragePooling1D}",
    ),
    "an Input's shape": (
        "- {type: Input, shape: [4, 6]}\n- {type: Dense, units: 2}",
        "- {type: Input, shape: [5, 6]}\n- {type: Dense, units: 2}",
    ),
    "which Input": (
        "- {name: a, type: Input, shape: [4]}\n- {name: b, type: Input, shape: [4]}\n- {type: Subtract, inputs: [a, b]}",
        "- {name: a, type: Input, shape: [4]}\n- {name: b, type: Input, shape: [4]}\n- {type: Subtract, inputs: [b, a]}",
    ),
    "a layer that is shared": (
        "- {name: a, type: Input, shape: [4]}\n- {name: b, type: Input, shape: [4]}\n"
        "- {name: d, type: Dense, units: 2, inputs: a}\n- {name: e, type: Dense, units: 2, inputs: b}",
        "- {name: a, type: Input, shape: [4]}\n- {name: b, type: Input, shape: [4]}\n"
        "- {name: d, type: Dense, units: 2, inputs: a}\n- {name: e, reuse: d, inputs: b}",
    ),
    "another output": (
        "- {type: Input, shape: [4, 6]}\n- {name: g, type: LSTM, units: 3, return_state: true}\n"
        "- {type: Dense, units: 2, inputs: g.state_h}",
        "- {type: Input, shape: [4, 6]}\n- {name: g, type: LSTM, units: 3, return_state: true}\n"
        "- {type: Dense, units: 2, inputs: g.state_c}",
    ),
    "an entry that nobody reads": (
        "- {name: x, type: Input, shape: [4]}\n- {type: Dense, units: 2}",
        "- {name: x, type: Input, shape: [4]}\n- {type: Dense, units: 2}\n- {type: Flatten, inputs: x}",
    ),
    "a layer in a wrapper": (
        "- {type: Input, shape: [4, 6]}\n- {type: Bidirectional, layer: {type: GRU, units: 3}}",
        "- {type: Input, shape: [4, 6]}\n- {type: Bidirectional, layer: {type: GRU, units: 4}}",
    ),
    "a layer in a block in a wrapper": (
        "- {type: Input, shape: [4, 6, 2]}\n- {type: TimeDistributed, layer: {layers: [{type: Flatten}]}}",
        "- {type: Input, shape: [4, 6, 2]}\n- {type: TimeDistributed, layer: {layers: [{type: GlobalMaxPooling1D}]}}",
    ),
    "elements in another order": (
        "- {type: Input, shape: [4, 6]}\n- {type: Permute, dims: [2, 1]}",
        "- {type: Input, shape: [4, 6]}\n- {type: Reshape, target_shape: [6, 4]}",
    ),
}


def _structure(layers: str, engine: Engine) -> tuple[str, ...]:
    return structure(f"layers:\n{layers}\n", engine)


@pytest.mark.parametrize("name", SAME)
def test_what_builds_the_same_is_equal(name: str, engine: Engine) -> None:
    one, other = SAME[name]
    assert _structure(one, engine) == _structure(other, engine)


@pytest.mark.parametrize("name", OTHER)
def test_what_builds_something_else_is_not(name: str, engine: Engine) -> None:
    one, other = OTHER[name]
    assert _structure(one, engine) != _structure(other, engine)


def test_named_outputs_are_in_their_order(engine: Engine) -> None:
    layers = (
        "layers:\n  - {name: x, type: Input, shape: [4]}\n  - {name: a, type: Dense, units: 2, inputs: x}\n"
        + ("  - {name: b, type: Dense, units: 3, inputs: x}\noutputs: ")
    )
    assert structure(f"{layers}[a, b]\n", engine) != structure(f"{layers}[b, a]\n", engine)
