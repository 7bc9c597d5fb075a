"""Runs of equal layers become blocks: where the names come back, or where they may change."""

import textwrap
import time
from collections.abc import Callable

import keras
import pytest
from keras import layers as kl

from seqshape.convert import Options, target
from seqshape.engine import Engine
from seqshape.judged import judged
from tests.convert.converting import converted, loaded, outline, report_of, run

HEAD = [
    "  - {name: tokens, type: Input, shape: [16], dtype: int32}",
    "  - {name: vectors, type: Embedding, input_dim: 50, output_dim: 8}",
]


def transformer(copies: int, name: str, head: list[str] = HEAD) -> str:
    """A flat transformer; `name` makes the names, from the number of the copy and a word."""
    lines = ["layers:", *head]
    before = "vectors"

    def named(copy: int, word: str) -> str:
        return name.format(copy=copy, word=word)

    for copy in range(copies):
        norm, attention, total = (named(copy, word) for word in ("norm", "attention", "sum"))
        wide, out = named(copy, "wide"), named(copy, "out")
        lines += [
            f"  - {{name: {norm}, type: LayerNormalization, inputs: {before}}}",
            f"  - {{name: {attention}, type: MultiHeadAttention, num_heads: 2, key_dim: 4, "
            f"inputs: {{query: {norm}, value: {norm}}}, call: {{use_causal_mask: true}}}}",
            f"  - {{name: {total}, type: Add, inputs: [{before}, {attention}]}}",
            f"  - {{name: {wide}, type: Dense, units: 8, activation: gelu}}",
            f"  - {{name: {out}, type: Add, inputs: [{total}, {wide}]}}",
        ]
        before = out
    lines.append(f"  - {{name: logits, type: Dense, units: 50, inputs: {before}}}")
    return "\n".join(lines) + "\n"


def names_of(model: object) -> list[str]:
    return [layer.name for layer in model.layers]  # type: ignore[attr-defined]


def test_a_run_with_numbered_names_is_a_block_and_comes_back(engine: Engine) -> None:
    flat = transformer(96, "block_{copy}_{word}")
    start = time.process_time()
    written = converted(flat, "yaml", engine)
    assert time.process_time() - start < 10
    assert len(written.splitlines()) < 25
    assert "repeat: 96" in written
    names = [row.path for row in report_of(flat, engine).rows]
    assert [row.path.replace(".", "_") for row in report_of(written, engine).rows] == names
    for name, load in (("keras-json", loaded), ("python", run)):
        assert sorted(names_of(load(converted(written, name, engine)))) == sorted(names)


def test_a_program_has_a_loop(engine: Engine) -> None:
    written = converted(transformer(96, "block_{copy}_{word}"), "yaml", engine)
    program = converted(written, "python", engine)
    assert "for number in range(96):" in program
    assert len(program.splitlines()) < 40


def test_automatic_names_come_back(engine: Engine) -> None:
    lines = ["layers:", "  - {type: Input, shape: [8]}"]
    lines += ["  - {type: Dense, units: 8}", "  - {type: LayerNormalization}"] * 10
    flat = "\n".join([*lines, "  - {name: end, type: Dense, units: 3}"])
    written = converted(flat, "yaml", engine)
    assert "repeat: 10" in written
    names = [row.path for row in report_of(flat, engine).rows]
    assert {"dense", "dense_9", "layer_normalization_9"} <= set(names)
    assert sorted(names_of(loaded(converted(written, "keras-json", engine)))) == sorted(names)
    assert sorted(names_of(run(converted(written, "python", engine)))) == sorted(names)


@pytest.mark.parametrize("name", ["layer{copy}_{word}", "{word}.{copy}", "a_{copy}_{word}_{copy}"])
def test_other_names_are_folded_where_they_may_change(name: str, engine: Engine) -> None:
    flat = transformer(12, name)
    found = judged("flat.yaml", flat.encode(), engine=engine, trace=False)
    assert found.subject is not None
    kept = target("yaml").write(found.subject, Options())
    assert "repeat" not in kept.text
    assert kept.hints == ("60 equal layers would fold into blocks under other names: --rename folds them",)
    folded = converted(flat, "yaml", engine, rename=True)
    assert "repeat: 12" in folded
    before, after = report_of(flat, engine), report_of(folded, engine)
    assert [(row.type, row.outputs, row.weights) for row in after.rows] == [
        (row.type, row.outputs, row.weights) for row in before.rows
    ]


def test_what_is_read_of_the_middle_has_its_path(engine: Engine) -> None:
    flat = transformer(6, "block_{copy}_{word}")
    flat += "  - {name: skip, type: Add, inputs: [block_2_sum, block_5_wide, block_5_out]}\n"
    flat += "outputs: [logits, skip, block_3_norm]\n"
    written = converted(flat, "yaml", engine)
    assert "inputs: [block_2.sum, block_5.wide, block]" in written
    assert "outputs: [logits, skip, block_3.norm]" in written
    before, after = report_of(flat, engine), report_of(written, engine)
    assert [row.sources for row in after.rows] == [row.sources for row in before.rows]


@pytest.mark.parametrize(
    "change",
    [
        ("block_3_wide, type: Dense, units: 8", "block_3_wide, type: Dense, units: 8, use_bias: false"),
        ("inputs: [block_3_sum, block_3_wide]", "inputs: [block_2_sum, block_3_wide]"),
        ("inputs: [block_3_sum, block_3_wide]", "inputs: [block_3_wide, block_3_sum]"),
        (
            "inputs: {query: block_3_norm, value: block_3_norm}",
            "inputs: {query: block_3_norm, value: vectors}",
        ),
    ],
)
def test_a_copy_that_differs_ends_the_run(change: tuple[str, str], engine: Engine) -> None:
    flat = transformer(6, "block_{copy}_{word}")
    assert change[0] in flat
    flat = flat.replace(*change)
    written = converted(flat, "yaml", engine)
    assert "repeat: 6" not in written
    before, after = report_of(flat, engine), report_of(written, engine)
    assert [row.sources for row in after.rows] == [row.sources for row in before.rows]
    assert [row.weights for row in after.rows] == [row.weights for row in before.rows]


def test_ten_thousand_equal_layers_are_one_block(engine: Engine) -> None:
    lines = ["layers:", "  - {type: Input, shape: [8]}", *["  - {type: Dense, units: 8}"] * 10_000]
    start = time.process_time()
    written = converted("\n".join(lines), "yaml", engine)
    assert time.process_time() - start < 30
    assert written.splitlines()[2:] == [
        "  - repeat: 10000",
        "    layers:",
        "      - {type: Dense, units: 8}",
    ]


def test_equal_layers_on_one_input_are_no_run_and_cost_little(engine: Engine) -> None:
    lines = ["layers:", "  - {name: x, type: Input, shape: [8]}"]
    lines += ["  - {type: Dense, units: 8, inputs: x}"] * 2_000
    start = time.process_time()
    assert "repeat" not in converted("\n".join(lines), "yaml", engine)
    assert time.process_time() - start < 30


def test_a_block_called_many_times_costs_little(engine: Engine) -> None:
    lines = ["layers:", "  - {name: x, type: Input, shape: [4]}"]
    lines += ["  - {name: b, layers: [{type: Dense, units: 4}]}"]
    lines += [f"  - {{name: again_{number}, reuse: b, inputs: x}}" for number in range(2_000)]
    start = time.process_time()
    assert converted("\n".join(lines), "yaml", engine).count("reuse") == 2_000
    assert time.process_time() - start < 30


# What is folded, as a reader sees it.

Name = Callable[[int, str], str | None]


def layers_in(model: keras.Model) -> str:
    """The `layers` of the spec that is written for a model; its Keras JSON says the same again."""
    saved = model.to_json()
    written = converted(saved, "yaml", ENGINE)
    again, before = (converted(text, "keras-json", ENGINE) for text in (written, saved))
    assert outline(again) == outline(before)
    return written.partition("layers:\n")[2]


ENGINE = Engine(None)


def encoder(copies: int, name: Name) -> keras.Model:
    inputs = x = keras.Input((16, 8), name="vectors")
    for copy in range(copies):
        attended = kl.MultiHeadAttention(2, 4, name=name(copy, "attention"))(x, x)
        attended = kl.Dropout(0.1, name=name(copy, "dropout"))(attended)
        x = kl.LayerNormalization(name=name(copy, "norm"))(kl.Add(name=name(copy, "sum"))([x, attended]))
        x = kl.Dense(8, name=name(copy, "dense"))(x)
    return keras.Model(inputs, kl.Dense(3, name="end")(x))


def keras_names(copy: int, word: str) -> None:
    return None


ENCODER = """\
      - {{{}type: MultiHeadAttention, num_heads: 2, key_dim: 4, inputs: {{query: input, value: input}}}}
      - {{{}type: Dropout, rate: 0.1}}
      - {{{}type: Add, inputs: [input, dropout]}}
      - {{{}type: LayerNormalization}}
      - {{{}type: Dense, units: 8}}
"""


def test_names_of_a_fresh_process_come_back() -> None:
    """Attention makes a Dropout of its own, so that the others are `dropout_1`, `dropout_3`."""
    keras.backend.clear_session(free_memory=False)
    assert layers_in(encoder(4, keras_names)) == (
        "  - {name: vectors, type: Input, shape: [16, 8]}\n  - name: block\n    repeat: 4\n    layers:\n"
        + ENCODER.format(*[""] * 5)
        + "  - {name: end, type: Dense, units: 3}\n"
    )


def test_names_of_a_later_model_come_back_behind_its_first_copy() -> None:
    """The numbers go on behind `dense_9`: the first copy says where they begin."""
    keras.backend.clear_session(free_memory=False)
    encoder(2, keras_names)
    found = layers_in(encoder(5, keras_names))
    assert "  - name: block\n    repeat: 4\n    layers:\n" + ENCODER.format(*[""] * 5) in found
    assert "{name: dense_2, type: Dense, units: 8}" in found
    assert found.count("type: Dropout") == 2


def test_names_like_automatic_ones_are_said() -> None:
    names = [f"name: {word}, " for word in ("attention", "dropout", "sum", "norm", "dense")]
    found = layers_in(encoder(3, lambda copy, word: f"encoder_{copy}_{word}"))
    expected = ENCODER.format("@", *names[1:]).replace("{@", "{name: attention, ")
    flat = expected.splitlines()[1:]
    assert "  - name: encoder\n    repeat: 3\n" in found
    assert "\n".join(flat) in found


def test_one_layer_in_a_loop() -> None:
    inputs = x = keras.Input((8,), name="x")
    for number in range(6):
        x = kl.Dense(8, activation="relu", name=f"dense_{number}")(x)
    model = keras.Model(inputs, x)
    assert layers_in(model).splitlines()[1:] == [
        "  - name: dense",
        "    repeat: 6",
        "    layers:",
        "      - {type: Dense, units: 8, activation: relu}",
    ]
    program = converted(converted(model.to_json(), "yaml", ENGINE), "python", ENGINE)
    assert 'name=f"dense_{number}"' in program
    assert names_of(run(program)) == names_of(model)


def test_a_run_of_models_is_a_block_with_a_model_in_it() -> None:
    inputs = x = keras.Input((8,), name="x")
    for number in range(5):
        x = keras.Sequential([kl.Dense(16, name="up"), kl.Dense(8, name="down")], name=f"unit_{number}")(x)
    model = keras.Model(inputs, x)
    assert layers_in(model).splitlines()[1:] == [
        "  - name: unit",
        "    repeat: 5",
        "    layers:",
        "      - layers:",
        "          - {name: up, type: Dense, units: 16}",
        "          - {name: down, type: Dense, units: 8}",
    ]
    again = loaded(converted(converted(model.to_json(), "yaml", ENGINE), "keras-json", ENGINE))
    assert names_of(again) == names_of(model)
    assert [layer.name for layer in again.get_layer("unit_3").layers[1:]] == ["up", "down"]


def test_runs_in_a_run_and_in_a_model() -> None:
    def stages(x: object, before: str) -> object:
        for stage in range(3):
            x = kl.MaxPooling1D(2, name=f"{before}{stage}_pool")(x)
            for unit in range(4):
                wide = kl.Conv1D(8, 3, padding="same", name=f"{before}{stage}_unit_{unit}_conv")(x)
                x = kl.Add(name=f"{before}{stage}_unit_{unit}_add")([x, wide])
        return x

    expected = """\
    - name: stage
      repeat: 3
      layers:
        - {name: pool, type: MaxPooling1D}
        - name: unit
          repeat: 4
          layers:
            - {name: conv, type: Conv1D, filters: 8, kernel_size: 3, padding: same}
            - {name: add, type: Add, inputs: [input, conv]}
    """
    inputs = keras.Input((64, 8), name="x")
    found = layers_in(keras.Model(inputs, stages(inputs, "stage_")))
    assert textwrap.dedent(expected) in textwrap.dedent(found)
    inner = keras.Input((64, 8), name="inner")
    model = keras.Model(inner, stages(inner, "stage_"), name="body")
    found = layers_in(keras.Model(inputs, kl.Dense(2, name="end")(model(inputs))))
    assert textwrap.indent(textwrap.dedent(expected), " " * 6) in found


def test_a_run_begins_where_it_saves_most() -> None:
    """An equal layer before the run, another behind it, and first copies of a longer run."""
    lines = ["layers:", "  - {name: x, type: Input, shape: [8]}"]
    lines += ["  - {type: Dense, units: 8}", "  - {type: Dropout, rate: 0.1}"] * 6
    lines += ["  - {type: Dense, units: 8}"]
    for name in ("a", "b"):
        lines += ["  - {type: Activation, activation: relu}"] * 3
        lines += [f"  - {{name: end_{name}, type: Dense, units: 8}}"]
    written = converted("\n".join(lines), "yaml", ENGINE)
    assert "repeat: 6\n    layers:\n      - {type: Dense, units: 8}\n      - {type: Dropout" in written
    short = ["  - {type: Activation, activation: relu}"] * 3 + ["  - {type: Dense, units: 8}"]
    lines = ["layers:", "  - {name: x, type: Input, shape: [8]}", short[0], *short * 6]
    written = converted("\n".join(lines), "yaml", ENGINE)
    assert written.splitlines()[2:6] == [short[0], "  - name: block", "    repeat: 6", "    layers:"]


def test_a_first_copy_that_differs_stays_outside() -> None:
    def named(copy: int, word: str) -> str:
        return f"u{copy}_{word}"

    lines = ["layers:", "  - {name: x, type: Input, shape: [4]}"]
    before = "x"
    for copy in range(5):
        skip = before
        if copy == 0:
            lines.append(f"  - {{name: u0_skip, type: Dense, units: 8, inputs: {before}}}")
            skip = "u0_skip"
        lines += [
            f"  - {{name: {named(copy, 'in')}, type: Dense, units: 8, activation: relu, inputs: {before}}}",
            f"  - {{name: {named(copy, 'sum')}, type: Add, inputs: [{skip}, {named(copy, 'in')}]}}",
            f"  - {{name: {named(copy, 'norm')}, type: LayerNormalization}}",
        ]
        before = named(copy, "norm")
    written = converted("\n".join(lines), "yaml", ENGINE, rename=True)
    assert written.splitlines()[6:] == [
        "  - name: u",
        "    repeat: 4",
        "    layers:",
        "      - {name: in, type: Dense, units: 8, activation: relu}",
        "      - {name: sum, type: Add, inputs: [input, in]}",
        "      - {name: norm, type: LayerNormalization}",
    ]


def test_blocks_beside_each_other_do_not_have_each_others_names() -> None:
    """The second is no `block_1`, which is the second copy of the first."""
    lines = ["layers:", "  - {name: x, type: Input, shape: [8]}"]
    before = "x"
    for units in (8, 9):
        for copy in range(3):
            names = [f"{word}{units}{'abc'[copy]}" for word in ("p", "q", "r")]
            lines += [
                f"  - {{name: {names[0]}, type: Dense, units: {units}, inputs: {before}}}",
                f"  - {{name: {names[1]}, type: LayerNormalization}}",
                f"  - {{name: {names[2]}, type: Add, inputs: [{names[0]}, {names[1]}]}}",
            ]
            before = names[2]
    flat = "\n".join(lines)
    written = converted(flat, "yaml", ENGINE, rename=True)
    assert [line for line in written.splitlines() if "name: block" in line] == [
        "  - name: block",
        "  - name: block_b",
    ]
    before_, after = report_of(flat, ENGINE), report_of(written, ENGINE)
    assert [row.sources for row in after.rows] == [row.sources for row in before_.rows]


def test_a_name_in_a_repeated_block_is_the_users() -> None:
    """`name: dense` and no name are two things there, and stay so."""
    for entry, names in (("name: dense, ", ["b_0_dense", "b_1_dense"]), ("", ["dense", "dense_1"])):
        spec = (
            "layers:\n  - {name: x, type: Input, shape: [8]}\n  - name: b\n    repeat: 2\n    layers:\n"
            f"      - {{{entry}type: Dense, units: 8}}\n      - {{name: norm, type: LayerNormalization}}\n"
        )
        for text in (spec, converted(spec, "yaml", ENGINE)):
            found = names_of(loaded(converted(text, "keras-json", ENGINE)))
            assert [name for name in found if "dense" in name] == names
