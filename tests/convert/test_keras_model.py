"""Models that the installed Keras saves, in each of its forms, against what Keras says of them."""

from pathlib import Path

import keras
import pytest

from seqshape import Report
from seqshape.engine import Engine
from seqshape.pipeline import inspect, inspect_bytes
from tests.convert.against import agree, size
from tests.convert.models import MODELS, a_wrapped_model, a_wrapped_sequential
from tests.models import TWINS

SEVERAL = {**MODELS, **TWINS}


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
    assert [row.name for row in report.rows] == ["x", "dense", "dense_call_1_2", "dense_call_1"]


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
