"""What is lost on the way is told, and nothing is told where all stays."""

from pathlib import Path

import pytest

from seqshape.convert import Options, target
from seqshape.engine import Engine
from seqshape.judged import judged
from tests.abilities import UNREAD_INPUTS
from tests.convert.converting import loaded, run

SPECS = Path(__file__).parents[2] / "specs"
DEAD = """
layers:
  - {name: x, type: Input, shape: [4]}
  - {name: hidden, type: Dense, units: 3}
  - {name: side, type: Dense, units: 3, inputs: x}
  - {name: further, type: Dense, units: 5}
  - {name: out, type: Dense, units: 2, inputs: hidden}
outputs: [out]
"""
UNREAD = """
layers:
  - {name: x, type: Input, shape: [4]}
  - {name: y, type: Input, shape: [4]}
  - name: inner
    inputs: [x, y]
    layers:
      - {name: d, type: Dense, units: 3, inputs: input.0}
"""
NESTED = """
layers:
  - {name: x, type: Input, shape: [4]}
  - name: inner
    layers:
      - {name: h, type: Dense, units: 3}
      - {name: k, type: Dense, units: 2, inputs: input}
  - {name: out, type: Dense, units: 2, inputs: inner.h}
outputs: [out]
"""


def hints(text: str, name: str, engine: Engine) -> tuple[str, ...]:
    found = judged("model.yaml", text.encode(), engine=engine, trace=False)
    assert found.subject is not None
    written = target(name).write(found.subject, Options())
    if name != "yaml":
        model = (run if name == "python" else loaded)(written.text)
        assert (model.count_params() < found.report.totals.params) == (
            "none of the outputs" in str(written.hints)
        )
    return written.hints


@pytest.mark.parametrize("name", ["python", "keras-json"])
def test_a_layer_that_leads_nowhere_is_told(name: str, engine: Engine) -> None:
    said = "`side` and `further` lead to none of the outputs, and a Keras model has only what does"
    assert hints(DEAD, name, engine) == (said,)


@pytest.mark.skipif(not UNREAD_INPUTS, reason="this Keras makes no model with an input that nothing reads")
@pytest.mark.parametrize("name", ["python", "keras-json"])
def test_an_input_that_nothing_in_a_model_reads_is_told(name: str, engine: Engine) -> None:
    assert hints(UNREAD, name, engine) == ("nothing in `inner` reads `y`: it has one input less",)


@pytest.mark.parametrize("name", ["python", "keras-json"])
def test_a_nested_model_keeps_its_layers(name: str, engine: Engine) -> None:
    assert hints(NESTED, name, engine) == ()


@pytest.mark.parametrize("text", [DEAD, UNREAD, NESTED])
def test_a_spec_keeps_all(text: str, engine: Engine) -> None:
    assert hints(text, "yaml", engine) == ()
