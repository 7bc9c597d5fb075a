"""Runs of equal layers become blocks: where the names come back, or where they may change."""

import time

import pytest

from seqshape.convert import Options, target
from seqshape.engine import Engine
from seqshape.pipeline import judged
from tests.convert.converting import converted, loaded, report_of, run

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
    start = time.monotonic()
    written = converted(flat, "yaml", engine)
    assert time.monotonic() - start < 10
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
    start = time.monotonic()
    written = converted("\n".join(lines), "yaml", engine)
    assert time.monotonic() - start < 30
    assert written.splitlines()[2:] == [
        "  - repeat: 10000",
        "    layers:",
        "      - {type: Dense, units: 8}",
    ]


def test_equal_layers_on_one_input_are_no_run_and_cost_little(engine: Engine) -> None:
    lines = ["layers:", "  - {name: x, type: Input, shape: [8]}"]
    lines += ["  - {type: Dense, units: 8, inputs: x}"] * 2_000
    start = time.monotonic()
    assert "repeat" not in converted("\n".join(lines), "yaml", engine)
    assert time.monotonic() - start < 30


def test_a_block_called_many_times_costs_little(engine: Engine) -> None:
    lines = ["layers:", "  - {name: x, type: Input, shape: [4]}"]
    lines += ["  - {name: b, layers: [{type: Dense, units: 4}]}"]
    lines += [f"  - {{name: again_{number}, reuse: b, inputs: x}}" for number in range(2_000)]
    start = time.monotonic()
    assert converted("\n".join(lines), "yaml", engine).count("reuse") == 2_000
    assert time.monotonic() - start < 30
