"""Dtype policies and global settings: shapes, dtypes and bytes are those of the layer built in Keras."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import seqshape
from seqshape.engine import Engine
from seqshape.engine.question import agree

STEPS, TOKENS, IMAGE, CHANNELS = [12, 8], [12], [32, 32, 3], [3, 32, 32]

LAYERS: dict[str, tuple[list[int], dict[str, Any]]] = {
    "dense": (STEPS, {"type": "Dense", "units": 16}),
    "gru": (STEPS, {"type": "GRU", "units": 16, "return_sequences": True}),
    "embedding": (TOKENS, {"type": "Embedding", "input_dim": 100, "output_dim": 16}),
    "reversible": (TOKENS, {"type": "ReversibleEmbedding", "input_dim": 100, "output_dim": 16}),
    "conv": (IMAGE, {"type": "Conv2D", "filters": 4, "kernel_size": 3}),
    "batch": (STEPS, {"type": "BatchNormalization"}),
    "norm": (STEPS, {"type": "LayerNormalization"}),
    "einsum": (STEPS, {"type": "EinsumDense", "equation": "abc,cd->abd", "output_shape": [12, 16]}),
    "both_ways": (STEPS, {"type": "Bidirectional", "layer": {"type": "LSTM", "units": 4}}),
    "softmax": (STEPS, {"type": "Softmax"}),
}

POLICIES: list[Any] = [
    "mixed_float16",
    "mixed_bfloat16",
    "float16",
    "float64",
    "int8_from_float32",
    "int8_from_mixed_bfloat16",
    "int4_from_float32",
    "float8_from_float32",
    {"type": "DTypePolicy", "name": "mixed_bfloat16"},
    {"type": "QuantizedDTypePolicy", "mode": "int8", "source_name": "float32"},
    {"type": "QuantizedFloat8DTypePolicy", "mode": "float8", "source_name": "mixed_bfloat16"},
    {"type": "DTypePolicyMap", "default_policy": "mixed_float16", "policy_map": {}},
    {"type": "GPTQDTypePolicy", "mode": "gptq/4/128", "source_name": "float32"},
    {"type": "AWQDTypePolicy", "mode": "awq/4/128", "source_name": "float32"},
]

SETTINGS: list[dict[str, str]] = [
    {"dtype_policy": "mixed_float16"},
    {"dtype_policy": "mixed_bfloat16"},
    {"dtype_policy": "int8_from_float32"},
    {"floatx": "float16"},
    {"floatx": "float64"},
    {"floatx": "float64", "dtype_policy": "mixed_bfloat16"},
]

FIRST: dict[str, dict[str, Any]] = {
    "pool": {"type": "MaxPooling2D"},
    "mean": {"type": "GlobalAveragePooling2D"},
    "conv": {"type": "Conv2D", "filters": 4, "kernel_size": 3},
    "transposed": {"type": "Conv2DTranspose", "filters": 4, "kernel_size": 3},
    "separable": {"type": "SeparableConv2D", "filters": 4, "kernel_size": 3},
    "wider": {"type": "UpSampling2D"},
    "padded": {"type": "ZeroPadding2D"},
    "resized": {"type": "Resizing", "height": 8, "width": 8},
    "flat": {"type": "Flatten"},
}


@pytest.fixture(scope="module")
def keras(engine: Engine) -> Any:
    engine._keras.judge()
    import keras as found

    return found


@contextmanager
def world(keras: Any, settings: dict[str, str]) -> Iterator[None]:
    """Keras's global settings as a user would set them, put back at the end."""
    before = keras.config.floatx(), keras.config.image_data_format()
    try:
        for name, value in settings.items():
            getattr(keras.config, f"set_{name}")(value)
        yield
    finally:
        keras.config.set_floatx(before[0])
        keras.config.set_image_data_format(before[1])
        keras.src.backend.common.global_state.set_global_attribute("dtype_policy", None)


def object_of(keras: Any, module: str, config: dict[str, Any]) -> Any:
    """What a mapping with `type` stands for, made as a Keras user makes it."""
    arguments = {
        key: object_of(keras, "dtype_policies" if key == "dtype" else "layers", value)
        if isinstance(value, dict) and "type" in value
        else value
        for key, value in config.items()
        if key != "type"
    }
    return getattr(getattr(keras, module), config["type"])(**arguments)


def differences(
    keras: Any, engine: Engine, shape: list[int], config: dict[str, Any], settings: dict[str, str]
) -> list[str]:
    """What inspect says of a layer, and Keras does not; one that both refuse has none."""
    entry: dict[str, Any] = {"name": "x", "type": "Input", "shape": shape}
    if shape is TOKENS:
        entry["dtype"] = "int32"
    spec = {"keras": settings, "layers": [entry, {"name": "y", **config}]}
    report = seqshape.inspect_bytes("x.json", json.dumps(spec).encode(), engine=engine)
    row = report.rows[-1]
    with world(keras, settings):
        given = keras.Input(**{key: value for key, value in entry.items() if key not in ("name", "type")})
        try:
            layer = object_of(keras, "layers", config)
            output = layer(given)
            layer(keras.ops.zeros((2, *shape), dtype=given.dtype))  # shape rules alone take too much
        except Exception as error:
            return [] if row.status == "error" else [f"Keras refuses it: {error}"]
        weights = [(tuple(each.shape), str(each.dtype), bool(each.trainable)) for each in layer.weights]
    if row.status != "ok":
        return [f"Keras takes it: {[item.keras for item in report.diagnostics]}"]
    told = row.outputs[0].tensor
    wrong = []
    if not agree(told.shape, tuple(output.shape)) or told.dtype != output.dtype:
        wrong.append(f"{told.shape} {told.dtype}, Keras gives {output.shape} {output.dtype}")
    if [(each.shape, each.dtype, each.trainable) for each in row.weights] != weights:
        wrong.append(f"{row.weights}, Keras makes {weights}")
    return wrong


def total(problems: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: found for name, found in problems.items() if found}


@pytest.mark.parametrize("policy", POLICIES, ids=str)
def test_a_layers_own_policy(policy: Any, keras: Any, engine: Engine) -> None:
    found = {
        name: differences(keras, engine, shape, {**config, "dtype": policy}, {})
        for name, (shape, config) in LAYERS.items()
    }
    assert total(found) == {}


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_the_global_policy(settings: dict[str, str], keras: Any, engine: Engine) -> None:
    found = {
        name: differences(keras, engine, shape, config, settings)
        for name, (shape, config) in LAYERS.items()
    }
    assert total(found) == {}


def test_channels_first(keras: Any, engine: Engine) -> None:
    settings = {"image_data_format": "channels_first"}
    found = {name: differences(keras, engine, CHANNELS, config, settings) for name, config in FIRST.items()}
    assert total(found) == {}


def test_a_difference_is_seen(keras: Any, engine: Engine) -> None:
    shape, config = LAYERS["dense"]
    wrong = {"dtype_policy": "mixed_float16"}
    assert differences(keras, engine, shape, {**config, "dtype": "float32"}, wrong) == []
    with world(keras, wrong):
        found = seqshape.inspect_bytes(
            "x.json",
            json.dumps({"layers": [{"type": "Input", "shape": shape}, config]}).encode(),
            engine=engine,
        )
        output = object_of(keras, "layers", config)(keras.Input(shape))
    assert found.rows[-1].outputs[0].tensor.dtype != output.dtype


@pytest.mark.parametrize(
    ("policy", "size"), [("float32", 4), ("mixed_float16", 4), ("float16", 2), ("float64", 8)]
)
def test_bytes_follow_the_weights_dtype(policy: str, size: int, engine: Engine) -> None:
    spec = f"layers:\n  - {{type: Input, shape: [8]}}\n  - {{type: Dense, units: 16, dtype: {policy}}}\n"
    report = seqshape.inspect_bytes("x.yaml", spec.encode(), engine=engine)
    assert report.totals.weight_bytes == size * (8 * 16 + 16)


def test_a_quantized_kernel_takes_a_byte_an_element_and_its_scale_four(engine: Engine) -> None:
    spec = (
        "layers:\n  - {type: Input, shape: [8]}\n  - {type: Dense, units: 16, dtype: int8_from_float32}\n"
    )
    report = seqshape.inspect_bytes("x.yaml", spec.encode(), engine=engine)
    kernel, bias, scale = 8 * 16, 4 * 16, 4 * 16
    assert report.totals.weight_bytes == kernel + bias + scale


def test_what_has_no_quantized_form_is_told_so(engine: Engine) -> None:
    spec = (
        "layers:\n  - {type: Input, shape: [12, 8]}\n  - {type: GRU, units: 16, dtype: int8_from_float32}\n"
    )
    report = seqshape.inspect_bytes("x.yaml", spec.encode(), engine=engine)
    (found,) = report.diagnostics
    assert (found.code, found.message) == (
        "SEQ299",
        "GRU has no int8 form in Keras, which its dtype policy asks for",
    )
