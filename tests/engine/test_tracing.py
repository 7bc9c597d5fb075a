"""Calls that Keras's shape rules accept: what running them on symbolic tensors shows."""

import json
import time
from typing import Any

import keras
import pytest

from seqshape.engine import Engine
from seqshape.engine.judge import Judge
from seqshape.engine.question import Answer, Call, Facts, Given, Question, Refusal
from seqshape.engine.tensors import Tensor


def tensor(*shape: int | None, dtype: str = "float32") -> Tensor:
    return Tensor(shape, dtype)


X = tensor(7, 64, 15)


def asked(engine: Engine | Judge, layer: dict[str, Any], *given: Given, **keywords: Any) -> Answer:
    ask = engine if isinstance(engine, Judge) else engine.ask
    return ask(Question(Call(json.dumps(layer), given, json.dumps(keywords)), trace=True))


def sequences(*states: Tensor) -> tuple[Given, ...]:
    return Given("sequences", (X,), False), Given("initial_state", states, True)


BROKEN = {
    "a GRU and a state of another width": ({"type": "GRU", "units": 16}, sequences(tensor(7, 32))),
    "an LSTM and states of two widths": (
        {"type": "LSTM", "units": 16},
        sequences(tensor(7, 16), tensor(7, 17)),
    ),
    "an LSTM and one state": ({"type": "LSTM", "units": 16}, sequences(tensor(7, 16))),
    "attention between two widths": (
        {"type": "Attention"},
        (Given(None, (tensor(7, 8, 5), tensor(7, 9, 6)), True),),
    ),
}
"""Calls that Keras builds and that cannot run."""


@pytest.mark.parametrize("name", BROKEN)
def test_what_builds_and_cannot_run_is_refused(name: str, engine: Engine) -> None:
    layer, given = BROKEN[name]
    call = Call(json.dumps(layer), given)
    assert isinstance(engine.ask(Question(call)), Facts)
    answer = engine.ask(Question(call, trace=True))
    assert isinstance(answer, Refusal)
    assert answer.stage == "trace"


@pytest.mark.parametrize(
    "initializer", ["OrthogonalInitializer", "Orthogonal", "GlorotUniform", "RandomNormal"]
)
def test_an_initializer_that_worked_is_asked_again_for_another_number_of_axes(initializer: str) -> None:
    """An orthogonal one needs two axes; a kernel of two says nothing of a bias of one."""
    judge = Judge()
    given = Given(None, (tensor(7, 15),), False)
    for units in (4, 5):
        kernel = {"type": "Dense", "units": units, "kernel_initializer": {"type": initializer}}
        bias = {"type": "Dense", "units": units, "bias_initializer": {"type": initializer}}
        assert isinstance(asked(judge, kernel, given), Facts)
        assert isinstance(asked(judge, bias, given), Refusal) == initializer.startswith("Orthogonal")


def test_a_random_initializer_runs_once_for_all_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    judge, ran = Judge(), []
    scaling: Any = keras.initializers.VarianceScaling
    call = scaling.__call__
    monkeypatch.setattr(
        scaling, "__call__", lambda self, *given, **rest: ran.append(given) or call(self, *given, **rest)
    )
    for units in (21, 22, 23):
        layer = {"type": "Dense", "units": units, "kernel_initializer": {"type": "HeNormal", "seed": 97}}
        assert isinstance(asked(judge, layer, Given(None, (tensor(7, 15),), False)), Facts)
    assert len(ran) == 1


def test_an_initializer_of_a_plugin_may_mind_the_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for each shape, though it draws numbers as Keras's own do."""

    class Narrow(keras.initializers.RandomNormal):  # type: ignore[misc]
        def __call__(self, shape: tuple[int, ...], dtype: Any = None) -> Any:
            if shape[-1] > 8:
                raise ValueError("too wide")
            return super().__call__(shape, dtype)

    monkeypatch.setattr(keras.initializers, "Narrow", Narrow, raising=False)
    judge, given = Judge(), Given(None, (tensor(7, 15),), False)
    for units, kind in ((4, Facts), (9, Refusal), (5, Facts), (10, Refusal)):
        layer = {"type": "Dense", "units": units, "kernel_initializer": {"type": "Narrow"}}
        assert isinstance(asked(judge, layer, given), kind)


def test_a_message_of_tensorflow_names_no_graph_node(engine: Engine) -> None:
    layer, given = BROKEN["attention between two widths"]
    answer = asked(engine, layer, *given)
    assert isinstance(answer, Refusal)
    assert answer.message == (
        "Dimensions must be equal, but are 5 and 6 in BatchMatMulV2 of [7,8,5], [7,6,9]"
    )


def test_a_traced_call_says_so(engine: Engine) -> None:
    layer = {"type": "GRU", "units": 16}
    answer = asked(engine, layer, Given(None, (X,), False))
    assert isinstance(answer, Facts)
    assert answer.traced
    built = engine.ask(Question(Call(json.dumps(layer), (Given(None, (X,), False),))))
    assert isinstance(built, Facts)
    assert not built.traced
    assert (built.outputs, built.weights) == (answer.outputs, answer.weights)


def test_many_steps_are_not_unrolled(engine: Engine) -> None:
    layer = {"type": "TimeDistributed", "layer": {"type": "LSTM", "units": 3}}
    start = time.monotonic()
    answer = asked(engine, layer, Given(None, (tensor(7, 100_000, 5, 4),), False))
    assert isinstance(answer, Facts)
    assert answer.traced
    assert answer.outputs[0].tensor.shape == (7, 100_000, 3)
    assert time.monotonic() - start < 10


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_trace_that_takes_too_long_leaves_the_build(engine: Engine) -> None:
    engine.catalogue()
    judge = Judge(patience=1.0)
    layer = {"type": "GRU", "units": 4, "unroll": True}
    answer = asked(judge, layer, Given(None, (tensor(7, 3000, 4),), False))
    assert isinstance(answer, Facts)
    assert not answer.traced


def test_a_mask_goes_into_the_trace(engine: Engine) -> None:
    masked = Tensor((7, 8), "float32", (7, 9))
    answer = asked(engine, {"type": "Softmax"}, Given(None, (masked,), False))
    assert isinstance(answer, Refusal)
    assert "9" in answer.message


def test_nothing_is_allocated(engine: Engine) -> None:
    layer = {"type": "Dense", "units": 10**6}
    answer = asked(engine, layer, Given(None, (tensor(7, 10**6),), False))
    assert isinstance(answer, Facts)
    assert answer.traced
