"""A search that asks Keras value by value, for quantities that have no formula; it takes them to grow.

From the smallest value on the distance is doubled until the budgets are passed, then halved. A value with
which the spec has an error says nothing, and its neighbours are asked in its place.
"""

from dataclasses import dataclass, field

from seqshape.solving.asking import Asking
from seqshape.solving.result import Asked
from seqshape.sweeping.result import Combination

_NEIGHBOURS = 8
_MOST_REFUSED = 3
"""Steps, each twice as far as the last, after which a spec that never fits is believed to go on so."""


@dataclass(slots=True)
class Search:
    """One search: `under` is the largest value found at which the budgets are not passed, `over` the
    smallest at which they are; None where there is none. `refused` are those that have an error.
    """

    asking: Asking
    asked: Asked
    under: int | None = None
    over: int | None = None
    refused: dict[int, Combination] = field(default_factory=dict)

    def run(self) -> None:
        """Finds both sides."""
        self._gallop()
        while self.under is not None and self.over is not None:
            first, last = self.under + self.asked.multiple, self.over - self.asked.multiple
            if first > last:
                break
            steps = (last - first) // self.asked.multiple
            if not self._near(first + steps // 2 * self.asked.multiple, first, last):
                break

    def _gallop(self) -> None:
        value, refused, step = self.asked.first, 0, self.asked.multiple
        while value <= self.asked.last and self.over is None and refused < _MOST_REFUSED:
            refused = 0 if self._near(value, value, self.asked.last) else refused + 1
            if value < self.asked.last < value + step:
                value = self.asked.last
            else:
                value, step = value + step, step * 2

    def _near(self, value: int, first: int, last: int) -> bool:
        """Asks about a value, or about those round it within a range; whether one of them fits."""
        for distance in range(_NEIGHBOURS + 1):
            for side in (-1, 1) if distance else (1,):
                near = value + side * distance * self.asked.multiple
                if not first <= near <= last or near in self.refused:
                    continue
                found = self.asking.at(near)
                holds = self.asked.holds(found)
                if holds is None:
                    self.refused[near] = found
                    continue
                if holds == self.asked.most:
                    self.under = near if self.under is None else max(self.under, near)
                else:
                    self.over = near if self.over is None else min(self.over, near)
                return True
        return False
