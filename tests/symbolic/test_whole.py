"""Formulas of whole specs: what varies, where formulas hold, sums, and where there is none."""

import pytest

from seqshape import graph_builder, spec_reader, yaml_reader
from seqshape.algebra import Polynomial, constant, symbol
from seqshape.engine import Engine
from seqshape.engine.question import Answer, Question
from seqshape.formulas import NotFitting
from seqshape.limits import Limits
from seqshape.pipeline import inspect_bytes
from seqshape.source import from_text
from seqshape.symbolic import Built
from seqshape.symbolic import formulas as solve
from seqshape.walk import walk
from tests.symbolic.reading import C, D, H, N, T, formulas, layer, params, shape

CHARS = """
dims: {T: 64, C: 15, H: 16}
layers:
  - {name: chars, type: Input, shape: [T, C]}
  - {name: gru, type: GRU, units: H, return_sequences: true}
  - {name: logits, type: TimeDistributed, layer: {type: Dense, units: C}}
"""


def named(name: str) -> Polynomial:
    return symbol(name)


def test_sums_are_those_of_the_layers(engine: Engine) -> None:
    found = formulas(CHARS, engine)
    assert found.variables == {"T": 64, "C": 15, "H": 16}
    assert found.totals is not None
    assert found.totals.params == 3 * H * H + 3 * H * C + 6 * H + (H * C + C)


def test_without_dims_the_sizes_of_the_spec_serve_by_entry_and_argument(engine: Engine) -> None:
    text = CHARS.replace("dims: {T: 64, C: 15, H: 16}\n", "").replace("[T, C]", "[64, 15]")
    found = formulas(text.replace("units: H", "units: 16").replace("units: C", "units: 15"), engine)
    steps, features = named("chars.shape[0]"), named("chars.shape[1]")
    units, out = named("gru.units"), named("logits.layer.units")
    assert found.variables == {
        "chars.shape[0]": 64,
        "chars.shape[1]": 15,
        "gru.units": 16,
        "logits.layer.units": 15,
    }
    assert shape(found, "logits") == (None, steps, out)
    assert params(found, "gru") == 3 * (features * units + units * units + 2 * units)


@pytest.mark.parametrize(
    "entry",
    [
        "type: Permute, dims: [2, 1]",
        "type: LayerNormalization, axis: -1",
        "type: Dropout, rate: 0.5, seed: 7",
        "type: Masking, mask_value: 3",
        "type: ops.squeeze, axis: 1",
    ],
)
def test_a_number_that_is_no_size_is_no_variable(engine: Engine, entry: str) -> None:
    found = formulas(
        f"layers:\n  - {{name: x, type: Input, shape: [1, 9]}}\n  - {{name: y, {entry}}}\n", engine
    )
    assert all(name.startswith("x.shape") for name in found.variables)


def test_dims_that_are_worked_out_are_no_variables(engine: Engine) -> None:
    found = formulas(CHARS.replace("H: 16}", "H: 16, G: 2*H + 1}").replace("units: H", "units: G"), engine)
    assert list(found.variables) == ["T", "C", "H"]
    assert shape(found, "gru") == (None, T, 2 * H + 1)


def test_an_unknown_dim_keeps_its_name(engine: Engine) -> None:
    text = CHARS.replace("T: 64", "T: null") + "  - {name: flat, type: Flatten, inputs: gru}\n"
    found = formulas(text, engine)
    assert found.variables["T"] is None
    assert shape(found, "logits") == (None, T, C)
    assert shape(found, "flat") == (None, T * H)
    assert found.evaluate({"H": 2}).shapes[1] == ((None, None, 2),)
    assert found.evaluate({"T": 5, "H": 2}).shapes[1] == ((None, 5, 2),)


def test_unknown_dims_that_must_be_equal_are_told(engine: Engine) -> None:
    text = "dims: {S: null, T: null, H: 4}\nlayers:\n  - {name: a, type: Input, shape: [S, H]}\n  - {name: b, type: Input, shape: [T, H]}\n  - {name: sum, type: Add, inputs: [a, b]}\n  - {name: y, type: Dense, units: 2*H}\n"
    found = formulas(text, engine)
    assert [str(each) for each in found.conditions] in (["T = S"], ["S = T"])
    assert shape(found, "y")[1] in (T, symbol("S"))
    assert params(found, "y") == 2 * H * H + 2 * H


def test_unnamed_unknown_axes_stay_unknown(engine: Engine) -> None:
    found = formulas(CHARS.replace("[T, C]", "[null, C]"), engine)
    assert shape(found, "gru") == (None, None, H)


BRANCHES = """
dims: {T: 10, H: 16, C: 16}
layers:
  - {name: x, type: Input, shape: [T, 3]}
  - {name: a, type: Dense, units: H, inputs: x}
  - {name: b, type: Dense, units: C, inputs: x}
  - {name: sum, type: Add, inputs: [a, b]}
  - {name: y, type: Dense, units: 5}
"""


def test_sizes_that_must_be_equal_are_told(engine: Engine) -> None:
    found = formulas(BRANCHES, engine)
    (condition,) = found.conditions
    assert condition.layer == "sum"
    assert {str(condition.left), str(condition.right)} == {"C", "H"}
    assert condition.holds({"C": 3, "H": 3})
    assert not condition.holds({"C": 3, "H": 4})
    assert found.evaluate({"C": 7, "H": 7}).total_params == 2 * (3 * 7 + 7) + 5 * 7 + 5
    with pytest.raises(NotFitting, match="`sum` fits only where"):
        found.evaluate({"H": 7})


def test_a_size_that_must_be_a_number_is_told(engine: Engine) -> None:
    found = formulas(BRANCHES.replace("units: C", "units: 16"), engine)
    (condition,) = found.conditions
    assert (condition.left, condition.right) == (H, constant(16))
    assert shape(found, "sum") == (None, T, constant(16))


def test_a_reshape_ties_the_sizes_of_both_sides(engine: Engine) -> None:
    text = "dims: {D: 24, N: 4}\nlayers:\n  - {name: x, type: Input, shape: [7, D]}\n  - {name: y, type: Reshape, target_shape: [7, N, D//N]}\n"
    found = formulas(text, engine)
    (condition,) = found.conditions
    assert str(condition) == "D is a multiple of N"
    assert found.evaluate({"D": 30, "N": 5}).shapes[1] == ((None, 7, 5, 6),)
    with pytest.raises(NotFitting):
        found.evaluate({"D": 31})


def test_heads_that_divide_a_width_are_shown_without_quotients(engine: Engine) -> None:
    text = "dims: {T: 6, D: 24, N: 4}\nlayers:\n  - {name: x, type: Input, shape: [T, D]}\n  - {name: y, type: MultiHeadAttention, num_heads: N, key_dim: D//N, inputs: {query: x, value: x}}\n"
    found = formulas(text, engine)
    assert params(found.reduced(), "y") == 4 * D * D + 4 * D
    assert [str(each) for each in found.reduced().assumed] == ["D is a multiple of N"]
    # the exact formula is right where nothing divides, too: 4 heads of 25 // 4 = 6
    expected = 3 * (25 * 24 + 24) + (24 * 25 + 25)
    assert params(found, "y").evaluate({"D": 25, "N": 4}) == expected


def test_a_strided_layer_is_a_quotient_and_what_follows_is_told_with_it(engine: Engine) -> None:
    text = "dims: {T: 33, C: 3}\nlayers:\n  - {name: x, type: Input, shape: [T, C]}\n  - {name: a, type: Conv1D, filters: C, kernel_size: 3, strides: 2}\n  - {name: b, type: MaxPooling1D, pool_size: 2}\n  - {name: f, type: Flatten}\n  - {name: y, type: Dense, units: 5}\n"
    found = formulas(text, engine)
    assert shape(found, "a") == (None, (T - 1) // 2, C)
    assert shape(found, "b") == (None, (T - 1) // 4, C)
    assert params(found, "y") == 5 * (C * ((T - 1) // 4)) + 5
    assert found.uneven == ()


def test_a_size_without_a_formula_is_a_name_with_the_values_that_were_seen(engine: Engine) -> None:
    text = "dims: {G: 4}\nlayers:\n  - {name: x, type: Input, shape: [9, 24]}\n  - {name: y, type: Conv1D, filters: 24, kernel_size: 1, groups: G, use_bias: false}\n"
    found = formulas(text, engine)  # a kernel of 24/G channels for each filter: G divides 24
    (values,) = found.uneven
    assert values.name == "y.kernel[1]"
    assert values.size == 6
    ((size, pairs),) = values.along
    assert size == symbol("G")
    assert all(24 // node == came for node, came in pairs)
    assert params(found, "y") == 24 * symbol("y.kernel[1]")
    assert found.evaluate({}).total_params == 24 * 6


def test_the_number_of_copies_is_a_variable_of_the_sums(engine: Engine) -> None:
    text = "dims: {N: 3, H: 8}\nlayers:\n  - {name: x, type: Input, shape: [H]}\n  - name: block\n    repeat: 2*N\n    layers:\n      - {type: Dense, units: H}\n  - {name: y, type: Dense, units: N}\n"
    found = formulas(text, engine)
    assert found.totals is not None
    assert found.totals.params == 2 * N * (H * H + H) + (H * N + N)


def test_a_shared_layer_counts_once_and_ties_its_inputs(engine: Engine) -> None:
    text = "dims: {A: 8, B: 8, H: 5}\nlayers:\n  - {name: a, type: Input, shape: [A]}\n  - {name: b, type: Input, shape: [B]}\n  - {name: first, type: Dense, units: H, inputs: a}\n  - {name: again, reuse: first, inputs: b}\n"
    found = formulas(text, engine)
    assert found.totals is not None
    assert found.totals.params == symbol("A") * H + H
    assert shape(found, "again") == (None, H)
    assert [str(each) for each in found.conditions] in (["B = A"], ["A = B"])


def test_blocks_that_stand_for_layers_have_sizes_in_them(engine: Engine) -> None:
    text = "dims: {T: 6, C: 3, H: 8}\nlayers:\n  - {name: x, type: Input, shape: [T, C]}\n  - name: y\n    type: TimeDistributed\n    layer: {layers: [{type: Dense, units: H}, {type: Dense, units: 2*H}]}\n"
    found = formulas(text, engine)
    assert shape(found, "y") == (None, T, 2 * H)
    assert params(found, "y") == (C * H + H) + (2 * H * H + 2 * H)


def test_a_layer_that_keras_does_not_build_has_no_formulas_and_the_others_do(engine: Engine) -> None:
    text = BRANCHES.replace("units: C", "units: 7").encode()
    report = inspect_bytes("x.yaml", text, engine=engine, symbolic=True)
    found = report.formulas
    assert found is not None
    assert [each is None for each in found.layers] == [row.status != "ok" for row in report.rows]
    assert layer(found, "a").counts.params == 3 * H + H


def test_equal_calls_are_solved_once(engine: Engine) -> None:
    text = CHARS + "".join(f"  - {{name: d{number}, type: Dense, units: C}}\n" for number in range(300))
    one = _questions(CHARS + "  - {name: d0, type: Dense, units: C}\n", engine)
    many = _questions(text, engine)
    assert many == one


def _questions(text: str, engine: Engine) -> int:
    """How many questions are asked for the formulas of a spec."""
    document, _ = yaml_reader.read(from_text("x.yaml", text), Limits())
    spec, _ = spec_reader.read(document, {})
    graph, _ = graph_builder.build(spec, Limits())
    asked: set[str] = set()
    rows = walk(graph, spec, engine.ask).rows

    def ask(question: Question) -> Answer:
        asked.add(question.key)
        return engine.ask(question)

    solve(Built(spec, graph, rows), ask)
    return len(asked)
