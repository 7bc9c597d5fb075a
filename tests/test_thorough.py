"""The layers whose words are right are judged beside those whose words are wrong, where that is asked."""

import pytest

from seqshape.engine import Engine
from seqshape.pipeline import inspect_bytes
from tests.marked import mismatches

BOTH = {
    "a wrong type, argument and reference beside wrong shapes": """
layers:
  - {name: x, type: Input, shape: [32, 16]}
  - {name: a, type: Dens, units: 3}  # SEQ102: Dense
  - {name: b, type: Dense, unit: 3, units: 3, inputs: x}  # SEQ103: units
  - {name: c, type: Dense, units: 3, inputs: xx}  # SEQ107: `x`
  - {name: after, type: GRU, units: 3, inputs: a}
  - {name: last, type: GRU, units: 3, inputs: x}
  - {name: next, type: GRU, units: 3}  # SEQ203: has 2
  - {name: flat, type: Reshape, target_shape: [5], inputs: x}  # SEQ205: 512
""",
    "an unknown key at the top": """
layer_sizes: 3  # SEQ101: layer_sizes
layers:
  - {name: x, type: Input, shape: [32, 16]}
  - {name: flat, type: Reshape, target_shape: [5], inputs: x}  # SEQ205: 512
""",
    "a layer without a type that another one wraps": """
layers:
  - {name: x, type: Input, shape: [5, 8]}
  - {name: a, units: 3}  # SEQ104: `type`
  - {name: b, type: GRU, units: 3, inputs: x}
  - {name: c, type: Bidirectional, layer: {reuse: b}, backward_layer: {reuse: a}, inputs: x}
  - {name: e, reuse: b, inputs: x}
""",
    "a forward reference": """
layers:
  - {name: x, type: Input, shape: [32, 16]}
  - {name: a, type: Dense, units: 3, inputs: b}  # SEQ108: later than
  - {name: b, type: Reshape, target_shape: [5], inputs: x}  # SEQ205: 512
""",
}

WORDS_ALONE = {
    "a wrong dim": "dims: {T: [1]}\nlayers:\n  - {name: x, type: Input, shape: [T]}\n  - {type: GRU, units: 2}\n",
    "a wrong setting": "keras: {floatx: [1]}\nlayers:\n  - {name: x, type: Input, shape: [3]}\n  - {type: GRU, units: 2}\n",
}


@pytest.mark.parametrize("name", BOTH)
def test_words_and_shapes_in_one_run(name: str, engine: Engine) -> None:
    text = BOTH[name]
    report = inspect_bytes("x.yaml", text.encode(), engine=engine, thorough=True)
    assert mismatches(text, report.diagnostics) == []
    assert {row.status for row in report.rows} >= {"ok", "error"}


@pytest.mark.parametrize("name", BOTH)
def test_words_come_first_where_nothing_else_is_asked(name: str, engine: Engine) -> None:
    report = inspect_bytes("x.yaml", BOTH[name].encode(), engine=engine)
    assert {item.code[:4] for item in report.diagnostics} == {"SEQ1"}
    assert not report.asked


@pytest.mark.parametrize("name", WORDS_ALONE)
def test_what_all_layers_hang_on_is_told_alone(name: str, engine: Engine) -> None:
    report = inspect_bytes("x.yaml", WORDS_ALONE[name].encode(), engine=engine, thorough=True)
    assert {item.code[:4] for item in report.diagnostics} == {"SEQ1"}
    assert not report.asked


def test_what_reads_a_wrong_entry_is_skipped(engine: Engine) -> None:
    text = BOTH["a wrong type, argument and reference beside wrong shapes"]
    report = inspect_bytes("x.yaml", text.encode(), engine=engine, thorough=True)
    status = {row.name: row.status for row in report.rows}
    assert status["after"] == "skipped"
    assert [status[name] for name in ("a", "b", "c", "next", "flat")] == ["error"] * 5
    assert [status[name] for name in ("x", "last")] == ["ok", "ok"]


@pytest.mark.parametrize("entry", ["last", "after"])
def test_an_ignore_is_not_useless_where_less_was_judged(entry: str, engine: Engine) -> None:
    text = BOTH["a wrong type, argument and reference beside wrong shapes"]
    text = text.replace(f"name: {entry},", f"name: {entry}, ignore: SEQ301,")
    report = inspect_bytes("x.yaml", text.encode(), engine=engine, thorough=True)
    useless = [item.code for item in report.diagnostics if item.code == "SEQ118"]
    assert useless == (["SEQ118"] if entry == "last" else [])
    untraced = inspect_bytes("x.yaml", text.encode(), engine=engine, thorough=True, trace=False)
    assert "SEQ118" not in {item.code for item in untraced.diagnostics}
