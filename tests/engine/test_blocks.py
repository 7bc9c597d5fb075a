"""Blocks that stand for layers, against what the same layers are in Keras."""

from math import prod
from typing import Any

import keras
import pytest
from keras import layers

from seqshape.engine import Engine
from seqshape.pipeline import inspect_bytes
from seqshape.report import Row


def rows(text: str, engine: Engine) -> dict[str, Row]:
    report = inspect_bytes("x.yaml", text.encode(), engine=engine)
    assert report.ok, [(item.message, item.keras) for item in report.diagnostics]
    return {row.path: row for row in report.rows}


def weights_of(layer: Any) -> list[tuple[int, ...]]:
    return sorted(tuple(weight.shape) for weight in layer.weights)


def shape_of(row: Row) -> tuple[int | None, ...]:
    return row.outputs[0].tensor.shape


def residual() -> Any:
    inputs = keras.Input((32, 32, 3))
    x = layers.Conv2D(3, 3, padding="same")(inputs)
    x = layers.Add()([inputs, x])
    return keras.Model(inputs, layers.GlobalAveragePooling2D()(layers.BatchNormalization()(x)))


def characters() -> Any:
    return keras.Sequential([layers.Embedding(50, 8), layers.Bidirectional(layers.LSTM(6))])


def nested() -> Any:
    inner = keras.Sequential([layers.Dense(5), layers.Dense(7)])
    return keras.Sequential([layers.TimeDistributed(inner), layers.GRU(4)])


WRAPPED: dict[str, tuple[Any, tuple[int, ...], str, str]] = {
    "a block with a residual connection": (
        residual,
        (10, 32, 32, 3),
        "float32",
        """[{name: c, type: Conv2D, filters: 3, kernel_size: 3, padding: same}, {type: Add, inputs: [input, c]},
            {type: BatchNormalization}, {type: GlobalAveragePooling2D}]""",
    ),
    "a block that reads numbers of words": (
        characters,
        (10, 12),
        "int32",
        """[{type: Embedding, input_dim: 50, output_dim: 8},
            {type: Bidirectional, layer: {type: LSTM, units: 6}}]""",
    ),
    "a block in a block": (
        nested,
        (10, 12, 3),
        "float32",
        """[{type: TimeDistributed, layer: {layers: [{type: Dense, units: 5}, {type: Dense, units: 7}]}},
            {type: GRU, units: 4}]""",
    ),
}


@pytest.mark.parametrize("case", WRAPPED)
def test_time_distributed_over_a_block_is_keras_over_a_model(case: str, engine: Engine) -> None:
    model, shape, dtype, entries = WRAPPED[case]
    layer = layers.TimeDistributed(model())
    expected = layer(keras.Input(shape, dtype=dtype))
    row = rows(
        f"""
layers:
  - {{name: x, type: Input, shape: {list(shape)}, dtype: {dtype}}}
  - name: td
    type: TimeDistributed
    layer: {{layers: {entries}}}
""",
        engine,
    )["td"]
    assert shape_of(row) == expected.shape
    assert row.outputs[0].tensor.dtype == expected.dtype
    assert sorted(weight.shape for weight in row.weights) == weights_of(layer)
    assert row.trainable_params == sum(prod(weight.shape) for weight in layer.trainable_weights)
    assert row.traced


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("merge_mode", ["concat", "sum"])
def test_bidirectional_runs_a_block_both_ways(last: bool, merge_mode: str, engine: Engine) -> None:
    forward = keras.Sequential([layers.GRU(8, return_sequences=True), layers.GRU(4, return_sequences=last)])
    backward = keras.Sequential(
        [layers.GRU(8, return_sequences=True), layers.GRU(4, return_sequences=last)]
    )
    x = keras.Input((12, 5))
    one, other = forward(x), backward(keras.ops.flip(x, 1))
    merge = layers.Concatenate() if merge_mode == "concat" else layers.Add()
    expected = merge([one, keras.ops.flip(other, 1) if last else other])
    row = rows(
        f"""
layers:
  - {{name: x, type: Input, shape: [12, 5]}}
  - name: both
    type: Bidirectional
    merge_mode: {merge_mode}
    layer:
      layers: [{{type: GRU, units: 8, return_sequences: true}},
               {{type: GRU, units: 4, return_sequences: {str(last).lower()}}}]
""",
        engine,
    )["both"]
    assert shape_of(row) == expected.shape
    assert sorted(weight.shape for weight in row.weights) == sorted(
        weights_of(forward) + weights_of(backward)
    )


def test_weights_of_a_block_have_the_names_of_its_entries(engine: Engine) -> None:
    row = rows(
        """
layers:
  - {name: x, type: Input, shape: [10, 3]}
  - name: td
    type: TimeDistributed
    layer: {layers: [{name: one, type: Dense, units: 5}, {name: two, type: Dense, units: 7, use_bias: false}]}
""",
        engine,
    )["td"]
    assert [weight.name for weight in row.weights] == ["one/kernel", "one/bias", "two/kernel"]


@pytest.mark.parametrize("references", ["enc.state_h, enc.state_c, enc.0", "enc.*"])
def test_several_outputs_inside_a_block_are_read_by_name(references: str, engine: Engine) -> None:
    row = rows(
        f"""
layers:
  - {{name: x, type: Input, shape: [10, 12, 3]}}
  - name: td
    type: TimeDistributed
    layer:
      layers:
        - {{name: enc, type: LSTM, units: 4, return_state: true}}
        - {{type: Concatenate, inputs: [{references}]}}
""",
        engine,
    )["td"]
    assert shape_of(row) == (None, 10, 12)


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ("[{name: g, type: GRU, units: 4, return_state: true}, {type: Dense, units: 3}]", "g.state"),
        ("[{name: g, type: GRU, units: 4}, {type: Dense, units: 3, inputs: g.state}]", "`state`"),
        ("[{name: flat, type: Flatten}, {name: recurs, type: GRU, units: 4}]", "recurs"),
    ],
)
def test_what_does_not_fit_inside_a_block_is_told_with_the_entry(
    entries: str, words: str, engine: Engine
) -> None:
    text = f"""
layers:
  - {{name: x, type: Input, shape: [10, 12, 3]}}
  - {{name: td, type: TimeDistributed, layer: {{layers: {entries}}}}}
"""
    report = inspect_bytes("x.yaml", text.encode(), engine=engine)
    (found,) = report.diagnostics
    assert (found.severity, found.layer) == ("error", "td")
    assert words in found.keras


def test_an_initial_state_for_a_block_is_refused(engine: Engine) -> None:
    text = """
layers:
  - {name: x, type: Input, shape: [12, 3]}
  - {name: s, type: Input, shape: [4]}
  - {name: b, type: Bidirectional, layer: {layers: [{type: GRU, units: 4}]},
     inputs: {sequences: x, initial_state: [s, s]}}
"""
    report = inspect_bytes("x.yaml", text.encode(), engine=engine)
    (found,) = report.diagnostics
    assert "initial_state" in found.keras


SIAMESE = """
layers:
  - {name: a, type: Input, shape: [20, 8]}
  - {name: b, type: Input, shape: [LENGTH, WIDTH]}
  - name: enc
    inputs: a
    layers:
      - {name: conv, type: Conv1D, filters: 8, kernel_size: 3, padding: same}
      - {name: sum, type: Add, inputs: [input, conv]}
      - {name: deep, repeat: 2, layers: [{name: gru, type: GRU, units: 8, return_sequences: true}]}
      - {name: last, type: GRU, units: 16}
  - {name: again, reuse: enc, inputs: b}
"""


def test_a_block_called_again_counts_once_and_gives_its_own_shapes(engine: Engine) -> None:
    found = rows(SIAMESE.replace("LENGTH", "30").replace("WIDTH", "8"), engine)
    inputs = keras.Input((None, 8))
    x = layers.Add()([inputs, layers.Conv1D(8, 3, padding="same")(inputs)])
    for _ in range(2):
        x = layers.GRU(8, return_sequences=True)(x)
    model = keras.Model(inputs, layers.GRU(16)(x))
    assert sum(row.params for row in found.values()) == model.count_params()
    assert shape_of(found["enc.sum"]) == (None, 20, 8)
    assert shape_of(found["again.sum"]) == (None, 30, 8)
    assert found["again.conv"].shares == "enc.conv"
    assert found["again.conv"].params == 0


def test_a_block_called_again_on_another_width_is_refused_at_the_call(engine: Engine) -> None:
    report = inspect_bytes(
        "x.yaml", SIAMESE.replace("LENGTH", "30").replace("WIDTH", "9").encode(), engine=engine
    )
    (found,) = report.diagnostics
    assert (found.code, found.layer, found.place.line) == ("SEQ211", "again.conv", 12)
