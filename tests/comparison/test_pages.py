"""What is printed of a comparison: golden files at several widths, and the sentences."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.cells import cell_len

from seqshape.comparison import to_json, to_markdown, to_table
from seqshape.comparison.numbers import Numeric
from seqshape.comparison.result import Comparison
from seqshape.comparison.words import facts, groups, verdict
from seqshape.engine import Engine
from seqshape.engine.experiment import Deviation, Entering, Outcome, Spot
from seqshape.render._surface import Surface
from tests.comparison.comparing import difference, spec

INPUT = "name: x, type: Input, shape: [8, 6]"
ONE = "name: one\n" + spec(
    INPUT,
    "name: gru, type: GRU, units: 3, return_sequences: true",
    "name: flat, type: Flatten",
    "name: out, type: Dense, units: 2",
)
OTHER = "name: other\n" + spec(
    INPUT,
    "name: gru, type: GRU, units: 4, return_sequences: true, recurrent_initializer: {type: Orthogonal, gain: 0.25}",
    "name: drop, type: Dropout, rate: 0.5",
    "name: pool, type: GlobalAveragePooling1D",
    "name: out, type: Dense, units: 2",
)
VERSION = re.compile(r"(Keras |\"keras\": \")\d+\.\d+\.\d+")
SPOT = Spot(0.25, 0, (3, 1), (0.5, 0.75))


def numbers(spot: Spot, precise: tuple[Deviation, ...] = ()) -> Numeric:
    """What running two models might say."""
    deviation = Deviation(
        (4, 2), ("float32", "float32"), spot, spot, 1.0, 5 if spot.difference else 0, 24, 1.2e-7, False
    )
    outcome = Outcome((deviation,), precise, ((0.002, 0.001, 0.003), (4.0, 5.0, 6.0)), ((), ("gru",)))
    entering = (Entering("x", (4, 8, 6), ("float32", "float32")),)
    pairs = (("gru.kernel", "gru.kernel"), ("gru.bias", "gru.bias"))
    return Numeric(7, 3, outcome, "", "", False, "order", pairs, entering, (("out", "out"),))


@pytest.fixture
def found(engine: Engine) -> Comparison:
    return replace(difference(ONE, OTHER, engine), numeric=numbers(SPOT))


SURFACES = {
    "40": Surface(40),
    "80": Surface(80),
    "140": Surface(140),
    "pipe": Surface(),
    "colour": Surface(80, color=True),
    "ascii": Surface(80, unicode=False),
}


@pytest.mark.parametrize("name", SURFACES)
def test_the_table(name: str, found: Comparison, golden: Callable[[str, str], None]) -> None:
    text = to_table.render(found, SURFACES[name])
    golden(f"comparison_{name}.txt", VERSION.sub(r"\1", text))
    width = SURFACES[name].width
    if width is not None and name != "colour":
        assert max(cell_len(line) for line in text.splitlines()) <= width
    if name == "ascii":
        assert text.isascii()


def test_markdown_and_json(found: Comparison, golden: Callable[[str, str], None]) -> None:
    golden("comparison_markdown.txt", VERSION.sub(r"\1", to_markdown.render(found, Surface())))
    golden("comparison_json.txt", VERSION.sub(r"\1", to_json.render(found, Surface())))


def test_names_cannot_steer_what_is_shown(engine: Engine) -> None:
    name = '"a|`<b>\\e[31m\\n::error::"'
    found = difference(
        spec(INPUT, f"name: {name}, type: Dense, units: 2"),
        spec(INPUT, f"name: {name}, type: Dense, units: 3"),
        engine,
    )
    assert "\x1b" not in to_table.render(found, Surface())
    rows = [line for line in to_markdown.render(found, Surface()).splitlines() if line.startswith("|")]
    for row in rows:
        assert len(re.findall(r"(?<!\\)\|", row)) == 5, row
    assert "\x1b" not in "".join(rows)


@pytest.mark.parametrize(
    ("numeric", "expected"),
    [
        (
            numbers(Spot(0.0, 0, (0, 0), (0.5, 0.5))),
            "They are the same function: given the same weights and inputs, all 24 numbers of 3 tries are equal to the last bit.",
        ),
        (
            numbers(SPOT),
            "They are not the same function: given the same weights and inputs, they differ by up to 0.25 (`out`[3, 1] is 0.5 in A and 0.75 in B).",
        ),
        (
            numbers(Spot(1.2e-7, 0, (3, 1), (0.5, 0.50000012))),
            "They are the same function but for rounding: given the same weights and inputs, they differ by at most 1.2e-07 (`out`[3, 1], float32).",
        ),
        (
            Numeric(0, 1, reason="A is too large to run"),
            "Whether they are the same function is not known: A is too large to run.",
        ),
        (
            Numeric(0, 1, reason="A gives 1 output and B 2 outputs", apart=True),
            "They are not the same function: A gives 1 output and B 2 outputs.",
        ),
    ],
)
def test_the_answer(numeric: Numeric, expected: str, found: Comparison) -> None:
    assert verdict(replace(found, numeric=numeric)).endswith(f" {expected}")


def test_medians_are_told(found: Comparison) -> None:
    assert found.numeric is not None
    assert ("time", "A 2 ms, B 5 s (median of 3 runs)") in facts(found.numeric)


def test_copies_of_a_block_are_told_once(engine: Engine) -> None:
    text = "layers:\n  - {name: x, type: Input, shape: [6]}\n  - name: block\n    repeat: 5\n    layers:\n      - {name: dense, type: Dense, units: 6}\n"
    found = difference(text, text.replace("units: 6", "units: 6, activation: relu"), engine)
    (group,) = groups(found.differing)
    assert group.title == "block_0.dense … block_4.dense × 5"
    assert (
        verdict(found)
        == "5 layers changed (`block_0.dense`, `block_1.dense`, `block_2.dense`, …). Both have 210 parameters and give the same shapes."
    )
