"""Models of Keras to specs and to other forms, and back: names, shapes, counts and order stay."""

import keras
import pytest

from seqshape.convert import Options, target
from seqshape.engine import Engine
from seqshape.judged import Judged, judged
from tests.convert.converting import loaded, run
from tests.convert.models import MODELS
from tests.models import TWINS

MANY = {**MODELS, **TWINS}


def of(text: str, engine: Engine) -> Judged:
    found = judged("model", text.encode(), engine=engine, trace=False)
    assert found.subject is not None, [(item.layer, item.message) for item in found.report.diagnostics]
    return found


def written(found: Judged, name: str) -> str:
    assert found.subject is not None
    return target(name).write(found.subject, Options()).text


def told(found: Judged) -> list[tuple[object, ...]]:
    """Every row; a layer in a copy has the copy's name before its own, as it has in the model."""
    return [
        (row.path.replace(".", "_"), row.type, row.outputs, row.params, row.trainable_params, row.sources)
        for row in found.report.rows
    ]


def own_names(found: Judged) -> set[str]:
    return {row.path.replace(".", "_") for row in found.report.rows if row.shares is None}


def in_another_order(found: Judged) -> list[tuple[object, ...]]:
    return sorted((row[:1] + row[1:5] for row in told(found)), key=repr)


@pytest.mark.parametrize("name", sorted(MANY))
def test_a_model_is_the_same_as_a_spec(name: str, engine: Engine) -> None:
    model = of(MANY[name]().to_json(), engine)
    spec = of(written(model, "yaml"), engine)
    if any(row.block is not None for row in spec.report.rows):
        assert [row[1:] for row in told(spec)] == [row[1:] for row in told(model)]
    else:
        assert told(spec) == told(model)


@pytest.mark.parametrize("name", sorted(MANY))
def test_a_spec_is_the_same_as_a_model(name: str, engine: Engine) -> None:
    spec = of(written(of(MANY[name]().to_json(), engine), "yaml"), engine)
    for form, load in (("keras-json", loaded), ("python", run)):
        model = of(load(written(spec, form)).to_json(), engine)
        assert model.report.totals == spec.report.totals
        before = [row[2:] for row in in_another_order(spec)]
        assert sorted(map(repr, before)) == sorted(repr(row[2:]) for row in in_another_order(model))
        if form == "keras-json":
            assert own_names(model) == own_names(spec)


def test_a_frozen_layer_stays_frozen(engine: Engine) -> None:
    x = keras.Input((4,), name="x")
    frozen = keras.layers.Dense(3, name="frozen", trainable=False)(x)
    model = keras.Model(x, keras.layers.Dense(2, name="free")(frozen))
    found = of(model.to_json(), engine)
    for form, load in (("keras-json", loaded), ("python", run)):
        again = load(written(of(written(found, "yaml"), engine), form))
        assert [layer.trainable for layer in again.layers[1:]] == [False, True]


def test_one_policy_of_all_layers_is_a_setting(engine: Engine) -> None:
    x = keras.Input((4,), name="x")
    y = keras.layers.Dense(3, name="a", dtype="mixed_float16")(x)
    model = keras.Model(x, keras.layers.Dense(2, name="b", dtype="mixed_float16")(y))
    text = written(of(model.to_json(), engine), "yaml")
    assert "keras: {dtype_policy: mixed_float16}" in text
    assert text.count("float16") == 1
    found = of(text, engine)
    assert found.report.rows[-1].outputs[0].tensor.dtype == "float16"
    again = loaded(written(found, "keras-json"))
    assert [layer.dtype_policy.name for layer in again.layers[1:]] == ["mixed_float16"] * 2
