"""Whether two specs are one function: literal cases, and what is refused."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy
import pytest

from seqshape.comparison.mapping import WrongMap
from seqshape.comparison.numbers import Numeric
from seqshape.comparison.numeric import Asked
from seqshape.comparison.words import facts
from seqshape.engine import Engine
from tests.comparison.comparing import run, spec

SPECS = Path(__file__).parents[2] / "specs"
INPUT = "name: x, type: Input, shape: [5, 3]"
ONCE = Asked(tries=1, runs=1)


def text(name: str) -> str:
    return (SPECS / f"{name}.yaml").read_text(encoding="utf-8")


def test_dense_is_time_distributed_dense_to_the_last_bit(engine: Engine) -> None:
    found = run(text("char_gru_dense"), text("char_gru_time_distributed"), engine, Asked(runs=3))
    assert found.verdict == "equal"
    assert found.outcome is not None
    (deviation,) = found.outcome.deviations
    assert (deviation.different, deviation.absolute.difference, deviation.relative.difference) == (
        0,
        0.0,
        0.0,
    )
    assert deviation.numbers == 3 * 4 * 64 * 15
    assert not deviation.constant
    assert [len(runs) for runs in found.outcome.seconds] == [3, 3]
    assert all(seconds > 0 for runs in found.outcome.seconds for seconds in runs)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (  # other names, in one order
            ["name: a, type: GRU, units: 4, return_sequences: true", "name: b, type: Dense, units: 2"],
            ["name: c, type: GRU, units: 4, return_sequences: true", "name: d, type: Dense, units: 2"],
        ),
        (["type: Dense, units: 4, activation: relu"], ["type: Dense, units: 4", "type: ReLU"]),
        (["type: Dense, units: 4"], ["type: Dropout, rate: 0.5", "type: Dense, units: 4"]),
        (["type: LSTM, units: 4"], ["type: RNN, cell: {type: LSTMCell, units: 4}"]),
        (["type: ops.mean, axis: 1"], ["type: GlobalAveragePooling1D"]),
        (["type: BatchNormalization"], ["type: BatchNormalization, momentum: 0.5"]),
    ],
)
def test_one_function_in_other_words(one: list[str], other: list[str], engine: Engine) -> None:
    assert run(spec(INPUT, *one), spec(INPUT, *other), engine).same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["type: Dense, units: 4, activation: relu"], ["type: Dense, units: 4, activation: elu"]),
        (["type: GRU, units: 4"], ["type: GRU, units: 4, activation: sigmoid"]),
        (["type: GRU, units: 4"], ["type: GRU, units: 4, go_backwards: true"]),
        (["type: Dense, units: 4"], ["type: Dense, units: 4", "type: Rescaling, scale: 1.0001"]),
        (["type: LayerNormalization"], ["type: LayerNormalization, epsilon: 0.00101"]),
        (["type: Activation, activation: gelu"], ["type: ops.gelu, approximate: true"]),
    ],
)
def test_a_change_that_changes_the_function_is_seen(
    one: list[str], other: list[str], engine: Engine
) -> None:
    assert run(spec(INPUT, *one), spec(INPUT, *other), engine).verdict == "different"


def test_a_difference_has_its_place_and_size(engine: Engine) -> None:
    one = spec("name: x, type: Input, shape: [3]", "name: y, type: Rescaling, scale: 2")
    other = spec("name: x, type: Input, shape: [3]", "name: y, type: Rescaling, scale: 3")
    found = run(one, other, engine)
    assert found.outcome is not None
    (deviation,) = found.outcome.deviations
    spot = deviation.absolute
    x = spot.values[0] / 2
    assert spot.values[1] == pytest.approx(3 * x)
    assert spot.difference == pytest.approx(abs(x))
    assert deviation.relative.difference == pytest.approx(1 / 3)
    assert deviation.scale == pytest.approx(3 * abs(x))
    assert deviation.different == deviation.numbers == 12
    assert len(spot.index) == 2


def test_rounding_is_told_from_another_function(engine: Engine) -> None:
    one = spec(INPUT, "type: Dense, units: 4", "type: Rescaling, scale: 3")
    other = spec(INPUT, "type: Rescaling, scale: 3", "type: Dense, units: 4, use_bias: false")
    found = run(one.replace("units: 4", "units: 4, use_bias: false"), other, engine)
    assert found.verdict == "rounding"
    assert found.outcome is not None
    assert 0 < found.outcome.deviations[0].absolute.difference < 1e-5
    assert 0 < found.outcome.precise[0].absolute.difference < 1e-14


def test_one_seed_draws_one_experiment(engine: Engine) -> None:
    one = spec(INPUT, "type: GRU, units: 4")
    other = one.replace("units: 4", "units: 4, activation: relu")
    first, second, third = (run(one, other, engine, replace(ONCE, seed=seed)) for seed in (7, 7, 8))
    spots = [each.outcome.deviations[0].absolute for each in (first, second, third) if each.outcome]
    assert spots[0] == spots[1] != spots[2]


def test_weights_that_match_nothing_are_named(engine: Engine) -> None:
    found = run(text("char_gru_time_distributed"), text("char_gru_reset_before"), engine)
    assert found.verdict == "not run"
    assert "`gru.bias` (2×48) of A and `gru.bias` (48) of B match nothing in the other" in found.reason


def test_weights_as_the_user_says(engine: Engine) -> None:
    both = "name: out, type: Subtract, inputs: [a, b]"
    one = spec(INPUT, *(f"name: {name}, type: Dense, units: 4, inputs: x" for name in "ab"), both)
    swapped = one.replace("[a, b]", "[b, a]")
    assert run(one, swapped, engine).verdict == "different"
    assert run(one, swapped, engine, replace(ONCE, chosen=(("a", "b"), ("b", "a")))).same
    with pytest.raises(WrongMap, match="A has no entry or weight `c`"):
        run(one, swapped, engine, replace(ONCE, chosen=(("c", "a"),)))


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (["type: Dense, units: 4"], ["type: Dense, units: 5"], "they give different shapes"),
        (["type: Dense, units: 4"], ["name: y, type: Input, shape: [5, 3]", "type: Add, inputs: [x, y]"], "A has 1 input and B 2 inputs"),
        (["type: ops.min, axis: 1", "type: ops.max, axis: 1, inputs: x"], ["type: ops.max, axis: 1"], "A gives 2 outputs and B 1 output"),
    ],
)  # fmt: skip
def test_what_cannot_be_one_function(one: list[str], other: list[str], said: str, engine: Engine) -> None:
    found = run(spec(INPUT, *one), spec(INPUT, *other), engine)
    assert (found.verdict, found.same) == ("different", False)
    assert said in found.reason


def test_large_models_are_refused_unallocated(engine: Engine) -> None:
    found = run(text("gpt3_175b"), text("gpt3_175b"), engine)
    assert found.verdict == "not run"
    assert "A is too large to run" in found.reason
    small = spec(INPUT, "type: Dense, units: 100")
    bytes_ = (3 * 100 + 100) * 4 + 4 * (5 * 3 + 5 * 100) * 4
    assert run(small, small, engine, replace(ONCE, memory=bytes_)).same
    assert run(small, small, engine, replace(ONCE, memory=bytes_ - 1)).verdict == "not run"


def test_errors_are_not_run(engine: Engine) -> None:
    good, bad = spec(INPUT, "type: Dense, units: 4"), spec(INPUT, "type: Dense, units: 0")
    assert run(good, bad, engine).reason == "B has errors, and Keras does not run it"


@pytest.mark.parametrize(
    "entries",
    [
        ["name: ids, type: Input, shape: [null], dtype: int32", "type: Embedding, input_dim: 3, output_dim: 2, mask_zero: true", "type: LSTM, units: 2"],
        ["name: ids, type: Input, shape: [6]", "type: Reshape, target_shape: [3, 2]", "type: Embedding, input_dim: 2, output_dim: 2"],
        ["name: flags, type: Input, shape: [6], dtype: bool", "type: ops.logical_not"],
        ["name: words, type: Input, shape: [], dtype: string", "type: StringLookup, vocabulary: [alpha, beta]"],
        ["name: picture, type: Input, shape: [null, null, 1]", "type: Conv2D, filters: 2, kernel_size: 20", "type: GlobalMaxPooling2D"],
        ["name: one, type: Input, shape: [4, 3], batch_size: 2", "type: GRU, units: 2, stateful: true"],
        ["name: half, type: Input, shape: [4], dtype: float16", "type: Dense, units: 3, dtype: bfloat16"],
        ["name: x, type: Input, shape: [4, 3]", "name: d, type: Dense, units: 3", "reuse: d, inputs: d"],
    ],
)  # fmt: skip
def test_inputs_of_every_kind(entries: list[str], engine: Engine) -> None:
    found = run(spec(*entries), spec(*entries), engine)
    assert found.verdict == "equal", found.reason


def test_states_start_from_zero_and_are_told(engine: Engine) -> None:
    stateful = spec(
        "name: x, type: Input, shape: [4, 3], batch_size: 2", "name: g, type: GRU, units: 2, stateful: true"
    )
    found = run(stateful, stateful.replace(", stateful: true", ""), engine, Asked(tries=2, runs=2))
    assert found.same
    assert found.outcome is not None
    assert found.outcome.stateful == (("g",), ())
    assert ("states of A", "`g` keeps its states between batches; each run starts from zero") in facts(
        found
    )


def test_a_length_that_no_model_takes_says_so(engine: Engine) -> None:
    even = "name: x, type: Input, shape: [null, 2]", "type: Reshape, target_shape: [-1, 5, 2]"
    assert run(spec(*even), spec(*even), engine).verdict == "not run"
    found = run(spec(*even), spec(*even), engine, replace(ONCE, length=10))
    assert found.entering[0].shape == (4, 10, 2)
    assert found.same


def test_masks_hide_something(engine: Engine) -> None:
    """Without zeros at the end a mask would change nothing, and the two would seem to be one."""
    ids, lstm = "name: ids, type: Input, shape: [9], dtype: int32", "type: LSTM, units: 2"
    one = spec(ids, "type: Embedding, input_dim: 900000, output_dim: 2, mask_zero: true", lstm)
    assert run(one, one.replace(", mask_zero: true", ""), engine).verdict == "different"


def test_both_run_as_keras_does_alone(engine: Engine) -> None:
    """The numbers at the place that is told are those of Keras for a function without weights."""
    one, other = (
        spec("name: x, type: Input, shape: [3]", f"name: y, type: Activation, activation: {name}")
        for name in ("linear", "softsign")
    )
    found: Numeric = run(one, other, engine)
    assert found.outcome is not None
    x, y = found.outcome.deviations[0].absolute.values
    assert numpy.float32(y) == pytest.approx(float(keras.activations.softsign(keras.ops.array([x]))[0]))


def test_the_state_of_keras_is_left_as_it_was(engine: Engine) -> None:
    before = keras.config.floatx(), keras.config.dtype_policy().name
    test_rounding_is_told_from_another_function(engine)
    assert (keras.config.floatx(), keras.config.dtype_policy().name) == before
