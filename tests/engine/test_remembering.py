"""Engines that remember from run to run: what is asked again, and what is not."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from seqshape import judging, pipeline
from seqshape.engine import Engine, remembering
from seqshape.engine.answers import to_text
from seqshape.engine.judge import Judge
from seqshape.engine.patience import Worker
from seqshape.engine.question import Answer, Call, Cost, Facts, Given, Question, Refusal
from seqshape.engine.store import Store
from seqshape.engine.surroundings import Surroundings
from seqshape.engine.tensors import Tensor

FOUND = Surroundings("77" * 32)
UNITS = [str(3 + number) for number in range(150)]


def spec(*layers: str) -> bytes:
    return "\n  - ".join(["layers:", "{type: Input, shape: [8, 4]}", *layers]).encode()


def dense(units: str, activation: str = "relu") -> str:
    return f"{{type: Dense, units: {units}, activation: {activation}}}"


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has imported no Keras of its own; the tests' own process may have."""
    monkeypatch.setattr(remembering.Remembering, "_surroundings", lambda self: FOUND)
    monkeypatch.setattr(remembering, "_is_imported", lambda: False)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Question]:
    """What Keras is asked."""
    found: list[Question] = []
    call = Judge.__call__

    def counted(self: Judge, question: Question, most: float) -> Answer:
        found.append(question)
        return call(self, question, most)

    monkeypatch.setattr(Judge, "__call__", counted)
    return found


def test_what_a_call_multiplies_is_remembered(tmp_path: Path) -> None:
    question = Question(
        Call('{"type": "Dense", "units": 5}', (Given(None, (Tensor((2, 3), "float32"),), False),))
    )
    first = Engine(tmp_path)
    assert first.cost(question) == Cost(30)
    first.ask(question)
    first.close()
    again = Engine(tmp_path)
    with again.recalling():  # Keras is not asked
        assert again.cost(question) == Cost(30)
        assert isinstance(again.ask(question), Facts)
    again.close()


def judged(cache: Path, data: bytes) -> pipeline.Report:
    engine = Engine(cache)
    report = pipeline.inspect_bytes("model.yaml", data, engine=engine)
    engine.close()
    return report


@pytest.mark.parametrize(
    "data",
    [
        spec(*map(dense, UNITS[:3]), "{type: GRU, units: 2}"),
        spec("{type: Conv2D, filters: 3, kernel_size: 3}"),
        spec("{type: GRU, units: -3}"),
        spec("{type: Dense, units: 3, activation: rleu}"),
        spec("{name: a, type: Dense, units: 4}", "{reuse: a}", "{reuse: a}"),
        b"keras: {floatx: float63}\n" + spec(dense("3")),
    ],
)
def test_what_was_asked_once_is_not_asked_again(tmp_path: Path, data: bytes, asked: list[Question]) -> None:
    first = judged(tmp_path, data)
    assert asked
    asked.clear()
    assert judged(tmp_path, data).to_dict() == first.to_dict()
    assert asked == []


def test_editing_one_layer_of_a_large_spec_asks_what_is_new(tmp_path: Path, asked: list[Question]) -> None:
    layers = list(map(dense, UNITS))
    judged(tmp_path, spec(*layers))
    before = len(asked)
    asked.clear()
    layers[75] = dense(UNITS[75], "tanh")
    judged(tmp_path, spec(*layers))
    assert {question.call.layer.count("tanh") for question in asked} == {1}
    assert 1 <= len(asked) <= 2  # as it is, and with a size for the batch
    assert before >= len(layers)


def test_another_width_asks_about_the_layer_and_the_one_behind(
    tmp_path: Path, asked: list[Question]
) -> None:
    layers = list(map(dense, UNITS))
    judged(tmp_path, spec(*layers))
    asked.clear()
    layers[75] = dense("1000")
    judged(tmp_path, spec(*layers))
    assert 2 <= len(asked) <= 4


def test_an_engine_that_is_not_to_remember_neither_reads_nor_writes(
    tmp_path: Path, asked: list[Question]
) -> None:
    data = spec(dense("3"))
    for _ in range(2):
        asked.clear()
        engine = Engine(tmp_path / "new", remember=False)
        assert pipeline.inspect_bytes("model.yaml", data, engine=engine).ok
        assert engine.close() is None
        assert asked
    assert not any(tmp_path.glob("new/*.*"))


def test_what_is_remembered_can_be_recalled_without_asking(tmp_path: Path, asked: list[Question]) -> None:
    question = Question(Call('{"type": "Input", "shape": [3]}'))
    first = Engine(tmp_path)
    assert first.recall(question) is None
    answer = first.ask(question)
    first.flush()
    asked.clear()
    assert Engine(tmp_path).recall(question) == answer
    assert asked == []


def test_what_took_too_long_is_asked_again(
    tmp_path: Path, asked: list[Question], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Worker, "bounded", lambda self, run, patience: (run(), "no time")[1])
    question = Question(Call('{"type": "Input", "shape": [3]}'))
    for _ in range(2):
        engine = Engine(tmp_path)
        assert isinstance(engine.ask(question), Facts)  # right, as it happens
        engine.close()
    assert len(asked) == 2


def test_a_registered_class_without_a_plugin_is_asked_again(tmp_path: Path, asked: list[Question]) -> None:
    question = Question(Call('{"type": "Nobodys>Own"}'))
    for _ in range(2):
        engine = Engine(tmp_path)
        assert isinstance(engine.ask(question), Refusal)
        engine.close()
    assert len(asked) == 2


def test_where_something_else_imported_keras_nothing_is_remembered(
    tmp_path: Path, asked: list[Question], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(remembering, "_is_imported", lambda: True)
    monkeypatch.setattr(remembering, "_PROCESS", remembering._Process())
    memory = remembering.Remembering(tmp_path, (), tmp_path)
    assert memory.recall(Question(Call('{"type": "Input", "shape": [3]}'))) is None
    assert memory.unknown is not None
    assert list(tmp_path.iterdir()) == []


def test_keras_that_came_in_between_ends_the_remembering(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = Question(Call('{"type": "Input", "shape": [3]}'))
    monkeypatch.setattr(remembering, "_PROCESS", remembering._Process())
    memory = remembering.Remembering(tmp_path, (), tmp_path)
    assert memory.recall(question) is None
    monkeypatch.setattr(remembering, "_is_imported", lambda: True)
    memory.importing()
    memory.keep(question, Facts((), ()))
    memory.close()
    again = remembering.Remembering(tmp_path, (), tmp_path)
    assert again.recall(question) is None


def _other_outputs(answer: Facts) -> Iterator[Facts]:
    yield replace(answer, outputs=())
    yield replace(answer, outputs=answer.outputs * 3)
    for output in answer.outputs:
        tensor = output.tensor
        for shape in ((), (3,), (None,) * 7, (0, 0, 0), (2**62,) * 3):
            yield replace(answer, outputs=(replace(output, tensor=replace(tensor, shape=shape)),))
        yield replace(answer, outputs=(replace(output, name="\x1b[31m"),))
        yield replace(answer, outputs=(replace(output, tensor=replace(tensor, dtype="nonsense", mask=())),))
    yield replace(answer, weights=(), disagreements=())


def test_answers_that_were_tampered_with_crash_nothing(
    tmp_path: Path, asked: list[Question], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = spec(
        "{name: g, type: GRU, units: 3, return_sequences: true, return_state: true}",
        "{name: d, type: Dense, units: 3, inputs: g.output}",
        "{type: Add, inputs: [d, g.output]}",
        "{type: Concatenate, inputs: [d, g.output], axis: 1}",
    )
    judged(tmp_path, data)
    questions = list(asked)
    answers = {}
    for question in questions:
        answer = Engine(tmp_path).recall(question)
        assert isinstance(answer, Facts)
        answers[question.key] = answer
    for number, question in enumerate(questions[::3]):
        folder = tmp_path / f"{number}"
        for other in _other_outputs(answers[question.key]):
            store = Store(folder, FOUND.digest)
            for key, answer in {**answers, question.key: other}.items():
                store.put(key, answer)
            store.close()
            report = judged(folder, data)
            assert report.rows, to_text(other)
            str(report)


def test_answers_that_contradict_one_another_are_asked_anew_and_said(
    tmp_path: Path, asked: list[Question], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = spec("{type: Dense, units: 3}")
    right = judged(tmp_path, data).to_dict()
    judge, raised = judging.Judging.judge, []

    def contradicted(self: judging.Judging, *given: object, **named: object) -> object:
        found = judge(self, *given, **named)  # type: ignore[arg-type]
        if not raised:
            raised.append(IndexError())
            raise raised[0]
        return found

    monkeypatch.setattr(judging.Judging, "judge", contradicted)
    monkeypatch.setattr(Store, "report", lambda self, key: None)  # answers alone are remembered
    asked.clear()
    engine = Engine(tmp_path)
    assert pipeline.inspect_bytes("model.yaml", data, engine=engine).to_dict() == right
    assert asked
    assert "contradict" in (engine.close() or "")


def test_a_defect_without_remembered_answers_stays_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def defect(*given: object, **named: object) -> None:
        raise IndexError

    monkeypatch.setattr(judging.Judging, "judge", defect)
    with pytest.raises(IndexError):
        judged(tmp_path, spec("{type: Dense, units: 3}"))
