"""A block that stands where Keras expects a layer: its calls run in order. Part of the Keras corner.

It is to Keras what a layer class written by hand would be, and has what Keras asks of the layer of a
Bidirectional. Nothing of it is built before it is called. It is registered nowhere: no file can name it.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import keras
from keras.src import backend

from seqshape.engine.outputs import flatten, named_outputs
from seqshape.engine.question import Given
from seqshape.engine.tensors import Tensor

FLOWING = -1
"""The source of what flows into the block."""
_TIME = 1


class Block(keras.layers.Layer):  # type: ignore[misc]
    """The layers of a block, each called on what earlier ones gave.

    `calls` is JSON text: for each call its `name`, its `layer`, its `inputs` and `call`, the arguments
    that are no tensors. `flowing` is the dtype of what flows in where it is no float.
    """

    make: Callable[[dict[str, Any], dict[str, Any]], Any]
    """Makes a layer from plain data, and from layers by their names; set by the module that can."""

    def __init__(
        self, calls: str, flowing: str | None = None, go_backwards: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self._calls_text = calls
        self._calls = json.loads(calls)
        self._flowing = flowing
        self.built_for: tuple[tuple[int | None, ...], str] | None = None
        self.steps: list[Any] = []
        made: dict[str, Any] = {}
        for each in self._calls:
            again = each["layer"].get("again")
            step = type(self).make(_named(each), made) if again is None else self.steps[again]
            self.steps.append(step)
            made[each["name"]] = step
        self._names: dict[int, list[str]] = {}
        self.supports_masking = True
        self.go_backwards = go_backwards
        self.return_sequences = all(getattr(step, "return_sequences", True) for step in self.steps)
        self.return_state = False
        self.stateful = any(getattr(step, "stateful", False) for step in self.steps)

    @property
    def calls(self) -> str:
        """The calls as the text that the block was made from."""
        return self._calls_text

    def get_config(self) -> dict[str, Any]:
        """What the block can be made from again."""
        own = {"calls": self._calls_text, "flowing": self._flowing, "go_backwards": self.go_backwards}
        return {**super().get_config(), **own}

    def build(self, input_shape: Any) -> None:
        """Builds every layer, for an input of `input_shape`."""
        flowing = self._symbolic(input_shape)
        self.built_for = (tuple(flowing.shape), flowing.dtype)
        self._run(flowing)
        self.built = True

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape of what the last call gives for an input of `input_shape`."""
        outputs = self._run(self._symbolic(input_shape))
        return keras.tree.map_structure(lambda tensor: tuple(tensor.shape), outputs)

    def call(self, inputs: Any, initial_state: Any = None, mask: Any = None, training: Any = None) -> Any:
        """What the last call gives.

        Raises:
            ValueError: an initial state is given, which a block has no use for.

        """
        if initial_state is not None:
            raise ValueError("a block takes no `initial_state`: it has no states of its own")
        if self.go_backwards:
            inputs = keras.ops.flip(inputs, axis=_TIME)
            mask = None if mask is None else keras.ops.flip(mask, axis=_TIME)
        if mask is not None:
            backend.set_keras_mask(inputs, mask)
        return self._run(inputs)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """The mask that goes on; none where the steps end in the block."""
        return previous_mask if self.return_sequences else None

    def _symbolic(self, shape: Any) -> Any:
        dtype = self._flowing or self.compute_dtype
        return keras.KerasTensor(tuple(shape), dtype=dtype)

    def _run(self, inputs: Any) -> Any:
        """Runs the calls on tensors, real ones or symbolic ones."""
        found: list[Any] = []
        for number, (each, step) in enumerate(zip(self._calls, self.steps, strict=True)):
            positional: list[Any] = []
            named: dict[str, Any] = dict(each["call"])
            for parameter, links, listed in each["inputs"]:
                tensors = [
                    tensor
                    for source, output in links
                    for tensor in self._selected(source, output, inputs, found)
                ]
                value = tensors if listed else tensors[0]
                if parameter is None:
                    positional.append(value)
                else:
                    named[parameter] = value
            outputs = step(*positional, **named)
            if number not in self._names:
                self._names[number] = [name for name, _ in named_outputs(step, outputs, each["call"])]
            found.append(outputs)
        return found[-1]

    def _selected(self, source: int, output: str | None, inputs: Any, found: list[Any]) -> list[Any]:
        """The tensors that a link means: one, or with `*` all that its source gives."""
        if output == "*":
            return list(flatten(inputs if source == FLOWING else found[source]))
        return [self._select(source, output, inputs, found)]

    def _select(self, source: int, output: str | None, inputs: Any, found: list[Any]) -> Any:
        """The tensor that a link means.

        Raises:
            ValueError: the source has no such output, or several and the link does not say which.

        """
        value = inputs if source == FLOWING else found[source]
        if output is None and (source == FLOWING or not isinstance(value, list | tuple | dict)):
            return value
        names = ["input"] if source == FLOWING else self._names[source]
        tensors = list(flatten(value))
        if output is None:
            said = ", ".join(f"{self._calls[source]['name']}.{name}" for name in names)
            raise ValueError(
                f"`{self._calls[source]['name']}` gives several tensors: say which one, of {said}"
            )
        index = names.index(output) if output in names else int(output) if output.isdecimal() else -1
        if not 0 <= index < len(tensors):
            raise ValueError(
                f"there is no output `{output}` in the block's `{self._calls[source]['name']}`"
            )
        return tensors[index]


def _named(call: dict[str, Any]) -> dict[str, Any]:
    """The layer of a call, with the call's name; a function has none."""
    layer: dict[str, Any] = call["layer"]
    return layer if layer["type"].startswith("ops.") else {"name": call["name"], **layer}


def built_for(layer: Any) -> dict[str, list[tuple[tuple[int | None, ...], str]]]:
    """The shapes and dtypes that the blocks inside a layer were built for, by the text of their calls.

    Blocks inside these are not looked for.
    """
    found: dict[str, list[tuple[tuple[int | None, ...], str]]] = {}
    for block in _blocks(layer):
        if block.built_for is not None:
            found.setdefault(block.calls, []).append(block.built_for)
    return found


def _blocks(layer: Any) -> Iterator[Block]:
    for inner in layer._layers:
        if isinstance(inner, Block):
            yield inner
        else:
            yield from _blocks(inner)


def flowing_dtype(given: tuple[Given, ...]) -> str | None:
    """The dtype of what a call is given first, where a layer does not cast it to its own."""
    first: Tensor | None = next((tensor for each in given for tensor in each.tensors), None)
    return None if first is None or "float" in first.dtype else first.dtype
