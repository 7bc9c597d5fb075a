"""What Keras is asked, and that its answers are those of Keras used in the ordinary way."""

import json
from typing import Any

import keras
import pytest

from seqshape.engine import Engine
from seqshape.engine.judge import Judge
from seqshape.engine.question import Call, Facts, Given, Question, Refusal, World
from seqshape.engine.tensors import Tensor

X = Tensor((None, 64, 15), "float32")


def call(layer: dict[str, Any], *tensors: Tensor, **keywords: Any) -> Call:
    given = (Given(None, tensors, len(tensors) > 1),) if tensors else ()
    return Call(json.dumps(layer), given, json.dumps(keywords))


def facts(engine: Engine, *arguments: Any, **keywords: Any) -> Facts:
    answer = engine.ask(Question(call(*arguments, **keywords)))
    assert isinstance(answer, Facts), answer
    return answer


def shapes(answer: Facts) -> dict[str, tuple[int | None, ...]]:
    return {output.name: output.tensor.shape for output in answer.outputs}


def sizes(answer: Facts) -> dict[str, tuple[int, ...]]:
    return {weight.name: weight.shape for weight in answer.weights}


def test_gru(engine: Engine) -> None:
    answer = facts(engine, {"type": "GRU", "units": 16, "return_sequences": True}, X)
    assert shapes(answer) == {"output": (None, 64, 16)}
    assert sizes(answer) == {"kernel": (15, 48), "recurrent_kernel": (16, 48), "bias": (2, 48)}
    assert {weight.itemsize for weight in answer.weights} == {4}


GRU = {"type": "GRU", "units": 4}
LSTM = {"type": "LSTM", "units": 4}
STATE: dict[str, Any] = {"return_state": True}


@pytest.mark.parametrize(
    ("layer", "names"),
    [
        (GRU, ["output"]),
        (GRU | STATE, ["output", "state"]),
        ({"type": "SimpleRNN", "units": 4} | STATE, ["output", "state"]),
        (LSTM | STATE, ["output", "state_h", "state_c"]),
        (
            {"type": "RNN", "cell": {"type": "LSTMCell", "units": 4}} | STATE,
            ["output", "state_h", "state_c"],
        ),
        (
            {"type": "RNN", "cell": [{"type": "GRUCell", "units": 4}, {"type": "GRUCell", "units": 5}]}
            | STATE,
            ["output", "state_0", "state_1"],
        ),
        (
            {"type": "RNN", "cell": [{"type": "LSTMCell", "units": 4}, {"type": "GRUCell", "units": 5}]}
            | STATE,
            ["output", "state_0", "state_1", "state_2"],
        ),
        ({"type": "Bidirectional", "layer": GRU}, ["output"]),
        ({"type": "Bidirectional", "layer": GRU | STATE}, ["output", "forward_state", "backward_state"]),
        (
            {"type": "Bidirectional", "layer": LSTM | STATE},
            ["output", "forward_h", "forward_c", "backward_h", "backward_c"],
        ),
        (
            {"type": "Bidirectional", "merge_mode": None, "layer": GRU | STATE},
            ["forward_output", "backward_output", "forward_state", "backward_state"],
        ),
        ({"type": "ops.split", "indices_or_sections": 3, "axis": 2}, ["output_0", "output_1", "output_2"]),
        ({"type": "ops.top_k", "k": 2}, ["output_0", "output_1"]),
    ],
    ids=str,
)
def test_output_names(engine: Engine, layer: dict[str, Any], names: list[str]) -> None:
    assert [output.name for output in facts(engine, layer, X).outputs] == names


def test_functions_of_any_number_of_tensors(engine: Engine) -> None:
    answer = facts(engine, {"type": "ops.einsum", "subscripts": "btc,buc->btu"}, X, X)
    assert shapes(answer) == {"output": (None, 64, 64)}
    one = facts(engine, {"type": "ops.einsum", "subscripts": "btc->bct"}, X)
    assert shapes(one) == {"output": (None, 15, 64)}


def test_attention_scores_have_a_name(engine: Engine) -> None:
    answer = facts(engine, {"type": "Attention"}, X, X, return_attention_scores=True)
    assert shapes(answer) == {"output": (None, 64, 15), "scores": (None, 64, 64)}


def test_weights_of_the_same_name_have_their_path(engine: Engine) -> None:
    answer = facts(engine, {"type": "Bidirectional", "layer": GRU}, X)
    assert sorted(sizes(answer)) == [
        f"{way}_gru/gru_cell/{name}"
        for way in ("backward", "forward")
        for name in ("bias", "kernel", "recurrent_kernel")
    ]


def test_names_do_not_depend_on_what_was_asked_before(engine: Engine) -> None:
    layer = {"type": "Bidirectional", "layer": {"type": "GRU", "units": 7}}
    first = Judge()(Question(call(layer, X)))
    Judge()(Question(call({"type": "Bidirectional", "layer": GRU}, X)))
    assert Judge()(Question(call(layer, X))) == first


def test_masks_flow(engine: Engine) -> None:
    ids = Tensor((None, 10), "int32")
    embedded = facts(engine, {"type": "Embedding", "input_dim": 9, "output_dim": 4, "mask_zero": True}, ids)
    masked = embedded.outputs[0].tensor
    assert masked.mask == (None, 10)
    assert facts(engine, GRU | {"return_sequences": True}, masked).outputs[0].tensor.mask == (None, 10)
    assert facts(engine, GRU, masked).outputs[0].tensor.mask is None
    assert facts(engine, {"type": "Flatten"}, masked).outputs[0].tensor.mask is None


@pytest.mark.parametrize(
    ("layer", "trainable"), [({}, 4), ({"trainable": False}, 0)], ids=["as it is", "frozen"]
)
def test_weights_that_are_not_trained(engine: Engine, layer: dict[str, Any], trainable: int) -> None:
    answer = facts(engine, {"type": "BatchNormalization"} | layer, Tensor((None, 2), "float32"))
    assert sum(weight.shape[0] for weight in answer.weights if weight.trainable) == trainable
    assert sum(weight.shape[0] for weight in answer.weights) == 8


@pytest.mark.parametrize(
    ("world", "layer", "weight", "output", "itemsize"),
    [
        (World(), {"dtype": "float16"}, "float16", "float16", 2),
        (World(), {"dtype": "mixed_bfloat16"}, "float32", "bfloat16", 4),
        (World(dtype_policy="mixed_float16"), {}, "float32", "float16", 4),
        (World(floatx="bfloat16"), {}, "bfloat16", "bfloat16", 2),
        (World(), {"dtype": "float64"}, "float64", "float64", 8),
    ],
)
def test_dtypes(
    engine: Engine, world: World, layer: dict[str, Any], weight: str, output: str, itemsize: int
) -> None:
    answer = engine.ask(Question(call({"type": "Dense", "units": 3} | layer, X), world=world))
    assert isinstance(answer, Facts)
    assert (answer.weights[0].dtype, answer.weights[0].itemsize) == (weight, itemsize)
    assert answer.outputs[0].tensor.dtype == output
    assert (keras.config.floatx(), keras.config.image_data_format()) == ("float32", "channels_last")


def test_image_data_format_holds_for_one_question(engine: Engine) -> None:
    image = Tensor((None, 3, 8, 8), "float32")
    layer = {"type": "Conv2D", "filters": 4, "kernel_size": 3}
    first = engine.ask(Question(call(layer, image), world=World(image_data_format="channels_first")))
    assert isinstance(first, Facts)
    assert shapes(first) == {"output": (None, 4, 6, 6)}
    assert shapes(facts(engine, layer, Tensor((None, 8, 8, 3), "float32"))) == {"output": (None, 6, 6, 4)}


def test_a_wrong_setting_is_a_refusal(engine: Engine) -> None:
    answer = engine.ask(Question(call(GRU, X), world=World(floatx="float3")))
    assert isinstance(answer, Refusal)
    assert "float3" in answer.message


@pytest.mark.parametrize(
    ("layer", "stage", "argument", "said"),
    [
        ({"type": "GRU", "units": 0}, "make", "units", "positive integer"),
        ({"type": "GRU", "units": 4, "activation": "rleu"}, "make", "activation", "rleu"),
        ({"type": "Dropout", "rate": 3}, "make", "rate", "0 and 1"),
        ({"type": "Dense", "units": 2, "dtype": "floot"}, "make", "dtype", "floot"),
        (
            {"type": "TimeDistributed", "layer": {"type": "Dense", "units": 1, "activation": "rleu"}},
            "make",
            "activation",
            "rleu",
        ),
        ({"type": "Conv1D", "filters": 4, "kernel_size": 99}, "call", None, "negative"),
    ],
    ids=str,
)
def test_refusals(
    engine: Engine, layer: dict[str, Any], stage: str, argument: str | None, said: str
) -> None:
    answer = engine.ask(Question(call(layer, X)))
    assert isinstance(answer, Refusal)
    assert answer.stage == stage
    assert [name for name, _ in answer.arguments] == ([] if argument is None else [argument])
    assert said in answer.message


def test_every_refused_argument_is_found(engine: Engine) -> None:
    layer = {
        "type": "GRU",
        "units": 4,
        "activation": "tahn",
        "recurrent_activation": "sigmod",
        "dropout": 0.5,
    }
    answer = engine.ask(Question(call(layer, X)))
    assert isinstance(answer, Refusal)
    assert [name for name, _ in answer.arguments] == ["activation", "recurrent_activation"]
    assert all(
        word in message for (_, message), word in zip(answer.arguments, ("tahn", "sigmod"), strict=True)
    )


def test_every_refused_setting_is_found(engine: Engine) -> None:
    answer = engine.ask(Question(call(GRU, X), world=World(floatx="float3", image_data_format="middle")))
    assert isinstance(answer, Refusal)
    assert [name for name, _ in answer.arguments] == ["floatx", "image_data_format"]


@pytest.mark.parametrize(
    "layer",
    [
        GRU,
        LSTM,
        {"type": "SimpleRNN", "units": 4},
        {"type": "Bidirectional", "layer": GRU | {"stateful": True}},
    ],
    ids=lambda layer: layer["type"],
)
def test_layers_that_keep_their_state(engine: Engine, layer: dict[str, Any]) -> None:
    fixed = Tensor((2, 64, 15), "float32")
    stateful = facts(
        engine, layer | ({} if layer["type"] == "Bidirectional" else {"stateful": True}), fixed
    )
    plain = layer if layer["type"] != "Bidirectional" else {"type": "Bidirectional", "layer": GRU}
    expected = facts(engine, plain, fixed)
    assert stateful.outputs == expected.outputs
    assert [each.shape for each in stateful.weights] == [each.shape for each in expected.weights]


def test_a_refusal_knows_how_many_axes_the_layer_takes(engine: Engine) -> None:
    answer = engine.ask(Question(call(GRU, Tensor((None, 15), "float32"))))
    assert isinstance(answer, Refusal)
    assert answer.ranks == (3, 3)


def chain(shared: dict[str, dict[str, Any]], *calls: Call) -> list[Question]:
    questions: list[Question] = []
    pairs = tuple((name, json.dumps(layer)) for name, layer in shared.items())
    for each in calls:
        questions.append(Question(each, pairs, questions[-1] if questions else None))
    return questions


DENSE = {"d": {"type": "Dense", "units": 16}}
WIDE, NARROW = Tensor((None, 3, 8), "float32"), Tensor((None, 3, 5), "float32")


def test_the_weights_of_a_shared_layer_are_new_once(engine: Engine) -> None:
    shared = DENSE | {"t": {"type": "TimeDistributed", "layer": {"reuse": "d"}}}
    first, second, third = chain(
        shared, call({"reuse": "d"}, WIDE), call({"reuse": "t"}, WIDE), call({"reuse": "d"}, WIDE)
    )
    answers = [engine.ask(question) for question in (first, second, third)]
    assert all(isinstance(answer, Facts) for answer in answers)
    assert [len(answer.weights) for answer in answers if isinstance(answer, Facts)] == [2, 0, 0]


def test_a_shared_layer_is_built_for_its_first_call(engine: Engine) -> None:
    first, second = chain(DENSE, call({"reuse": "d"}, WIDE), call({"reuse": "d"}, NARROW))
    assert isinstance(engine.ask(first), Facts)
    assert isinstance(engine.ask(second), Refusal)
    (alone,) = chain(DENSE, call({"reuse": "d"}, NARROW))
    assert isinstance(engine.ask(alone), Facts)


def test_a_chain_is_made_again_where_its_layers_are_gone() -> None:
    questions = chain(DENSE, *(call({"reuse": "d"}, Tensor((None, n, 8), "float32")) for n in (2, 3, 4)))
    expected = [Judge()(question) for question in questions]
    judge = Judge()
    assert judge(questions[2]) == expected[2]
    assert judge(questions[0]) == expected[0]
    assert [judge(question) for question in questions] == expected


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_question_that_never_ends_is_given_up() -> None:
    layer = {"type": "ops.split", "indices_or_sections": 30_000_000, "axis": 1}
    answer = Judge(patience=0.5)(Question(call(layer, Tensor((None, 30_000_000), "float32"))))
    assert isinstance(answer, Refusal)
    assert "within 0.5 seconds" in answer.message or "memory" in answer.message


def test_nothing_is_allocated_for_huge_weights(engine: Engine) -> None:
    answer = facts(engine, {"type": "Dense", "units": 10**12}, Tensor((None, 10**12), "float32"))
    assert sizes(answer) == {"kernel": (10**12, 10**12), "bias": (10**12,)}


@pytest.mark.parametrize(
    "text", ["os.system", "keras.layers.Dense", "__class__", "Dense.__init__", "deserialize"]
)
def test_a_type_is_a_name_of_keras_layers_and_nothing_else(engine: Engine, text: str) -> None:
    answer = engine.ask(Question(call({"type": text, "units": 1}, X)))
    assert isinstance(answer, Refusal)


def test_states_of_many_samples_are_not_allocated(engine: Engine) -> None:
    layer = {"type": "GRU", "units": 1000, "stateful": True}
    many = engine.ask(Question(call(layer, Tensor((400_000, 5, 8), "float32"))))
    assert isinstance(many, Refusal)
    long = engine.ask(Question(call(layer, Tensor((4, 400_000, 8), "float32"))))
    assert isinstance(long, Facts)
