"""The values of one size, built by Keras one at a time, with all that a budget may be about."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from seqshape.solving.result import Asked
from seqshape.sweeping.result import Combination
from seqshape.sweeping.rows import combination
from seqshape.sweeping.variants import Variants
from seqshape.sweeping.working import Worker

TOO_LONG = "counting its multiply-accumulates takes too long; --params and --bytes do not need them"


def falls(numbers: Sequence[Fraction | int]) -> bool:
    """Whether numbers fall somewhere and rise nowhere."""
    return all(one >= two for one, two in pairwise(numbers)) and numbers[:1] != numbers[-1:]


class Unanswerable(ValueError):
    """The question has no answer as it is put; the message says why, and what to do."""


class Asking:
    """Asks about values; equal ones once. `built` counts them."""

    def __init__(self, variants: Variants, asked: Asked) -> None:
        self.built = 0
        self._variants = variants
        self._asked = asked
        self._worked = any(each.quantity == "macs" for each in asked.budgets)
        self._known: dict[int, Combination] = {}

    def sizes(self, value: int | None) -> dict[str, int | None]:
        """All sizes of a run with that value."""
        return {**dict(self._asked.others), self._asked.name: value}

    def falling(self) -> tuple[str, ...]:
        """The quantities of budgets that fall, and never rise, over the values that were built."""
        names = tuple(each.quantity for each in self._asked.budgets)
        return tuple(name for name in names if self._falls(name))

    def _falls(self, name: str) -> bool:
        found = (self._known[value].quantity(name) for value in sorted(self._known))
        return falls([number for number in found if number is not None])

    def at(self, value: int) -> Combination:
        """What Keras says of the spec with a value, whole and traced; its work is counted anew there.

        Raises:
            Unanswerable: counting it takes too long.

        """
        if value not in self._known:
            sizes = self.sizes(value)
            found = self._variants.at(sizes, trace=True)
            worker = Worker(self._variants, ()) if self._worked else None
            self.built += 1
            built = combination(self._variants, tuple(sizes.items()), found, worker, traced=True)
            if built.work is not None and built.work.late:
                raise Unanswerable(TOO_LONG)
            self._known[value] = built
        return self._known[value]
