"""Axes of unknown size: what fits only where two are equal, or for some lengths, is told; the rest is not."""

import pytest

from seqshape.engine import Engine
from seqshape.pipeline import inspect_bytes
from tests.marked import mismatches

UNKNOWN = {
    "two sequences of unknown length": """
layers:
  - {name: a, type: Input, shape: [null, 5]}
  - {name: b, type: Input, shape: [null, 5]}
  - {type: Concatenate, inputs: [a, b]}  # SEQ309: axis 1 of `a` and axis 1 of `b` happen to be equal
  - {type: GRU, units: 4}
  - {type: Add, inputs: [a, b]}
""",
    "two dims": """
dims: {T: null, S: null}
layers:
  - {name: a, type: Input, shape: [T, 5]}
  - {name: b, type: Input, shape: [S, 5]}
  - {type: Add, inputs: [a, b]}  # SEQ309: axis 1 of `a` (`T`) and axis 1 of `b` (`S`)
""",
    "three sequences of unknown length": """
layers:
  - {name: a, type: Input, shape: [null, 5]}
  - {name: b, type: Input, shape: [null, 5]}
  - {name: c, type: Input, shape: [null, 5]}
  - {name: d, type: Input, shape: [null, 5]}
  - {type: Concatenate, inputs: [a, b, c]}  # SEQ309: axis 1 of `a`, axis 1 of `b` and axis 1 of `c` happen
  - {type: Add, name: more, inputs: [a, d]}  # SEQ309: axis 1 of `a` and axis 1 of `d` happen
""",
    "two images of unknown size": """
layers:
  - {name: a, type: Input, shape: [null, null, 3]}
  - {name: b, type: Input, shape: [null, null, 3]}
  - {name: both, type: Concatenate, inputs: [a, b]}  # SEQ309: axis 1 of `a` and axis 1 of `b` happen # SEQ309: axis 2 of `a` and axis 2 of `b` happen
  - {name: turned, type: Permute, dims: [2, 1, 3], inputs: a}
  - {type: Add, inputs: [a, turned]}  # SEQ309: axis 1 of `a` and axis 2 of `a` happen
""",
    "what is joined flows on by itself": """
layers:
  - {name: a, type: Input, shape: [null, 8]}
  - {name: b, type: Input, shape: [null, 8]}
  - {name: c, type: Input, shape: [null, 8]}
  - {name: ab, type: Add, inputs: [a, b]}  # SEQ309: axis 1 of `a` and axis 1 of `b` happen
  - {name: bc, type: Concatenate, inputs: [b, c]}  # SEQ309: axis 1 of `b` and axis 1 of `c` happen
  - {name: r, type: Reshape, target_shape: [32, 8], inputs: c}  # SEQ310: only where axis 1 of `c` is 32
""",
    "a skip round a window": """
layers:
  - {name: x, type: Input, shape: [null, null, 8]}
  - {name: conv, type: Conv2D, filters: 8, kernel_size: 3}
  - {name: skip, type: Add, inputs: [x, conv]}  # SEQ204: no other size that was tried fits
""",
    "a window behind a Reshape that must divide": """
layers:
  - {name: a, type: Input, shape: [null]}
  - {type: Reshape, target_shape: [-1, 13]}  # SEQ310: multiples of 13 fit
  - {type: Conv1D, filters: 8, kernel_size: 5}
""",
    "skips of several depths": """
layers:
  - {name: x, type: Input, shape: [null, 4]}
  - {name: p1, type: MaxPooling1D}
  - {name: p2, type: MaxPooling1D}
  - {name: p3, type: MaxPooling1D}
  - {name: u3, type: UpSampling1D}
  - {name: k3, type: Concatenate, inputs: [u3, p2]}  # SEQ310: multiples of 8 fit
  - {name: u2, type: UpSampling1D}
  - {name: k2, type: Concatenate, inputs: [u2, p1]}
  - {name: u1, type: UpSampling1D}
  - {name: k1, type: Concatenate, inputs: [u1, x]}
""",
    "strides that no size at first divides by": """
layers:
  - {name: x, type: Input, shape: [null, 4]}
  - {name: a, type: AveragePooling1D, pool_size: 5, padding: same}
  - {name: b, type: AveragePooling1D, pool_size: 5, padding: same}
  - {name: up, type: UpSampling1D, size: 25}
  - {type: Add, inputs: [x, up]}  # SEQ310: multiples of 25 fit
""",
    "a fault behind a length that must be met": """
layers:
  - {name: x, type: Input, shape: [null, 4]}
  - {name: y, type: Input, shape: [32, 4]}
  - {name: sum, type: Add, inputs: [x, y]}  # SEQ310: axis 1 of `x` is 32
  - {name: s, type: Input, shape: [9]}
  - {type: GRU, units: 4, inputs: {sequences: sum, initial_state: s}}  # SEQ208: 1 state of 4
  - {type: Attention, inputs: [sum, wide]}  # SEQ209: equally wide
""".replace("  - {name: sum,", "  - {name: wide, type: Dense, units: 5}\n  - {name: sum,"),
    "a batch that meets steps": """
layers:
  - {name: x, type: Input, shape: [20, 32]}
  - {name: y, type: Input, shape: [32]}
  - {type: ops.multiply, inputs: {x1: x, x2: y}}  # SEQ310: an axis of size 1 may be missing
""",
    "attention with its arguments swapped": """
layers:
  - {name: q, type: Input, shape: [null, 5]}
  - {name: v, type: Input, shape: [null, 5]}
  - {type: Attention, inputs: [q, v, q]}  # SEQ309: axis 1 of `q` and axis 1 of `v`
""",
    "an error further on is seen still": """
layers:
  - {name: a, type: Input, shape: [null, 5]}
  - {name: b, type: Input, shape: [null, 5]}
  - {name: c, type: Concatenate, inputs: [a, b]}  # SEQ309: happen to be equal
  - {name: s, type: Input, shape: [3]}
  - {type: GRU, units: 4, inputs: {sequences: c, initial_state: s}}  # SEQ208: 1 state of 4
""",
    "a length that meets a known one": """
layers:
  - {name: a, type: Input, shape: [null, 5]}
  - {name: b, type: Input, shape: [32, 5]}
  - {type: Concatenate, inputs: [a, b]}  # SEQ310: only where axis 1 of `a` is 32
""",
    "a Reshape that must divide": """
dims: {T: null}
layers:
  - {name: a, type: Input, shape: [T, 5]}
  - {type: Reshape, target_shape: [-1, 15]}  # SEQ310: every size of axis 1 of `a` (`T`): multiples of 3 fit
""",
    "a Reshape to one size": """
layers:
  - {name: a, type: Input, shape: [null, 5]}
  - {type: Reshape, target_shape: [64, 5]}  # SEQ310: only where axis 1 of `a` is 64
""",
    "a skip round a pooling": """
layers:
  - {name: a, type: Input, shape: [null, 5]}
  - {type: MaxPooling1D, pool_size: 2}
  - {type: MaxPooling1D, pool_size: 2}
  - {name: up, type: UpSampling1D, size: 4}
  - {type: Concatenate, inputs: [a, up]}  # SEQ310: multiples of 4 fit
""",
    "a window longer than a short sequence": """
layers:
  - {name: a, type: Input, shape: [null, 5]}
  - {name: c3, type: Conv1D, filters: 4, kernel_size: 3, inputs: a}
  - {name: c7, type: Conv1D, filters: 4, kernel_size: 7, inputs: a}  # SEQ310: axis 1 of `a` is at least
""",
    "a batch of one size": """
layers:
  - {name: a, type: Input, shape: [8, 5]}
  - {type: ops.reshape, newshape: [32, 40]}  # SEQ310: only where the batch is 32
""",
    "what never fits": """
layers:
  - {name: a, type: Input, shape: [null, 5]}
  - {name: p, type: ZeroPadding1D, padding: [1, 0]}
  - {type: Concatenate, inputs: [a, p]}  # SEQ201: `p` (ZeroPadding1D, line 4): padding: [1, 0]
""",
    "half of a length and its double": """
dims: {T: null}
layers:
  - {name: a, type: Input, shape: [2*T, 5]}
  - {name: b, type: Input, shape: [T, 5]}
  - {name: p, type: MaxPooling1D, pool_size: 2, inputs: a}
  - {type: Add, inputs: [p, b]}
""",
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_fits_by_luck_is_told_where_it_is_marked(name: str, engine: Engine) -> None:
    text = UNKNOWN[name]
    report = inspect_bytes("x.yaml", text.encode(), engine=engine)
    assert mismatches(text, report.diagnostics) == []


@pytest.mark.parametrize("name", UNKNOWN)
def test_unknown_axes_are_not_probed_without_tracing(name: str, engine: Engine) -> None:
    report = inspect_bytes("x.yaml", UNKNOWN[name].encode(), engine=engine, trace=False)
    assert {item.code for item in report.diagnostics} <= {"SEQ208"}
    assert sum(row.status == "ok" for row in report.rows) >= 2
    assert not any(row.traced for row in report.rows)
