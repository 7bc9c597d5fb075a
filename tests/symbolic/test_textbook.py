"""Formulas for Keras's layers are those of the textbooks: as polynomials, worked out by hand from the definitions."""

import pytest

from seqshape.algebra import Polynomial, constant, symbol
from seqshape.engine import Engine
from tests.symbolic.reading import C, D, F, H, K, N, T, formulas, params, shape

V, W = symbol("V"), symbol("W")

SEQUENCE = "dims: {T: 24, C: 15, H: 16, K: 5, F: 6, N: 4, D: 8, V: 50, W: 20}\nlayers:\n  - {name: x, type: Input, shape: [T, C]}\n"
VECTOR = SEQUENCE.replace("[T, C]", "[C]")
IMAGE = SEQUENCE.replace("[T, C]", "[T, W, C]")
WORDS = SEQUENCE.replace("[T, C]}", "[T], dtype: int32}")

# h = units, c = features that come in: each gate has a kernel, a recurrent kernel and a bias
GRU = 3 * (C * H + H * H + 2 * H)
GRU_BEFORE = 3 * (C * H + H * H + H)
LSTM = 4 * (C * H + H * H + H)
SIMPLE = C * H + H * H + H

LAYERS = [
    (VECTOR, "type: Dense, units: H", C * H + H, (None, H)),
    (VECTOR, "type: Dense, units: H, use_bias: false", C * H, (None, H)),
    (SEQUENCE, "type: Dense, units: 2*H", 2 * C * H + 2 * H, (None, T, 2 * H)),
    (SEQUENCE, "type: GRU, units: H", GRU, (None, H)),
    (SEQUENCE, "type: GRU, units: H, return_sequences: true", GRU, (None, T, H)),
    (SEQUENCE, "type: GRU, units: H, reset_after: false", GRU_BEFORE, (None, H)),
    (SEQUENCE, "type: LSTM, units: H", LSTM, (None, H)),
    (SEQUENCE, "type: LSTM, units: H, return_sequences: true", LSTM, (None, T, H)),
    (SEQUENCE, "type: SimpleRNN, units: H", SIMPLE, (None, H)),
    (SEQUENCE, "type: TimeDistributed, layer: {type: Dense, units: H}", C * H + H, (None, T, H)),
    (SEQUENCE, "type: Bidirectional, layer: {type: LSTM, units: H}", 2 * LSTM, (None, 2 * H)),
    (SEQUENCE, "type: Bidirectional, merge_mode: sum, layer: {type: GRU, units: H}", 2 * GRU, (None, H)),
    (SEQUENCE, "type: Conv1D, filters: F, kernel_size: K, padding: same", K * C * F + F, (None, T, F)),
    (SEQUENCE, "type: Conv1D, filters: F, kernel_size: K", K * C * F + F, (None, T - K + 1, F)),
    (
        SEQUENCE,
        "type: Conv1D, filters: F, kernel_size: K, strides: 2, padding: same",
        K * C * F + F,
        (None, (T + 1) // 2, F),
    ),
    (IMAGE, "type: Conv2D, filters: F, kernel_size: K", K * K * C * F + F, (None, T - K + 1, W - K + 1, F)),
    (
        IMAGE,
        "type: Conv2D, filters: F, kernel_size: [K, 3], padding: same",
        3 * K * C * F + F,
        (None, T, W, F),
    ),
    (WORDS, "type: Embedding, input_dim: V, output_dim: D", V * D, (None, T, D)),
    (SEQUENCE, "type: BatchNormalization", 4 * C, (None, T, C)),
    (SEQUENCE, "type: LayerNormalization", 2 * C, (None, T, C)),
    (SEQUENCE, "type: Flatten", constant(0), (None, T * C)),
    (SEQUENCE, "type: UpSampling1D, size: N", constant(0), (None, N * T, C)),
    (VECTOR, "type: RepeatVector, n: T", constant(0), (None, T, C)),
]


@pytest.mark.parametrize(("before", "entry", "expected", "axes"), LAYERS, ids=[row[1] for row in LAYERS])
def test_a_layer_has_the_formulas_of_the_textbook(
    engine: Engine, before: str, entry: str, expected: Polynomial, axes: tuple[Polynomial | None, ...]
) -> None:
    found = formulas(f"{before}  - {{name: y, {entry}}}\n", engine)
    assert params(found, "y") == expected
    assert shape(found, "y") == axes
    assert found.totals is not None
    assert found.totals.params == expected
    assert found.totals.weight_bytes == 4 * expected
    assert (found.conditions, found.uneven) == ((), ())


def test_attention_projects_queries_keys_values_and_the_result(engine: Engine) -> None:
    # N heads of width D on features of width C: three projections C -> N*D, and one back, each with a bias
    text = f"{SEQUENCE}  - {{name: y, type: MultiHeadAttention, num_heads: N, key_dim: D, inputs: {{query: x, value: x}}}}\n"
    found = formulas(text, engine)
    assert params(found, "y") == 3 * (C * N * D + N * D) + (N * D * C + C)
    assert shape(found, "y") == (None, T, C)


def test_batch_normalization_trains_half_of_its_weights(engine: Engine) -> None:
    found = formulas(f"{SEQUENCE}  - {{name: y, type: BatchNormalization}}\n", engine)
    assert found.totals is not None
    assert found.totals.trainable_params == 2 * C
    assert found.totals.non_trainable_params == 2 * C


def test_every_output_has_its_shape(engine: Engine) -> None:
    found = formulas(
        f"{SEQUENCE}  - {{name: y, type: LSTM, units: H, return_sequences: true, return_state: true}}\n",
        engine,
    )
    (outputs,) = [each.outputs for each in found.layers if each is not None and each.path == "y"]
    assert {each.name: each.shape for each in outputs} == {
        "output": (None, T, H),
        "state_h": (None, H),
        "state_c": (None, H),
    }
