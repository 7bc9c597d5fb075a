"""The names that Keras gives by itself while layers are made and called."""

import json

import keras
import pytest

from seqshape.engine import Engine
from seqshape.engine.automatic import Automatic
from seqshape.engine.question import Call, Given, World
from seqshape.engine.tensors import Tensor

SEQUENCE = Tensor((None, 5, 4), "float32")
MASKED = Tensor((None, 5, 4), "float32", (None, 5))


def asked(engine: Engine, layer: dict[str, object], *given: Given, calls: int = 1) -> tuple[Automatic, ...]:
    call = Call(json.dumps({"reuse": ""}), given)
    return engine.writing.automatic((call,) * calls, (("", json.dumps(layer)),), World())


def alone(tensor: Tensor) -> Given:
    return Given(None, (tensor,), listed=False)


def test_a_layer_takes_its_own_name_where_it_has_none(engine: Engine) -> None:
    (found,) = asked(engine, {"type": "Dense", "units": 3}, alone(SEQUENCE))
    assert found.name == ("dense", 0)
    assert dict(found.alone.counts)["dense"] == 1
    assert "dense" not in dict(found.named.counts)


def test_layers_inside_are_counted_at_the_first_call_alone(engine: Engine) -> None:
    layer = {"type": "MultiHeadAttention", "num_heads": 2, "key_dim": 2, "dropout": 0.1}
    given = (Given("query", (SEQUENCE,), listed=False), Given("value", (SEQUENCE,), listed=False))
    first, second = asked(engine, layer, *given, calls=2)
    for used in (first.alone, first.named):
        assert dict(used.counts)["dropout"] == dict(used.counts)["softmax"] == 1
    assert second.name is None
    assert "dropout" not in dict(second.alone.counts)


def test_a_wrapper_of_its_own_kind_comes_after_what_it_wraps(engine: Engine) -> None:
    inner = {"type": "TimeDistributed", "layer": {"type": "Dense", "units": 3}}
    (found,) = asked(
        engine, {"type": "TimeDistributed", "layer": inner}, alone(Tensor((None, 5, 4, 3), "float32"))
    )
    assert found.name == ("time_distributed", 1)
    assert dict(found.named.counts)["time_distributed"] == 1


def test_operations_that_make_a_mask_are_part_of_a_model(engine: Engine) -> None:
    given = Given(None, (MASKED, MASKED), listed=True)
    (found,) = asked(engine, {"type": "Concatenate"}, given)
    assert ("concatenate", 1) in found.alone.operations
    assert ("concatenate", 0) in found.named.operations
    (plain,) = asked(engine, {"type": "Concatenate"}, Given(None, (SEQUENCE, SEQUENCE), listed=True))
    assert plain.alone.operations == ()


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_a_function_has_the_name_of_its_operation(dtype: str, engine: Engine) -> None:
    call = Call(json.dumps({"type": "ops.add", "x2": 1}), (alone(Tensor((None, 4), dtype)),))
    (found,) = engine.writing.automatic((call,), (), World())
    assert found.name == ("add", 0)
    assert found.alone == found.named
    assert found.alone.operations == (("add", 0),)


def test_a_layer_that_keeps_states_is_called_too(engine: Engine) -> None:
    layer = {"type": "GRU", "units": 3, "stateful": True, "return_sequences": True}
    (found,) = asked(engine, layer, alone(Tensor((2, 5, 4), "float32")))
    assert found.name == ("gru", 0)
    assert dict(found.alone.counts)["gru"] == 1


def test_the_counters_of_the_process_stay(engine: Engine) -> None:
    before = keras.layers.Dense(1).name
    asked(engine, {"type": "Dense", "units": 7}, alone(SEQUENCE))
    after = keras.layers.Dense(1).name
    assert int(after.removeprefix("dense_")) == int(before.removeprefix("dense").strip("_") or 0) + 1
