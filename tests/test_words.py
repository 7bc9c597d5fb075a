"""Words that Keras's catalogue tells right from wrong, without asking Keras."""

import pytest

import seqshape
from seqshape.engine import Engine
from seqshape.report import Diagnostic


def told(entry: str, engine: Engine) -> Diagnostic:
    """The one finding on an entry behind a sequence."""
    text = f"layers:\n  - {{name: x, type: Input, shape: [12, 8]}}\n  - {entry}\n"
    (found,) = seqshape.inspect_bytes("x.yaml", text.encode(), engine=engine).diagnostics
    return found


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{type: TimeDistributed, layer: Dense}", "`layer` takes a layer, such as `{type: Dense, …}`, and this is the text `Dense`"),
        ("{type: TimeDistributed, layer: dens}", "`layer` takes a layer, such as `{type: Dense, …}`, and this is the text `dens`"),
        ("{type: TimeDistributed, layer: {units: 3}}", "`layer` takes a layer, such as `{type: …, units: …}`, and this is a mapping without `type`"),
        ("{type: RNN, cell: GRUCell}", "`cell` takes a cell, such as `{type: GRUCell, …}`, and this is the text `GRUCell`"),
        ("{type: RNN, cell: [{type: GRUCell, units: 3}, LSTMCell]}", "`cell` takes a cell, such as `{type: LSTMCell, …}`, and this is the text `LSTMCell`"),
    ],
)  # fmt: skip
def test_a_layer_in_an_argument_is_a_mapping_with_type(entry: str, said: str, engine: Engine) -> None:
    found = told(entry, engine)
    assert (found.code, found.message) == ("SEQ105", said)


def test_a_slip_in_the_word_type(engine: Engine) -> None:
    found = told("{type: TimeDistributed, layer: {tpye: Dense, units: 3}}", engine)
    assert (found.code, found.message) == ("SEQ101", "unknown key `tpye` in a layer; did you mean `type`?")


def test_a_layer_that_may_be_missing_may_be_null(engine: Engine) -> None:
    entry = "{type: Bidirectional, layer: {type: GRU, units: 3}, backward_layer: null}"
    text = f"layers:\n  - {{name: x, type: Input, shape: [12, 8]}}\n  - {entry}\n"
    assert seqshape.inspect_bytes("x.yaml", text.encode(), engine=engine).ok


def test_repeat_belongs_to_a_block(engine: Engine) -> None:
    found = told("{type: Dense, units: 8, repeat: 2}", engine)
    assert (found.code, found.message) == ("SEQ103", "unknown argument `repeat` for Dense")
    assert found.help.endswith("which has no `type`: `{repeat: …, layers: [{type: Dense, …}]}`")
