"""What Keras builds without a look, beyond the examples on the pages: odd sizes, attention without steps."""

import pytest

from seqshape.engine import Engine
from seqshape.pipeline import inspect_bytes
from seqshape.report import Diagnostic
from tests.abilities import ATTENTION_AT_ANY_RANK, ODD_SIZES


def said(
    target: str, engine: Engine, layer: str = "{type: Reshape, target_shape: TARGET}"
) -> list[Diagnostic]:
    layer = layer.replace("TARGET", target)
    text = f"dims: {{H: 4}}\nlayers:\n  - {{name: x, type: Input, shape: [3, 8]}}\n  - {layer}\n"
    return list(inspect_bytes("x.yaml", text.encode(), engine=engine).diagnostics)


@pytest.mark.parametrize(
    ("target", "told", "help_"),
    [
        ('["4", 6]', '"4"', "without the quotes 4 is a size"),
        ("[HH, 6]", "HH", "declare its names in `dims`"),
        ("[4.0, 6]", "4.0", "write 4"),
        ("[4.5, 6]", "4.5", "whole number"),
        ("[.inf, 6]", "Infinity", "whole number"),
        ("[[4], 6]", "[4]", "whole number"),
        (f"[1{'0' * 400}, 6]", "10000000", "whole number"),
        ('"8"', '"8"', "a list of sizes"),
        ("{H: 4}", '{"H": 4}', "a list of sizes"),
    ],
)
def test_what_is_no_size_is_told(target: str, told: str, help_: str, engine: Engine) -> None:
    (item,) = said(target, engine)
    assert (item.code, item.severity) == (("SEQ313", "warning") if ODD_SIZES else ("SEQ210", "error"))
    assert told in item.message
    assert help_ in item.help


@pytest.mark.parametrize("target", ["[4, 6]", "[-1, 6]", "[null, 6]", "[H, 6]", "[2*H, -1, 1]", "[24]"])
def test_sizes_are_left_alone(target: str, engine: Engine) -> None:
    refused = [] if ODD_SIZES or "null" not in target else ["SEQ299"]
    assert [item.code for item in said(target, engine)] == refused


@pytest.mark.skipif(not ODD_SIZES, reason="this Keras refuses it")
def test_one_in_a_wrapper_is_told_at_its_place(engine: Engine) -> None:
    layer = "{type: TimeDistributed, layer: {type: Reshape, target_shape: TARGET}}"
    (item,) = (each for each in said("[2.0, 4]", engine, layer) if each.severity == "warning")
    assert item.code == "SEQ313"
    assert item.place.column == layer.index("target_shape") + 5


def test_two_of_them_are_refused_for_what_they_are(engine: Engine) -> None:
    (item,) = said("[T, C]", engine)
    assert (item.code, item.severity) == ("SEQ210", "error")
    assert "`T`" in item.message


@pytest.mark.parametrize("layer", ["Attention", "AdditiveAttention"])
@pytest.mark.parametrize(("query", "value"), [("[3, 8]", "[8]"), ("[8]", "[8]")])
def test_an_attention_without_steps_mixes_samples(
    layer: str, query: str, value: str, engine: Engine
) -> None:
    text = f"""
layers:
  - {{name: q, type: Input, shape: {query}}}
  - {{name: v, type: Input, shape: {value}}}
  - {{name: a, type: {layer}, inputs: [q, v]}}
"""
    found = inspect_bytes("x.yaml", text.encode(), engine=engine).diagnostics
    refused = layer == "Attention" and not ATTENTION_AT_ANY_RANK
    assert [(item.code, item.layer) for item in found] == [("SEQ203" if refused else "SEQ314", "a")]


@pytest.mark.parametrize(("query", "value"), [("[3, 8]", "[5, 8]"), ("[2, 3, 8]", "[2, 5, 8]")])
def test_an_attention_over_steps_is_left_alone(query: str, value: str, engine: Engine) -> None:
    text = f"""
layers:
  - {{name: q, type: Input, shape: {query}}}
  - {{name: v, type: Input, shape: {value}}}
  - {{name: a, type: Attention, inputs: [q, v]}}
"""
    found = inspect_bytes("x.yaml", text.encode(), engine=engine).diagnostics
    refused = [] if ATTENTION_AT_ANY_RANK or query == "[3, 8]" else ["SEQ299"]
    assert [item.code for item in found] == refused
