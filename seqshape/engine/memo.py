"""Remembers answers: equal questions are asked once."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seqshape.engine.question import Answer, Ask, Question


class Memo:
    """An `Ask` round another one that keeps every answer for as long as it lives."""

    def __init__(self, ask: "Ask") -> None:
        self._ask = ask
        self._answers: dict[str, Answer] = {}

    def __call__(self, question: "Question") -> "Answer":
        """The remembered answer, or a new one."""
        answer = self._answers.get(question.key)
        if answer is None:
            answer = self._answers[question.key] = self._ask(question)
        return answer
