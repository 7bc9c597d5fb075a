"""Multiply-accumulates of single calls: against arithmetic, and against TensorFlow's profiler."""

import json
from contextlib import nullcontext
from math import prod
from typing import Any

import pytest

from seqshape.engine import Engine, costing
from seqshape.engine.judge import Judge
from seqshape.engine.question import Call, Cost, Given, Question, Refusal
from seqshape.engine.tensors import Tensor

Shape = tuple[int, ...]

GRU = {"type": "GRU", "units": 256}
ATTENTION = {"type": "MultiHeadAttention", "num_heads": 2, "key_dim": 3}
GROUPED = {"type": "GroupQueryAttention", "head_dim": 4, "num_query_heads": 4, "num_key_value_heads": 2}


def cost(
    engine: Engine, layer: dict[str, Any], *shapes: Shape, names: tuple[str | None, ...] = (None,)
) -> Cost:
    tensors = [Tensor(shape, "float32") for shape in shapes]
    given = (
        tuple(Given(name, (tensor,), False) for name, tensor in zip(names, tensors, strict=True))
        if len(names) > 1 or len(tensors) == 1
        else (Given(None, tuple(tensors), True),)
    )
    found = engine.cost(Question(Call(json.dumps(layer), given)))
    assert isinstance(found, Cost), found
    return found


@pytest.mark.parametrize(
    ("layer", "shapes", "expected"),
    [
        (GRU, [(1, 1, 64)], 245_760),
        (GRU, [(1, 200, 64)], 49_152_000),
        (GRU, [(3, 200, 64)], 3 * 49_152_000),
        ({**GRU, "unroll": True}, [(1, 20, 64)], 20 * 245_760),
        ({**GRU, "reset_after": False, "return_state": True}, [(1, 20, 64)], 20 * 245_760),
        ({"type": "LSTM", "units": 16, "stateful": True}, [(3, 20, 64)], 3 * 20 * 4 * 16 * (64 + 16)),
        ({"type": "SimpleRNN", "units": 5}, [(1, 7, 3)], 7 * 5 * (3 + 5)),
        ({"type": "GRUCell", "units": 5}, [(1, 3), (1, 5)], 3 * 5 * (3 + 5)),
        (
            {"type": "RNN", "cell": [{"type": "GRUCell", "units": 4}, {"type": "LSTMCell", "units": 6}]},
            [(1, 9, 3)],
            9 * (3 * 4 * (3 + 4) + 4 * 6 * (4 + 6)),
        ),
        ({"type": "Bidirectional", "layer": GRU}, [(1, 200, 64)], 98_304_000),
        ({"type": "TimeDistributed", "layer": {"type": "Dense", "units": 15}}, [(1, 64, 16)], 15_360),
        ({"type": "Dense", "units": 15}, [(1, 64, 16)], 15_360),
        ({"type": "EinsumDense", "equation": "abc,cd->abd", "output_shape": [None, 9]}, [(2, 7, 5)], 2 * 7 * 5 * 9),
        ({"type": "Conv1D", "filters": 8, "kernel_size": 3, "dilation_rate": 2}, [(1, 17, 4)], 13 * 8 * 3 * 4),
        ({"type": "Conv2D", "filters": 8, "kernel_size": 3, "groups": 2, "padding": "same"}, [(1, 9, 9, 4)], 81 * 8 * 9 * 2),
        ({"type": "Conv2D", "filters": 8, "kernel_size": 3, "strides": 2}, [(1, 9, 9, 4)], 16 * 8 * 9 * 4),
        ({"type": "Conv2DTranspose", "filters": 8, "kernel_size": 3, "strides": 2}, [(1, 5, 5, 4)], 25 * 4 * 9 * 8),
        ({"type": "Conv3DTranspose", "filters": 8, "kernel_size": 3, "strides": 2}, [(1, 5, 5, 5, 4)], 125 * 4 * 27 * 8),
        ({"type": "DepthwiseConv1D", "kernel_size": 3, "depth_multiplier": 2}, [(1, 17, 4)], 15 * 8 * 3),
        ({"type": "SeparableConv2D", "filters": 8, "kernel_size": 3}, [(1, 9, 9, 4)], 49 * (4 * 9 + 4 * 8)),
        ({"type": "ConvLSTM2D", "filters": 8, "kernel_size": 3, "padding": "same"}, [(1, 5, 8, 8, 3)], 5 * 64 * 4 * 8 * 9 * (3 + 8)),
        ({"type": "Attention"}, [(1, 7, 5), (1, 9, 5)], 2 * 7 * 9 * 5),
    ],
    ids=lambda value: value.get("type") if isinstance(value, dict) else None,
)  # fmt: skip
def test_a_call_multiplies_as_often_as_arithmetic_says(
    engine: Engine, layer: dict[str, Any], shapes: list[Shape], expected: int
) -> None:
    names: tuple[str | None, ...] = (None, "states") if layer["type"] == "GRUCell" else (None,)
    assert cost(engine, layer, *shapes, names=names) == Cost(expected)


def test_attention_counts_both_batched_products(engine: Engine) -> None:
    projections = 3 * 7 * 5 * 6 + 7 * 6 * 5
    names = ("query", "value")
    assert (
        cost(engine, ATTENTION, (1, 7, 5), (1, 7, 5), names=names).products == projections + 2 * 7 * 7 * 6
    )
    projections = 7 * 8 * 16 + 2 * 7 * 8 * 8 + 7 * 16 * 8
    assert cost(engine, GROUPED, (1, 7, 8), (1, 7, 8), names=names).products == projections + 2 * 7 * 7 * 16


@pytest.mark.parametrize("type_", ["Softmax", "LayerNormalization", "ReLU", "Flatten", "UpSampling1D"])
def test_element_wise_work_is_not_counted(engine: Engine, type_: str) -> None:
    assert cost(engine, {"type": type_}, (1, 9, 3)).products == 0


def test_work_of_another_kind_is_named(engine: Engine) -> None:
    found = cost(engine, {"type": "MelSpectrogram", "num_mel_bins": 8}, (1, 4000))
    assert found.uncounted == ("RFFT",)
    assert found.products > 0


def test_a_layer_is_as_dear_as_its_steps_written_out(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One step is written for all; without that Keras writes each, and the count is the same."""
    gru = {"type": "Bidirectional", "layer": {"type": "GRU", "units": 4, "return_sequences": True}}
    nested = {"type": "TimeDistributed", "layer": {"type": "TimeDistributed", "layer": gru}}
    shape = (2, 2, 3, 2, 3)
    counted = cost(engine, nested, shape)
    assert counted == Cost(2 * 2 * 3 * 2 * 2 * 3 * 4 * (3 + 4))
    monkeypatch.setattr(costing, "steps_counted_once", nullcontext)
    judge = Judge()
    question = Question(Call(json.dumps(nested), (Given(None, (Tensor(shape, "float32"),), False),)))
    assert judge.cost(question) == counted


def test_many_steps_are_as_quick_as_few(engine: Engine) -> None:
    """Written out, 5,000 steps would take minutes, and be given up."""
    layer = {"type": "TimeDistributed", "layer": {"type": "Dense", "units": 5}}
    assert cost(engine, layer, (1, 5_000, 3)) == Cost(5_000 * 3 * 5)


def test_steps_that_are_masked_are_counted_too(engine: Engine) -> None:
    inner = {"type": "TimeDistributed", "layer": {"type": "Dense", "units": 5}}
    layer = json.dumps({"type": "TimeDistributed", "layer": inner})

    def asked(mask: Shape) -> Cost | Refusal:
        tensor = Tensor((2, 7, 6, 3), "float32", mask)
        return engine.cost(Question(Call(layer, (Given(None, (tensor,), False),))))

    assert asked((2, 7, 6)) == Cost(2 * 7 * 6 * 3 * 5)
    refused = asked((2, 7))  # the inner one would have a mask of one axis
    # Keras before 3.13 takes it; later ones say that it does not fit, or fail where they turn it round
    assert isinstance(refused, Cost) or "mask" in refused.message or "Transpose" in refused.message


def test_a_refused_call_is_a_refusal(engine: Engine) -> None:
    question = Question(
        Call('{"type": "Dense", "units": 0}', (Given(None, (Tensor((1, 3), "float32"),), False),))
    )
    assert not isinstance(engine.cost(question), Cost)


# TensorFlow's profiler, on layers that Keras runs; what it counts rightly: https://www.tensorflow.org/api_docs/python/tf/compat/v1/profiler

COUNTED = ("MatMul", "BatchMatMulV2", "BatchMatMulV3", "Conv2D", "DepthwiseConv2dNative", "Conv3D")


def profiled(layer: dict[str, Any], shape: Shape) -> float:
    """Half of the floating-point operations that TensorFlow's profiler finds in products and convolutions."""
    import keras
    import tensorflow

    def made(config: dict[str, Any]) -> Any:
        arguments = {
            key: made(value) if isinstance(value, dict) else value for key, value in config.items()
        }
        return getattr(keras.layers, arguments.pop("type"))(**arguments)

    built = made(layer)
    built.build(shape)
    function = tensorflow.function(built).get_concrete_function(tensorflow.TensorSpec(shape, "float32"))
    builder = tensorflow.compat.v1.profiler.ProfileOptionBuilder
    options = builder(builder.float_operation()).with_empty_output().build()
    found = tensorflow.compat.v1.profiler.profile(function.graph, cmd="op", options=options)
    todo, operations = list(found.children), 0
    while todo:
        node = todo.pop()
        operations += node.float_ops if node.name in COUNTED else 0
        todo.extend(node.children)
    return operations / 2


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        ({"type": "Dense", "units": 15}, (2, 64, 16)),
        ({"type": "TimeDistributed", "layer": {"type": "Dense", "units": 15}}, (2, 6, 16)),
        ({"type": "EinsumDense", "equation": "abc,cd->abd", "output_shape": [None, 9]}, (2, 7, 5)),
        ({"type": "Conv1D", "filters": 8, "kernel_size": 3, "strides": 2}, (2, 17, 4)),
        ({"type": "Conv2D", "filters": 8, "kernel_size": 3, "padding": "same"}, (2, 9, 9, 4)),
        ({"type": "DepthwiseConv2D", "kernel_size": 3}, (2, 9, 9, 4)),
        ({"type": "SeparableConv2D", "filters": 8, "kernel_size": 3}, (2, 9, 9, 4)),
        ({"type": "GRU", "units": 6, "unroll": True}, (2, 5, 4)),
        ({"type": "LSTM", "units": 6, "unroll": True}, (2, 5, 4)),
        ({"type": "SimpleRNN", "units": 6, "unroll": True}, (2, 5, 4)),
        ({"type": "Bidirectional", "layer": {"type": "GRU", "units": 6, "unroll": True}}, (2, 5, 4)),
    ],
    ids=lambda value: value.get("type") if isinstance(value, dict) else None,
)  # fmt: skip
def test_the_profiler_agrees_where_it_counts_rightly(
    engine: Engine, layer: dict[str, Any], shape: Shape
) -> None:
    rolled = json.loads(json.dumps(layer).replace(', "unroll": true', ""))
    products = cost(engine, rolled, shape).products
    assert products >= prod(shape)
    assert products == pytest.approx(profiled(layer, shape), rel=0.01)


@pytest.mark.parametrize(
    ("optimizer", "settings", "expected"),
    [
        ("SGD", "{}", 0),
        ("SGD", '{"momentum": 0.9}', 4 * 3000),
        ("RMSprop", "{}", 4 * 3000),
        ("Adam", "{}", 8 * 3000),
        ("AdamW", "{}", 8 * 3000),
        ("Adam", '{"amsgrad": true}', 12 * 3000),
        ("Nonesuch", "{}", None),
    ],
)
def test_what_an_optimizer_keeps_for_a_weight(
    engine: Engine, optimizer: str, settings: str, expected: int | None
) -> None:
    assert engine.slots(optimizer, settings, (100, 30), "float32") == expected


def test_a_weight_of_any_size_can_be_asked_about(engine: Engine) -> None:
    assert engine.slots("Adam", "{}", (12288, 49152), "float32") == 8 * 12288 * 49152
