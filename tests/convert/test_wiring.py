"""Which layer's output goes into which input: that of the spec, in what is written of it."""

from pathlib import Path

import pytest

from seqshape.convert import Options, target
from seqshape.convert._python_check import problem_of
from seqshape.engine import Engine
from seqshape.judged import judged
from tests.convert.converting import loaded, run
from tests.convert.test_round_trips import NOT_IN_JSON, SOUND, SPECS
from tests.convert.wiring import wiring_in, wiring_of

OUTPUTS_EACH_READ_ONCE = """
layers:
  - {name: x, type: Input, shape: [4]}
  - name: back
    layers: [{name: p, type: Dense, units: 4}, {name: q, type: Dense, units: 4}]
  - {name: again, reuse: back, inputs: back}
  - {name: c, type: Concatenate, inputs: [again.p, again]}
"""
ONE_OUTPUT_UNREAD = """
layers:
  - {name: x, type: Input, shape: [4]}
  - name: back
    layers: [{name: p, type: Dense, units: 4}, {name: q, type: Dense, units: 4}]
  - {name: c, type: Concatenate, inputs: [back.p, back]}
  - {name: d, type: Dense, units: 4}
  - {name: again, reuse: back}
  - {name: e, type: Dense, units: 3, inputs: again.p}
outputs: [e]
"""
SHARED_IN_COPIES = """
layers:
  - {name: x, type: Input, shape: [4]}
  - name: enc
    repeat: 3
    layers:
      - {name: d, type: Dense, units: 4}
      - {name: sum, type: Add, inputs: [d, input]}
      - {name: twice, reuse: sum, inputs: [sum, d]}
      - {name: minus, type: Subtract, inputs: [twice, sum]}
"""
A_RESIDUAL_LOOP = """
layers:
  - {name: x, type: Input, shape: [4]}
  - {name: h, type: Dense, units: 4}
  - name: step
    repeat: 3
    inputs: h
    layers:
      - {name: a, type: Dense, units: 4}
      - {name: s, type: Subtract, inputs: [input, a]}
  - {name: end, type: Concatenate, inputs: [h, step]}
"""
NAMED_AS_VARIABLES = """
layers:
  - {name: x, type: Input, shape: [4]}
  - {name: d, type: Dense, units: 4}
  - {name: d_layer, type: Dense, units: 4}
  - {name: d_output, reuse: d, inputs: d_layer}
  - {name: x_output, type: Subtract, inputs: [d, d_output]}
  - {name: model, type: Subtract, inputs: [x_output, x]}
"""
MANY = {
    **{path: (SPECS / path).read_text(encoding="utf-8") for path in SOUND},
    "outputs each read once": OUTPUTS_EACH_READ_ONCE,
    "one output unread": ONE_OUTPUT_UNREAD,
    "shared in copies": SHARED_IN_COPIES,
    "a residual loop": A_RESIDUAL_LOOP,
    "named as variables": NAMED_AS_VARIABLES,
}


@pytest.mark.parametrize("name", sorted(MANY))
def test_wiring_stays(name: str, engine: Engine) -> None:
    found = judged("model.yaml", MANY[name].encode(), engine=engine, trace=False)
    assert found.subject is not None
    wanted = wiring_of(found.subject)
    assert wiring_in(run(target("python").write(found.subject, Options()).text)) == wanted
    if Path(name).name not in NOT_IN_JSON:
        assert wiring_in(loaded(target("keras-json").write(found.subject, Options()).text)) == wanted


@pytest.mark.parametrize(
    ("change", "other"),
    [
        ("inputs: [again.p, again]", "inputs: [again, again.p]"),
        ("inputs: [again.p, again]", "inputs: [again, again]"),
        ("reuse: back, inputs: back}", "reuse: back, inputs: back.p}"),
    ],
)
def test_other_wiring_is_seen(change: str, other: str, engine: Engine) -> None:
    """The comparison can fail: all these have the same layers and the same shapes."""
    assert change in OUTPUTS_EACH_READ_ONCE
    first, second = (
        judged("model.yaml", text.encode(), engine=engine, trace=False).subject
        for text in (OUTPUTS_EACH_READ_ONCE, OUTPUTS_EACH_READ_ONCE.replace(change, other))
    )
    assert first is not None
    assert second is not None
    assert wiring_in(run(target("python").write(second, Options()).text)) != wiring_of(first)


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("a = 1\nb = a\n", None),
        ("import keras\nx = keras.Input((3,))\n_, _ = x, x\n", None),
        ("def f(x):\n    y = x\n    return y\n\n\nz = f(1)\n", None),
        ("for number in range(3):\n    x = number\n", None),
        ("x, x = f\n", "`f` is read before it is assigned"),
        ("f = 1\nx, x = f\n", "`x` is assigned twice at once"),
        ("def f(x):\n    return y\n\n\ny = 1\n", "`y` is read before it is assigned"),
        ("def f(x):\n    x, x = x\n    return x\n", "`x` is assigned twice at once"),
        ("b = a\na = 1\n", "`a` is read before it is assigned"),
    ],
)
def test_a_program_that_loses_a_value_is_seen(source: str, problem: str | None) -> None:
    assert problem_of(source) == problem
