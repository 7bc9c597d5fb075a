"""What weights begin as, against the formulas of the papers that the initializers are from."""

import json
from math import sqrt
from typing import Any

import pytest

from seqshape.engine import Engine
from seqshape.engine.question import Beginning, Call, Given, Question
from seqshape.engine.tensors import Tensor


def begun(engine: Engine, layer: dict[str, Any], *shape: int | None) -> dict[str, Beginning]:
    given = (Given(None, (Tensor(shape, "float32"),), False),)
    found = engine.beginnings(Question(Call(json.dumps(layer), given)))
    return {each.weight: each for each in found}


@pytest.mark.parametrize(
    ("initializer", "how", "one", "other"),
    [
        ("glorot_uniform", "uniform", -sqrt(6 / (7 + 9)), sqrt(6 / (7 + 9))),
        ("he_uniform", "uniform", -sqrt(6 / 7), sqrt(6 / 7)),
        ("lecun_uniform", "uniform", -sqrt(3 / 7), sqrt(3 / 7)),
        ({"type": "RandomUniform", "minval": -2.0, "maxval": 3.0}, "uniform", -2.0, 3.0),
        ({"type": "RandomNormal", "mean": 1.0, "stddev": 0.5}, "normal", 1.0, 0.5),
        ("truncated_normal", "truncated_normal", 0.0, 0.05),
    ],
)
def test_where_numbers_are_drawn_from(
    engine: Engine, initializer: Any, how: str, one: float, other: float
) -> None:
    kernel = begun(engine, {"type": "Dense", "units": 9, "kernel_initializer": initializer}, None, 7)[
        "kernel"
    ]
    assert kernel.drawn is not None
    assert kernel.drawn.how == how
    assert (kernel.drawn.one, kernel.drawn.other) == pytest.approx((one, other))


def test_a_weight_that_is_too_large_to_be_made(engine: Engine) -> None:
    found = begun(engine, {"type": "Dense", "units": 10**6}, None, 10**6)
    assert found["kernel"].drawn is not None
    assert found["kernel"].drawn.other == pytest.approx(sqrt(3 / 10**6))
    assert (found["bias"].type, found["bias"].values) == ("Zeros", ((0.0, 10**6),))


def test_what_is_made_of_the_numbers_that_are_drawn_is_not_those(engine: Engine) -> None:
    found = begun(engine, {"type": "GRU", "units": 4}, None, 5, 3)["recurrent_kernel"]
    assert (found.type, found.drawn, found.values) == ("Orthogonal", None, ())
    assert json.loads(found.settings) == {"gain": 1.0}


def test_the_seed_of_a_run_is_no_setting(engine: Engine) -> None:
    layer = {"type": "Bidirectional", "layer": {"type": "LSTM", "units": 4}}
    found = begun(engine, layer, None, 5, 3)
    assert all("seed" not in each.settings for each in found.values())
    assert [each.values for name, each in found.items() if name.endswith("bias")] == [
        ((0.0, 12), (1.0, 4))
    ] * 2


def test_a_call_that_is_refused_has_no_weights(engine: Engine) -> None:
    assert begun(engine, {"type": "Dense", "units": 0}, None, 3) == {}


def test_keras_draws_as_before_afterwards(engine: Engine) -> None:
    begun(engine, {"type": "Dense", "units": 9}, None, 7)
    from keras.src.initializers import random_initializers

    assert random_initializers.random.uniform.__module__.startswith("keras.")
