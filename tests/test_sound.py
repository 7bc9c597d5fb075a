"""Models that look odd and are right: an expert who knows what he is doing gets no word."""

import pytest

from seqshape.engine import Engine
from seqshape.pipeline import inspect_bytes

SOUND = {
    "an intended broadcast": """
layers:
  - {name: x, type: Input, shape: [32, 16]}
  - {name: gate, type: Input, shape: [1, 16]}
  - {name: step, type: Input, shape: [32, 1]}
  - {name: scale, type: Input, shape: [1]}
  - {type: Multiply, inputs: [x, gate]}
  - {type: Add, inputs: [x, step]}
  - {type: Multiply, inputs: [x, scale]}
""",
    "a product with a number": """
layers:
  - {name: x, type: Input, shape: [20, 8]}
  - {name: s, type: ops.multiply, x2: 0.125, inputs: {x1: x}}
  - {type: Attention, inputs: [s, s]}
  - {type: LSTM, units: 3}
""",
    "a backward sequence beside what has no order": """
layers:
  - {name: x, type: Input, shape: [16, 8]}
  - {name: v, type: Input, shape: [16]}
  - {name: b, type: GRU, units: 16, return_sequences: true, go_backwards: true, inputs: x}
  - {name: r, type: RepeatVector, n: 16, inputs: v}
  - {type: Concatenate, inputs: [b, r]}
  - {name: one, type: Reshape, target_shape: [1, 16], inputs: v}
  - {type: Add, inputs: [b, one]}
  - {name: q, type: Input, shape: [10, 16]}
  - {type: Attention, inputs: [q, b]}
""",
    "a mask that is given by hand, and layers that need none": """
layers:
  - {name: x, type: Input, shape: [10], dtype: int32}
  - {name: e, type: Embedding, input_dim: 9, output_dim: 4, mask_zero: true}
  - {name: real, type: ops.not_equal, x2: 0, inputs: {x1: x}}
  - {name: c, type: Conv1D, filters: 4, kernel_size: 3, padding: same, inputs: e}
  - {type: BatchNormalization}
  - {name: l, type: LSTM, units: 4, inputs: {sequences: c, mask: real}}
""",
    "a cell and its states": """
layers:
  - {name: x, type: Input, shape: [8]}
  - {name: h, type: Input, shape: [4]}
  - {name: c, type: LSTMCell, units: 4, inputs: {inputs: x, states: [h, h]}}
  - {type: Dense, units: 3, inputs: c.0}
""",
    "one part of a split": """
layers:
  - {name: x, type: Input, shape: [8]}
  - {name: parts, type: ops.split, indices_or_sections: 2, axis: 1}
  - {type: Dense, units: 3, inputs: parts.0}
""",
    "one dim in two Inputs": """
dims: {T: null}
layers:
  - {name: q, type: Input, shape: [T, 5]}
  - {name: v, type: Input, shape: [T, 5]}
  - {type: Attention, inputs: [q, v, q]}
  - {type: Concatenate, axis: 1, inputs: [q, v]}
  - {type: Add, inputs: [q, v]}
""",
    "attention over another length": """
layers:
  - {name: q, type: Input, shape: [null, 5]}
  - {name: v, type: Input, shape: [null, 5]}
  - {name: a, type: Attention, inputs: [q, v]}
  - {type: Add, inputs: [q, a]}
""",
    "backward steps turned round": """
layers:
  - {name: x, type: Input, shape: [32, 8]}
  - {name: there, type: LSTM, units: 8, return_sequences: true, inputs: x}
  - {name: back, type: LSTM, units: 8, return_sequences: true, go_backwards: true, inputs: x}
  - {name: turned, type: ops.flip, axis: -2}
  - {type: Add, inputs: [there, turned]}
""",
    "a fixed batch and a free one": """
layers:
  - {name: x, type: Input, shape: [10, 4], batch_size: 32}
  - {name: y, type: Input, shape: [10, 4]}
  - {type: Add, inputs: [x, y]}
  - {type: GRU, units: 8, stateful: true, inputs: x}
""",
    "tokens that no dtype is given for": """
layers:
  - {name: x, type: Input, shape: [10]}
  - {type: Embedding, input_dim: 9, output_dim: 4, mask_zero: true}
  - {type: Dropout, rate: 0.1}
  - {type: GRU, units: 4}
""",
    "a mask that nobody would use": """
layers:
  - {name: x, type: Input, shape: [10], dtype: int32}
  - {type: Embedding, input_dim: 9, output_dim: 4, mask_zero: true}
  - {type: Conv1D, filters: 4, kernel_size: 3}
  - {type: GlobalMaxPooling1D}
  - {type: Dense, units: 2}
""",
    "an image of any size": """
layers:
  - {name: x, type: Input, shape: [null, null, 3]}
  - {type: Conv2D, filters: 4, kernel_size: 3}
  - {type: MaxPooling2D}
  - {type: GlobalAveragePooling2D}
  - {type: Dense, units: 2}
""",
    "causal convolutions of any length": """
layers:
  - {name: x, type: Input, shape: [null, 4]}
  - {name: c, type: Conv1D, filters: 4, kernel_size: 3, padding: causal, dilation_rate: 8}
  - {type: Add, inputs: [x, c]}
""",
    "half precision": """
keras: {dtype_policy: mixed_float16}
layers:
  - {name: x, type: Input, shape: [12, 4]}
  - {type: Bidirectional, layer: {type: LSTM, units: 4, return_sequences: true}}
  - {type: RNN, cell: [{type: GRUCell, units: 4}, {type: LSTMCell, units: 3}], return_sequences: true}
  - {type: MultiHeadAttention, num_heads: 2, key_dim: 4, inputs: {query: rnn, value: rnn}, call: {use_causal_mask: true}}
  - {type: TimeDistributed, layer: {type: LayerNormalization}}
""",
}


@pytest.mark.parametrize("name", SOUND)
def test_what_is_right_gets_no_word(name: str, engine: Engine) -> None:
    report = inspect_bytes("x.yaml", SOUND[name].encode(), engine=engine)
    assert [(item.code, item.message) for item in report.diagnostics] == []
    assert all(row.traced for row in report.rows)
