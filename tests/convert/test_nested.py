"""Models in models, called once and again: both forms give the same numbers, and lose nothing."""

import json

import keras
import numpy as np
import pytest

from seqshape.convert import NotWritable
from seqshape.engine import Engine
from tests.convert.converting import converted, report_of

INNER_FIRST = """
layers:
  - {name: x, type: Input, shape: [4]}
  - {name: outer, layers: [{name: inner, layers: [{name: d, type: Dense, units: 3}]}]}
  - {name: again, reuse: outer, inputs: x}
  - {name: sum, type: Subtract, inputs: [outer, again]}
  - {name: inside, reuse: outer.inner, inputs: x}
outputs: [sum, inside]
"""
IN_COPIES = """
layers:
  - {name: x, type: Input, shape: [3]}
  - name: tower
    repeat: 2
    layers:
      - {name: ff, layers: [{name: e, type: Dense, units: 3}]}
      - {name: more, reuse: ff}
  - {name: towers, reuse: tower}
"""
THE_SAME_TWICE = """
layers:
  - {name: a, type: Input, shape: [4]}
  - {name: b, type: Input, shape: [4]}
  - name: g
    inputs: [a, a]
    layers:
      - {name: d0, type: Dense, units: 3, inputs: input.0}
      - {name: d1, type: Dense, units: 3, inputs: input.1}
      - {name: s, type: Subtract, inputs: [d0, d1]}
  - {name: g2, reuse: g, inputs: [b, a]}
outputs: [g, g2]
"""
UNREAD = """
layers:
  - {name: x, type: Input, shape: [4]}
  - name: two
    layers:
      - {name: p, type: Dense, units: 5}
      - {name: q, type: Dense, units: 2, inputs: input}
  - {name: end, type: Dense, units: 2, inputs: two.p}
outputs: [end]
"""
FUNCTIONS_ALONE = """
layers:
  - {name: x, type: Input, shape: [4]}
  - {name: f, layers: [{name: r, type: ops.relu}, {name: t, type: ops.tanh}]}
  - {name: d, type: Dense, units: 4}
  - {name: f2, reuse: f}
"""
SPECS = {
    "a model that begins with a model": INNER_FIRST,
    "models in copies of a block": IN_COPIES,
    "one tensor for two inputs": THE_SAME_TWICE,
    "an output that nobody reads": UNREAD,
    "a model of functions": FUNCTIONS_ALONE,
}


def models(text: str, engine: Engine) -> tuple[keras.Model, keras.Model]:
    """The model that the program builds, and the one that Keras loads, with the same weights."""
    program: dict[str, object] = {"__name__": "program"}
    keras.utils.clear_session()
    exec(converted(text, "python", engine), program)
    built = program["model"]
    assert isinstance(built, keras.Model)
    loaded = keras.models.model_from_json(converted(text, "keras-json", engine))
    assert [weight.path for weight in loaded.weights] == [weight.path for weight in built.weights]
    loaded.set_weights(built.get_weights())
    return built, loaded


@pytest.mark.parametrize("name", SPECS)
def test_both_forms_give_the_same_numbers(name: str, engine: Engine) -> None:
    built, loaded = models(SPECS[name], engine)
    random = np.random.default_rng(1)
    given = [random.normal(size=(2, *each.shape[1:])).astype("float32") for each in built.inputs]
    fed = given if len(given) > 1 else given[0]
    for one, other in zip(keras.tree.flatten(built(fed)), keras.tree.flatten(loaded(fed)), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5)


@pytest.mark.parametrize("name", SPECS)
def test_no_weight_is_lost_or_doubled(name: str, engine: Engine) -> None:
    built, loaded = models(SPECS[name], engine)
    params = report_of(SPECS[name], engine).totals.params
    assert built.count_params() == loaded.count_params() == params


def test_a_model_called_on_one_tensor_twice_and_on_two_is_what_it_says(engine: Engine) -> None:
    built, _ = models(THE_SAME_TWICE, engine)
    weights = {weight.path: weight.numpy() for weight in built.weights}
    d0, d1 = (
        next(value for path, value in weights.items() if f"{name}/kernel" in path) for name in ("d0", "d1")
    )
    a, b = np.ones((1, 4), "float32"), np.full((1, 4), 2.0, "float32")
    first, second = built([a, b])
    np.testing.assert_allclose(first, a @ d0 - a @ d1, rtol=1e-5)
    np.testing.assert_allclose(second, b @ d0 - a @ d1, rtol=1e-5)


@pytest.mark.parametrize("target", ["python", "keras-json"])
def test_a_chain_that_keras_cannot_hold_is_not_written(target: str, engine: Engine) -> None:
    entries = [{"type": "Dense", "units": 4 + number % 2} for number in range(1200)]
    text = json.dumps({"layers": [{"type": "Input", "shape": [4]}, *entries]})
    with pytest.raises(NotWritable, match="no chain of 1,201 layers"):
        converted(text, target, engine)
