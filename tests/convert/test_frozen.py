"""What a saved model trains is what Keras trains of it once it has loaded it."""

import json
from collections.abc import Callable
from typing import Any

import keras
import pytest
from keras import Input, Model
from keras import layers as kl

from seqshape import Report
from seqshape.convert import Options, target
from seqshape.engine import Engine
from seqshape.judged import judged
from seqshape.pipeline import inspect_bytes
from tests.convert.against import agree, size

LAYERS: dict[str, Callable[[Any], Any]] = {
    "dense": lambda x: kl.Dense(3)(x),
    "normalization": lambda x: kl.BatchNormalization()(x),
    "layers of its own": lambda x: kl.MultiHeadAttention(2, 4)(x, x),
    "two directions": lambda x: kl.Bidirectional(kl.LSTM(3, return_sequences=True))(x),
    "two directions of convolutions": lambda x: kl.Bidirectional(kl.ConvLSTM1D(2, 2))(
        kl.Reshape((6, 4, 1))(x)
    ),
    "cells": lambda x: kl.RNN([kl.LSTMCell(3), kl.GRUCell(4)], return_sequences=True)(x),
    "a wrapper": lambda x: kl.TimeDistributed(kl.Dense(3))(x),
    "a model in a wrapper": lambda x: kl.TimeDistributed(
        keras.Sequential([kl.Dense(3), kl.BatchNormalization()])
    )(x),
}


def whole(layer: Callable[[Any], Any]) -> Model:
    x = Input((6, 4), name="x")
    model = Model(x, kl.Dense(2, name="head")(layer(x)))
    model.trainable = False
    return model


def but_the_head(layer: Callable[[Any], Any]) -> Model:
    model = whole(layer)
    model.get_layer("head").trainable = True
    return model


def one_layer(layer: Callable[[Any], Any]) -> Model:
    x = Input((6, 4), name="x")
    model = Model(x, kl.Dense(2)(layer(x)))
    model.layers[-2].trainable = False
    return model


def a_model_inside(layer: Callable[[Any], Any]) -> Model:
    inside, x = Input((6, 4)), Input((6, 4))
    inner = Model(inside, layer(inside), name="inner")
    inner.trainable = False
    return Model(x, kl.Dense(2)(inner(x)))


def a_model_inside_but_not_its_layers(layer: Callable[[Any], Any]) -> Model:
    inside, x = Input((6, 4)), Input((6, 4))
    inner = Model(inside, layer(inside), name="inner")
    inner.trainable = False
    for each in inner.layers:
        each.trainable = True
    return Model(x, kl.Dense(2)(inner(x)))


def a_sequential(layer: Callable[[Any], Any]) -> Model:
    x = Input((6, 4))
    model = keras.Sequential([Input((6, 4)), Model(x, layer(x)), kl.Dense(2)])
    model.trainable = False
    model.layers[-1].trainable = True
    return model


HOW = [whole, but_the_head, one_layer, a_model_inside, a_model_inside_but_not_its_layers, a_sequential]


def read(text: str, engine: Engine) -> Report:
    return inspect_bytes("model.json", text.encode(), engine=engine, trace=False)


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("layer", LAYERS)
def test_what_is_trained(how: Callable[..., Model], layer: str, engine: Engine) -> None:
    text = how(LAYERS[layer]).to_json()
    agree(read(text, engine), keras.models.model_from_json(text))


@pytest.mark.parametrize("layer", ["dense", "layers of its own"])
def test_a_frozen_model_stays_one_in_the_forms_of_keras(layer: str, engine: Engine) -> None:
    subject = judged("m.json", whole(LAYERS[layer]).to_json().encode(), engine=engine).subject
    assert subject is not None
    loaded = keras.models.model_from_json(target("keras-json").write(subject, Options()).text)
    assert (size(loaded.weights), size(loaded.trainable_weights)) == (subject_params(layer), 0)
    scope: dict[str, Any] = {}
    exec(target("python").write(subject, Options()).text, scope)
    assert scope["model"].trainable_weights == []


def subject_params(layer: str) -> int:
    return size(whole(LAYERS[layer]).weights)


def test_a_spec_tells_what_it_cannot_freeze(engine: Engine) -> None:
    for layer, names in (("dense", ()), ("layers of its own", ("multi_head_attention",))):
        keras.backend.clear_session()
        text = whole(LAYERS[layer]).to_json()
        subject = judged("m.json", text.encode(), engine=engine, trace=False).subject
        assert subject is not None
        written = target("yaml").write(subject, Options())
        assert [name for name in names if f"`{name}`" not in "".join(written.hints)] == []
        assert len(written.hints) == len(names)
        rows = inspect_bytes("m.yaml", written.text.encode(), engine=engine, trace=False).rows
        assert [row.name for row in rows if row.trainable_params] == list(names)


def test_a_model_that_says_nothing_is_trained(engine: Engine) -> None:
    saved = json.loads(whole(LAYERS["dense"]).to_json())
    for layer in saved["config"]["layers"]:
        layer["config"].pop("trainable", None)
    for value, trained in ((False, 0), (None, 23), (True, 23)):
        saved["config"]["trainable"] = value
        text = json.dumps(saved)
        assert read(text, engine).totals.trainable_params == trained
        assert size(keras.models.model_from_json(text).trainable_weights) == trained
