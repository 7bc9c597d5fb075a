"""Changes that go together in one entry, data that keeps its axes, and time that errors share."""

import re

import pytest

from seqshape.engine import Engine
from seqshape.repairs.budget import Budget
from tests.repair_search.asking import errors, fixed, report_of


def sound(text: str, engine: Engine) -> bool:
    return report_of(text, engine, None).ok


def test_two_arguments_of_one_entry_are_changed_together(engine: Engine) -> None:
    text = """
    layers:
      - {name: x, type: Input, shape: [20, 4]}
      - {name: a, type: Conv1D, filters: 8, kernel_size: 3}
      - {name: y, type: Input, shape: [20, 12]}
      - {name: sum, type: Add, inputs: [a, y]}
    """
    (item,) = errors(report_of(text, engine))
    mended = fixed(text, item)
    assert "filters: 12" in mended
    assert "padding: same" in mended
    assert sound(mended, engine)


def test_layers_that_one_entry_holds_are_changed_alike(engine: Engine) -> None:
    text = """
    layers:
      - {name: x, type: Input, shape: [20, 4]}
      - name: low
        type: Bidirectional
        layer: {type: GRU, units: 3}
        backward_layer: {type: GRU, units: 3, go_backwards: true}
      - {name: high, type: GRU, units: 5}
    """
    (item,) = errors(report_of(text, engine))
    mended = fixed(text, item)
    assert mended.count("return_sequences: true") == 2
    assert sound(mended, engine)


def test_data_is_not_stretched(engine: Engine) -> None:
    text = """
    layers:
      - {name: x, type: Input, shape: [8, 4]}
      - {name: a, type: Dense, units: 6}
      - {name: sum, type: Add, inputs: [x, a]}
    """
    (item,) = errors(report_of(text, engine))
    assert item.fixes
    assert not any("shape: [8, 4, 1]" in fix.title or "shape: [8, 1]" in fix.title for fix in item.fixes)


def test_a_size_of_data_below_zero_becomes_unknown_or_stays(engine: Engine) -> None:
    text = """
    layers:
      - {name: x, type: Input, shape: [-1, 4]}
      - {name: steps, type: GRU, units: 5}
    """
    (item,) = errors(report_of(text, engine))
    assert [fix.title for fix in item.fixes] == ["set `shape: [null, 4]` on `x`"]
    assert sound(fixed(text, item), engine)


@pytest.mark.parametrize("waiting", [0, 1, 4])
def test_an_error_has_its_share_of_the_time(waiting: int) -> None:
    budget = Budget(100.0)
    budget.start()
    budget.turn(waiting)
    budget._start = (budget._start or 0) - 100.0 / (waiting + 1) + 1.0
    assert not budget.spent
    assert budget.half_spent
    budget._start -= 2.0
    assert budget.spent
    assert budget.late == (waiting == 0)


def test_what_one_error_leaves_is_for_the_others() -> None:
    budget = Budget(100.0)
    budget.start()
    budget.turn(1)
    budget._start = (budget._start or 0) - 10.0
    budget.turn(0)
    budget._start -= 89.0
    assert not budget.spent


VIDEO = """
layers:
  - {name: x, type: Input, shape: [4, 12, 12, 3]}
  - {name: conv, type: Conv2D, filters: 5, kernel_size: 3}
  - {name: pool, type: MaxPooling2D}
  - {name: flat, type: FLAT}
  - {name: gru, type: GRU, units: 6}
"""


@pytest.mark.parametrize(
    ("flat", "wrapped"),
    [
        ("Flatten", "wrap `conv`, `pool` and `flat` in TimeDistributed, to apply them to each step"),
        (
            "TimeDistributed, layer: {type: Flatten}",
            "wrap `conv` and `pool` in TimeDistributed, to apply them to each step",
        ),
    ],
)
def test_a_stack_is_applied_to_each_step_as_far_as_it_must(flat: str, wrapped: str, engine: Engine) -> None:
    text = VIDEO.replace("FLAT", flat)
    item, *_ = errors(report_of(text, engine))
    assert item.fixes[0].title == wrapped
    assert sound(fixed(text, item), engine)


def test_what_fits_behind_a_wrapped_layer_is_not_wrapped_too(engine: Engine) -> None:
    text = """
    layers:
      - {name: x, type: Input, shape: [4, 12, 3]}
      - {name: mean, type: GlobalAveragePooling2D}
      - {name: gru, type: GRU, units: 6, inputs: mean}
    """
    (item, *_) = errors(report_of(text, engine))
    assert not any("wrap `mean` and `gru`" in fix.title for fix in item.fixes)


def test_a_merge_that_stretches_is_mended_before_it(engine: Engine) -> None:
    text = """
    layers:
      - {name: x, type: Input, shape: [8, 8, 3]}
      - {name: a, type: Conv2D, filters: 4, kernel_size: 3, padding: same}
      - {name: mean, type: GlobalAveragePooling2D}
      - {name: b, type: Conv2D, filters: 4, kernel_size: 5, padding: same, inputs: x}
      - {name: sum, type: Add, inputs: [mean, b]}
      - {name: out, type: Dense, units: 10, expect: {shape: [batch, 10]}}
    """
    (item,) = errors(report_of(text, engine))
    assert item.fixes[0].title == "insert GlobalAveragePooling2D between `b` and `sum`"


@pytest.mark.parametrize(("size", "first"), [(8, "Flatten"), (128, "GlobalAveragePooling2D")])
def test_a_large_map_is_pooled_and_a_small_one_flattened(size: int, first: str, engine: Engine) -> None:
    text = f"""
    layers:
      - {{name: x, type: Input, shape: [{size}, {size}, 3]}}
      - {{name: conv, type: Conv2D, filters: 32, kernel_size: 3}}
      - {{name: out, type: Dense, units: 10, expect: {{shape: [batch, 10]}}}}
    """
    (item,) = errors(report_of(text, engine))
    assert item.fixes[0].title == f"insert {first} before `out`"


def test_axes_in_another_order_are_permuted(engine: Engine) -> None:
    text = """
    layers:
      - {name: x, type: Input, shape: [6, 4]}
      - {name: y, type: Input, shape: [4, 6]}
      - {name: sum, type: Add, inputs: [x, y]}
    """
    (item,) = errors(report_of(text, engine))
    titles = [fix.title for fix in item.fixes if fix.title.startswith("insert")]
    assert titles
    assert titles[0].startswith("insert Permute")


@pytest.mark.parametrize(
    "layer", ["GRU, units: 3", "LSTM, units: 3", "Bidirectional, layer: {type: GRU, units: 3}"]
)
def test_no_fix_holds_a_size_that_stood_for_an_unknown_one(layer: str, engine: Engine) -> None:
    text = f"""
    layers:
      - {{name: image, type: Input, shape: [null, 8, 5]}}
      - {{name: conv, type: Conv2D, filters: 4, kernel_size: 3, padding: same}}
      - {{name: steps, type: {layer}}}
      - {{name: q, type: Input, shape: [null, 6]}}
      - {{name: v, type: Input, shape: [6]}}
      - {{name: heads, type: MultiHeadAttention, num_heads: 2, key_dim: 4, inputs: {{query: q, value: v}}}}
    """
    found = errors(report_of(text, engine))
    titles = [fix.title for item in found for fix in item.fixes]
    assert len(titles) > 3
    assert not any(int(number) >= 900 for title in titles for number in re.findall(r"\d+", title))
    assert any("target_shape: [-1, 32]" in fix.title for fix in found[0].fixes)


def first(entries: str, engine: Engine, dims: str = "", expect: str = "") -> str:
    text = f"{dims}\nlayers:\n{entries}{expect}\n"
    item, *_ = errors(report_of(text, engine))
    assert sound(fixed(text, item), engine)
    return item.fixes[0].title


@pytest.mark.parametrize(
    ("expected", "side"), [("[batch, 28, 28, 1]", "7, 7, 128"), ("[batch, 56, 56, 1]", "14, 14, 32")]
)
def test_a_vector_becomes_the_map_that_is_expected_in_the_end(
    expected: str, side: str, engine: Engine
) -> None:
    entries = """
  - {name: z, type: Input, shape: [100]}
  - {name: d, type: Dense, units: 6272}
  - {name: up, type: Conv2DTranspose, filters: 4, kernel_size: 4, strides: 2, padding: same}
  - {name: out, type: Conv2DTranspose, filters: 1, kernel_size: 4, strides: 2, padding: same}
"""
    title = first(entries, engine, expect=f"expect: {{outputs: {{out: {expected}}}}}")
    assert title == f"insert Reshape (target_shape: [{side}]) before `up`"


def test_a_vector_is_repeated_as_often_as_the_dim_that_is_expected_says(engine: Engine) -> None:
    entries = """
  - {name: x, type: Input, shape: [S, 3]}
  - {name: enc, type: LSTM, units: 4}
  - {name: dec, type: LSTM, units: 4, return_sequences: true, expect: {shape: [batch, T, 4]}}
"""
    assert first(entries, engine, "dims: {S: 9, T: 5}") == "insert RepeatVector (n: T) before `dec`"


def test_an_axis_of_size_one_goes_before_another_one_comes(engine: Engine) -> None:
    entries = """
  - {name: word, type: Input, shape: [1], dtype: int32}
  - {name: vector, type: Embedding, input_dim: 9, output_dim: 4}
  - {name: numbers, type: Input, shape: [5]}
  - {name: both, type: Concatenate, inputs: [vector, numbers]}
"""
    assert first(entries, engine) == "insert Flatten between `vector` and `both`"


@pytest.mark.parametrize(
    ("shape", "layer", "wanted"),
    [
        ("[30]", "LSTM, units: 3", "[30, 1]"),
        ("[28, 28]", "Conv2D, filters: 3, kernel_size: 3", "[28, 28, 1]"),
        (
            "[40, 40, 1]",
            "ConvLSTM2D, filters: 3, kernel_size: 3, expect: {shape: [batch, 38, 38, 3]}",
            "[null, 40, 40, 1]",
        ),
    ],
)
def test_an_axis_that_data_lack(shape: str, layer: str, wanted: str, engine: Engine) -> None:
    entries = f"""
  - {{name: x, type: Input, shape: {shape}}}
  - {{name: a, type: {layer}}}
"""
    assert first(entries, engine) == f"set `shape: {wanted}` on `x`"


@pytest.mark.parametrize(("shape", "axes"), [("[8, 8, 6]", "1, 1, 6"), ("[8, 6]", "1, 6")])
def test_a_gate_for_each_channel_gets_axes_of_its_own(shape: str, axes: str, engine: Engine) -> None:
    entries = f"""
  - {{name: x, type: Input, shape: {shape}}}
  - {{name: about, type: Input, shape: [3]}}
  - {{name: gate, type: Dense, units: 4, activation: sigmoid}}
  - {{name: gated, type: Multiply, inputs: [x, gate]}}
"""
    title = first(entries, engine)
    assert (
        title
        == f"set `units: 6` on `gate`; insert Reshape (target_shape: [{axes}]) between `gate` and `gated`"
    )


def test_a_last_step_is_no_gate(engine: Engine) -> None:
    entries = """
  - {name: x, type: Input, shape: [20, 8]}
  - {name: a, type: GRU, units: 16}
  - {name: b, type: GRU, units: 12, return_sequences: true, inputs: x}
  - {name: sum, type: Add, inputs: [a, b]}
"""
    assert "set `return_sequences: true` on `a`" in first(entries, engine)
