"""Random chains of layers: the report against a model that Keras builds in its ordinary way."""

import json
import tempfile
from pathlib import Path
from typing import Any

import keras
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seqshape.engine import Engine
from seqshape.pipeline import inspect_bytes

sizes = st.integers(1, 7)
flags = st.booleans()


def layer(type_: str, **arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"type": st.just(type_), **arguments})


def recurrent(*types: str, **more: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(*(layer(name, units=sizes, use_bias=flags, **more) for name in types))


sequences = {"return_sequences": st.just(True)}
inner = st.one_of(
    layer("Dense", units=sizes), layer("LayerNormalization"), layer("Dropout", rate=st.just(0.5))
)
keeps_the_rank = st.one_of(
    recurrent("GRU", "LSTM", "SimpleRNN", **sequences),
    layer("Dense", units=sizes, use_bias=flags, trainable=flags),
    layer("TimeDistributed", layer=inner),
    layer(
        "Bidirectional",
        layer=recurrent("GRU", "LSTM", **sequences),
        merge_mode=st.sampled_from(["concat", "sum", "ave", "mul"]),
    ),
    layer(
        "Conv1D",
        filters=sizes,
        kernel_size=st.integers(1, 3),
        strides=st.integers(1, 2),
        padding=st.sampled_from(["same", "causal"]),
    ),
    layer("RNN", cell=st.lists(recurrent("GRUCell", "LSTMCell"), min_size=1, max_size=3), **sequences),
    layer("MaxPooling1D", pool_size=st.just(2), padding=st.just("same")),
    layer("UpSampling1D", size=st.integers(1, 3)),
    layer("ZeroPadding1D", padding=st.integers(0, 3)),
    layer("BatchNormalization", center=flags, scale=flags),
    layer("LayerNormalization"),
    layer("SpatialDropout1D", rate=st.just(0.1)),
    layer("Activation", activation=st.sampled_from(["relu", "softmax", "tanh"])),
    layer("Permute", dims=st.just([1, 2])),
)
ends = st.one_of(
    recurrent("GRU", "LSTM", "SimpleRNN"),
    layer("GlobalAveragePooling1D", keepdims=flags),
    layer("GlobalMaxPooling1D"),
    layer("Dense", units=sizes, dtype=st.sampled_from(["float16", "mixed_float16", "float64"])),
)


def built(config: Any) -> Any:
    """The object that a mapping with `type` names, made by its own constructor."""
    if isinstance(config, list):
        return [built(item) for item in config]
    if not isinstance(config, dict):
        return config
    arguments = {key: built(value) for key, value in config.items() if key != "type"}
    return getattr(keras.layers, config["type"])(**arguments)


@given(
    st.tuples(st.integers(4, 9) | st.none(), sizes),
    st.lists(keeps_the_rank, min_size=1, max_size=6),
    ends,
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_shapes_and_counts_are_those_of_the_model(
    shape: tuple[int | None, int], chain: list[dict[str, Any]], end: dict[str, Any]
) -> None:
    configs = [*chain, end]
    entries = [{"type": "Input", "shape": list(shape)}, *configs]
    report = inspect_bytes("x.json", json.dumps({"layers": entries}).encode(), engine=ENGINE)
    model = keras.Sequential([keras.Input(shape), *(built(config) for config in configs)])
    assert [item for item in report.diagnostics if item.severity == "error"] == []
    assert [row.outputs[0].tensor.shape for row in report.rows[1:]] == [
        each.output.shape for each in model.layers
    ]
    assert [row.params for row in report.rows[1:]] == [each.count_params() for each in model.layers]
    dtypes = [keras.backend.standardize_dtype(each.output.dtype) for each in model.layers]
    assert [row.outputs[0].tensor.dtype for row in report.rows[1:]] == dtypes
    trainable = sum(weight.value.numpy().size for weight in model.trainable_weights)
    assert report.totals.trainable_params == trainable
    assert report.totals.weight_bytes == sum(weight.value.numpy().nbytes for weight in model.weights)


ENGINE = Engine(Path(tempfile.mkdtemp(prefix="seqshape-test-")))
