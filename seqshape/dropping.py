"""What becomes of an axis that goes into a call and does not come out: asked with the axis longer.

Sizes that are equal by chance say nothing; only what moves together belongs together.
"""

from collections.abc import Collection

from seqshape.engine.question import Facts, Given
from seqshape.explanation import Dropped
from seqshape.flow import Flow
from seqshape.frozen import frozen
from seqshape.graph import Node
from seqshape.provenance import resized
from seqshape.report import Row

_SIZE = 6
"""What stands for an unknown size."""


@frozen
class Dropping:
    """One call of a spec; `kept` are the axes that come out, each with the word for what it is of."""

    row: Row
    node: Node
    flow: Flow
    kept: Collection[tuple[str, int]]

    def dropped(self, word: str, axis: int, size: int | None) -> Dropped:
        """What is known of an axis that does not come out."""
        given = self.flow.given(self.row.fed)
        if given is None:
            return Dropped(word, axis, size)
        own = self._places(word, axis)
        every = [
            (weight.name, number) for weight in self.row.weights for number in range(len(weight.shape))
        ]
        follow = set(every)
        now = size or _SIZE
        for new in (now + 1, now * 2 + 3):
            answer = self.flow.alone(self.node, resized(given, own, new))
            if not isinstance(answer, Facts):
                return Dropped(word, axis, size, tied=self._tied(given, own, word, size))
            if (into := self._moved(answer)) is not None:
                return Dropped(word, axis, size, into=into)
            follow &= {
                (weight.name, number)
                for weight in answer.weights
                for number, length in enumerate(weight.shape)
                if length == new
            }
        weight, number = next((each for each in every if each in follow), ("", 0))
        return Dropped(word, axis, size, weight, number)

    def _moved(self, answer: Facts) -> int | None:
        """The axis of what comes out that is another one now."""
        for before, after in zip(self.row.outputs, answer.outputs, strict=False):
            pairs = zip(before.tensor.shape, after.tensor.shape, strict=False)
            for number, (was, size) in enumerate(pairs):
                if was != size:
                    return number
        return None

    def _tied(
        self, given: tuple[Given, ...], own: list[tuple[int, int, int]], word: str, size: int | None
    ) -> tuple[str, int] | None:
        """The axis that comes out and has to be as long."""
        for other, axis in sorted(self.kept):
            places = self._places(other, axis)
            there = given[places[0][0]].tensors[places[0][1]].shape[axis]
            if other == word or there != size:
                continue
            moved = resized(given, [*own, *places], (size or _SIZE) + 1)
            if isinstance(self.flow.alone(self.node, moved), Facts):
                return other, axis
        return None

    def _places(self, word: str, axis: int) -> list[tuple[int, int, int]]:
        """Where a tensor goes into the call: parameter, tensor, axis."""
        return [
            (feed, place, axis)
            for feed, fed in enumerate(self.row.fed)
            for place, read in enumerate(fed.tensors)
            if read.word == word
        ]
