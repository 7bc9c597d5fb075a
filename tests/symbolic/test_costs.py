"""Multiply-accumulates of whole specs as formulas over the batch, the steps and the dims."""

from io import BytesIO

import pytest

from seqshape import containers, graph_builder, symbolic
from seqshape.algebra import Polynomial, symbol
from seqshape.costs import LayerCost, conditions, summed
from seqshape.engine import Engine
from seqshape.engine.question import Cost, OutOfTime, Question, Refusal
from seqshape.limits import Limits
from seqshape.loading import load
from seqshape.walk import walk
from tests.symbolic.reading import C, D, H, T

B, STEPS = symbol("batch"), symbol("steps")
INPUT = "layers:\n  - {name: x, type: Input, shape: [T, C]}\n"


def costs(text: str, engine: Engine, length: int | None = None) -> tuple[dict[str, LayerCost], int]:
    """What each entry multiplies, and the largest axis that was asked about."""
    loaded = load("x.yaml", containers.contents(BytesIO(text.encode()), 10**6), {}, Limits(), engine)
    graph, _ = graph_builder.build(loaded.spec, Limits())
    built = symbolic.Built(loaded.spec, graph, walk(graph, loaded.spec, engine.ask).rows)
    largest = [0]

    def ask(question: Question) -> Cost | Refusal:
        shapes = (tensor.shape for each in question.call.given for tensor in each.tensors)
        largest.extend(size or 0 for shape in shapes for size in shape)
        return engine.cost(question)

    found = symbolic.costs(built, symbolic.solved(built, engine.ask), ask, length)
    return {each.path: each for each in found if each is not None}, max(largest)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("type: GRU, units: H", 3 * H * (C + H) * T),
        ("type: LSTM, units: H, return_sequences: true", 4 * H * (C + H) * T),
        ("type: Bidirectional, layer: {type: SimpleRNN, units: H}", 2 * H * (C + H) * T),
        ("type: TimeDistributed, layer: {type: Dense, units: H}", C * H * T),
        ("type: Dense, units: H", C * H * T),
        ("type: Conv1D, filters: H, kernel_size: 3", 3 * C * H * (T - 2)),
        ("type: Conv1DTranspose, filters: H, kernel_size: 3", 3 * C * H * T),
        ("type: Attention, inputs: [x, x]", 2 * T * T * C),
    ],
)  # fmt: skip
def test_formulas_are_those_of_textbooks(engine: Engine, entry: str, expected: Polynomial) -> None:
    text = f"dims: {{T: 64, C: 15, H: 16}}\n{INPUT}  - {{name: y, {entry}}}\n"
    found, _ = costs(text, engine)
    assert found["y"].formula == B * expected
    assert found["y"].number == expected.evaluate({"T": 64, "C": 15, "H": 16})


def test_heads_of_attention_and_their_quotient(engine: Engine) -> None:
    text = "dims: {T: 2048, D: 12288, N: 96}\nlayers:\n  - {name: x, type: Input, shape: [T, D]}\n  - {name: y, type: MultiHeadAttention, num_heads: N, key_dim: D//N, inputs: {query: x, value: x}}\n"
    found, largest = costs(text, engine)
    assert found["y"].formula == B * (4 * T * D * D + 2 * T * T * D)  # 96 heads divide 12,288
    assert found["y"].number == 4 * 2048 * 12288**2 + 2 * 2048**2 * 12288
    assert largest < 200  # no large size was traced


def test_an_axis_that_must_equal_another_size_moves_with_it(engine: Engine) -> None:
    text = f"dims: {{T: 20, C: 6}}\n{INPUT}  - {{name: turned, type: ops.transpose, axes: [0, 2, 1]}}\n  - {{name: y, type: ops.matmul, inputs: {{x1: turned, x2: x}}}}\n"
    found, _ = costs(text, engine)
    assert found["y"].formula == B * C * C * T


def test_a_step_is_what_one_more_step_takes(engine: Engine) -> None:
    text = "layers:\n  - {name: x, type: Input, shape: [200, 64]}\n  - {name: y, type: GRU, units: 256}\n"
    found, _ = costs(text, engine)
    (step,) = found["y"].per_step
    assert (step.axis, step.steps.constant, step.each.constant) == (1, 200, 245_760)
    assert found["y"].number == 49_152_000


def test_axes_of_unknown_size_are_a_variable_until_a_length_is_given(engine: Engine) -> None:
    text = "layers:\n  - {name: x, type: Input, shape: [null, 64]}\n  - {name: y, type: GRU, units: 256}\n"
    found, _ = costs(text, engine)
    assert (found["y"].formula, found["y"].number) == (245_760 * B * STEPS, None)
    assert costs(text, engine, length=200)[0]["y"].number == 49_152_000


def test_a_fixed_batch_is_taken_out_of_the_number_for_a_sample(engine: Engine) -> None:
    text = "layers:\n  - {name: x, type: Input, batch_shape: [32, 20, 64]}\n  - {name: y, type: GRU, units: 256, stateful: true}\n"
    found, _ = costs(text, engine)
    assert (found["y"].formula, found["y"].number) == (20 * 245_760 * B, 20 * 245_760)


def test_sums_say_what_they_leave_out(engine: Engine) -> None:
    text = "layers:\n  - {name: x, type: Input, shape: [4000]}\n  - {name: sound, type: MelSpectrogram, num_mel_bins: 8}\n  - {name: flat, type: Flatten}\n  - {name: y, type: Dense, units: 3}\n"
    found, _ = costs(text, engine)
    total = summed(found.values())
    assert (total.left_out, total.unknown) == (("flat",), ("sound",))
    assert found["flat"].none
    assert found["flat"].to_dict()["multiply_accumulates"] is None  # type: ignore[index,call-overload]


def test_formulas_that_are_shortened_name_the_division(engine: Engine) -> None:
    text = "dims: {T: 10, D: 8, N: 2}\nlayers:\n  - {name: x, type: Input, shape: [T, D]}\n  - {name: y, type: MultiHeadAttention, num_heads: N, key_dim: D//N, inputs: {query: x, value: x}}\n"
    found, _ = costs(text, engine)
    assert list(conditions(found["y"].exact)) == ["D is a multiple of N"]
    text = text.replace("D//N", "D")
    assert costs(text, engine)[0]["y"].exact == ()


def test_no_time_is_told_or_raised(engine: Engine) -> None:
    text = "layers:\n  - {name: x, type: Input, shape: [9, 3]}\n  - {name: y, type: GRU, units: 4}\n"
    loaded = load("x.yaml", containers.contents(BytesIO(text.encode()), 10**6), {}, Limits(), engine)
    graph, _ = graph_builder.build(loaded.spec, Limits())
    built = symbolic.Built(loaded.spec, graph, walk(graph, loaded.spec, engine.ask).rows)
    solved = symbolic.solved(built, engine.ask)
    with engine.until(lambda: 0.0):
        late = symbolic.costs(built, solved, engine.cost, None, late=True)[1]
        assert late is not None
        assert (late.late, late.number, late.formula) == (True, None, None)
        with pytest.raises(OutOfTime):
            symbolic.costs(built, solved, engine.cost, None)
        found = symbolic.formulas(built, engine.ask)
    assert (found.late, found.totals, found.layers) == (True, None, (None, None))


def test_a_block_at_each_step_is_counted_once_a_step(engine: Engine) -> None:
    text = f"dims: {{T: 64, C: 15, H: 16}}\n{INPUT}  - name: y\n    type: TimeDistributed\n    layer:\n      layers:\n        - {{name: one, type: Dense, units: H}}\n        - {{name: two, type: Dense, units: C}}\n"
    found, _ = costs(text, engine)
    assert found["y"].formula == B * 2 * C * H * T
