"""Answers as JSON text and back, and which of them hold beyond the run that they were given in.

What is read back is judged part by part, as anybody could have written it: a text that is no answer
through and through is none at all.
"""

import json
from typing import Any

from seqshape.engine.question import Answer, Cost, Disagreement, Facts, Question, Refusal
from seqshape.engine.tensors import Output, Tensor, Weight

GIVEN_UP = "given up"
_STAGES = ("settings", "type", "make", "package", "call", "trace")
"""Stages of refusals that may be remembered or not; none is ever `GIVEN_UP`."""
_PASSING = ("MemoryError", "OOM", "allocate", "[Errno", "RecursionError", "recursion")
"""What a message says where the machine refused and not Keras."""
_MOST_AXES = 1000
_LARGEST = 2**63 - 1


class NoAnswer(ValueError):
    """The text is no answer."""


def lasting(question: Question, answer: Answer | Cost) -> bool:
    """Whether the same question has the same answer in another run.

    Not where time or memory ran out, a package of Python was missing, or a file may have been read.
    """
    if isinstance(answer, Cost):
        return not _may_read(question)
    if isinstance(answer, Facts):
        return (answer.traced or not question.trace) and not _may_read(question)
    if answer.stage in (GIVEN_UP, "package"):
        return False
    said = (answer.message, *(message for _, message in answer.arguments))
    return not any(word in each for word in _PASSING for each in said) and not _may_read(question)


def is_custom(question: Question) -> bool:
    """Whether a class that somebody registered (`Package>Name`) may be in a question."""
    return ">" in question.call.layer or any(">" in definition for _, definition in question.shared)


def _may_read(question: Question) -> bool:
    """Whether a class of the host's own may read the words of a file that the question names."""
    texts = (question.call.layer, *(definition for _, definition in question.shared))
    return is_custom(question) and any('"vocabulary": "' in text for text in texts)


def to_text(answer: Answer | Cost) -> str:
    """The answer as JSON text."""
    data: list[Any]
    if isinstance(answer, Cost):
        data = ["cost", answer.products, answer.uncounted]
    elif isinstance(answer, Facts):
        data = [
            "facts",
            [[each.name, each.tensor.data()] for each in answer.outputs],
            [[each.name, each.shape, each.dtype, each.itemsize, each.trainable] for each in answer.weights],
            answer.traced,
            [[each.name, each.built, each.traced] for each in answer.disagreements],
        ]
    else:
        data = [
            "refusal",
            answer.stage,
            answer.message,
            answer.arguments,
            answer.ranks,
            answer.type,
        ]
    return json.dumps(data, separators=(",", ":"))


def from_text(text: str) -> Answer | Cost:
    """The answer that a text is.

    Raises:
        NoAnswer: it is none.

    """
    try:
        data = json.loads(text)
        match data:
            case ["facts", list(outputs), list(weights), bool(traced), list(disagreements)] if outputs:
                return Facts(
                    tuple(map(_output, outputs)),
                    tuple(map(_weight, weights)),
                    traced,
                    tuple(map(_disagreement, disagreements)),
                )
            case ["cost", products, list(uncounted)]:
                return Cost(_number(products), tuple(map(_word, uncounted)))
            case ["refusal", stage, str(message), list(arguments), [least, most], type_] if (
                stage in _STAGES
            ):
                ranks = (_size(least, unknown=True), _size(most, unknown=True))
                named = None if type_ is None else _word(type_)
                return Refusal(stage, message, tuple(map(_argument, arguments)), ranks, named)
    except (ValueError, TypeError, RecursionError) as error:
        raise NoAnswer(str(error)) from error
    raise NoAnswer("neither facts nor a cost nor a refusal")


def _output(data: Any) -> Output:
    name, (shape, dtype, mask, sparse) = data
    masked = None if mask is None else _shape(mask, unknown=True)
    return Output(_word(name), Tensor(_shape(shape, unknown=True), _word(dtype), masked, _flag(sparse)))


def _weight(data: Any) -> Weight:
    name, shape, dtype, itemsize, trainable = data
    sizes = tuple(size for size in _shape(shape) if size is not None)
    bytes_each = _size(itemsize)
    assert bytes_each is not None
    return Weight(_word(name), sizes, _word(dtype), bytes_each, _flag(trainable))


def _disagreement(data: Any) -> Disagreement:
    name, built, traced = data
    return Disagreement(_word(name), _shape(built, unknown=True), _shape(traced, unknown=True))


def _argument(data: Any) -> tuple[str, str]:
    name, message = data
    return _word(name), _word(message)


def _shape(data: Any, *, unknown: bool = False) -> tuple[int | None, ...]:
    if not isinstance(data, list) or len(data) > _MOST_AXES:
        raise NoAnswer("no shape")
    return tuple(_size(size, unknown=unknown) for size in data)


def _size(data: Any, *, unknown: bool = False) -> int | None:
    if data is None and unknown:
        return None
    if type(data) is not int or not 0 <= data <= _LARGEST:
        raise NoAnswer("no size")
    return data


def _number(data: Any) -> int:
    """A number of products: of a large model more than any size."""
    if type(data) is not int or data < 0:
        raise NoAnswer("no number")
    return data


def _word(data: Any) -> str:
    if not isinstance(data, str):
        raise NoAnswer("no text")
    return data


def _flag(data: Any) -> bool:
    if not isinstance(data, bool):
        raise NoAnswer("neither true nor false")
    return data
