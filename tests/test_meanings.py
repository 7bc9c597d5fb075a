"""A value that Keras refuses is told with the nearest one that it takes, whose place it stands in."""

import json
import re
from typing import Any

import pytest

import seqshape
from seqshape.engine import Engine
from seqshape.pipeline import Report
from seqshape.report import Diagnostic

SEQUENCE, IMAGE = {"shape": [12, 8]}, {"shape": [32, 32, 3]}
GRU = {"type": "GRU", "units": 3}


def inspected(engine: Engine, given: dict[str, Any], layer: dict[str, Any], **top: Any) -> Report:
    spec = {**top, "layers": [{"name": "x", "type": "Input", **given}, {"name": "y", **layer}]}
    return seqshape.inspect_bytes("x.json", json.dumps(spec).encode(), engine=engine)


def offered(found: Diagnostic) -> str:
    """The word that a finding offers."""
    said = re.search(r"did you mean `([^`]+)`\?", found.message)
    assert said is not None, found.message
    return said[1]


CASES = [
    (SEQUENCE, {"type": "Conv1D", "filters": 3, "kernel_size": 3, "padding": "smae"}, "smae", "same"),
    (SEQUENCE, {"type": "Dense", "units": 3, "activation": "rellu"}, "rellu", "relu"),
    (SEQUENCE, {"type": "Dense", "units": 3, "activation": "ReLU"}, "ReLU", "relu"),
    (SEQUENCE, {"type": "LSTM", "units": 3, "recurrent_activation": "sigmoyd"}, "sigmoyd", "sigmoid"),
    (SEQUENCE, {"type": "Dense", "units": 3, "dtype": "flot32"}, "flot32", "float32"),
    (
        SEQUENCE,
        {"type": "Dense", "units": 3, "kernel_initializer": "glorot_unifrm"},
        "glorot_unifrm",
        "glorot_uniform",
    ),
    (SEQUENCE, {"type": "Dense", "units": 3, "kernel_regularizer": "l22"}, "l22", "l2"),
    (SEQUENCE, {"type": "Dense", "units": 3, "kernel_constraint": "maxnorm"}, "maxnorm", "max_norm"),
    (SEQUENCE, {"type": "Bidirectional", "layer": GRU, "merge_mode": "concatt"}, "concatt", "concat"),
    (SEQUENCE, {"type": "MaxPooling1D", "padding": "smae"}, "smae", "same"),
    (IMAGE, {"type": "UpSampling2D", "size": 2, "interpolation": "bilinaer"}, "bilinaer", "bilinear"),
    (IMAGE, {"type": "Conv2D", "filters": 3, "kernel_size": 3, "data_format": "channel_last"}, "channel_last", "channels_last"),
    (SEQUENCE, {"type": "ops.cast", "dtype": "flot32"}, "flot32", "float32"),
    (SEQUENCE, {"type": "TimeDistributed", "layer": {"type": "Dense", "units": 3, "activation": "rellu"}}, "rellu", "relu"),
    (
        SEQUENCE,
        {"type": "TimeDistributed", "layer": {"layers": [{"type": "Dense", "units": 3, "activation": "rellu"}]}},
        "rellu",
        "relu",
    ),
    (
        SEQUENCE,
        {"type": "Dense", "units": 3, "kernel_initializer": {"type": "VarianceScaling", "mode": "fan_inn"}},
        "fan_inn",
        "fan_in",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("given", "layer", "wrong", "right"), CASES, ids=lambda each: str(each)[:40])
def test_the_word_that_was_meant_is_offered_at_its_place_and_works(
    given: dict[str, Any], layer: dict[str, Any], wrong: str, right: str, engine: Engine
) -> None:
    report = inspected(engine, given, layer)
    (found,) = report.diagnostics
    assert (found.code, offered(found)) == ("SEQ210", right)
    (line,) = report.lines.values()
    assert line[: found.place.end_column - 1].endswith(f'"{wrong}"')
    assert inspected(engine, given, json.loads(json.dumps(layer).replace(wrong, right))).ok


def test_every_wrong_word_of_a_layer_is_told(engine: Engine) -> None:
    layer = {"type": "Conv1D", "filters": 3, "kernel_size": 3, "padding": "smae", "activation": "rellu"}
    assert [offered(each) for each in inspected(engine, SEQUENCE, layer).diagnostics] == ["same", "relu"]


def test_a_word_that_is_taken_stays_where_something_else_is_refused(engine: Engine) -> None:
    layer = {"type": "Conv1D", "filters": 3, "kernel_size": 99, "padding": "VALID"}
    (found,) = inspected(engine, SEQUENCE, layer).diagnostics
    assert found.code == "SEQ207"


def test_a_word_that_keras_knows_is_not_what_it_refuses_of_a_call(engine: Engine) -> None:
    """With the channels last the window would fit."""
    layer = {"type": "Conv2D", "filters": 3, "kernel_size": 5, "data_format": "channels_first"}
    (found,) = inspected(engine, {"shape": [32, 32, 3]}, layer).diagnostics
    assert found.code == "SEQ207"


@pytest.mark.parametrize("word", ["qqqqq", "r" * 10_000])
def test_nothing_is_offered_where_nothing_is_near(word: str, engine: Engine) -> None:
    (found,) = inspected(engine, SEQUENCE, {"type": "Dense", "units": 3, "activation": word}).diagnostics
    assert found.code == "SEQ210"
    assert "did you mean" not in found.message


@pytest.mark.parametrize(
    ("setting", "wrong", "right"),
    [
        ("floatx", "flot32", "float32"),
        ("image_data_format", "channel_last", "channels_last"),
        ("dtype_policy", "mixed_flot16", "mixed_float16"),
    ],
)
def test_a_global_setting(setting: str, wrong: str, right: str, engine: Engine) -> None:
    (found,) = inspected(
        engine, SEQUENCE, {"type": "Dense", "units": 3}, keras={setting: wrong}
    ).diagnostics
    assert (found.code, offered(found)) == ("SEQ120", right)


def test_a_number_in_quotes(engine: Engine) -> None:
    (found,) = inspected(engine, SEQUENCE, {"type": "Dense", "units": "3"}).diagnostics
    assert found.help == "`3` in quotes is a text; without them it is a number"


@pytest.mark.parametrize(
    ("layer", "said", "help_"),
    [
        (
            {"type": "Bidirectional", "layer": {"type": "Dense", "units": 3}},
            "Dense is none",
            "without Bidirectional",
        ),
        (
            {"type": "Bidirectional", "layer": {"type": "GRUCell", "units": 3}},
            "GRUCell is a cell",
            "`layer: {type: RNN, cell: {type: GRUCell, …}}`",
        ),
        (
            {"type": "TimeDistributed", "layer": {"type": "GRUCell", "units": 3}},
            "GRUCell needs the states of the step before",
            "`type: RNN, cell: {type: GRUCell, …}`",
        ),
        (
            {"type": "RNN", "cell": {"type": "GRU", "units": 3}},
            "GRU goes over all steps itself",
            "`cell: {type: GRUCell, …}`",
        ),
        (
            {"type": "RNN", "cell": [{"type": "GRUCell", "units": 3}, {"type": "Dense", "units": 3}]},
            "Dense is none",
            "`type: TimeDistributed, layer: {type: Dense, …}`",
        ),
        (
            {
                "type": "TimeDistributed",
                "layer": {"type": "Bidirectional", "layer": {"type": "LSTMCell", "units": 3}},
            },
            "LSTMCell is a cell",
            "`layer: {type: RNN, cell: {type: LSTMCell, …}}`",
        ),
    ],
)
def test_a_layer_of_the_wrong_kind_inside_another(
    layer: dict[str, Any], said: str, help_: str, engine: Engine
) -> None:
    (found,) = inspected(engine, SEQUENCE, layer).diagnostics
    assert found.code == "SEQ216"
    assert said in found.message
    assert help_ in found.help


def test_a_right_kind_is_not_at_fault(engine: Engine) -> None:
    layer = {"type": "Bidirectional", "layer": {"type": "GRU", "units": -3}}
    (found,) = inspected(engine, SEQUENCE, layer).diagnostics
    assert (found.code, found.message) == ("SEQ210", "GRU does not take `units: -3`")
