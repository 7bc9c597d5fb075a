"""What `explain` says: each sentence with a number in it, with the number it must have, and why."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from seqshape import explaining, symbolic
from seqshape.engine import Engine
from seqshape.engine.question import Cost, OutOfTime, Question
from seqshape.explanation import Explanation
from seqshape.judged import judged
from seqshape.render import _explained
from seqshape.render._surface import Surface

ROOT = Path(__file__).parents[1]
CHARS = (ROOT / "specs" / "char_gru_time_distributed.yaml").read_text(encoding="utf-8")
BOTH = """
layers:
  - {name: x, type: Input, shape: [50, 8]}
  - {name: both, type: Bidirectional, layer: {type: GRU, units: 5}}
  - {name: wide, type: Dense, units: 10}
  - {name: again, type: Dense, units: 10}
"""


def asked(
    text: str, engine: Engine, layer: str | None = None, *, batch: int = 1, length: int | None = None
) -> Explanation:
    """A spec explained, without what Keras's own documentation says."""
    found = judged("specs/x.yaml", text.encode(), engine=engine)
    assert found.subject is not None
    told = explaining.explained(found.report, found.subject, layer, batch=batch, length=length)
    stories = tuple(
        replace(
            story,
            others=tuple(replace(other, about="") for other in story.others),
            idle=tuple((name, "") for name, _ in story.idle),
        )
        for story in told.stories
    )
    return replace(told, stories=stories)


def said(found: Explanation) -> list[str]:
    """The lines of the text as they stand in a file."""
    return [line.strip() for line in _explained.text(found, Surface()).splitlines()]


@pytest.fixture(scope="module")
def chars(engine: Engine) -> Explanation:
    return asked(CHARS, engine, batch=32)


GRU = [
    "For each sample 64 steps of 15 numbers go in, 64 steps of 16 numbers come out.",
    "The same weights serve each of the 64 steps of axis 1: how many steps there are changes no count of weights.",
    "The steps are gone through one after another, as one reads letters: what was worked out at a step, 16 numbers called the state, goes into the next one through `recurrent_kernel`.",
    "axis 1, 64: kept from axis 1 of `chars`; its size stands in `chars`, line 6: `shape: [T, C]`, which is [64, 15]",
    "axis 2, 16: made here by `units: H`, which is 16",
    "axis 2 of `chars`, 15, goes in and does not come out: `kernel` has a row for each of its entries, and they are summed",
    "kernel            15×48      720  float32  C × 3*H",
    "recurrent_kernel  16×48      768  float32  H × 3*H",
    "bias              2×48        96  float32  2 × 3*H",
    "720 + 768 + 96 = 1,584 parameters",
    "as a formula: 3*H**2 + 3*H*C + 6*H",
    "`kernel` begins as `GlorotUniform`: random numbers between -0.3086 and 0.3086, each as likely as the other",  # √(6/(15+48))
    "`recurrent_kernel` begins as `Orthogonal` (gain: 1.0). Keras: Initializer that generates an orthogonal matrix.",
    "`bias` begins as `Zeros`: 0 everywhere",
    "1,488 multiply-accumulates at each of the 64 steps of axis 1: 1,488 × 64 = 95,232",
    "each of the 1,488 numbers in `kernel` and `recurrent_kernel` is multiplied once at each step: 64 times",
    "for a whole batch as a formula: 3*H**2*T*batch + 3*H*C*T*batch",
    "weights: 6,336 bytes (6.1 KiB), however many samples there are",
    "output: 4,096 bytes (4.0 KiB)",  # 64 · 16 · 4
    "`use_bias: false`: 1,488 parameters in place of 1,584, since there is no `bias`",
    "`return_sequences: false`: output (batch, 16) in place of (batch, 64, 16), one result for all 64 steps",
    "`return_state: true`: 2 outputs: output (batch, 64, 16), state (batch, 16)",
    "`reset_after: false`: 1,536 parameters in place of 1,584, since `bias` has one row of 48 in place of 2",
    "`go_backwards`, true or false: the same shapes and parameters",
]
TOTALS = [
    "1,839 parameters, 1,839 of them trained",
    "as a formula: 3*H**2 + 4*H*C + 6*H + C",
    "110,592 multiply-accumulates for a sample",  # 64 · (3·16·(15 + 16) + 16·15)
    "3,538,944 for a batch of 32",
    "for a whole batch as a formula: 3*H**2*T*batch + 4*H*C*T*batch",
    "not in it, since they multiply no matrices: `probs`",
    "weights                          7,356 bytes (7.1 KiB)",
    "gradients, where it is trained   7,356 bytes (7.1 KiB)",
    "kept by SGD for training         0 bytes",
    "kept by Adam for training        14,712 bytes (14.3 KiB)",
    "what all layers give, a sample   11,776 bytes (11.5 KiB)",  # 64 · (16 + 15 + 15) · 4
    "the same for a batch of 32       376,832 bytes (368.0 KiB)",
]


def test_a_gru_is_explained_from_its_axes_to_its_settings(chars: Explanation) -> None:
    lines = said(replace(chars, stories=chars.stories[1:2]))
    assert [line for line in GRU if line not in lines] == []


def test_the_sums_of_the_whole_model(chars: Explanation) -> None:
    lines = [" ".join(line.split()) for line in said(chars)]
    assert [line for line in TOTALS if " ".join(line.split()) not in lines] == []


def test_what_multiplies_nothing_is_no_zero(chars: Explanation) -> None:
    lines = said(replace(chars, stories=chars.stories[3:4]))
    assert (
        "multiply-accumulates: not counted: there is no product of matrices and no convolution in it"
        in lines
    )
    assert not any(line.startswith("0 multiply") for line in lines)


def test_a_dense_on_a_sequence_works_on_the_last_axis_alone(engine: Engine) -> None:
    text = (ROOT / "specs" / "char_gru_dense.yaml").read_text(encoding="utf-8")
    lines = said(asked(text, engine, "logits"))
    assert (
        "a Dense works on the last axis only, at each of the 64 steps alike: TimeDistributed with this Dense in it gives the same shape and has the same 255 parameters"
        in lines
    )
    assert "240 multiply-accumulates at each of the 64 steps of axis 1: 240 × 64 = 15,360" in lines
    assert "each of the 240 numbers in `kernel` is multiplied once at each step: 64 times" in lines
    vector = said(asked(BOTH, engine, "wide"))
    assert not any("TimeDistributed" in line for line in vector)
    assert "each of the 100 numbers in `kernel` is multiplied once" in vector


def test_a_bidirectional_with_its_merge_modes_and_the_flags_inside(engine: Engine) -> None:
    lines = said(asked(BOTH, engine, "both"))
    for line in (
        "390 multiply-accumulates at each of the 50 steps of axis 1: 390 × 50 = 19,500",  # 2 · 3 · 5 · (8 + 5)
        "each of the 390 numbers in the 4 matrices is multiplied once at each step: 50 times",
        "`merge_mode: sum, mul or ave`: output (batch, 5) in place of (batch, 10)",
        "`merge_mode: null`: 2 outputs: forward_output (batch, 5), backward_output (batch, 5)",
        "`layer.return_sequences: true`: output (batch, 50, 10) in place of (batch, 10), a result for each of the 50 steps",
        "120 + 75 + 30 + 120 + 75 + 30 = 450 parameters",
        "axis 1 of `x`, 50, goes in and does not come out",
        "axis 2 of `x`, 8, goes in and does not come out: `forward_gru/gru_cell/kernel` has a row for each of its entries, and they are summed",
    ):
        assert line in lines, line
    (reset,) = (line for line in lines if line.startswith("`layer.reset_after: false`"))
    assert reset.startswith("`layer.reset_after: false`: 420 parameters in place of 450, since ")
    assert reset.count("has one row of 15 in place of 2") == 2


def test_calls_that_are_alike_are_told_once(engine: Engine) -> None:
    found = asked(BOTH, engine)
    assert [story.row.name for story in found.stories] == ["x", "both", "wide"]
    assert "All of this holds of `again` too." in said(found)
    assert [story.row.name for story in asked(BOTH, engine, "again").stories] == ["again"]


def test_axes_of_unknown_size_wait_for_a_length(engine: Engine) -> None:
    text = "dims: {T: null}\nlayers:\n  - {name: x, type: Input, shape: [T, 64]}\n  - {name: y, type: GRU, units: 256}\n"
    lines = said(asked(text, engine))
    assert "245,760 multiply-accumulates at each step of axis 1" in lines
    assert "for a sample: not known without a length: --length 200" in lines
    lines = said(asked(text, engine, length=200))
    assert "49,152,000 multiply-accumulates for a sample" in lines
    assert (
        "245,760 multiply-accumulates at each of the 200 steps of axis 1: 245,760 × 200 = 49,152,000"
        in lines
    )


def test_a_model_that_multiplies_nothing_has_no_zero_either(engine: Engine) -> None:
    lines = said(
        asked("layers:\n  - {name: x, type: Input, shape: [7]}\n  - {name: y, type: ReLU}\n", engine)
    )
    assert (
        "multiply-accumulates: not counted: there is no product of matrices and no convolution in it"
        in lines
    )
    assert not any(line.startswith("0 multiply") for line in lines)


def test_several_outputs_have_names(engine: Engine) -> None:
    text = "layers:\n  - {name: x, type: Input, shape: [7, 3]}\n  - {name: y, type: LSTM, units: 4, return_state: true}\n"
    lines = said(asked(text, engine, "y"))
    assert (
        "For each sample 7 steps of 3 numbers go in, 4 numbers (`output`), 4 numbers (`state_h`) and 4 numbers (`state_c`) come out."
        in lines
    )
    assert "`return_state: false`: 1 output: output (batch, 4)" in lines
    assert "48 + 64 + 16 = 128 parameters" in lines  # 3·16, 4·16, 4·4


def test_weights_that_are_not_trained_have_no_gradient(engine: Engine) -> None:
    text = "layers:\n  - {name: x, type: Input, shape: [6]}\n  - {name: n, type: BatchNormalization}\n"
    found = asked(text, engine)
    assert "not trained: `moving_mean` and `moving_variance`" in said(found)
    assert found.memory is not None
    assert (found.memory.weights, found.memory.gradients) == (4 * 24, 2 * 24)
    assert {each.name: each.bytes for each in found.memory.slots}["Adam"] == 4 * 24


@pytest.mark.parametrize("width", [40, 80, 140])
def test_it_fits_the_terminal(chars: Explanation, width: int, golden: Callable[[str, str], None]) -> None:
    text = _explained.text(chars, Surface(width))
    assert all(cell_len(line) <= width for line in text.splitlines())
    assert "".join(text.split()).count("3*H**2+3*H*C+6*H") == 1
    golden(f"explain_{width}.txt", text)


def test_markdown_says_the_same(chars: Explanation, golden: Callable[[str, str], None]) -> None:
    text = _explained.markdown(chars, Surface())
    assert "| weight | shape | numbers | dtype | shape as a formula |" in text
    assert "| kernel | 15×48 | 720 | float32 | C × 3\\*H |" in text
    golden("explain.md", text)


def test_colour_and_ascii(chars: Explanation) -> None:
    assert "\x1b[" in _explained.text(chars, Surface(80, color=True))
    assert _explained.text(chars, Surface(unicode=False)).isascii()


def test_json_has_the_facts_without_the_words(chars: Explanation) -> None:
    data = json.loads(_explained.as_json(chars, Surface()))
    gru = data["layers"][1]
    assert gru["outputs"][0]["axes"][1] == {
        "axis": 1,
        "size": 64,
        "kept_from": {"input": "chars", "axis": 1},
        "made_here": False,
        "source": {"layer": "chars", "argument": "shape: [64, 15]", "written": "shape: [T, C]", "line": 6},
    }
    assert gru["dropped"] == [
        {
            "input": "chars",
            "axis": 2,
            "size": 15,
            "goes_into_axis": None,
            "as_long_as": None,
            "summed_with": "kernel",
        }
    ]
    assert gru["weights"][2]["begins_as"] == {
        "initializer": "Zeros",
        "settings": {},
        "about": "Initializer that generates tensors initialized to 0.",
        "drawn": None,
        "values": [{"value": 0.0, "times": 96}],
    }
    assert gru["weights"][0]["formula"] == ["C", "3*H"]
    assert gru["work"] == {
        "multiply_accumulates": 95_232,
        "formula": "3*H**2*T*batch + 3*H*C*T*batch",
        "per_step": [{"axis": 1, "steps": "T", "multiply_accumulates": "3*H**2 + 3*H*C"}],
        "counted": True,
        "uncounted": [],
        "problem": "",
        "out_of_time": False,
        "holds_where": [],
    }
    (reset,) = (each for each in gru["settings"] if each["settings"] == ["reset_after: false"])
    assert reset["params"] == 1_536
    assert "go_backwards" in gru["settings_without_effect"]
    assert data["layers"][3]["work"]["multiply_accumulates"] is None
    assert data["totals"]["memory"]["optimizer_bytes"]["Adam"] == 2 * 7_356
    assert data["totals"]["memory"]["activation_bytes"] == 32 * 11_776


def test_a_bidirectional_with_flags_that_remove_several_weights(engine: Engine) -> None:
    lines = said(asked(BOTH, engine, "both"))
    assert any(
        line.startswith("`layer.use_bias: false`: 390 parameters in place of 450, since there is no `")
        and line.count("bias`") == 2
        for line in lines
    )


HEADS = """
dims: {T: 10, D: 8, Heads: 2, N: 3}
layers:
  - {name: x, type: Input, shape: [T, D]}
  - {name: att, type: MultiHeadAttention, num_heads: Heads, key_dim: D//Heads, inputs: {query: x, value: x}}
  - {name: sum, type: Add, inputs: [x, att]}
  - name: block
    repeat: N
    layers:
      - {name: dense, type: Dense, units: D, use_bias: false}
"""


def test_a_shortened_formula_says_where_it_is_right(engine: Engine) -> None:
    found = asked(HEADS, engine)
    lines = said(found)
    for line in (
        "as a formula: 4*D**2 + 4*D, right where D is a multiple of Heads",
        "for a whole batch as a formula: 4*D**2*T*batch + 2*D*T**2*batch, right where D is a multiple of Heads",
        "axis 1 of `att`, 10, falls together with axis 1 of `x`: both have to be equally long",
        "the formulas hold where D is a multiple of Heads",
    ):
        assert line in lines, line
    attention = json.loads(_explained.as_json(found, Surface()))["layers"][1]
    assert attention["params_formula_holds_where"] == ["D is a multiple of Heads"]
    assert attention["work"]["holds_where"] == ["D is a multiple of Heads"]


def test_where_a_dim_says_how_many_layers_there_are_the_sums_have_no_formula(engine: Engine) -> None:
    found = asked(HEADS, engine)
    lines = said(found)
    # 4·(8·8·10) + 2·10·10·8 for the attention, 3·10·8·8 for the copies
    assert "6,080 multiply-accumulates for a sample" in lines
    assert "there is no formula for the whole: the number of layers changes with `N`" in lines
    assert json.loads(_explained.as_json(found, Surface()))["totals"]["layers_change_with"] == ["N"]


def test_axes_that_become_one(engine: Engine) -> None:
    text = "layers:\n  - {name: x, type: Input, shape: [5, 3]}\n  - {name: y, type: Flatten}\n"
    lines = said(asked(text, engine, "y"))
    assert "axis 1 of `x`, 5, goes into axis 1 of what comes out" in lines
    assert "axis 2 of `x`, 3, goes into axis 1 of what comes out" in lines


def test_sizes_that_are_equal_by_chance_are_not_taken_for_one(engine: Engine) -> None:
    """The kernel has 5 rows for the window, not for the 5 steps that go in; the 4 channels are summed."""
    text = "layers:\n  - {name: x, type: Input, shape: [5, 4]}\n  - {name: y, type: Conv1D, filters: 6, kernel_size: 5}\n"
    lines = said(asked(text, engine, "y"))
    assert "axis 1 of `x`, 5, goes into axis 1 of what comes out" in lines
    assert (
        "axis 2 of `x`, 4, goes in and does not come out: `kernel` has numbers for each of its entries, and they are summed"
        in lines
    )


def test_one_step_is_no_result_for_each(engine: Engine) -> None:
    text = "layers:\n  - {name: x, type: Input, shape: [5, 4]}\n  - {name: y, type: GlobalMaxPooling1D}\n"
    assert "`keepdims: true`: output (batch, 1, 4) in place of (batch, 4)" in said(asked(text, engine, "y"))


def test_weights_that_begin_with_two_numbers(engine: Engine) -> None:
    text = "layers:\n  - {name: x, type: Input, shape: [7, 3]}\n  - {name: y, type: LSTM, units: 4}\n"
    assert "`bias` begins with 12 times 0 and 4 times 1" in said(asked(text, engine, "y"))  # forget gate: 1


def test_counting_that_takes_too_long_is_told(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "layers:\n  - {name: x, type: Input, shape: [9, 3]}\n  - {name: y, type: GRU, units: 4}\n"

    def late(question: Question) -> Cost:
        raise OutOfTime

    monkeypatch.setattr(engine, "cost", late)
    found = asked(text, engine)
    lines = said(found)
    assert "multiply-accumulates: not known: there was no time left to count it" in lines
    assert "multiply-accumulates: not known: there was no time left to count all of them" in lines
    assert "not in it, since counting ended after a minute: `y`" in lines
    data = json.loads(_explained.as_json(found, Surface()))
    assert data["totals"]["out_of_time"] == ["y"]
    assert data["totals"]["multiply_accumulates"] is None
    assert data["layers"][1]["work"]["out_of_time"] is True


def test_formulas_that_take_too_long_leave_the_numbers(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(symbolic, "PATIENCE", -1.0)
    lines = said(asked(CHARS, engine))
    assert "720 + 768 + 96 = 1,584 parameters" in lines
    assert not any("as a formula" in line for line in lines)
    assert "1,839 parameters, 1,839 of them trained" in lines


@pytest.mark.parametrize(
    ("initializer", "expected"),
    [
        (
            "random_normal",
            "`RandomNormal`: random numbers around 0, normally distributed with a standard deviation of 0.05",
        ),
        (  # √(2/7), made larger by what is cut off: https://www.tensorflow.org/api_docs/python/tf/keras/initializers/HeNormal
            "he_normal",
            "`HeNormal`: random numbers around 0, normally distributed with a standard deviation of 0.6077, none of them more than twice that away",
        ),
        (
            "{type: Constant, value: 2.5}",
            "`Constant` (value: 2.5). Keras: Initializer that generates tensors with constant values.",
        ),
    ],
)
def test_what_a_kernel_begins_as(engine: Engine, initializer: str, expected: str) -> None:
    text = f"layers:\n  - {{name: x, type: Input, shape: [7]}}\n  - {{name: y, type: Dense, units: 3, kernel_initializer: {initializer}}}\n"
    assert f"`kernel` begins as {expected}" in said(asked(text, engine, "y"))


ODD = """
layers:
  - {name: x, type: Input, shape: [9, 15]}
  - {name: gru, type: GRU, units: 16, reset_after: false}
  - {name: plain, type: Dense, units: 3, inputs: x}
  - {name: again, reuse: plain, inputs: x}
  - {name: sum, type: ops.sum, inputs: x, axis: [1, 2]}
  - {name: mean, type: ops.mean, inputs: again, axis: 1}
  - {name: open, type: Input, shape: [null, 5, 2]}
  - {name: last, type: Flatten, inputs: mean}
outputs: [gru, sum, last, open]
"""


@pytest.mark.parametrize(
    ("layer", "sentence"),
    [
        (
            "gru",
            "`reset_after: true`: 1,584 parameters in place of 1,536, "
            "since `bias` has 2 rows of 48 in place of one",
        ),
        ("sum", "For each sample 9 steps of 15 numbers go in, one number comes out."),
        ("mean", "For each sample 9 steps of 3 numbers go in, 3 numbers come out."),
        ("open", "What goes into the model: for each sample ? × 5 × 2 numbers."),
        ("again", "those of `plain`, which are counted there"),
    ],
)
def test_what_is_said_of_odd_sizes(layer: str, sentence: str, engine: Engine) -> None:
    assert sentence in said(asked(ODD, engine, layer))


def test_settings_are_told_where_the_layer_stands_and_not_where_it_is_called_again(engine: Engine) -> None:
    (plain,) = asked(ODD, engine, "plain").stories
    (again,) = asked(ODD, engine, "again").stories
    assert plain.others
    assert plain.wrapped
    assert (again.others, again.idle, again.wrapped) == ((), (), False)


def test_layers_that_are_not_shown_are_counted(chars: Explanation) -> None:
    cut = replace(chars, left=1_234)
    assert "… and 1,234 layers more: name one to see it" in said(cut)
    assert "… and 1,234 layers more" in _explained.markdown(cut, Surface()).splitlines()


def test_activations_of_an_unknown_length_are_not_known(engine: Engine) -> None:
    """Of 10 steps the Dense gives 10 times 3 numbers of 4 bytes; what goes in is no layer's."""
    text = "layers:\n  - {name: x, type: Input, shape: [null, 4]}\n  - {type: Dense, units: 3}\n"
    label = "what all layers give, a sample"
    (line,) = (line for line in said(asked(text, engine)) if line.startswith(label))
    assert line.endswith("not known without a length: --length 200")
    (line,) = (line for line in said(asked(text, engine, length=10)) if line.startswith(label))
    assert line.split(label)[1].strip() == "120 bytes"
