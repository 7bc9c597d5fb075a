"""Names for the outputs of a call, as the spec language gives them. Part of the Keras corner."""

from collections.abc import Iterable
from typing import Any

import keras


def named_outputs(layer: Any, outputs: Any, keywords: dict[str, Any]) -> list[tuple[str, Any]]:
    """The tensors that a call gave, each with its name.

    One output is `output`. A recurrent layer's states follow it as `state`, or `state_h` and
    `state_c` where a cell keeps two, or by number where cells are stacked; a Bidirectional's have
    `forward_` and `backward_` before them. Attention scores are `scores`. Outputs that come as a
    mapping or a named tuple keep their names; any others are `output_0`, `output_1` and so on.

    Raises:
        TypeError: the call gave something that is no tensor.

    """
    tensors = list(flatten(outputs))
    if not tensors or not all(isinstance(tensor, keras.KerasTensor) for tensor in tensors):
        raise TypeError("it gives no tensor")
    if isinstance(outputs, keras.KerasTensor):
        return [("output", outputs)]
    names = _names(layer, outputs, keywords, len(tensors))
    if len(names) != len(tensors) or len(set(names)) != len(names):
        names = [f"output_{number}" for number in range(len(tensors))]
    return list(zip(names, tensors, strict=True))


def flatten(outputs: Any) -> Iterable[Any]:
    """The tensors in what a call gave, in order."""
    if isinstance(outputs, dict):
        outputs = list(outputs.values())
    if isinstance(outputs, list | tuple):
        for item in outputs:
            yield from flatten(item)
    else:
        yield outputs


def _names(layer: Any, outputs: Any, keywords: dict[str, Any], number: int) -> list[str]:
    if isinstance(outputs, dict):
        return [str(name) for name in outputs]
    if fields := getattr(outputs, "_fields", None):
        return [str(name) for name in fields]
    if isinstance(layer, keras.layers.Bidirectional):
        return _bidirectional(layer, number)
    if isinstance(layer, keras.layers.RNN):
        return ["output", *_states(layer, number - 1)]
    if keywords.get("return_attention_scores"):
        return ["output", "scores"]
    return []


def _states(layer: Any, number: int) -> list[str]:
    """Names of the states that a recurrent layer returns."""
    if number == 1:
        return ["state"]
    if number == 2 and not isinstance(layer.cell, keras.layers.StackedRNNCells):
        return ["state_h", "state_c"]
    return [f"state_{index}" for index in range(number)]


def _bidirectional(layer: Any, number: int) -> list[str]:
    outputs = ["forward_output", "backward_output"] if layer.merge_mode is None else ["output"]
    each = (number - len(outputs)) // 2
    for way, inner in (("forward", layer.forward_layer), ("backward", layer.backward_layer)):
        short = (name if name == "state" else name.removeprefix("state_") for name in _states(inner, each))
        outputs.extend(f"{way}_{name}" for name in short)
    return outputs
