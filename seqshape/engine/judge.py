"""Asks Keras one question. The corner that imports Keras; nothing else of the tool may.

Each question is asked in a thread of its own: Keras keeps its counters and scopes per thread, so
names come out the same whatever was asked before, and a question that never ends can be left.
Nothing is allocated: layers are built under a stateless scope that initializes no variable.
"""

import ctypes
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from typing import Any

import keras
import ml_dtypes
import numpy

from seqshape.engine.making import Layers, NotMade, layer_of
from seqshape.engine.messages import LAYER, clean
from seqshape.engine.outputs import named_outputs
from seqshape.engine.question import (
    Answer,
    Call,
    Facts,
    Given,
    Output,
    Question,
    Refusal,
    Tensor,
    Weight,
    World,
)

PATIENCE = 20.0
"""Seconds after which a question is given up."""
ROOM = 2 * 1024**3
"""Bytes of memory that one question may take before it is given up."""
_FEW = 10**7
"""Elements of weights that may be allocated where there is no other way."""
_GLANCE = 0.25
"""Seconds between looks at a question that goes on."""


class _GivenUp(BaseException):
    """Raised in the thread of a question that took too long."""


class Judge:
    """Answers questions; keeps the live layers of chains that may go on."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._chains: dict[str, Layers] = {}

    def __call__(self, question: Question) -> Answer:
        """What Keras says of the question's call."""
        box: list[Answer] = []
        thread = threading.Thread(target=self._run, args=(question, box), daemon=True)
        end, most = time.monotonic() + self._patience, _peak() + ROOM
        thread.start()
        thread.join(_GLANCE)
        while thread.is_alive():
            if time.monotonic() > end:
                return _given_up(thread, f"there is no answer within {self._patience:g} seconds")
            if _peak() > most:
                return _given_up(thread, f"it takes more than {ROOM // 1024**3} GiB of memory")
            thread.join(_GLANCE)
        return box[0]

    def _run(self, question: Question, box: list[Answer]) -> None:
        try:
            box.append(self._answer(question))
        except NotMade as refused:
            box.append(refused.refusal)
        except _GivenUp:
            pass
        except BaseException as error:
            box.append(Refusal("call", clean(error)))

    def _answer(self, question: Question) -> Answer:
        with _settings(question.world):
            layers = self._layers(question)
            built = layers.built()
            answer = _call(question.call, layers)
        if isinstance(answer, Facts) and question.shared:
            self._chains[question.key] = layers
        elif question.earlier is not None and layers.built() == built:  # the refusal changed nothing
            self._chains[question.earlier.key] = layers
        return answer

    def _layers(self, question: Question) -> Layers:
        """The live layers after the earlier calls, made again where they are not at hand."""
        calls: list[Call] = []
        earlier = question.earlier
        while earlier is not None and earlier.key not in self._chains:
            calls.append(earlier.call)
            earlier = earlier.earlier
        layers = Layers(question.shared) if earlier is None else self._chains.pop(earlier.key)
        for call in reversed(calls):
            _call(call, layers)
        return layers


def _given_up(thread: threading.Thread, reason: str) -> Refusal:
    """Ends the thread of a question at its next Python instruction, and says why."""
    stop = ctypes.py_object(_GivenUp)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), stop)
    thread.join(1.0)
    return Refusal("call", f"the question was given up: {reason}")


def _peak() -> int:
    """The most bytes of memory that the process has had; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


@contextmanager
def _settings(world: World) -> Iterator[None]:
    """Keras's global settings for the length of a question.

    Raises:
        NotMade: Keras refuses one of them.

    """
    before = keras.config.floatx(), keras.config.image_data_format()
    refused: list[tuple[str, str]] = []
    try:
        for name in ("floatx", "image_data_format", "dtype_policy"):
            value = getattr(world, name)
            try:
                if value is not None:
                    getattr(keras.config, f"set_{name}")(value)
            except Exception as error:
                refused.append((name, clean(error)))
        if refused:
            raise NotMade(Refusal("settings", refused[0][1], tuple(refused)))
        yield
    finally:
        keras.config.set_floatx(before[0])
        keras.config.set_image_data_format(before[1])


def _call(call: Call, layers: Layers) -> Answer:
    """One call under the stateless scope."""
    config = json.loads(call.layer)
    keywords = json.loads(call.keywords)
    with keras.StatelessScope(initialize_variables=False):
        layer = layer_of(config, layers)
        outputs, problem = _tried(layer, call.given, keywords)
    if problem is not None and _keeps_values(problem) and "reuse" not in config and _is_small(layer):
        layer = layer_of(config, layers)
        outputs, problem = _tried(layer, call.given, keywords)
    if problem is not None:
        return Refusal("call", clean(problem), ranks=_ranks(layer))
    weights = getattr(layer, "weights", [])
    new = [weight for weight in weights if id(weight) not in layers.counted]
    layers.counted.update(id(weight) for weight in new)
    try:
        named_tensors = named_outputs(layer, outputs, keywords)
    except TypeError as error:
        return Refusal("call", str(error))
    return Facts(
        tuple(Output(name, _tensor(tensor)) for name, tensor in named_tensors),
        tuple(_weights(new)),
    )


def _tried(layer: Any, given: tuple[Given, ...], keywords: dict[str, Any]) -> tuple[Any, Exception | None]:
    """What the layer gives, or what keeps it from that."""
    try:
        return _outputs(layer, given, keywords), None
    except Exception as error:
        return None, error


def _outputs(layer: Any, given: tuple[Given, ...], keywords: dict[str, Any]) -> Any:
    """What the layer gives; what `Input` made is its own output."""
    if isinstance(layer, keras.layers.InputLayer):
        return layer.output
    if not callable(layer):
        return layer
    positional, named = _arguments(given)
    return layer(*positional, **named, **keywords)


def _keeps_values(problem: Exception) -> bool:
    """Whether a layer failed for making a variable that holds a value, as a stateful RNN's state does.

    The scope under which layers are built forbids that, and nothing else does.
    """
    return isinstance(problem, ValueError) and "stateless scope" in str(problem)


def _is_small(layer: Any) -> bool:
    """Whether the weights that a layer has so far can well be allocated."""
    elements = sum(prod(int(axis) for axis in weight.shape) for weight in getattr(layer, "weights", []))
    return elements <= _FEW


def _ranks(layer: Any) -> tuple[int | None, int | None]:
    """The least and most axes that a layer says its one input may have."""
    specs = keras.tree.flatten(getattr(layer, "input_spec", None))
    if not specs or specs[0] is None:
        return (None, None)
    spec = specs[0]
    if spec.ndim is not None:
        return (spec.ndim, spec.ndim)
    return (spec.min_ndim, spec.max_ndim)


def _arguments(given: tuple[Given, ...]) -> tuple[list[Any], dict[str, Any]]:
    """What goes into the call: by position where no parameter is named, else by name."""
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for each in given:
        tensors = [_symbolic(tensor) for tensor in each.tensors]
        value = tensors if each.listed else tensors[0]
        if each.parameter is None:
            positional.append(value)
        else:
            named[each.parameter] = value
    return positional, named


def _symbolic(tensor: Tensor) -> Any:
    symbolic = keras.KerasTensor(tensor.shape, dtype=tensor.dtype, sparse=tensor.sparse)
    if tensor.mask is not None:
        symbolic._keras_mask = keras.KerasTensor(tensor.mask, dtype="bool")
    return symbolic


def _tensor(symbolic: Any) -> Tensor:
    mask = getattr(symbolic, "_keras_mask", None)
    return Tensor(
        _shape(symbolic.shape),
        keras.backend.standardize_dtype(symbolic.dtype),
        None if mask is None else _shape(mask.shape),
        bool(getattr(symbolic, "sparse", False)),
    )


def _shape(shape: Any) -> tuple[int | None, ...]:
    return tuple(None if axis is None else int(axis) for axis in shape)


def _weights(weights: list[Any]) -> list[Weight]:
    """Plain weights, each by its own name, or by its path where two have the same name."""
    names = [str(weight.name) for weight in weights]
    if len(set(names)) < len(names):
        names = [str(weight.path).removeprefix(f"{LAYER}/") for weight in weights]
    return [
        Weight(
            name,
            tuple(int(axis) for axis in weight.shape),
            str(weight.dtype),
            _itemsize(str(weight.dtype)),
            bool(weight.trainable),
        )
        for name, weight in zip(names, weights, strict=True)
    ]


def _itemsize(dtype: str) -> int:
    """Bytes of one element."""
    try:
        return int(numpy.dtype(getattr(ml_dtypes, dtype, dtype)).itemsize)
    except TypeError:  # a dtype that numpy has no name for, such as string
        return 0
