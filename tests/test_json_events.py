"""JSON read as JSON: the same tree as from YAML, and what only JSON can say."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from seqshape.faults import DuplicateKey, NotYaml, OverLimit
from seqshape.json_events import NotJson, events, looks_like_json
from seqshape.limits import Limits
from seqshape.places import Place
from seqshape.rules import judge
from seqshape.source import from_text
from seqshape.tree import Mapping, plain
from seqshape.yaml_reader import read

texts = st.text(max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)
documents = st.lists(values, max_size=4) | st.dictionaries(texts, values, max_size=4)


def value(text: str) -> Any:
    document, faults = read(from_text("x", text), Limits())
    assert faults == ()
    assert document.root is not None
    return plain(document.root)


@given(documents, st.booleans(), st.sampled_from([None, 1]))
def test_a_document_reads_as_itself(document: Any, ascii_only: bool, indent: int | None) -> None:
    text = json.dumps(document, ensure_ascii=ascii_only, indent=indent)
    assert json.dumps(value(text)) == json.dumps(document)


@given(st.text('{}[],:"0e- ntrufalse\\\n', max_size=30).map(lambda text: "{" + text))
def test_what_python_refuses_is_refused(text: str) -> None:
    try:
        json.loads(text)
        expected = True
    except ValueError:
        expected = False
    try:
        list(events(text))
        found = True
    except NotJson:
        found = False
    assert found == expected


def test_escapes_in_two_halves_and_long_keys() -> None:
    assert value('{"\\ud83d\\ude00": 1}') == {"😀": 1}
    assert value(json.dumps({"k" * 5000: [1]})) == {"k" * 5000: [1]}


def test_places() -> None:
    document, _ = read(from_text("x", '{"a": [1,\n  {"b": "c"}]}'), Limits())
    assert isinstance(document.root, Mapping)
    assert document.root.place == Place(1, 1, 2, 15)
    ((key, inner),) = document.root.items
    assert (key.place, inner.place) == (Place(1, 2, 1, 5), Place(1, 7, 2, 14))


def test_duplicate_keys_and_limits_hold() -> None:
    _, faults = read(from_text("x", '{"a": 1, "a": 2}'), Limits())
    assert [type(fault) for fault in faults] == [DuplicateKey]
    _, faults = read(from_text("x", "[" * 100_000 + "]" * 100_000), Limits())
    assert [type(fault) for fault in faults] == [OverLimit]


@pytest.mark.parametrize(
    "text", ["{a: 1}", "[1, two]", "{'a': 1}", '{"a": 1,}', '{"a": 1} # end', "{\n# c\n}"]
)
def test_yaml_in_brackets_is_read_as_yaml(text: str) -> None:
    assert looks_like_json(text)
    assert value(text) == yaml.safe_load(text)


@pytest.mark.parametrize(
    ("text", "words", "place"),
    [
        ('{"a": [1, 2}', "`]` is missing", (1, 12)),
        ('{"a": 1,\n "b" 2}', "`:` after a key", (2, 6)),
        ('{"a": 1,\n b: 2, "c": ]}', "a key in double quotes", (2, 2)),
        ('{"a": nothing]', "a value was expected", (1, 7)),
        ('{"a": "b', "has no end", (1, 7)),
        ('[{"a": 1}, {"b": 2}', "ends too soon", (1, 19)),
    ],
)
def test_what_is_meant_as_json_is_told_as_json(text: str, words: str, place: tuple[int, int]) -> None:
    _, faults = read(from_text("x", text), Limits())
    (fault,) = faults
    assert isinstance(fault, NotYaml)
    assert fault.json
    assert words in fault.problem
    assert (fault.place.line, fault.place.column) == place
    (told,) = judge(faults)
    assert told.code == "SEQ001"
    assert told.message.startswith("this is no JSON: ")


@pytest.mark.parametrize("text", ["{a: [1, 2}", "{name: x, layers: [}"])
def test_a_spec_in_brackets_is_told_as_yaml(text: str) -> None:
    _, faults = read(from_text("x", text), Limits())
    assert [item.message.startswith("this is no YAML: ") for item in judge(faults)] == [True]
