"""Answers as text and back; what is no answer through and through; what holds beyond a run."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqshape.engine.answers import NoAnswer, from_text, is_custom, lasting, to_text
from seqshape.engine.question import Answer, Call, Cost, Disagreement, Facts, Question, Refusal
from seqshape.engine.tensors import Output, Tensor, Weight

SIZES = st.integers(0, 2**63 - 1)
SHAPES = st.lists(st.none() | SIZES, max_size=5).map(tuple)
TENSORS = st.builds(Tensor, SHAPES, st.text(), st.none() | SHAPES, st.booleans())
WEIGHTS = st.builds(
    Weight, st.text(), st.lists(SIZES, max_size=4).map(tuple), st.text(), st.integers(0, 16), st.booleans()
)
FACTS = st.builds(
    Facts,
    st.lists(st.builds(Output, st.text(), TENSORS), min_size=1, max_size=3).map(tuple),
    st.lists(WEIGHTS, max_size=3).map(tuple),
    st.booleans(),
    st.lists(st.builds(Disagreement, st.text(), SHAPES, SHAPES), max_size=2).map(tuple),
)
REFUSALS = st.builds(
    Refusal,
    st.sampled_from(["settings", "type", "make", "package", "call", "trace"]),
    st.text(),
    st.lists(st.tuples(st.text(), st.text()), max_size=2).map(tuple),
    st.tuples(st.none() | SIZES, st.none() | SIZES),
    st.none() | st.text(),
)
COSTS = st.builds(Cost, st.integers(0, 10**30), st.lists(st.text(), max_size=2).map(tuple))
TRACED = Question(Call('{"type": "Dense", "units": 3}'), trace=True)
OF_PLUGIN = Question(Call('{"type": "Package>Words", "vocabulary": "words.txt"}'), trace=True)


@given(FACTS | REFUSALS | COSTS)
def test_an_answer_comes_back_as_it_was(answer: Answer | Cost) -> None:
    assert from_text(to_text(answer)) == answer


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=20
    )
)
def test_any_other_json_is_no_answer(data: object) -> None:
    with pytest.raises(NoAnswer):
        from_text(json.dumps(data))


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "9" * 10_000, '"facts"', "[]", '["facts"]'])
def test_what_is_no_json_or_too_deep_is_no_answer(text: str) -> None:
    with pytest.raises(NoAnswer):
        from_text(text)


OUTPUT = ["output", [[None, 3], "float32", None, False]]
WEIGHT = ["kernel", [3, 3], "float32", 4, True]


@pytest.mark.parametrize(
    "data",
    [
        ["facts", [["output", [[-1], "float32", None, False]]], [], True, []],
        ["facts", [["output", [[True], "float32", None, False]]], [], True, []],
        ["facts", [["output", [[3.0], "float32", None, False]]], [], True, []],
        ["facts", [["output", [[2**63], "float32", None, False]]], [], True, []],
        ["facts", [["output", ["33", "float32", None, False]]], [], True, []],
        ["facts", [["output", [[3], None, None, False]]], [], True, []],
        ["facts", [["output", [[3], "float32", 3, False]]], [], True, []],
        ["facts", [["output", [[3], "float32", None, 0]]], [], True, []],
        ["facts", [[3, [[3], "float32", None, False]]], [], True, []],
        ["facts", [OUTPUT], [["kernel", [None], "float32", 4, True]], True, []],
        ["facts", [OUTPUT], [["kernel", [3], "float32", None, True]], True, []],
        ["facts", [OUTPUT], [WEIGHT[:-1]], True, []],
        ["facts", [OUTPUT], [WEIGHT], 1, []],
        ["facts", [OUTPUT], [WEIGHT], True, [["output", [3]]]],
        ["facts", [OUTPUT], [WEIGHT], True],
        ["facts", [], [WEIGHT], True, []],
        ["refusal", "given up", "", [], [None, None], None],
        ["refusal", "other", "", [], [None, None], None],
        ["refusal", "call", None, [], [None, None], None],
        ["refusal", "call", "", [["units"]], [None, None], None],
        ["refusal", "call", "", ["ab"], [None], None],
        ["refusal", "call", "", [], [None, -1], None],
        ["refusal", "call", "", [], [None, None], 3],
    ],
)
def test_one_wrong_part_makes_it_none(data: list[object]) -> None:
    with pytest.raises(NoAnswer):
        from_text(json.dumps(data))


def test_the_examples_above_are_answers_but_for_their_one_wrong_part() -> None:
    assert isinstance(from_text(json.dumps(["facts", [OUTPUT], [WEIGHT], True, []])), Facts)
    assert isinstance(from_text(json.dumps(["refusal", "call", "", [], [None, 3], None])), Refusal)


@pytest.mark.parametrize(
    ("answer", "holds"),
    [
        (Facts((), (), traced=True), True),
        (Facts((), (), traced=False), False),  # the time ran out before it was traced
        (Refusal("call", "an axis does not fit"), True),
        (Refusal("trace", "an axis does not fit"), True),
        (Refusal("given up", "there is no answer within 20 seconds"), False),
        (Refusal("package", "there is no package"), False),
        (Refusal("call", "OOM when allocating a tensor"), False),
        (Refusal("make", "", (("units", "[Errno 24] Too many open files"),)), False),
    ],
)
def test_only_what_time_and_machine_have_no_part_in_holds(answer: Answer, holds: bool) -> None:
    assert lasting(TRACED, answer) is holds


def test_what_was_not_to_be_traced_holds_without() -> None:
    assert lasting(Question(TRACED.call), Facts((), ()))


def test_a_plugin_that_may_read_a_file_of_words_is_asked_again() -> None:
    assert not lasting(OF_PLUGIN, Facts((), (), traced=True))
    assert (is_custom(OF_PLUGIN), is_custom(TRACED)) == (True, False)
    shared = Question(Call('{"reuse": "a"}'), (("a", OF_PLUGIN.call.layer),))
    assert is_custom(shared)
