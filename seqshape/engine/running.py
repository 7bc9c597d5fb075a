"""Runs two models on the same weights and inputs, and times them. Part of the corner that imports Keras.

The one place where numbers are computed. Each model becomes one function of TensorFlow's, as Keras's
`predict` makes it, with `training` false; in between, states that layers keep are set back to zero.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import keras
import numpy
import tensorflow

from seqshape.engine.drawing import Bounds, inputs_of, weight_of
from seqshape.engine.experiment import Deviation, Experiment, Failure, Outcome, Plan
from seqshape.engine.judge import settings
from seqshape.engine.making import Layers, NotMade, layer_of
from seqshape.engine.measuring import Measured, step_of
from seqshape.engine.messages import clean
from seqshape.engine.outputs import flatten
from seqshape.engine.patience import GivenUp, bounded

_PRECISE = "float64"
_IDS = ("input_dim", "num_tokens")
"""Attributes by which Keras's layers say how many different whole numbers they take."""


def outcome(experiment: Experiment) -> Outcome | Failure:
    """What comes of an experiment."""
    found: list[Outcome | Failure] = []

    def run() -> None:
        try:
            found.append(_outcome(experiment))
        except _Failed as error:
            found.append(error.failure)
        except GivenUp:
            pass
        except Exception as error:
            found.append(Failure(None, "", clean(error)))

    reason = bounded(run, experiment.patience, experiment.memory)
    if reason:
        return Failure(None, "", f"it was given up: {reason}", shaped=False)
    return found[-1]


class _Failed(Exception):
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


def _outcome(experiment: Experiment) -> Outcome:
    lives = _lives(experiment)
    measured = [Measured() for _ in experiment.plans[0].outputs]
    for attempt in range(experiment.tries):
        _try(experiment, lives, attempt, measured, None)
    epsilon = max(live.epsilon for live in lives)
    deviations = tuple(each.deviation(epsilon) for each in measured)
    seconds = _timed(experiment, lives)
    precise = _precise(experiment) if any(each.different for each in deviations) else ()
    first, second = (tuple(live.stateful()) for live in lives)
    return Outcome(deviations, precise, seconds, (first, second))


def _precise(experiment: Experiment) -> tuple[Deviation, ...]:
    """The same once more in float64, which leaves a billionth of the rounding; empty where it fails."""
    one, other = (
        replace(plan, world=replace(plan.world, floatx=_PRECISE, dtype_policy=_PRECISE))
        for plan in experiment.plans
    )
    finer = replace(experiment, plans=(one, other))
    measured = [Measured() for _ in one.outputs]
    try:
        lives = _lives(finer)
        for attempt in range(experiment.tries):
            _try(finer, lives, attempt, measured, _PRECISE)
    except _Failed:
        return ()
    epsilon = max(live.epsilon for live in lives)
    return tuple(each.deviation(epsilon) for each in measured)


def _lives(experiment: Experiment) -> "tuple[_Live, _Live]":
    """Both models, made and built."""
    one, other = (_Live(number, plan, experiment) for number, plan in enumerate(experiment.plans))
    for number, live in enumerate((one, other)):
        if len(live.weights) != len(experiment.weights):
            raise _Failed(Failure(number, "", "it has other weights than when it was judged", shaped=False))
    return one, other


def _try(
    experiment: Experiment,
    lives: "tuple[_Live, _Live]",
    attempt: int,
    measured: list[Measured],
    precise: str | None,
) -> None:
    """Gives both models the weights and inputs of one try, runs them, and measures."""
    draws = numpy.random.default_rng((experiment.seed, attempt))
    one, other = lives
    for here, there in experiment.weights:
        value = weight_of(one.starts[here], str(one.weights[here].dtype), draws)
        if value is not None:
            one.weights[here].assign(value)
            other.weights[there].assign(value)
    given = _drawn(experiment, lives, attempt, draws, precise)
    results = [live.run(tensors) for live, tensors in zip(lives, given, strict=True)]
    for each, left, right in zip(measured, *results, strict=True):
        each.take(left, right, attempt)


def _drawn(
    experiment: Experiment,
    lives: "tuple[_Live, _Live]",
    attempt: int,
    draws: numpy.random.Generator,
    precise: str | None,
) -> list[tuple[Any, ...]]:
    """The inputs of each of the two."""
    bounds = lives[0].bounds.both(lives[1].bounds)
    pairs = list(inputs_of(experiment.entering, bounds, experiment.padded, attempt, draws, precise))
    return [tuple(pair[number] for pair in pairs) for number in range(len(lives))]


def _timed(
    experiment: Experiment, lives: "tuple[_Live, _Live]"
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The seconds of each run; the two take turns, so that a busy machine slows both."""
    draws = numpy.random.default_rng((experiment.seed, experiment.tries))
    tensors = _drawn(experiment, lives, 0, draws, None)
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(experiment.runs):
        for live, own, seconds in zip(lives, tensors, found, strict=True):
            start = time.perf_counter()
            live.run(own)
            seconds.append(time.perf_counter() - start)
    return tuple(found[0]), tuple(found[1])


class _Live:
    """One model of the two, made and built, with its weights allocated."""

    def __init__(self, number: int, plan: Plan, experiment: Experiment) -> None:
        self._number = number
        self._plan = plan
        self._layers: list[Any] = []
        self.weights: list[Any] = []
        with self._failing(""), settings(plan.world):
            self._make()
            self._build(experiment)
            self.starts = [keras.ops.convert_to_numpy(weight) for weight in self.weights]
            self.bounds = Bounds(tuple(self._bounds()))
            self.epsilon = max((step_of(each.compute_dtype) for each in self._each()), default=0.0)
            self._function = self._compiled()

    def run(self, tensors: tuple[Any, ...]) -> list[Any]:
        """What the model gives for its inputs, as arrays."""
        for layer in self._each():
            if getattr(layer, "stateful", False) and hasattr(layer, "reset_states"):
                layer.reset_states()
        with self._failing(""), settings(self._plan.world):
            return [
                numpy.asarray(tensorflow.sparse.to_dense(each)) if _is_sparse(each) else each.numpy()
                for each in self._function(*(tensorflow.constant(tensor) for tensor in tensors))
            ]

    def stateful(self) -> Iterator[str]:
        """The stages whose layers keep their states from one batch to the next."""
        for stage, layer in zip(self._plan.stages, self._layers, strict=True):
            if any(getattr(each, "stateful", False) for each in _inside(layer)):
                yield stage.name

    def _failing(self, stage: str) -> "_Failing":
        return _Failing(self._number, stage)

    def _make(self) -> None:
        made = Layers(self._plan.shared)
        for number, stage in enumerate(self._plan.stages):
            made.flowing = stage.flowing
            with self._failing(stage.name):
                layer = None if number in self._plan.inputs else layer_of(json.loads(stage.layer), made)
            self._layers.append(layer)

    def _build(self, experiment: Experiment) -> None:
        """Calls every layer once on symbolic tensors, as for a question, but with weights that exist."""
        tensors = [
            keras.KerasTensor(each.shape, dtype=each.dtypes[self._number]) for each in experiment.entering
        ]
        counted: set[int] = set()
        for layer in self._called(tensors):
            for weight in getattr(layer, "weights", ()):
                if id(weight) not in counted:
                    counted.add(id(weight))
                    self.weights.append(weight)

    def _called(self, tensors: list[Any]) -> Iterator[Any]:
        """Runs all stages; each layer once it was called. What came out is in `self._found` then."""
        self._found: list[list[Any]] = []
        for number, (stage, layer) in enumerate(zip(self._plan.stages, self._layers, strict=True)):
            if number in self._plan.inputs:
                self._found.append([tensors[self._plan.inputs.index(number)]])
                continue
            if not callable(layer):  # a constant tensor of the model's own
                self._found.append([layer])
                continue
            positional, named = self._arguments(number)
            with self._failing(stage.name):
                outputs = layer(*positional, **named, **json.loads(stage.keywords))
            self._found.append(list(flatten(outputs)))
            yield layer

    def _arguments(self, number: int) -> tuple[list[Any], dict[str, Any]]:
        positional: list[Any] = []
        named: dict[str, Any] = {}
        for wire in self._plan.stages[number].wires:
            tensors = [self._found[stage][output] for stage, output in wire.sources]
            value = tensors if wire.listed else tensors[0]
            if wire.parameter is None:
                positional.append(value)
            else:
                named[wire.parameter] = value
        return positional, named

    def _compiled(self) -> Any:
        """The whole model as one function; the layer round it says to all inside that none is trained."""
        live = self

        class Whole(keras.layers.Layer):  # type: ignore[misc]
            def call(self, tensors: list[Any], training: bool = False) -> Any:
                for _ in live._called(tensors):
                    pass
                return [live._found[stage][output] for stage, output in live._plan.outputs]

        whole = Whole(autocast=False)

        def run(*tensors: Any) -> Any:
            return whole(list(tensors), training=False)

        return tensorflow.function(run, autograph=False)

    def _bounds(self) -> Iterator[int | None]:
        """How many different whole numbers each input may hold; None where nothing bounds them.

        An input reaches a layer of ids through calls that have no weights.
        """
        reached: list[set[int]] = []
        least: dict[int, int] = {}
        for number, (stage, layer) in enumerate(zip(self._plan.stages, self._layers, strict=True)):
            own = {number} if number in self._plan.inputs else set[int]()
            sources = {stage for wire in stage.wires for stage, _ in wire.sources}
            own.update(each for source in sources for each in reached[source])
            for bound in _taken(layer):
                least.update({each: min(bound, least.get(each, bound)) for each in own})
            reached.append(set() if getattr(layer, "weights", ()) else own)
        yield from (least.get(number) for number in self._plan.inputs)

    def _each(self) -> Iterator[Any]:
        for layer in self._layers:
            yield from _inside(layer)


class _Failing:
    """Says at which stage of which model Keras failed."""

    def __init__(self, plan: int, stage: str) -> None:
        self._plan = plan
        self._stage = stage

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, NotMade):
            raise _Failed(Failure(self._plan, self._stage, error.refusal.message)) from error
        if isinstance(error, Exception) and not isinstance(error, _Failed):
            raise _Failed(Failure(self._plan, self._stage, clean(error))) from error


def _inside(layer: Any) -> Iterator[Any]:
    """A layer and all layers in it; nothing of what is no layer."""
    if isinstance(layer, keras.Layer):
        yield from layer._flatten_layers(include_self=True)


def _taken(layer: Any) -> Iterator[int]:
    for each in _inside(layer):
        if isinstance(each, keras.layers.Embedding | keras.layers.CategoryEncoding):
            yield from (bound for name in _IDS if isinstance(bound := getattr(each, name, None), int))


def _is_sparse(tensor: Any) -> bool:
    return isinstance(tensor, tensorflow.SparseTensor)
