"""Models as Keras 2 and tf.keras saved them, written here by hand in their form."""

import json
from typing import Any

import pytest

from seqshape import Report
from seqshape.engine import Engine
from seqshape.pipeline import inspect_bytes

Config = dict[str, Any]


def layer(kind: str, name: str, *nodes: Any, **config: Any) -> Config:
    """A layer as tf.keras 2 saves it; a node is a list of `[layer, call, output]`, with keywords behind."""
    common = {} if kind == "InputLayer" else {"trainable": True, "dtype": "float32"}
    return {
        "class_name": kind,
        "config": {"name": name, **common, **config},
        "name": name,
        "inbound_nodes": [
            [[*tensor, {}] if len(tensor) == 3 else tensor for tensor in node] for node in nodes
        ],
    }


def source(name: str, *shape: int | None, dtype: str = "float32") -> Config:
    return layer(
        "InputLayer", name, batch_input_shape=[None, *shape], dtype=dtype, sparse=False, ragged=False
    )


def functional(
    *layers: Config, inputs: list[str], outputs: list[list[Any]], kind: str = "Functional"
) -> str:
    config = {
        "name": "model",
        "layers": layers,
        "input_layers": [[name, 0, 0] for name in inputs],
        "output_layers": outputs,
    }
    return json.dumps(
        {"class_name": kind, "config": config, "keras_version": "2.4.0", "backend": "tensorflow"}
    )


def sequential(*layers: Config, **config: Any) -> str:
    bare = [{"class_name": each["class_name"], "config": each["config"]} for each in layers]
    config = {"name": "sequential", "layers": bare, **config}
    return json.dumps({"class_name": "Sequential", "config": config, "keras_version": "2.2.4-tf"})


def report(text: str, engine: Engine) -> Report:
    return inspect_bytes("model.json", text.encode(), engine=engine)


def shapes(found: Report) -> dict[str, tuple[int | None, ...]]:
    assert [item.message for item in found.diagnostics if item.severity == "error"] == []
    return {row.name: row.outputs[0].tensor.shape for row in found.rows}


RECURRENT: Config = {
    "return_sequences": False, "return_state": False, "go_backwards": False, "stateful": False,
    "unroll": False, "time_major": False, "activation": "tanh", "recurrent_activation": "sigmoid",
    "use_bias": True, "unit_forget_bias": True, "implementation": 2,
    "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": None}},
    "recurrent_initializer": {
        "class_name": "Orthogonal", "config": {"gain": 1.0, "seed": None}, "shared_object_id": 4,
    },
    "bias_initializer": {"class_name": "Zeros", "config": {"dtype": "float32"}},
    "kernel_regularizer": None, "recurrent_constraint": None, "dropout": 0.0, "recurrent_dropout": 0.0,
}  # fmt: skip


def lstm(units: int) -> int:
    """Parameters of an LSTM by input width, worked out for width 4."""
    return 4 * units * (4 + units + 1)


def test_a_sequential_whose_first_layer_has_the_shape(engine: Engine) -> None:
    first = layer("LSTM", "lstm", units=6, batch_input_shape=[None, 8, 4], **RECURRENT)
    found = report(sequential(first, layer("Dense", "dense", units=3, activation="linear")), engine)
    assert shapes(found) == {"input_layer": (None, 8, 4), "lstm": (None, 6), "dense": (None, 3)}
    assert found.totals.params == lstm(6) + 6 * 3 + 3


def test_a_sequential_that_is_a_list_of_layers(engine: Engine) -> None:
    first = layer("Dense", "dense_1", units=3, batch_input_shape=[None, 4])
    text = json.dumps({"class_name": "Sequential", "config": [first, layer("Dropout", "drop", rate=0.5)]})
    assert shapes(report(text, engine)) == {
        "input_layer": (None, 4),
        "dense_1": (None, 3),
        "drop": (None, 3),
    }


def test_a_sequential_built_later(engine: Engine) -> None:
    dense = layer("Dense", "dense", units=3)
    found = report(sequential(dense, build_input_shape=[None, 7, 4]), engine)
    assert shapes(found) == {"input_layer": (None, 7, 4), "dense": (None, 7, 3)}


def test_a_sequential_without_a_shape_is_told_once(engine: Engine) -> None:
    found = report(sequential(layer("Dense", "dense", units=3)), engine)
    assert [item.code for item in found.diagnostics] == ["SEQ011"]
    assert "model.build" in found.diagnostics[0].help


@pytest.mark.parametrize("kind", ["Functional", "Model"])
def test_states_in_the_list_of_inputs(kind: str, engine: Engine) -> None:
    states = {**RECURRENT, "return_state": True}
    text = functional(
        source("source", 8, 4),
        source("target", 5, 4),
        layer("LSTM", "encoder", [["source", 0, 0]], units=6, **states),
        layer(
            "LSTM",
            "decoder",
            [["target", 0, 0], ["encoder", 0, 1], ["encoder", 0, 2]],
            units=6,
            **{**RECURRENT, "return_sequences": True},
        ),
        inputs=["source", "target"],
        outputs=[["decoder", 0, 0]],
        kind=kind,
    )
    found = report(text, engine)
    assert shapes(found)["decoder"] == (None, 5, 6)
    assert found.totals.params == 2 * lstm(6)


def test_states_as_keywords(engine: Engine) -> None:
    states = {**RECURRENT, "return_state": True}
    given = {"initial_state": [["encoder", 0, 1], ["encoder", 0, 2]], "training": None}
    text = functional(
        source("x", 8, 4),
        layer("LSTM", "encoder", [["x", 0, 0]], units=6, **states),
        layer("LSTM", "decoder", [["x", 0, 0, given]], units=6, **RECURRENT),
        inputs=["x"],
        outputs=[["decoder", 0, 0]],
    )
    assert shapes(report(text, engine))["decoder"] == (None, 6)


def test_attention_with_keywords(engine: Engine) -> None:
    attention = {"num_heads": 2, "key_dim": 8, "query_shape": [None, 5, 4], "value_shape": [None, 8, 4]}
    text = functional(
        source("q", 5, 4),
        source("v", 8, 4),
        layer("MultiHeadAttention", "attention", [["q", 0, 0, {"value": ["v", 0, 0]}]], **attention),
        inputs=["q", "v"],
        outputs=[["attention", 0, 0]],
    )
    assert shapes(report(text, engine))["attention"] == (None, 5, 4)


def test_a_layer_called_twice_and_a_list(engine: Engine) -> None:
    text = functional(
        source("a", 4),
        source("b", 4),
        layer("Dense", "shared", [["a", 0, 0]], [["b", 0, 0]], units=3),
        layer("Concatenate", "joined", [["shared", 0, 0], ["shared", 1, 0]], axis=-1),
        inputs=["a", "b"],
        outputs=[["joined", 0, 0]],
    )
    found = report(text, engine)
    assert shapes(found)["joined"] == (None, 6)
    assert found.totals.params == 15


@pytest.mark.parametrize("first", [0, 1])
def test_a_model_inside_counts_its_own_call_or_not(first: int, engine: Engine) -> None:
    inner = json.loads(
        functional(
            source("i", 4),
            layer("Dense", "dense", [["i", 0, 0]], units=4),
            inputs=["i"],
            outputs=[["dense", 0, 0]],
        )
    )
    text = functional(
        source("x", 4),
        {
            "class_name": "Functional",
            "config": {**inner["config"], "name": "inner"},
            "name": "inner",
            "inbound_nodes": [[["x", 0, 0, {}]], [["inner", first, 0, {}]]],
        },
        layer("Dense", "head", [["inner", first + 1, 0]], units=2),
        inputs=["x"],
        outputs=[["head", 0, 0]],
    )
    found = report(text, engine)
    assert shapes(found)["head"] == (None, 2)
    assert [row.shares for row in found.rows] == [None, None, "inner.dense", None]
    assert found.totals.params == 4 * 4 + 4 + 4 * 2 + 2


def test_what_the_classes_no_longer_take_and_says_nothing(engine: Engine) -> None:
    text = functional(
        source("x", 8, 8, 3),
        layer("DepthwiseConv2D", "depthwise", [["x", 0, 0]], kernel_size=[3, 3], groups=1, padding="same"),
        layer(
            "BatchNormalization",
            "norm",
            [["depthwise", 0, 0]],
            axis=[3],
            momentum=0.99,
            epsilon=0.001,
            renorm=False,
            fused=None,
            virtual_batch_size=None,
        ),
        layer("ReLU", "relu", [["norm", 0, 0]], max_value=6.0, negative_slope=0.0, threshold=0.0),
        inputs=["x"],
        outputs=[["relu", 0, 0]],
    )
    found = report(text, engine)
    assert shapes(found)["relu"] == (None, 8, 8, 3)
    assert (found.totals.params, found.totals.trainable_params) == (3 * 9 + 3 + 12, 3 * 9 + 3 + 6)


def test_what_they_no_longer_take_and_says_something(engine: Engine) -> None:
    text = sequential(layer("GRU", "gru", units=3, batch_input_shape=[None, 8, 4], time_major=True))
    found = report(text, engine).diagnostics
    assert [(item.code, item.layer) for item in found] == [("SEQ103", "gru")]


def test_policies_and_wrappers(engine: Engine) -> None:
    policy = {"class_name": "Policy", "config": {"name": "mixed_float16"}}
    inner = {"class_name": "Dense", "config": {"name": "inner", "trainable": True, "units": 3}}
    wrapper = layer("TimeDistributed", "steps", layer=inner, batch_input_shape=[None, 8, 4])
    wrapper["config"]["dtype"] = policy
    found = report(sequential(wrapper), engine)
    assert shapes(found)["steps"] == (None, 8, 3)
    assert found.rows[1].outputs[0].tensor.dtype == "float16"


def test_frozen_layers(engine: Engine) -> None:
    frozen = layer("Dense", "frozen", units=3, batch_input_shape=[None, 4])
    frozen["config"]["trainable"] = False
    found = report(sequential(frozen, layer("Dense", "free", units=2)), engine)
    assert (found.totals.params, found.totals.trainable_params) == (15 + 8, 8)


@pytest.mark.parametrize("kind", ["CuDNNLSTM", "TFOpLambda", "MyAttention"])
def test_a_class_that_keras_no_longer_has(kind: str, engine: Engine) -> None:
    text = sequential(layer(kind, "odd", batch_input_shape=[None, 4]), layer("Dense", "dense", units=2))
    found = report(text, engine)
    assert [(item.code, item.layer) for item in found.diagnostics] == [("SEQ121", "odd")]
    assert [row.name for row in found.rows] == ["input_layer", "odd", "dense"]


def codes(found: Report) -> list[tuple[str, str, str | None]]:
    return [(item.code, item.severity, item.layer) for item in found.diagnostics]


def test_the_one_axis_of_a_normalization_in_a_file_that_names_modules(engine: Engine) -> None:
    saved = json.loads(sequential(layer("InputLayer", "x", batch_input_shape=[None, 5, 4])))
    norm = {**layer("BatchNormalization", "norm", axis=[2]), "module": "keras.layers"}
    saved["config"]["layers"].append(norm)
    assert report(json.dumps(saved), engine).totals.params == 16


def test_what_a_layer_takes_no_more_is_left_out_and_told_once(engine: Engine) -> None:
    text = sequential(
        layer("InputLayer", "x", batch_input_shape=[None, 8, 8, 3]),
        layer("RandomFlip", "flip", mode="horizontal", rng_type="stateful"),
        layer("RandomRotation", "turn", factor=0.1, rng_type="stateful"),
        layer("Conv2D", "conv", filters=2, kernel_size=3),
    )
    found = report(text, engine)
    assert shapes(found)["conv"] == (None, 6, 6, 2)
    assert codes(found) == [("SEQ122", "warning", "flip")]
    assert "one more argument" in found.diagnostics[0].message


def test_an_initializer_of_no_weight_says_nothing(engine: Engine) -> None:
    first = layer(
        "SeparableConv1D",
        "conv",
        batch_input_shape=[None, 8, 4],
        filters=3,
        kernel_size=[2],
        kernel_initializer={"class_name": "GlorotUniform", "config": {"seed": None}},
    )
    found = report(sequential(first), engine)
    assert codes(found) == []
    assert found.totals.params == 2 * 4 + 4 * 3 + 3


def test_calls_of_functions_of_tensorflow_are_told_once(engine: Engine) -> None:
    text = functional(
        source("x", 5, 4),
        layer("TFOpLambda", "tf.nn.relu", [["x", 0, 0]], function="nn.relu"),
        layer("SlicingOpLambda", "tf.__operators__.getitem", [["tf.nn.relu", 0, 0]]),
        layer("Dense", "beside", [["x", 0, 0]], units=2),
        inputs=["x"],
        outputs=[["tf.__operators__.getitem", 0, 0], ["beside", 0, 0]],
    )
    found = report(text, engine)
    assert codes(found) == [("SEQ121", "error", "tf.nn.relu")]
    assert "TensorFlow" in found.diagnostics[0].message
    assert "keras.ops" in found.diagnostics[0].help
    assert [row.status for row in found.rows] == ["ok", "error", "error", "ok"]


def test_a_layer_that_keras_no_longer_has(engine: Engine) -> None:
    gone = {**layer("LocallyConnected1D", "local", filters=3, kernel_size=[2]), "module": "keras.layers"}
    saved = json.loads(sequential(layer("InputLayer", "x", batch_input_shape=[None, 5, 4])))
    saved["config"]["layers"].append(gone)
    found = report(json.dumps(saved), engine)
    assert codes(found) == [("SEQ121", "error", "local")]
    assert "older Keras" in found.diagnostics[0].help


KERAS_1 = [
    layer("Dense", "first", output_dim=3, init="uniform", batch_input_shape=[None, 4]),
    *(layer("Dense", f"dense_{each}", output_dim=3, init="uniform") for each in range(5)),
]


def test_a_file_of_keras_1(engine: Engine) -> None:
    saved = {**json.loads(sequential(*KERAS_1)), "keras_version": "1.2.2"}
    found = report(json.dumps(saved), engine)
    assert codes(found) == [("SEQ011", "error", None)]
    assert "Keras 1.2.2" in found.diagnostics[0].message


def test_a_file_of_keras_1_that_does_not_say_so(engine: Engine) -> None:
    saved = json.loads(sequential(*KERAS_1))
    del saved["keras_version"]
    assert codes(report(json.dumps(saved), engine)) == [("SEQ011", "error", "first")]


@pytest.mark.parametrize(
    ("dtype", "flowing"), [("int32", "int32"), ("float", "float32"), ("float64", "float32")]
)
def test_the_dtype_of_what_flows_into_an_embedding(dtype: str, flowing: str, engine: Engine) -> None:
    first = layer("Embedding", "words", input_dim=9, output_dim=4, batch_input_shape=[None, 7])
    first["config"]["dtype"] = dtype
    found = report(sequential(first, layer("LSTM", "lstm", units=3)), engine)
    assert codes(found) == []
    assert found.rows[0].outputs[0].tensor.dtype == flowing
    assert found.rows[1].outputs[0].tensor.dtype == ("float64" if dtype == "float64" else "float32")


def test_the_names_that_tensorflow_has_for_dtypes(engine: Engine) -> None:
    first = layer("InputLayer", "x", batch_input_shape=[None, 4], dtype="float")
    found = report(sequential(first, layer("Dense", "dense", units=2)), engine)
    assert found.rows[0].outputs[0].tensor.dtype == "float32"


def test_a_sequential_that_begins_with_a_sequential(engine: Engine) -> None:
    first = {"name": "inner", "layers": [layer("Dense", "dense", units=3, batch_input_shape=[None, 4])]}
    text = sequential({"class_name": "Sequential", "config": first}, layer("Dense", "end", units=2))
    assert shapes(report(text, engine)) == {
        "input_layer": (None, 4),
        "dense": (None, 3),
        "end": (None, 2),
    }
