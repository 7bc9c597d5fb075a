"""Through the graph, with an answerer that is no Keras."""

import json

from seqshape.engine.question import Answer, Ask, Facts, Question, Refusal
from seqshape.engine.tensors import Output, Tensor, Weight
from seqshape.faults import AmbiguousOutput, Fault, UnknownOutput
from seqshape.report import Row
from seqshape.shape_faults import Refused
from seqshape.spec import Spec
from seqshape.walk import walk
from tests.reading import graph_of

KERNEL = Weight("kernel", (2, 3), "float32", 4, True)


class Answers:
    """Answers by type: `Bad` is refused when called, `Unmade` when made, `Two` has two outputs."""

    def __init__(self) -> None:
        self.questions: list[Question] = []

    def __call__(self, question: Question) -> Answer:
        self.questions.append(question)
        layer = json.loads(question.call.layer)
        if "reuse" in layer:
            layer = json.loads(dict(question.shared)[layer["reuse"]])
        match layer["type"]:
            case "Bad":
                return Refusal("call", "seqshape__layer is bad")
            case "Unmade":
                return Refusal("make", "no units", (("units", "no units"),))
            case "Two":
                tensors = (Tensor((None, 4, 2), "float32"), Tensor((None, 2), "float32"))
                return Facts((Output("output", tensors[0]), Output("state", tensors[1])), ())
            case "Input":
                return Facts((Output("output", Tensor((None, 5), "float32")),), ())
        weights = () if question.earlier is not None else (KERNEL,)
        return Facts((Output("output", Tensor((None, 3), "float32")),), weights)


def walked(text: str, ask: Ask | None = None) -> tuple[tuple[Row, ...], tuple[Fault, ...]]:
    graph, faults = graph_of(text)
    assert faults == ()
    found = walk(graph, Spec(None), ask or Answers())
    return found.rows, found.faults


def test_what_hangs_on_a_refused_call_is_skipped_and_all_else_is_judged() -> None:
    rows, faults = walked(
        """
        layers:
          - {name: x, type: Input}
          - {name: bad, type: Bad}
          - {name: after, type: Dense}
          - {name: further, type: Dense, inputs: [after, x]}
          - {name: free, type: Dense, inputs: x}
        """
    )
    assert [row.status for row in rows] == ["ok", "error", "skipped", "skipped", "ok"]
    assert [(type(fault), fault.message) for fault in faults if isinstance(fault, Refused)] == [
        (Refused, "bad is bad")
    ]


def test_a_refusal_carries_what_met_and_where() -> None:
    _, (fault,) = walked(
        """\
        layers:
          - {name: x, type: Two}
          - {name: bad, type: Bad, axis: [1, 2], inputs: {query: x.output, value: x.1}}
        """.replace("{name: x, type: Two}", "{name: i, type: Input}\n          - {name: x, type: Two}")
    )
    assert isinstance(fault, Refused)
    assert [(met.label, met.parameter, met.shape) for met in fault.inputs] == [
        ("x.output", "query", (None, 4, 2)),
        ("x.1", "value", (None, 2)),
    ]
    assert fault.arguments == (("axis", "[1, 2]"),)
    assert fault.place.line == 4


def test_a_refused_argument_is_the_place() -> None:
    _, (fault,) = walked("layers:\n  - {type: Input}\n  - {type: Unmade, units: -1, name: u}\n")
    assert isinstance(fault, Refused)
    assert (fault.argument, fault.place.line, fault.place.column, fault.place.end_column) == (
        "units",
        3,
        20,
        29,
    )


def test_outputs_are_chosen_by_name_number_and_all() -> None:
    answers = Answers()
    rows, faults = walked(
        """
        layers:
          - {name: i, type: Input}
          - {name: x, type: Two}
          - {name: a, type: Dense, inputs: x.state}
          - {name: b, type: Dense, inputs: x.0}
          - {name: c, type: Dense, inputs: x.*}
        """,
        answers,
    )
    assert faults == ()
    assert [row.status for row in rows] == ["ok"] * 5
    given = [
        [tensor.shape for tensor in question.call.given[0].tensors] for question in answers.questions[2:]
    ]
    assert given == [[(None, 2)], [(None, 4, 2)], [(None, 4, 2), (None, 2)]]
    assert [question.call.given[0].listed for question in answers.questions[2:]] == [False, False, True]


def test_an_unclear_output_is_a_fault_of_its_reader_alone() -> None:
    rows, faults = walked(
        """
        layers:
          - {name: i, type: Input}
          - {name: x, type: Two}
          - {name: a, type: Dense}
          - {name: b, type: Dense, inputs: x.scores}
          - {name: c, type: Dense, inputs: x.state}
        outputs: [x]
        """
    )
    assert [row.status for row in rows] == ["ok", "ok", "error", "error", "ok"]
    assert [type(fault) for fault in faults] == [AmbiguousOutput, UnknownOutput, AmbiguousOutput]
    assert [fault.outputs for fault in faults if isinstance(fault, AmbiguousOutput)] == [
        ("output", "state")
    ] * 2


def test_each_call_of_a_shared_layer_asks_after_the_earlier_ones() -> None:
    answers = Answers()
    rows, _ = walked(
        """
        layers:
          - {name: i, type: Input}
          - {name: d, type: Dense, units: 3}
          - {name: e, reuse: d}
          - {name: t, type: TimeDistributed, layer: {reuse: d}, inputs: i}
          - {name: f, reuse: e, inputs: i}
        """,
        answers,
    )
    questions = answers.questions[1:]
    assert [question.earlier for question in questions] == [None, questions[0], questions[1]]
    assert json.loads(questions[2].call.layer) == {"reuse": "t"}
    assert dict(questions[2].shared)["t"] == '{"type": "TimeDistributed", "layer": {"reuse": "d"}}'
    assert [row.shares for row in rows] == [None, None, "d", "d", "d"]
    assert [row.params for row in rows] == [0, 6, 0, 0, 0]
    assert rows[4].type == "Dense"
    assert rows[3].label == "TimeDistributed(Dense)"


def test_a_repeated_call_of_a_shared_layer_is_not_asked_again() -> None:
    answers = Answers()
    reuses = "\n".join(f"  - {{reuse: d, inputs: i, name: r{n}}}" for n in range(500))
    rows, _ = walked(
        f"layers:\n  - {{name: i, type: Input}}\n  - {{name: d, type: Dense}}\n{reuses}\n", answers
    )
    assert len(answers.questions) == 2
    assert all(row.params == 0 for row in rows[2:])


def test_a_layer_that_was_not_made_is_not_blamed_twice() -> None:
    rows, faults = walked(
        """
        layers:
          - {name: i, type: Input}
          - {name: u, type: Unmade, units: 1}
          - {name: v, reuse: u, inputs: i}
          - {name: w, type: T, layer: {reuse: v}, inputs: i}
        """
    )
    assert [row.status for row in rows] == ["ok", "error", "skipped", "skipped"]
    assert len(faults) == 1


def test_a_layer_whose_first_call_failed_is_judged_at_its_next() -> None:
    rows, faults = walked(
        """
        layers:
          - {name: i, type: Input}
          - {name: bad, type: Bad}
          - {name: d, type: Dense}
          - {name: e, reuse: d, inputs: i}
        """
    )
    assert [row.status for row in rows] == ["ok", "error", "skipped", "ok"]
    assert len(faults) == 1
    assert rows[3].params == 6


def test_equal_values_of_other_types_are_other_questions() -> None:
    answers = Answers()
    walked(
        "layers:\n  - {type: Input}\n"
        + "".join(
            f"  - {{type: Dense, units: {value}}}\n" for value in ("1", "1.0", "true", "'1'", "[1]", "null")
        ),
        answers,
    )
    assert len({question.key for question in answers.questions}) == 7
