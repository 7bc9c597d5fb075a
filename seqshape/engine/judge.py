"""Asks Keras one question. The corner that imports Keras; nothing else of the tool may.

Nothing is allocated: layers are built under a stateless scope that initializes no variable.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import inf, prod
from typing import Any

import keras
import ml_dtypes
import numpy
from keras.src.backend.common import global_state

from seqshape.engine.beginnings import beginning
from seqshape.engine.blocks import flowing_dtype
from seqshape.engine.costing import cost_of
from seqshape.engine.making import Layers, NotMade, layer_of
from seqshape.engine.messages import LAYER, clean
from seqshape.engine.outputs import named_outputs
from seqshape.engine.patience import GivenUp, Worker
from seqshape.engine.question import (
    Answer,
    Beginning,
    Call,
    Cost,
    Facts,
    Given,
    OutOfTime,
    Question,
    Refusal,
    World,
)
from seqshape.engine.tensors import Output, Tensor, Weight
from seqshape.engine.tracing import arguments, shape_of, symbolic, traced
from seqshape.frozen import frozen

PATIENCE = 20.0
"""Seconds after which a question is given up."""
_FEW = 10**7
"""Elements of weights that may be allocated where there is no other way."""
_MOST_CHAINS = 1000
"""Chains whose live layers are kept; others are made again where they go on."""
_LEAST_PATIENCE = 2.0
"""What is left of the patience after many questions that were given up."""

_FLOATX = keras.config.floatx()
_FORMAT = keras.config.image_data_format()
"""Keras's global settings as they were, to be put back after each question."""


class Judge:
    """Answers questions; keeps the live layers of chains that may go on.

    Each question that is given up leaves less patience for the next. `late` has the keys of these: what
    is said of them depends on the time, whatever it is.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self.late: set[str] = set()
        self._patience = patience
        self._worker = Worker(_forget)
        self._chains: dict[str, Layers] = {}

    def __call__(self, question: Question, most: float = inf) -> Answer:
        """What Keras says of the question's call.

        Raises:
            OutOfTime: it says nothing within `most` seconds, for which patience would have been left.

        """
        box: list[Answer] = []
        start = time.monotonic()
        reason = self._worker.bounded(lambda: self._run(question, box), min(self._patience, most))
        if not reason:
            return box[-1]
        if most < self._patience and time.monotonic() - start >= most:
            raise OutOfTime
        self.late.add(question.key)
        self._patience = max(self._patience / 2, min(self._patience, _LEAST_PATIENCE))
        return box[-1] if box else Refusal("given up", f"the question was given up: {reason}")

    def cost(self, question: Question, most: float = inf) -> Cost | Refusal:
        """What the question's call multiplies.

        Raises:
            OutOfTime: that is not known within `most` seconds, for which patience would have been left.

        """
        box: list[Answer | Cost] = []
        start = time.monotonic()
        wait = min(self._patience, most)
        reason = self._worker.bounded(lambda: self._run(question, box, self._count), wait)
        if reason:
            if most < self._patience and time.monotonic() - start >= most:
                raise OutOfTime
            return Refusal("given up", f"the question was given up: {reason}")
        answer = box[-1]
        return answer if isinstance(answer, Cost | Refusal) else Refusal("call", "it is no call")

    def beginnings(self, question: Question, most: float = inf) -> tuple[Beginning, ...]:
        """What the weights that a question's call adds are filled with; none where it is refused."""
        box: list[Any] = []
        wait = min(self._patience, most)
        self._worker.bounded(lambda: self._run(question, box, self._begin), wait)
        return box[-1] if box and isinstance(box[-1], tuple) else ()

    def _begin(self, question: Question, box: list[Any]) -> None:
        with settings(question.world):
            layers = self._layers(question)
            before = set(layers.counted)
            answer, called = _call(question.call, layers)
            if called is None or not isinstance(answer, Facts):
                return
            new = [each for each in getattr(called.layer, "weights", ()) if id(each) not in before]
            named = zip(answer.weights, new, strict=True)
            box.append(tuple(beginning(weight.name, each) for weight, each in named))

    def _run(self, question: Question, box: list[Any], how: Any = None) -> None:
        """Puts the answer in the box: that of the build first, then that of the trace in its place."""
        try:
            (how or self._answer)(question, box)
        except NotMade as refused:
            box.append(refused.refusal)
        except GivenUp:
            pass
        except BaseException as error:
            box.append(Refusal("call", clean(error)))

    def _count(self, question: Question, box: list[Any]) -> None:
        """Puts into the box what a call multiplies, behind the facts of its build."""
        with settings(question.world):
            answer, called = _call(question.call, self._layers(question))
            box.append(answer)
            if called is not None:
                with keras.StatelessScope(initialize_variables=False):
                    box.append(cost_of(called.layer, question.call.given, called.keywords))

    def _answer(self, question: Question, box: list[Answer]) -> None:
        with settings(question.world):
            layers = self._layers(question)
            built = layers.built()
            answer, called = _call(question.call, layers)
            box.append(answer)
            if question.trace and isinstance(answer, Facts) and called is not None:
                answer = _traced(question.call, answer, called)
                box.append(answer)
            if isinstance(answer, Facts) and question.shared:
                self._keep(question.key, layers)
            elif question.earlier is not None and layers.built() == built:  # the refusal changed nothing
                self._keep(question.earlier.key, layers)

    def _keep(self, key: str, layers: Layers) -> None:
        """Keeps the live layers of a chain; of many chains, those that were used last."""
        self._chains[key] = layers
        while len(self._chains) > _MOST_CHAINS:
            del self._chains[next(iter(self._chains))]

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


def _forget() -> None:
    """Takes away the counters and scopes that Keras keeps for this thread, as in one that is new."""
    vars(global_state.GLOBAL_STATE_TRACKER).clear()


@contextmanager
def settings(world: World) -> Iterator[None]:
    """Keras's global settings for the length of a question.

    Raises:
        NotMade: Keras refuses one of them.

    """
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
        keras.config.set_floatx(_FLOATX)
        keras.config.set_image_data_format(_FORMAT)


@frozen
class _Called:
    """A layer that was called, and what its shape rules gave."""

    layer: Any
    outputs: Any
    keywords: dict[str, Any]


def _call(call: Call, layers: Layers) -> tuple[Answer, _Called | None]:
    """One call under the stateless scope."""
    config = json.loads(call.layer)
    keywords = json.loads(call.keywords)
    layers.flowing = flowing_dtype(call.given)
    with keras.StatelessScope(initialize_variables=False):
        layer = layer_of(config, layers)
        outputs, problem = _tried(layer, call.given, keywords)
    if (
        problem is not None
        and keeps_values(problem)
        and "reuse" not in config
        and is_small(layer, call.given)
    ):
        layer = layer_of(config, layers)
        outputs, problem = _tried(layer, call.given, keywords)
    if problem is not None:
        stage = "package" if isinstance(problem, ImportError) else "call"
        return Refusal(stage, clean(problem), ranks=_ranks(layer)), None
    weights = getattr(layer, "weights", [])
    new = [weight for weight in weights if id(weight) not in layers.counted]
    layers.counted.update(id(weight) for weight in new)
    try:
        named_tensors = named_outputs(layer, outputs, keywords)
    except TypeError as error:
        return Refusal("call", str(error)), None
    facts = Facts(
        tuple(Output(name, _tensor(tensor)) for name, tensor in named_tensors),
        tuple(_weights(new)),
    )
    return facts, _Called(layer, outputs, keywords)


def _traced(call: Call, facts: Facts, called: _Called) -> Answer:
    """The facts of a call whose build is accepted, or why its trace is not."""
    if isinstance(called.layer, keras.layers.InputLayer) or not callable(called.layer):
        return replace(facts, traced=True)
    with keras.StatelessScope(initialize_variables=False):
        try:
            disagreements, sparse = traced(called.layer, call.given, called.keywords, called.outputs)
        except Exception as error:
            return Refusal("trace", clean(error), ranks=_ranks(called.layer))
    outputs = tuple(
        replace(each, tensor=replace(each.tensor, sparse=each.name in sparse)) for each in facts.outputs
    )
    return replace(facts, outputs=outputs, traced=True, disagreements=disagreements)


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
    positional, named = arguments([symbolic(tensor) for each in given for tensor in each.tensors], given)
    return layer(*positional, **named, **keywords)


def keeps_values(problem: Exception) -> bool:
    """Whether a layer failed for making a variable that holds a value, as a stateful RNN's state does.

    The scope under which layers are built forbids that, and nothing else does.
    """
    return isinstance(problem, ValueError) and "stateless scope" in str(problem)


def is_small(layer: Any, given: tuple[Given, ...]) -> bool:
    """Whether a layer's weights, and the states that it keeps for each sample, can well be allocated."""
    elements = sum(prod(int(axis) for axis in weight.shape) for weight in getattr(layer, "weights", []))
    inner = (layer, getattr(layer, "forward_layer", None), getattr(layer, "backward_layer", None))
    widths = [width for each in inner for width in keras.tree.flatten(getattr(each, "state_size", ()))]
    shape = next((tensor.shape for each in given for tensor in each.tensors), ())
    samples = prod(size or 1 for size in (*shape[:1], *shape[2:-1]))  # without the steps and the features
    return elements + samples * sum(width for width in widths if isinstance(width, int)) <= _FEW


def _ranks(layer: Any) -> tuple[int | None, int | None]:
    """The least and most axes that a layer says its input may have; a TimeDistributed takes one more."""
    outer = 0
    while isinstance(layer, keras.layers.TimeDistributed):
        outer, layer = outer + 1, layer.layer
    specs = keras.tree.flatten(getattr(layer, "input_spec", None))
    if not specs or specs[0] is None:
        return (None, None)
    least = specs[0].min_ndim if specs[0].ndim is None else specs[0].ndim
    most = specs[0].max_ndim if specs[0].ndim is None else specs[0].ndim
    return (None if least is None else least + outer, None if most is None else most + outer)


def _tensor(found: Any) -> Tensor:
    mask = getattr(found, "_keras_mask", None)
    return Tensor(
        shape_of(found),
        keras.backend.standardize_dtype(found.dtype),
        None if mask is None else shape_of(mask),
        bool(getattr(found, "sparse", False)),
    )


def _weights(weights: list[Any]) -> list[Weight]:
    """Plain weights, each by its own name, or where two have the same by what differs in their paths."""
    names = [str(weight.name) for weight in weights]
    if len(set(names)) < len(names):
        names = _without_common([str(weight.path).removeprefix(f"{LAYER}/") for weight in weights])
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


def _without_common(paths: list[str]) -> list[str]:
    """The paths without the folders that all of them begin with."""
    split = [path.split("/") for path in paths]
    common = 0
    while all(len(parts) > common + 1 and parts[common] == split[0][common] for parts in split):
        common += 1
    return ["/".join(parts[common:]) for parts in split]


def _itemsize(dtype: str) -> int:
    """Bytes of one element."""
    try:
        return int(numpy.dtype(getattr(ml_dtypes, dtype, dtype)).itemsize)
    except TypeError:  # a dtype that numpy has no name for, such as string
        return 0
