"""Shape faults of every kind, each marked where it stands."""

import pytest

from seqshape.engine import Engine
from seqshape.pipeline import inspect_bytes
from tests.marked import marks, mismatches

TRACED = {
    "a state of another width": """
layers:
  - {name: x, type: Input, shape: [64, 15]}
  - {name: s, type: Input, shape: [32]}
  - {type: GRU, units: 16, inputs: {sequences: x, initial_state: s}}  # SEQ208: 1 state of 16
""",
    "a state of another rank": """
layers:
  - {name: x, type: Input, shape: [64, 15]}
  - {name: s, type: Input, shape: [4, 16]}
  - {type: GRU, units: 16, inputs: {sequences: x, initial_state: s}}  # SEQ208: `s` (batch, 4, 16)
""",
    "two states for a GRU": """
layers:
  - {name: x, type: Input, shape: [64, 15]}
  - {name: e, type: LSTM, units: 16, return_state: true}
  - name: d  # SEQ208: give `e.state_h` alone
    type: GRU
    units: 16
    inputs: {sequences: x, initial_state: [e.state_h, e.state_c]}
""",
    "one state and three states for an LSTM": """
layers:
  - {name: x, type: Input, shape: [64, 15]}
  - {name: e, type: LSTM, units: 16, return_state: true}
  - {type: LSTM, units: 16, inputs: {sequences: x, initial_state: e.state_h}}  # SEQ208: 2 states of 16
  - {type: LSTM, units: 16, inputs: {sequences: x, initial_state: [e.0, e.1, e.2]}}  # SEQ208: 2 states of 16
""",
    "states of two widths": """
layers:
  - {name: x, type: Input, shape: [64, 15]}
  - {name: h, type: Input, shape: [16]}
  - {name: c, type: Input, shape: [17]}
  - {type: LSTM, units: 16, inputs: {sequences: x, initial_state: [h, c]}}  # SEQ208: since `c` (Input, line 5): shape: [17]
""",
    "half the states of a Bidirectional encoder": """
layers:
  - {name: x, type: Input, shape: [64, 15]}
  - {name: e, type: Bidirectional, layer: {type: LSTM, units: 256, return_state: true}}
  - {type: LSTM, units: 512, inputs: {sequences: x, initial_state: [e.forward_h, e.forward_c]}}  # SEQ208: 2 states of 512 = 2 × 256
""",
    "states of a Bidirectional decoder": """
layers:
  - {name: x, type: Input, shape: [64, 15]}
  - {name: s, type: Input, shape: [16]}
  - name: d  # SEQ208: 2 states of 16 (forward_state, backward_state)
    type: Bidirectional
    layer: {type: GRU, units: 16}
    inputs: {sequences: x, initial_state: s}
""",
    "states of a convolutional layer": """
layers:
  - {name: x, type: Input, shape: [6, 16, 16, 3]}
  - {name: s, type: Input, shape: [16, 16, 3]}
  - name: d  # SEQ208: 2 states: (batch, 16, 16, 4), (batch, 16, 16, 4)
    type: ConvLSTM2D
    filters: 4
    kernel_size: 3
    padding: same
    inputs: {sequences: x, initial_state: [s, s]}
""",
    "a query and a key of two widths": """
layers:
  - {name: q, type: Input, shape: [8, 5]}
  - {name: v, type: Input, shape: [9, 6]}
  - {type: Attention, inputs: [q, v]}  # SEQ209: axis 2 is 5 in `q` and 6 in `v`
  - {type: AdditiveAttention, inputs: [q, v]}  # SEQ209: equally wide
""",
    "more keys than values": """
layers:
  - {name: q, type: Input, shape: [8, 5]}
  - {name: v, type: Input, shape: [20, 5]}
  - {name: k, type: Input, shape: [30, 5]}
  - {type: Attention, inputs: [q, v, k]}  # SEQ209: axis 1 is 30 in `k` and 20 in `v`
  - {type: MultiHeadAttention, num_heads: 2, key_dim: 4, inputs: {query: q, value: v, key: k}}  # SEQ209: as many keys
""",
    "attention on vectors": """
layers:
  - {name: q, type: Input, shape: [5]}
  - {type: MultiHeadAttention, num_heads: 2, key_dim: 4, inputs: {query: q, value: q}}  # SEQ203: `q` (batch, 5) has 2
""",
    "a Dot over two sizes": """
layers:
  - {name: a, type: Input, shape: [8, 5]}
  - {name: b, type: Input, shape: [7, 5]}
  - {type: Dot, axes: 1, inputs: [a, b]}  # SEQ209: axis 1 of `a`, which is 8, and axis 1 of `b`, which is 7
  - {type: Dot, axes: 2, inputs: [a, b]}
""",
    "a later call of a shared Concatenate": """
layers:
  - {name: a, type: Input, shape: [8, 5]}
  - {name: b, type: Input, shape: [9, 5]}
  - {name: v, type: Input, shape: [5]}
  - {name: c, type: Concatenate, axis: 2, inputs: [a, a]}
  - {reuse: c, name: sizes, inputs: [a, b]}  # SEQ201: axis 1 is 8 in `a` and 9 in `b`
  - {reuse: c, name: ranks, inputs: [a, v]}  # SEQ202: `v` (batch, 5) has 2 axes
  - {reuse: c, name: axis, inputs: [v, v]}  # SEQ202: 2 axes, numbered 0 to 1
""",
    "scores that Keras's rule has wrong": """
layers:
  - {name: q, type: Input, shape: [8, 16]}
  - {name: v, type: Input, shape: [9, 16]}
  - name: a  # SEQ213: its output `scores` is (batch, 2, 8, 8) by Keras's rule, and (batch, 2, 8, 9)
    type: MultiHeadAttention
    num_heads: 2
    key_dim: 4
    inputs: {query: q, value: v}
    call: {return_attention_scores: true}
""",
    "a mask of more axes than steps": """
layers:
  - {name: x, type: Input, shape: [6, 20], dtype: int32}
  - {name: e, type: Embedding, input_dim: 9, output_dim: 4, mask_zero: true}
  - {name: w, type: TimeDistributed, layer: {type: GRU, units: 8}}
  - {name: s, type: GRU, units: 5}  # SEQ299: `w` carries a mask (batch, 6, 20)
""",
    "a text for a Dense": """
layers:
  - {name: x, type: Input, shape: [8], dtype: string}
  - {type: Dense, units: 2}  # SEQ212: it takes float32
""",
}

MADE = {
    "behind a Reshape and a chain of layers": """
layers:
  - {name: image, type: Input, shape: [32, 32, 1]}
  - {name: rows, type: Reshape, target_shape: [16, 64]}
  - {name: gru, type: GRU, units: 8, return_sequences: true}
  - {name: dense, type: Dense, units: 32}
  - {name: deep, type: ops.expand_dims, axis: 3}
  - {name: both, type: Concatenate, inputs: [image, deep]}  # SEQ201: axis 1 of `deep` is 16 since `rows` (Reshape, line 4): target_shape: [16, 64]
""",
    "through a merge whose sizes are alike": """
layers:
  - {name: a, type: Input, shape: [16, 16]}
  - {name: b, type: Input, shape: [1, 16]}
  - {name: sum, type: Add, inputs: [b, a]}
  - {name: other, type: Input, shape: [17, 16]}
  - {type: Concatenate, inputs: [sum, other]}  # SEQ201: axis 1 of `sum` is 16 since `a` (Input, line 3): shape: [16, 16]
""",
    "a default of Keras's": """
layers:
  - {name: a, type: Input, shape: [16, 4]}
  - {name: p, type: MaxPooling1D}
  - {type: Concatenate, inputs: [a, p]}  # SEQ201: axis 1 of `p` is 8 since `p` (MaxPooling1D, line 4)
""",
    "an argument inside a wrapper": """
layers:
  - {name: a, type: Input, shape: [9, 16]}
  - {name: way, type: Bidirectional, layer: {type: GRU, units: 5, return_sequences: true}}
  - {type: Add, inputs: [a, way]}  # SEQ204: axis 2 of `way` is 10 since `way` (Bidirectional, line 4): units: 5
""",
    "a lost axis, two layers up": """
layers:
  - {name: a, type: Input, shape: [9, 16]}
  - {name: way, type: Bidirectional, layer: {type: GRU, units: 8}}
  - {name: dense, type: Dense, units: 16}
  - {type: Concatenate, inputs: [a, dense]}  # SEQ202: since `way` (Bidirectional, line 4): return_sequences: false
  - {type: GRU, units: 3, inputs: dense}  # SEQ203: `return_sequences: true` in the `layer` of `way`
""",
    "a Flatten": """
layers:
  - {name: a, type: Input, shape: [9, 16]}
  - {name: flat, type: Flatten}
  - {type: GRU, units: 3}  # SEQ203: `flat` has 2 axes since `flat` (Flatten, line 4)
""",
    "an axis that no size is known of": """
layers:
  - {name: a, type: Input, shape: [9, null]}
  - {name: act, type: Activation, activation: relu}
  - {type: Dense, units: 3}  # SEQ206: axis 2 of `act` is ? since `a` (Input, line 3): shape: [9, null]
""",
    "a layer that was used before": """
layers:
  - {name: a, type: Input, shape: [8]}
  - {name: wide, type: Dense, units: 6, inputs: a}
  - {name: d, type: Dense, units: 4, inputs: a}
  - {reuse: d, name: again, inputs: wide}  # SEQ211: axis 1 of `wide` is 6 since `wide` (Dense, line 4): units: 6
""",
}

DOUBTED = {
    "two merges and an order": """
layers:
  - {name: x, type: Input, shape: [32, 8]}
  - {name: there, type: LSTM, units: 8, return_sequences: true, inputs: x}
  - {name: back, type: LSTM, units: 8, return_sequences: true, go_backwards: true, inputs: x}
  - {type: Attention, inputs: [there, back]}  # SEQ302: `back` runs backwards
  - {type: Concatenate, axis: 1, inputs: [there, back]}
  - {name: last, type: LSTM, units: 8, inputs: x}
  - {type: Multiply, inputs: [there, last]}  # SEQ301: `return_sequences: true` on `last`
""",
    "a mask that a merge drops": """
layers:
  - {name: x, type: Input, shape: [32], dtype: int32}
  - {name: words, type: Embedding, input_dim: 9, output_dim: 4, mask_zero: true, inputs: x}
  - {name: places, type: Embedding, input_dim: 9, output_dim: 4, inputs: x}
  - {name: sum, type: Add, inputs: [words, places]}
  - {type: LSTM, units: 8}  # SEQ306: the mask of `words` ends at `sum` (Add)
""",
    "softmax twice, and over one": """
layers:
  - {name: x, type: Input, shape: [32, 8]}
  - {name: score, type: TimeDistributed, layer: {type: Dense, units: 1, activation: softmax}}  # SEQ304: axis 2 # SEQ303: Dense(1)
  - {name: probs, type: Dense, units: 4, activation: softmax, inputs: x}
  - {name: again, type: Activation, activation: sigmoid}  # SEQ304: a sigmoid of a softmax
""",
    "an embedding of numbers": """
layers:
  - {name: x, type: Input, shape: [8]}
  - {name: d, type: Dense, units: 8}
  - {name: r, type: ops.relu}
  - {type: Embedding, input_dim: 9, output_dim: 4}  # SEQ212: computed by `d`
""",
    "dead ends": """
layers:
  - {name: x, type: Input, shape: [8]}
  - {name: y, type: Input, shape: [8]}  # SEQ305: `y` leads to none
  - {name: d, type: Dense, units: 8, inputs: x}
  - {name: lost, type: Dense, units: 2, inputs: x}  # SEQ305: `lost` leads to none
outputs: d
""",
    "a block whose calls need different parts": """
layers:
  - {name: x, type: Input, shape: [8]}
  - {name: y, type: Input, shape: [8]}
  - name: both
    inputs: x
    layers:
      - {name: left, type: Dense, units: 8}
      - {name: right, type: Dense, units: 8, inputs: input}
      - {name: nowhere, type: Dense, units: 8, inputs: input}  # SEQ305: `nowhere` leads to none
  - {name: again, reuse: both, inputs: y}
  - {name: sum, type: Add, inputs: [both.left, again.right]}
outputs: sum
""",
    "a call of a block that leads nowhere": """
layers:
  - {name: x, type: Input, shape: [8]}
  - {name: block, layers: [{name: d, type: Dense, units: 8}]}
  - {name: again, reuse: block, inputs: x}  # SEQ305: `again.d` leads to none
outputs: block
""",
    "an Input that no layer reads": """
layers:
  - {name: x, type: Input, shape: [8]}
  - {name: y, type: Input, shape: [8]}  # SEQ305: no layer reads
  - {name: d, type: Dense, units: 8, inputs: x}
""",
    "a slow kernel inside a wrapper": """
layers:
  - {name: x, type: Input, shape: [8, 3]}
  - type: Bidirectional
    layer:
      type: LSTM
      units: 4
      use_bias: false  # SEQ308: `use_bias: false`
""",
    "a batch joined by default": """
layers:
  - {name: x, type: Input, shape: [8, 3]}
  - {type: ops.concatenate, inputs: [x, x]}  # SEQ311: along the batch
""",
    "a rank of nothing": """
layers:
  - {name: none, type: Input, batch_shape: []}
  - {name: x, type: Input, shape: [8, 3]}
  - {type: GRU, units: 3, inputs: {sequences: x, initial_state: none}}  # SEQ208: `none` ()
  - {type: GRU, units: 3, inputs: none}  # SEQ203: `none` () has 0
""",
    "other ranks for one layer": """
layers:
  - {name: x, type: Input, shape: [8, 3]}
  - {name: y, type: Input, shape: [3]}
  - {name: n, type: BatchNormalization, inputs: x}
  - {name: m, reuse: n, inputs: y}  # SEQ211: built for `x` (batch, 8, 3)
""",
    "a batch joined by a negative axis": """
layers:
  - {name: x, type: Input, shape: [8, 3]}
  - {type: Concatenate, axis: -3, inputs: [x, x]}  # SEQ311: along the batch
""",
    "five faults": """
layers:
  - {name: x, type: Input, shape: [32, 16]}
  - {name: last, type: GRU, units: 16}
  - {name: next, type: GRU, units: 16}  # SEQ203: `last` (batch, 16) has 2
  - {name: hanging, type: Dense, units: 4}
  - {name: flat, type: Reshape, target_shape: [500], inputs: x}  # SEQ205: 512
  - {name: att, type: Attention, inputs: [x, narrow]}  # SEQ209: 16 in `x` and 8 in `narrow`
  - {name: state, type: GRU, units: 4, inputs: {sequences: x, initial_state: last}}  # SEQ208: 1 state of 4
  - {name: off, type: Dense, units: 2, inputs: x, expect: {shape: [batch, 32, 3]}}  # SEQ401: axis 2 is 2
""".replace("  - {name: last,", "  - {name: narrow, type: Dense, units: 8}\n  - {name: last,").replace(
        "units: 16}\n  - {name: next", "units: 16, inputs: x}\n  - {name: next"
    ),
}

MARKED = TRACED | MADE | DOUBTED


@pytest.mark.parametrize("name", MARKED)
def test_faults_stand_where_they_are_marked(name: str, engine: Engine) -> None:
    text = MARKED[name]
    report = inspect_bytes("x.yaml", text.encode(), engine=engine)
    told = [item for item in report.diagnostics if item.severity != "note" or item.code in text]
    assert mismatches(text, told) == []


@pytest.mark.parametrize("name", TRACED)
def test_without_tracing_less_is_seen(name: str, engine: Engine) -> None:
    """What is marked here is seen by tracing, or is asked for beforehand as initial states are."""
    text = TRACED[name]
    report = inspect_bytes("x.yaml", text.encode(), engine=engine, trace=False)
    found = {item.code for item in report.diagnostics if item.severity == "error"}
    assert found <= {code for code, _, _ in marks(text)} | {"SEQ299"}
    assert not any(row.traced for row in report.rows)
