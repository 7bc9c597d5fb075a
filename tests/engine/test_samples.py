"""Samples: what is tried, in which order, with a judge of the test's own."""

import json
from pathlib import Path

import pytest

from seqshape.engine import Engine, sample_store
from seqshape.engine.catalogue import Catalogue, Parameter, Signature, Type
from seqshape.engine.documentation import Page
from seqshape.engine.question import Answer, Facts, Question, Refusal
from seqshape.engine.samples import Sample, sample
from seqshape.engine.tensors import Output, Tensor

CATALOGUE = Catalogue("3", "2", {}, {})


def type_of(
    name: str, *arguments: str, required: tuple[str, ...] = (), call: tuple[str, ...] = ("inputs",)
) -> Type:
    made = Signature(tuple(Parameter(each, each in required) for each in (*required, *arguments)), False)
    return Type(name, made, Signature(tuple(Parameter(each, True) for each in call), False))


def page_of(name: str, summary: str = "") -> Page:
    return Page(name, "core", summary, (), ())


def facts(question: Question) -> Facts:
    """What goes in comes out."""
    tensors = [tensor for given in question.call.given for tensor in given.tensors]
    return Facts((Output("output", tensors[0]),), (), traced=question.trace)


def shapes(found: object) -> list[tuple[int | None, ...]]:
    assert isinstance(found, Sample)
    return [tensor.shape for given in found.given for tensor in given.tensors]


def test_a_sequence_is_what_is_tried_first() -> None:
    assert shapes(sample(type_of("Same"), page_of("Same"), CATALOGUE, facts)) == [(None, 12, 8)]


@pytest.mark.parametrize(
    ("summary", "shape"),
    [
        ("Crops an image.", (None, 32, 32, 3)),
        ("A cell of an RNN.", (None, 8)),
        ("Filters audio.", (None, 4000)),
    ],
)
def test_what_keras_says_of_a_type_comes_before(summary: str, shape: tuple[int | None, ...]) -> None:
    assert shapes(sample(type_of("Same"), page_of("Same", summary), CATALOGUE, facts)) == [shape]


def test_a_value_that_the_constructor_refuses_is_tried_another_way() -> None:
    def ask(question: Question) -> Answer:
        factor = json.loads(question.call.layer)["factor"]
        return facts(question) if factor == 4 else Refusal("make", "no", (("factor", "no"),))

    found = sample(type_of("Picky", required=("factor",)), page_of("Picky"), CATALOGUE, ask)
    assert isinstance(found, Sample)
    assert found.arguments == {"factor": 4}


def test_an_argument_that_a_message_names_is_given() -> None:
    def ask(question: Question) -> Answer:
        given = json.loads(question.call.layer)
        return facts(question) if "num_tokens" in given else Refusal("make", "`num_tokens` must be set")

    found = sample(type_of("Learner", "num_tokens", "axis"), page_of("Learner"), CATALOGUE, ask)
    assert isinstance(found, Sample)
    assert found.arguments == {"num_tokens": 1000}


def test_several_inputs_go_by_name_or_as_a_list() -> None:
    def two(question: Question) -> Answer:
        return facts(question) if question.call.given[0].listed else Refusal("call", "a list, please")

    found = sample(type_of("Merge"), page_of("Merge"), CATALOGUE, two)
    assert isinstance(found, Sample)
    assert found.layers()[-1] == {"type": "Merge", "inputs": ["a", "b"]}
    found = sample(type_of("Pair", call=("query", "value")), page_of("Pair"), CATALOGUE, facts)
    assert isinstance(found, Sample)
    assert found.layers()[-1] == {"type": "Pair", "inputs": {"query": "query", "value": "value"}}


def test_what_keeps_the_batch_is_better_than_what_loses_it() -> None:
    def ask(question: Question) -> Answer:
        if "axis" in json.loads(question.call.layer):
            return facts(question)
        return Facts((Output("output", Tensor((), "float32")),), (), traced=question.trace)

    signature = Signature((Parameter("x", True), Parameter("axis", False)), False)
    found = sample(Type("ops.mean", signature, signature), page_of("ops.mean"), CATALOGUE, ask)
    assert isinstance(found, Sample)
    assert found.arguments == {"axis": 1}


def test_what_is_built_and_not_traced_is_no_sample() -> None:
    def ask(question: Question) -> Answer:
        return Refusal("trace", "no") if question.trace else facts(question)

    assert sample(type_of("Liar"), page_of("Liar"), CATALOGUE, ask) == "no"


def test_a_missing_package_ends_the_search_with_keras_words() -> None:
    asked = 0

    def ask(question: Question) -> Answer:
        nonlocal asked
        asked += 1
        return Refusal("package", "install scipy")

    assert sample(type_of("Far"), page_of("Far"), CATALOGUE, ask) == "install scipy"
    assert asked < 5


@pytest.mark.parametrize("name", ["GRU", "MultiHeadAttention", "ops.split", "StackedRNNCells"])
def test_a_kept_sample_is_the_same(name: str, engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path
    found = {name: engine.sample(name), "Far": "install scipy"}
    sample_store.save(folder, found, "3", "2")
    assert sample_store.load(folder, "3", "2") == found
    assert sample_store.load(folder, "3", "3") == {}
    for path in folder.iterdir():
        path.write_bytes(b"{}")
    assert sample_store.load(folder, "3", "2") == {}
