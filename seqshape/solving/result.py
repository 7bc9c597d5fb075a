"""What is asked of one size of a spec, and what came of it, as plain values."""

from typing import Literal

from seqshape.frozen import frozen
from seqshape.sweeping.result import Combination, Sizes

Status = Literal["found", "none", "any", "unfit"]
"""A value was found; no value will do; every one will; those that would, the spec does not fit."""


@frozen
class Budget:
    """A number that one of the quantities must not pass, or must reach."""

    quantity: str
    limit: int


@frozen
class Asked:
    """Which value of a size is looked for.

    The largest with which no budget is passed, or, where not `most`, the smallest with which all are
    reached; among the multiples of a number from `low` to `high`. `others` are sizes for this run;
    `ended` says that somebody chose `high`.
    """

    name: str
    budgets: tuple[Budget, ...]
    most: bool = True
    others: Sizes = ()
    multiple: int = 1
    low: int = 1
    high: int = 1_000_000_000
    ended: bool = False

    @property
    def first(self) -> int:
        """The smallest value that may be taken."""
        return -(-self.low // self.multiple) * self.multiple

    @property
    def last(self) -> int:
        """The largest value that may be taken."""
        return self.high // self.multiple * self.multiple

    def holds(self, found: Combination) -> bool | None:
        """Whether all budgets hold; None where one of the quantities is not known."""
        distance = self.distance(found)
        return None if distance is None else distance <= 0

    def distance(self, found: Combination) -> int | None:
        """How far the quantity that is furthest off is from holding: 0 or less where all hold."""
        sign = 1 if self.most else -1
        numbers = [(found.quantity(each.quantity), each.limit) for each in self.budgets]
        known = [sign * (number - limit) for number, limit in numbers if number is not None]
        return max(known) if len(known) == len(numbers) else None


@frozen
class Solution:
    """What came of it.

    `answer` is the spec with the value that was found, `beyond` with the next one, None where that is out
    of the range. Values that would do, but with which the spec has an error, are `refused`. `formulas` are
    the quantities as formulas, by name; None for one that was asked value by value. `gaps` says that not
    every value on the near side of the answer keeps the budgets. `depends` is whether any of the quantities
    moves with the size. `extreme` is the spec at the near end of the range, where no value will do or every
    one will, or the nearest one. `built` is how many values were built, `falling` the quantities that were
    seen to fall as the size grows. The range is `cut` where formulas had to be looked at value by value.
    """

    seqshape: str
    keras: str | None
    path: str
    spec_name: str | None
    asked: Asked
    status: Status
    formulas: tuple[tuple[str, str | None], ...]
    answer: Combination | None = None
    beyond: Combination | None = None
    refused: tuple[Combination, ...] = ()
    extreme: Combination | None = None
    gaps: bool = False
    depends: bool = True
    built: int = 0
    falling: tuple[str, ...] = ()
    cut: bool = False

    @property
    def value(self) -> int | None:
        """The value of the size; None where there is none."""
        return None if self.answer is None else dict(self.answer.sizes)[self.asked.name]
