"""The JSON Schema against the specs and the rules' pages: what it takes, what it refuses, what it cannot see."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from seqshape import rules, yaml_reader
from seqshape.engine import Engine
from seqshape.limits import Limits
from seqshape.rules.pages import page
from seqshape.schema import schema, written
from seqshape.source import from_text
from seqshape.tree import Json, plain

SPECS = sorted((Path(__file__).parents[1] / "specs").rglob("*.yaml"))

SEEN = {"SEQ008", "SEQ101", "SEQ102", "SEQ103", "SEQ104", "SEQ105", "SEQ113", "SEQ114", "SEQ117", "SEQ119"}
"""Codes whose bad example the schema refuses."""

_TEXT = "it is about the text of the file, before there is a value to hold against a schema"
_NAMES = "it is about names: which entries there are, and in which order"
_OUTPUTS = "which outputs a layer has is known once it is built"
_VALUES = "only Keras knows which values of an argument it takes"
_SHAPES = "it is about shapes, which are known once the layers are built"
_MEANT = "it builds; whether it was meant is no matter of its form"
_HOLDS = "whether an expectation holds is known once the layers are built"
UNSEEN = {
    **dict.fromkeys(
        ("SEQ001", "SEQ002", "SEQ003", "SEQ004", "SEQ005", "SEQ006", "SEQ007", "SEQ009"), _TEXT
    ),
    **dict.fromkeys(("SEQ106", "SEQ107", "SEQ108", "SEQ109", "SEQ116"), _NAMES),
    **dict.fromkeys(("SEQ110", "SEQ111"), _OUTPUTS),
    "SEQ112": "a size may be any expression; which dims there are stands elsewhere in the file",
    "SEQ115": "an input that is missing may be given as an argument",
    "SEQ118": "whether an ignore silences anything is known after the layers were judged",
    **dict.fromkeys(("SEQ120", "SEQ210", "SEQ215", "SEQ216"), _VALUES),
    **dict.fromkeys((f"SEQ2{number:02}" for number in (*range(1, 10), 11, 12, 13, 14, 99)), _SHAPES),
    **dict.fromkeys((f"SEQ3{number:02}" for number in range(1, 15)), _MEANT),
    **dict.fromkeys((f"SEQ4{number:02}" for number in range(1, 6)), _HOLDS),
}
"""Codes that the schema cannot see, each with the reason."""


@pytest.fixture(scope="module")
def made(engine: Engine) -> dict[str, Json]:
    return schema(engine.catalogue(), engine.pages(), {})


@pytest.fixture(scope="module")
def validator(made: dict[str, Json]) -> Any:
    return Draft202012Validator(made)


def value(text: str) -> Json:
    """A text as the YAML reader reads it; None where it reads nothing."""
    document, _ = yaml_reader.read(from_text("x.yaml", text), Limits())
    return None if document.root is None else plain(document.root)


def refusals(validator: Any, text: str) -> list[str]:
    return [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(value(text))]


def test_it_is_a_schema_and_text_for_it_is_the_same(made: dict[str, Json]) -> None:
    Draft202012Validator.check_schema(made)
    text = written(made)
    assert json.loads(text) == made
    assert len(text.encode()) < 600 * 1024


def references(part: Json) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(target := part.get("$ref"), str):
            yield target
        for each in part.values():
            yield from references(each)
    elif isinstance(part, list):
        for each in part:
            yield from references(each)


def test_every_definition_is_there_and_used(made: dict[str, Json]) -> None:
    definitions = made["$defs"]
    assert isinstance(definitions, dict)
    assert {name.removeprefix("#/$defs/") for name in references(made)} == set(definitions)


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_every_spec_is_taken(path: Path, validator: Any) -> None:
    assert refusals(validator, path.read_text(encoding="utf-8")) == []


def _is_spec(text: str) -> bool:
    """Whether a page's example is a spec: it may be a model that Keras saved."""
    found = value(text)
    return not isinstance(found, dict) or "class_name" not in found


PAGES = {rule.code: page(rule) for rule in rules.all_rules()}
EXAMPLES = {code: each for code, each in PAGES.items() if each.bad and _is_spec(each.good)}


@pytest.mark.parametrize("code", EXAMPLES)
def test_every_good_example_is_taken_and_every_bad_one_refused_or_on_the_list(
    code: str, validator: Any
) -> None:
    assert refusals(validator, EXAMPLES[code].good) == []
    assert (code in SEEN) is not (code in UNSEEN), "a new code stands on one of the lists"
    found = value(EXAMPLES[code].bad)
    refused = found is not None and not validator.is_valid(found)
    assert refused is (code in SEEN)


def test_the_lists_hold_no_code_that_is_gone() -> None:
    assert SEEN | set(UNSEEN) == set(EXAMPLES)


LAYER = "layers:\n  - {{name: x, type: Input, shape: [8, 4]}}\n  - {}\n"


@pytest.mark.parametrize(
    "entry",
    [
        "{type: GRU, units: 2*H, return_sequences: true, go_backwards: null}",
        "{type: TimeDistributed, layer: {type: Bidirectional, layer: {type: LSTM, units: H}}}",
        "{type: TimeDistributed, layer: {layers: [{type: Dense, units: 3}]}}",
        "{type: RNN, cell: [{type: GRUCell, units: 3}, {type: LSTMCell, units: 4}]}",
        "{type: Dense, units: 3, kernel_initializer: {type: VarianceScaling, scale: 2.0}}",
        "{type: Dense, units: 3, dtype: {type: DTypePolicy, name: mixed_float16}, kernel_regularizer: l2}",
        "{type: Dense, units: 3, kernel_initializer: {type: Mine>Init, anything: 1}}",
        "{type: Mine>Layer, anything: {at: all}, inputs: x}",
        "{type: MultiHeadAttention, num_heads: 2, key_dim: 4, inputs: {query: x, value: x}, call: {use_causal_mask: true}}",
        "{type: ops.nn.relu}",
        "{type: keras.src.applications.convnext.LayerScale, init_values: 1, projection_dim: 4}",
        "{name: tower, repeat: 2*N, layers: [{type: Dense, units: 4}], expect: {params: {max: 2M}}}",
        "{type: Dense, units: 3, expect: {shape: [batch, any, H], dtype: float32, params: 1e3}, ignore: SEQ301}",
        "{name: again, reuse: x, inputs: x}",
        "{type: Pipeline, layers: [{type: Rescaling, scale: 0.5}]}",
        "{type: Bidirectional, layer: {type: GRU, units: 3}, backward_layer: null}",
        "{type: Conv1D, filters: 3, kernel_size: 3, padding: SAME, activation: Mine>wave}",
        "{type: Dense, units: 3, kernel_initializer: Mine>start, dtype: Mine>policy}",
    ],
)
def test_what_the_language_has_is_taken(entry: str, validator: Any) -> None:
    assert refusals(validator, LAYER.format(entry)) == []


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{type: GRU, unit: 3, units: 3}", "'unit' was unexpected"),
        ("{type: GRU}", "'units' is a required property"),
        ("{type: GRU, units: 3, return_state: 'yes'}", "'yes' is not of type"),
        ("{type: Lambda}", "'Lambda' is not"),
        ("{type: TimeDistributed, layer: {type: Dense, unit: 3, units: 3}}", "'unit' was unexpected"),
        ("{type: TimeDistributed, layer: {type: Dnese, units: 3}}", "'Dnese' is not"),
        ("{type: Dense, units: 3, kernel_initializer: {type: Zeroes}}", "not valid under any"),
        ("{type: Dense, units: 3, inputs: {input: x}}", "'input'"),
        ("{type: Dense, units: 3, expect: {shapes: [3]}}", "not of type 'object'"),
        ("{type: StringLookup, vocabulary: words.txt}", "not of type"),
        ("{type: TimeDistributed, layer: Dense}", "'Dense' is not of type"),
        ("{type: TimeDistributed, layer: {units: 3}}", "'type' is a required property"),
        ("{type: TimeDistributed, layer: [{type: Dense, units: 3}]}", "not of type"),
        ("{type: RNN, cell: [GRUCell]}", "'GRUCell' is not of type"),
        ("{name: tower, repeat: 0, layers: [{type: Dense, units: 3}]}", "0 is not valid"),
        ("{type: Dense, repeat: 2, units: 3}", "'repeat' was unexpected"),
        ("{name: tower, layers: [{type: Dense, units: 3}], unit: 3}", "'unit' was unexpected"),
        ("{name: none}", "'type' is a required property"),
        ("{reuse: x, units: 3}", "'units' was unexpected"),
        ("{type: Dense, units: 3, ignore: [SEQ103]}", "SEQ103"),
    ],
)
def test_what_is_wrong_is_refused(entry: str, said: str, validator: Any) -> None:
    found = refusals(validator, LAYER.format(entry))
    assert any(said in each for each in found), found


@pytest.mark.parametrize(
    "text",
    [
        "layers: []",
        "name: x",
        "layers: [{type: Input, shape: [3]}]\nlayer: []",
        "dims: {t: 3}\nlayers: [{type: Input, shape: [3]}]",
        "dims: {T: 1.5}\nlayers: [{type: Input, shape: [3]}]",
        "keras: {float: float16}\nlayers: [{type: Input, shape: [3]}]",
        "expect: {dtype: float32}\nlayers: [{type: Input, shape: [3]}]",
    ],
)
def test_the_top_of_a_spec_is_held(text: str, validator: Any) -> None:
    assert refusals(validator, text) != []


def test_a_plugins_layers_are_known(engine: Engine) -> None:
    catalogue, pages = engine.catalogue(), engine.pages()
    custom = {"Mine>Dense": (catalogue.types["Dense"], pages["Dense"])}
    validator = Draft202012Validator(schema(catalogue, pages, custom))
    assert refusals(validator, LAYER.format("{type: Mine>Dense, units: 3}")) == []
    assert refusals(validator, LAYER.format("{type: Mine>Dense, unit: 3}")) != []


def offered(part: Json, definitions: dict[str, Json]) -> Iterator[str]:
    """The words that an editor completes for a value: every `enum` that stands in its place."""
    if isinstance(part, dict):
        if isinstance(target := part.get("$ref"), str) and not target.endswith("/value"):
            yield from offered(definitions[target.removeprefix("#/$defs/")], definitions)
        yield from map(str, part["enum"] if isinstance(part.get("enum"), list) else ())  # type: ignore[union-attr]
        for key in ("anyOf", "else"):
            inner = part.get(key)
            for each in inner if isinstance(inner, list) else [inner]:
                yield from offered(each, definitions)


@pytest.mark.parametrize(
    ("type_", "argument", "words"),
    [
        ("Conv1D", "padding", {"valid", "same", "causal"}),
        ("Conv1D", "data_format", {"channels_last", "channels_first"}),
        ("GRU", "recurrent_activation", {"sigmoid", "hard_sigmoid"}),
        ("Dense", "kernel_initializer", {"glorot_uniform", "he_normal"}),
        ("Dense", "kernel_regularizer", {"l1", "l2"}),
        ("Dense", "dtype", {"float32", "mixed_bfloat16"}),
        ("Bidirectional", "merge_mode", {"concat", "sum", "mul", "ave"}),
    ],
)
def test_an_editor_completes_words(
    type_: str, argument: str, words: set[str], made: dict[str, Json]
) -> None:
    definitions = made["$defs"]
    assert isinstance(definitions, dict)
    definition = definitions[f"type.{type_}"]
    assert isinstance(definition, dict)
    properties = definition["properties"]
    assert isinstance(properties, dict)
    assert set(offered(properties[argument], definitions)) >= words


def test_an_unknown_type_is_told_in_a_sentence(made: dict[str, Json], validator: Any) -> None:
    (error,) = validator.iter_errors({"layers": [{"type": "Dnese"}]})
    assert (
        error.schema["errorMessage"] == "There is no such type; `seqshape layers` lists all that there are."
    )
    assert "Dense" in error.schema["enum"]
    assert "ops.nn.relu" not in error.schema["enum"]
