"""Models that the installed Keras saves, in each of its forms, against what Keras says of them."""

import json
import math
import warnings
from pathlib import Path

import keras
import numpy as np
import pytest

from seqshape import Report
from seqshape.convert._levels import Names
from seqshape.engine import Engine
from seqshape.pipeline import inspect, inspect_bytes
from tests.convert.against import agree, size
from tests.convert.models import MODELS, a_wrapped_model, a_wrapped_sequential
from tests.models import TWINS

SEVERAL = {**MODELS, **TWINS}

DENSE = {"class_name": "Dense", "config": {"units": 3}}


def read(model: keras.Model, engine: Engine, trace: bool = False) -> Report:
    return inspect_bytes("model.json", model.to_json().encode(), engine=engine, trace=trace)


@pytest.mark.parametrize("name", SEVERAL)
@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file")
@pytest.mark.filterwarnings("ignore:__array__ implementation")
def test_every_form_of_a_model(name: str, engine: Engine, tmp_path: Path) -> None:
    model = SEVERAL[name]()
    agree(read(model, engine, trace=name in MODELS), model)
    for suffix in ("keras", "h5"):
        path = tmp_path / f"model.{suffix}"
        model.save(path)
        agree(inspect(path, engine=engine, trace=False), model)


@pytest.mark.parametrize("make", [a_wrapped_model, a_wrapped_sequential])
def test_a_model_as_the_layer_of_a_wrapper(make: "type[keras.Model]", engine: Engine) -> None:
    model = make()
    report = read(model, engine)
    assert [item.message for item in report.diagnostics if item.severity == "error"] == []
    shapes = [tuple(row.outputs[0].tensor.shape) for row in report.rows]
    functional = getattr(model, "_functional", model)
    assert shapes == [tuple(layer.output.shape) for layer in functional.layers]
    assert report.totals.params == size(model.weights)
    inner = next(layer.layer for layer in functional.layers if isinstance(layer, keras.layers.Wrapper))
    counted = sum(not isinstance(layer, keras.layers.InputLayer) for layer in inner.layers)
    (label,) = (row.label for row in report.rows if row.label != row.type)
    assert f"({counted} layer" in label


def test_later_calls_are_named_after_the_layer(engine: Engine) -> None:
    report = read(MODELS["layers_at_two_depths"](), engine)
    assert [(row.name, row.shares) for row in report.rows] == [
        ("x", None),
        ("second", None),
        ("first", None),
        ("second_call_1", "second"),
        ("first_call_1", "first"),
    ]


def test_a_later_call_takes_no_name_that_a_layer_has(engine: Engine) -> None:
    x = keras.Input((4,), name="x")
    dense = keras.layers.Dense(4, name="dense")
    other = keras.layers.Dense(4, name="dense_call_1")
    model = keras.Model(x, other(dense(dense(x))))
    report = read(model, engine)
    agree(report, model)
    assert [row.name for row in report.rows] == ["x", "dense", "dense_call_1_1", "dense_call_1"]


def test_outputs_are_those_of_the_model(engine: Engine) -> None:
    x = keras.Input((4,), name="x")
    kept = keras.layers.Dense(3, name="kept")(x)
    model = keras.Model(x, [keras.layers.Dense(2, name="last")(kept), kept])
    assert [item.code for item in read(model, engine).diagnostics] == []


def test_an_old_file_may_lack_what_is_nothing(engine: Engine) -> None:
    x = keras.Input((4,), name="x")
    text = keras.Model(x, keras.layers.Dense(3)(x)).to_json()
    assert '"units": 3' in text
    newer = text.replace('"units": 3', '"units": 3, "of_the_future": null, "another": false')
    report = inspect_bytes("model.json", newer.encode(), engine=engine)
    assert report.ok
    assert report.totals.params == 15


def test_an_argument_that_says_something_is_told_where_it_stands(engine: Engine) -> None:
    x = keras.Input((4,), name="x")
    text = keras.Model(x, keras.layers.Dense(3, name="dense")(x)).to_json()
    text = text.replace('"units": 3', '"units": 3, "of_the_future": 7')
    found = inspect_bytes("model.json", text.encode(), engine=engine).diagnostics[0]
    assert (found.code, found.layer) == ("SEQ103", "dense")
    assert text[found.place.column - 1 :].startswith('"of_the_future"')


def test_no_key_of_an_entry_is_meant_in_a_saved_model(engine: Engine) -> None:
    x = keras.Input((4,), name="x")
    text = keras.Model(x, keras.layers.Dense(3, name="dense")(x)).to_json()
    for key in ("call", "type", "reuse", "expect"):
        wrong = text.replace('"units": 3', f'"units": 3, "{key}": 7')
        found = inspect_bytes("model.json", wrong.encode(), engine=engine).diagnostics[0]
        assert found.code == "SEQ103"
        assert f"unknown argument `{key}`" in found.message
        assert f"did you mean `{key}`" not in found.message


def test_what_hangs_on_code_is_skipped_and_all_else_is_judged(engine: Engine) -> None:
    x = keras.Input((4,), name="x")
    half = keras.layers.Lambda(lambda value: value / 2, name="half")(x)
    behind = keras.layers.Dense(3, name="behind")(half)
    beside = keras.layers.Dense(2, name="beside")(x)
    report = read(keras.Model(x, [behind, beside]), engine)
    assert report.asked
    assert [(row.name, row.status, row.params) for row in report.rows] == [
        ("x", "ok", 0),
        ("half", "error", 0),
        ("behind", "skipped", 0),
        ("beside", "ok", 10),
    ]
    (found,) = report.diagnostics
    assert (found.code, found.layer) == ("SEQ113", "half")
    assert "without running its code" in found.message
    assert "spec" not in f"{found.message} {found.help}"
    assert "keras.ops" in found.help
    assert "registered" in found.help


def test_layers_without_a_name_are_called_and_numbered_as_keras_does(engine: Engine) -> None:
    wrapper = {"class_name": "TimeDistributed", "config": {"layer": DENSE}}
    layers = [
        {"class_name": "InputLayer", "config": {"batch_shape": [None, 5, 4]}},
        wrapper,
        wrapper,
        DENSE,
    ]
    text = json.dumps({"class_name": "Sequential", "config": {"name": "model", "layers": layers}})
    report = inspect_bytes("model.json", text.encode(), engine=engine, trace=False)
    assert report.ok
    assert [row.name for row in report.rows] == [
        "input_layer",
        "time_distributed",
        "time_distributed_1",
        "dense",
    ]


def test_many_layers_of_one_name_are_numbered_in_one_pass() -> None:
    class Counted(set[str]):
        asked = 0

        def __contains__(self, name: object) -> bool:
            type(self).asked += 1
            return super().__contains__(name)

    names = Names(())
    names._taken = Counted()
    found = [names.free("a") for _ in range(1_000)]
    assert found[:3] == ["a", "a_1", "a_2"]
    assert len(set(found)) == 1_000
    assert Counted.asked < 3_000


def quantized(mode: str, rank: int | None) -> keras.Model:
    model = keras.Sequential(
        [
            keras.Input((4, 8)),
            keras.layers.Dense(16),
            keras.layers.EinsumDense("abc,cd->abd", (None, 6)),
            keras.layers.Dense(3),
        ]
    )
    for layer in model.layers[:2] if rank is not None else ():
        layer.enable_lora(rank)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an InputLayer has nothing to quantize
        model.quantize(mode)
    return model


@pytest.mark.skipif(
    not hasattr(keras.quantizers, "QuantizationConfig"), reason="Keras has no such words yet"
)
@pytest.mark.parametrize(
    ("mode", "rank"), [("int8", None), ("int8", 2), ("int4", None), ("int4", 2), ("float8", None)]
)
def test_a_model_that_was_quantized(mode: str, rank: int | None, engine: Engine) -> None:
    model = quantized(mode, rank)
    report = read(model, engine)
    agree(report, model)
    found = sorted((w.name, w.shape, w.dtype, w.trainable) for row in report.rows for w in row.weights)
    assert found == sorted((w.name, tuple(w.shape), w.dtype, w.trainable) for w in model.weights)
    assert report.totals.weight_bytes == sum(
        math.prod(weight.shape) * np.dtype(weight.dtype).itemsize for weight in model.weights
    )
