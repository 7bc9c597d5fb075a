"""Random functional models of sequences, valid ones: each as a spec and as the Keras model it describes.

Every step is first called in Keras; what Keras refuses is left out. So the spec is made from what Keras
took, by other code than the tool's.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import keras
from hypothesis import assume
from hypothesis import strategies as st

from tests.abilities import UNREAD_INPUTS

MOST = 30
"""Layers of a model, its inputs not counted."""
SIZES = (1, 2, 3, 4, 6)
Config = dict[str, Any]


@dataclass
class Tensor:
    """A symbolic tensor of Keras's and the spec's reference to it."""

    word: str
    tensor: Any

    @property
    def shape(self) -> tuple[int | None, ...]:
        return tuple(self.tensor.shape)


@dataclass
class Model:
    """A model as a spec and in Keras: `calls` holds, by entry, what the call gave."""

    entries: list[Config] = field(default_factory=list)
    calls: dict[str, list[Any]] = field(default_factory=dict)
    layers: dict[str, Any] = field(default_factory=dict)
    inputs: list[Any] = field(default_factory=list)
    outputs: list[Tensor] = field(default_factory=list)

    def spec(self) -> str:
        """The spec as JSON, which is YAML."""
        return json.dumps({"layers": self.entries, "outputs": [each.word for each in self.outputs]})

    def keras(self) -> keras.Model:
        return keras.Model(self.inputs, [each.tensor for each in self.outputs], name="generated")


def made(config: Any) -> Any:
    """The object that a mapping with `type` names, by its own constructor."""
    if isinstance(config, list):
        return [made(item) for item in config]
    if not isinstance(config, dict) or "type" not in config:
        return config
    arguments = {key: made(value) for key, value in config.items() if key != "type"}
    return getattr(keras.layers, config["type"])(**arguments)


# One step each: what it takes of the tensors so far, and how it is called.


@dataclass(frozen=True)
class Step:
    """A layer on some tensors. `named` gives the parameter for each group of them, None for a lone list."""

    layer: Config
    groups: list[list[Tensor]]
    named: list[str] | None = None
    listed: bool = False
    call: Config = field(default_factory=dict)


Draw = Callable[[st.SearchStrategy[Any]], Any]
_size = st.sampled_from(SIZES)


def _one(draw: Draw, tensors: list[Tensor], fits: Callable[[Tensor], bool]) -> Tensor | None:
    fitting = [each for each in tensors if fits(each)]
    return draw(st.sampled_from(fitting)) if fitting else None


def _is_float(each: Tensor) -> bool:
    return "float" in str(each.tensor.dtype)


def _sequence(each: Tensor) -> bool:
    return _is_float(each) and len(each.shape) == 3


def _recurrent(draw: Draw) -> Config:
    kind = draw(st.sampled_from(["GRU", "LSTM", "SimpleRNN"]))
    flags = {name: draw(st.booleans()) for name in ("return_sequences", "return_state", "go_backwards")}
    return {"type": kind, "units": draw(_size), **flags}


def _cell(draw: Draw) -> Config:
    return {"type": draw(st.sampled_from(["GRUCell", "LSTMCell", "SimpleRNNCell"])), "units": draw(_size)}


def _over_steps(draw: Draw) -> Config:
    """A layer that takes a sequence."""
    plain = [
        lambda: _recurrent(draw),
        lambda: {
            "type": "Bidirectional",
            "layer": {**_recurrent(draw), "go_backwards": False},
            "merge_mode": draw(st.sampled_from(["concat", "sum", "ave", "mul", None])),
        },
        lambda: {
            "type": "RNN",
            "cell": [_cell(draw) for _ in range(draw(st.integers(1, 3)))],
            "return_sequences": draw(st.booleans()),
        },
        lambda: {
            "type": "Conv1D",
            "filters": draw(_size),
            "kernel_size": draw(st.integers(1, 3)),
            "padding": draw(st.sampled_from(["same", "causal", "valid"])),
            "strides": draw(st.integers(1, 2)),
            "use_bias": draw(st.booleans()),
        },
        lambda: {"type": "SeparableConv1D", "filters": draw(_size), "kernel_size": 3, "padding": "same"},
        lambda: {"type": draw(st.sampled_from(["MaxPooling1D", "AveragePooling1D"])), "pool_size": 2},
        lambda: {
            "type": draw(st.sampled_from(["GlobalMaxPooling1D", "GlobalAveragePooling1D"])),
            "keepdims": draw(st.booleans()),
        },
        lambda: {"type": "TimeDistributed", "layer": {"type": "Dense", "units": draw(_size)}},
        lambda: {"type": "TimeDistributed", "layer": {"type": "LayerNormalization"}},
        lambda: {"type": "Permute", "dims": [2, 1]},
        lambda: {"type": "UpSampling1D", "size": draw(st.integers(1, 3))},
        lambda: {"type": "ZeroPadding1D", "padding": draw(st.integers(0, 2))},
        lambda: {"type": "Cropping1D", "cropping": [1, 0]},
        lambda: {"type": "Masking"},
        lambda: {"type": "SpatialDropout1D", "rate": 0.1},
    ]
    return draw(st.sampled_from(plain))()


def _over_any(draw: Draw) -> Config:
    """A layer that takes any tensor of floats."""
    plain = [
        lambda: {"type": "Dense", "units": draw(_size), "use_bias": draw(st.booleans())},
        lambda: {"type": "Dense", "units": draw(_size), "trainable": False},
        lambda: {"type": "Dense", "units": draw(_size), "dtype": "mixed_float16"},
        lambda: {"type": "LayerNormalization"},
        lambda: {"type": "BatchNormalization", "scale": draw(st.booleans())},
        lambda: {"type": "Dropout", "rate": 0.5},
        lambda: {"type": "Activation", "activation": draw(st.sampled_from(["relu", "tanh", "softmax"]))},
        lambda: {"type": "Softmax"},
        lambda: {"type": "PReLU"},
        lambda: {"type": "Flatten"},
        lambda: {"type": "Identity"},
    ]
    return draw(st.sampled_from(plain))()


def _single(draw: Draw, tensors: list[Tensor], model: Model) -> Step | None:
    found = _one(draw, tensors, _is_float)
    return None if found is None else Step(_over_any(draw), [[found]])


def _steps(draw: Draw, tensors: list[Tensor], model: Model) -> Step | None:
    found = _one(draw, tensors, _sequence)
    return None if found is None else Step(_over_steps(draw), [[found]])


def _tokens(draw: Draw, tensors: list[Tensor], model: Model) -> Step | None:
    found = _one(draw, tensors, lambda each: str(each.tensor.dtype) == "int32")
    layer = {
        "type": "Embedding",
        "input_dim": 11,
        "output_dim": draw(_size),
        "mask_zero": draw(st.booleans()),
    }
    return None if found is None else Step(layer, [[found]])


def _vector(draw: Draw, tensors: list[Tensor], model: Model) -> Step | None:
    found = _one(draw, tensors, lambda each: _is_float(each) and len(each.shape) == 2)
    if found is None:
        return None
    layer = draw(
        st.sampled_from([{"type": "RepeatVector", "n": 3}, {"type": "Reshape", "target_shape": [-1, 1]}])
    )
    return Step(layer, [[found]])


def _merge(draw: Draw, tensors: list[Tensor], model: Model) -> Step | None:
    first = _one(draw, tensors, _is_float)
    if first is None:
        return None
    kind = draw(st.sampled_from(["Add", "Multiply", "Maximum", "Average", "Subtract", "Concatenate"]))
    second = _one(draw, tensors, lambda each: _is_float(each) and len(each.shape) == len(first.shape))
    return None if second is None else Step({"type": kind}, [[first, second]], listed=True)


def _attention(draw: Draw, tensors: list[Tensor], model: Model) -> Step | None:
    query, value = _one(draw, tensors, _sequence), _one(draw, tensors, _sequence)
    if query is None or value is None:
        return None
    if draw(st.booleans()):
        return Step(
            {"type": draw(st.sampled_from(["Attention", "AdditiveAttention"]))},
            [[query, value]],
            listed=True,
        )
    layer = {"type": "MultiHeadAttention", "num_heads": 2, "key_dim": draw(_size)}
    if draw(st.booleans()):
        layer = {
            "type": "GroupedQueryAttention",
            "head_dim": 2,
            "num_query_heads": 4,
            "num_key_value_heads": 2,
        }
    layer["dropout"] = draw(st.sampled_from([0.0, 0.1]))
    call = {"return_attention_scores": True} if draw(st.booleans()) else {}
    return Step(layer, [[query], [value]], ["query", "value"], call=call)


def _with_state(draw: Draw, tensors: list[Tensor], model: Model) -> Step | None:
    sequence = _one(draw, tensors, _sequence)
    state = _one(
        draw, tensors, lambda each: _is_float(each) and len(each.shape) == 2 and each.shape[1] is not None
    )
    if sequence is None or state is None:
        return None
    lstm = draw(st.booleans())
    layer = {"type": "LSTM" if lstm else "GRU", "units": state.shape[1], "return_sequences": True}
    return Step(layer, [[sequence], [state] * (2 if lstm else 1)], ["sequences", "initial_state"])


def _again(draw: Draw, tensors: list[Tensor], model: Model) -> Step | None:
    names = [
        entry["name"] for entry in model.entries if entry.get("type") in ("Dense", "GRU", "LSTM", "Conv1D")
    ]
    found = _one(draw, tensors, _is_float)
    if not names or found is None:
        return None
    return Step({"reuse": draw(st.sampled_from(names))}, [[found]])


STEPS = (_single, _steps, _steps, _steps, _tokens, _vector, _merge, _merge, _attention, _with_state, _again)


def _call(step: Step, model: Model) -> tuple[Any, Any]:
    """The layer and what Keras says its call gives.

    Raises:
        Exception: Keras refuses it.

    """
    name = f"layer{len(model.entries)}"
    if "reuse" in step.layer:
        layer = model.layers[step.layer["reuse"]]
    else:
        layer = made({**step.layer, "name": name})
    groups = [[each.tensor for each in group] for group in step.groups]
    if step.named is None:
        return layer, layer(groups[0] if step.listed else groups[0][0], **step.call)
    values = [group if len(group) > 1 else group[0] for group in groups]
    return layer, layer(**dict(zip(step.named, values, strict=True)), **step.call)


def _runs(step: Step, layer: Any) -> bool:
    """Whether the call runs on symbolic tensors too: Keras's shape rules accept more than that."""
    groups = [
        [keras.KerasTensor(each.shape, dtype=each.tensor.dtype) for each in group] for group in step.groups
    ]

    masks = [[_mask(each) for each in group] for group in step.groups]

    def run(tensors: Any, masks: Any) -> Any:
        flat = [mask for group in masks for mask in group]
        for tensor, mask in zip(keras.tree.flatten(tensors), flat, strict=True):
            if mask is not None:
                tensor._keras_mask = mask
        if step.named is None:
            return layer(tensors[0] if step.listed else tensors[0][0], **step.call)
        values = [group if len(group) > 1 else group[0] for group in tensors]
        return layer(**dict(zip(step.named, values, strict=True)), **step.call)

    try:
        keras.src.backend.compute_output_spec(run, groups, masks)
    except Exception:
        return False
    return True


def _mask(each: Tensor) -> Any:
    mask = getattr(each.tensor, "_keras_mask", None)
    return None if mask is None else keras.KerasTensor(mask.shape, dtype="bool")


def _take(step: Step, model: Model, *, runs: bool) -> Iterator[Tensor]:
    """Adds a step to the model, where Keras takes it; the tensors that it gives."""
    try:
        layer, outputs = _call(step, model)
    except Exception:
        return
    flat = keras.tree.flatten(outputs)
    small = all(size is None or 0 < size <= 200 for each in flat for size in each.shape)
    if not small or (runs and not _runs(step, layer)):
        return
    name = f"layer{len(model.entries)}"
    words = [[each.word for each in group] for group in step.groups]
    if step.named is None:
        inputs: Any = words[0] if step.listed else words[0][0]
    else:
        inputs = {
            key: group if len(group) > 1 else group[0] for key, group in zip(step.named, words, strict=True)
        }
    entry = {"name": name, **step.layer, "inputs": inputs, **({"call": step.call} if step.call else {})}
    model.entries.append(entry)
    model.layers[name] = layer
    model.calls[name] = flat
    for number, each in enumerate(flat):
        yield Tensor(name if len(flat) == 1 else f"{name}.{number}", each)


def generated(draw: Draw, most: int = MOST, *, runs: bool = False) -> Model:
    """A valid functional model of up to `most` layers, with one to three inputs.

    Where `runs` says so every length is known, and every call runs: Keras builds some that do not.
    Called in a test, not as a strategy: Keras draws random seeds for its layers.
    """
    model = Model()
    tensors: list[Tensor] = []
    with keras.StatelessScope(initialize_variables=False):
        for number in range(draw(st.integers(1, 3))):
            steps = draw(st.sampled_from([3, 5, 8] if runs else [None, 3, 5, 8]))
            tokens = draw(st.booleans())
            shape = [steps] if tokens else [steps, draw(_size)]
            dtype = "int32" if tokens else "float32"
            name = f"in{number}"
            inputs = keras.Input(shape, name=name, dtype=dtype)
            model.entries.append({"name": name, "type": "Input", "shape": shape, "dtype": dtype})
            model.inputs.append(inputs)
            model.calls[name] = [inputs]
            tensors.append(Tensor(name, inputs))
        for _ in range(draw(st.integers(1, most))):
            step = draw(st.sampled_from(STEPS))(draw, tensors, model)
            if step is not None:
                tensors.extend(_take(step, model, runs=runs))
    read = (each._keras_history.operation._outbound_nodes for each in model.inputs)
    assume(UNREAD_INPUTS or all(read))
    model.outputs = _unread(model, tensors)
    return model


def _unread(model: Model, tensors: list[Tensor]) -> list[Tensor]:
    """Every tensor, but those that come in: the model then has every layer."""
    made_here = [each for each in tensors if not any(each.tensor is one for one in model.inputs)]
    return made_here or tensors[:1]
