"""Layers that miss a setting, a package or a quantized form: which argument helps is asked of Keras."""

import json
from typing import Any

import pytest

import seqshape
from seqshape.engine import Engine
from seqshape.engine.question import Answer, Question, Refusal
from seqshape.engine.refusals import REFUSED
from seqshape.pipeline import Report

VECTOR, TOKENS, WORDS = (
    {"shape": [8]},
    {"shape": [12], "dtype": "int32"},
    {"shape": [12], "dtype": "string"},
)


def inspected(engine: Engine, given: dict[str, Any], layer: dict[str, Any]) -> Report:
    spec = {"layers": [{"name": "x", "type": "Input", **given}, {"name": "y", **layer}]}
    return seqshape.inspect_bytes("x.json", json.dumps(spec).encode(), engine=engine)


@pytest.mark.parametrize(
    ("given", "layer", "said"),
    [
        (VECTOR, {"type": "Discretization"}, "Discretization needs `bin_boundaries`"),
        (
            VECTOR,
            {"type": "Discretization", "num_bins": 4},
            "Discretization needs `bin_boundaries` in place of `num_bins`",
        ),
        (VECTOR, {"type": "Normalization", "mean": 0.0}, "Normalization needs `variance`"),
        (TOKENS, {"type": "CategoryEncoding"}, "CategoryEncoding needs `num_tokens`"),
        (
            WORDS,
            {"type": "StringLookup", "vocabulary": ["a", "b"], "output_mode": "tf_idf"},
            "StringLookup needs `idf_weights`",
        ),
        ({"shape": [12, 8]}, {"type": "GroupNormalization"}, "GroupNormalization needs `groups`"),
    ],
    ids=lambda value: value.get("type") if isinstance(value, dict) else None,
)
def test_the_argument_that_helps_is_named_and_its_value_works(
    given: dict[str, Any], layer: dict[str, Any], said: str, engine: Engine
) -> None:
    report = inspected(engine, given, layer)
    if report.ok and not engine.catalogue().keras.startswith("3.15."):
        pytest.skip("older Keras takes it as it is")
    (found,) = report.diagnostics
    assert (found.code, found.message) == ("SEQ215", said)
    assert found.keras
    name, _, value = found.help.partition("`")[2].rstrip("`").partition(": ")
    replaced = said.rpartition("in place of `")[2].rstrip("`")
    mended = {key: each for key, each in layer.items() if key != replaced}
    assert inspected(engine, given, {**mended, name: json.loads(value)}).ok


@pytest.mark.parametrize(
    ("given", "type_"), [(WORDS, "StringLookup"), ({"shape": [1], "dtype": "string"}, "TextVectorization")]
)
def test_two_arguments_that_help_together_are_named_together(
    given: dict[str, Any], type_: str, engine: Engine
) -> None:
    layer = {"type": type_, "output_mode": "tf_idf"}
    (found,) = inspected(engine, given, layer).diagnostics
    assert (found.code, found.message) == ("SEQ215", f"{type_} needs `vocabulary` and `idf_weights`")
    pairs = (
        part.strip("`").split(": ", 1)
        for part in found.help.removeprefix("give it, for example ").split(", `")
    )
    assert inspected(engine, given, {**layer, **{name: json.loads(value) for name, value in pairs}}).ok


def test_an_argument_is_not_asked_for_where_another_one_is_wrong(engine: Engine) -> None:
    """Keras says `activation`, and means the value of `recurrent_activation`."""
    layer = {"type": "LSTM", "units": 3, "recurrent_activation": "foo"}
    (found,) = inspected(engine, {"shape": [12, 8]}, layer).diagnostics
    assert (found.code, found.message) == ("SEQ210", "LSTM does not take `recurrent_activation: foo`")


@pytest.mark.parametrize(
    ("given", "layer", "names", "settings"),
    [
        (WORDS, {"type": "StringLookup"}, "`vocabulary`", {"vocabulary": ["a"]}),
        (TOKENS, {"type": "IntegerLookup"}, "`vocabulary`", {"vocabulary": [3]}),
        (
            {"shape": [1], "dtype": "string"},
            {"type": "TextVectorization"},
            "`vocabulary`",
            {"vocabulary": ["a"]},
        ),
        (VECTOR, {"type": "Normalization"}, "`mean` and `variance`", {"mean": 0.0, "variance": 1.0}),
    ],
    ids=lambda value: value.get("type") if isinstance(value, dict) else None,
)
def test_what_is_built_and_not_adapted_is_a_note(
    given: dict[str, Any], layer: dict[str, Any], names: str, settings: dict[str, Any], engine: Engine
) -> None:
    (found,) = inspected(engine, given, layer).diagnostics
    assert (found.code, found.severity) == ("SEQ312", "note")
    assert names in found.message
    assert inspected(engine, given, {**layer, **settings}).diagnostics == ()


def test_what_a_saved_model_learned_lies_beside_its_configuration(engine: Engine) -> None:
    import keras

    model = keras.Sequential([keras.Input((3,)), keras.layers.Normalization()])
    report = seqshape.inspect_bytes("x.json", model.to_json().encode(), engine=engine)
    assert report.ok
    assert report.diagnostics == ()


@pytest.mark.parametrize(
    "layer", [{"type": "ops.corrcoef"}, {"type": "ops.isin", "x2": [1, 2]}], ids=lambda layer: layer["type"]
)
def test_a_function_that_works_on_values_alone(layer: dict[str, Any], engine: Engine) -> None:
    (found,) = inspected(engine, {"shape": [12, 8]}, layer).diagnostics
    assert found.code == "SEQ299"
    assert found.message.startswith(f"{layer['type']} works on values alone")


def test_no_argument_is_tried_that_a_type_does_not_have(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names `shape`, which other types have."""
    asked: list[Question] = []
    ask = engine.ask

    def asking(question: Question) -> Answer:
        asked.append(question)
        return ask(question)

    monkeypatch.setattr(engine, "ask", asking)
    assert "shape" in str(inspected(engine, VECTOR, {"type": "LSTM", "units": 3}).diagnostics[0].keras)
    layers = [json.loads(each.call.layer) for each in asked]
    types = engine.catalogue().types
    tried = [(layer["type"], name) for layer in layers for name in layer if name != "type"]
    assert [(type_, name) for type_, name in tried if not types[type_].constructor.takes(name)] == []
    assert ("LSTM", "units") in tried


def test_no_argument_is_named_where_none_helps(engine: Engine) -> None:
    (found,) = inspected(engine, VECTOR, {"type": "ops.expand_dims", "axis": 9}).diagnostics
    assert found.code == "SEQ299"


@pytest.mark.parametrize("name", [name for name in REFUSED if not name.startswith("ops.")])
def test_what_needs_code_has_a_reason_and_a_remedy_of_its_own(name: str, engine: Engine) -> None:
    (found,) = inspected(engine, VECTOR, {"type": name}).diagnostics
    reason, remedy = REFUSED[name]
    assert (found.code, found.message) == ("SEQ113", f"{name} cannot stand in a spec: {reason}")
    assert found.help == remedy


def test_a_model_inside_a_wrapper_is_told_too(engine: Engine) -> None:
    layer = {"type": "TimeDistributed", "layer": {"type": "Sequential", "layers": []}}
    found = inspected(engine, {"shape": [12, 8]}, layer).diagnostics
    assert "SEQ113" in [item.code for item in found]


def test_a_short_name_of_a_layer_of_keras_applications(engine: Engine) -> None:
    (found,) = inspected(engine, VECTOR, {"type": "LayerScale"}).diagnostics
    assert found.message.endswith("did you mean `keras.src.applications.convnext.LayerScale`?")


class Packageless(Engine):
    """An engine that misses a package for each Dense."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine.cache, remember=False)
        self._engine = engine
        self.catalogue = engine.catalogue  # type: ignore[method-assign]

    def ask(self, question: Question) -> Answer:
        if '"Dense"' in question.call.layer:
            return Refusal("package", "This requires the scipy module.", type="Dense")
        return self._engine.ask(question)


def test_a_missing_package_is_no_fault_of_the_spec(engine: Engine) -> None:
    (found,) = inspected(Packageless(engine), VECTOR, {"type": "Dense", "units": 3}).diagnostics
    assert found.code == "SEQ905"
    assert found.message == "Dense needs a package of Python that is not installed here"
    assert found.keras == "This requires the scipy module."


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        ({"type": "ops.digitize", "bins": [0.0, 0.5]}, (None, 8)),
        ({"type": "ops.transpose", "axes": [1, 0]}, (8, None)),
        ({"type": "ops.nn.relu"}, (None, 8)),
        ({"type": "ops.numpy.mean", "axis": [1]}, (None,)),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) else None,
)
def test_a_list_stands_for_a_tuple_or_a_tensor(
    layer: dict[str, Any], shape: tuple[int | None, ...], engine: Engine
) -> None:
    assert inspected(engine, VECTOR, layer).rows[-1].outputs[0].tensor.shape == shape
