"""A search that asks Keras value by value, for quantities that have no formula.

A short range is asked about whole. Of a long one the distance is doubled from its start on until the answer
lies between two values, and then halved, as if the budgets began or ceased to hold only once in between. A
value with which the spec has an error says nothing, and its neighbours are asked in its place.
"""

from dataclasses import dataclass, field

from seqshape.solving.asking import Asking
from seqshape.solving.result import Asked
from seqshape.sweeping.result import Combination

MOST_ALL = 64
"""Values of a range up to which all are asked about."""
_NEIGHBOURS = 8
_HOPELESS = 4
"""Steps, each twice as far as the last, without coming nearer, after which it is believed to go on so."""


@dataclass(slots=True)
class Search:
    """One search; `held` says of each value whether the budgets hold, None where that is not known."""

    asking: Asking
    asked: Asked
    held: dict[int, bool | None] = field(default_factory=dict)

    @property
    def value(self) -> int | None:
        """The best value that was found; None where none will do."""
        good = (value for value, held in self.held.items() if held)
        return (max if self.asked.most else min)(good, default=None)

    def refused(self) -> tuple[Combination, ...]:
        """The values with an error on the far side of the answer, the best first."""
        best, most = self.value, self.asked.most
        far = (
            value
            for value, held in self.held.items()
            if held is None and (best is None or (value > best if most else value < best))
        )
        return tuple(self.asking.at(value) for value in sorted(far, reverse=most))

    def run(self) -> None:
        """Asks until the answer is known."""
        asked = self.asked
        if asked.last - asked.first < MOST_ALL * asked.multiple:
            for value in range(asked.first, asked.last + 1, asked.multiple):
                self._holds(value)
            return
        bad = self._far()
        if self.value is None:
            bad = self._edge()
        self._halve(self.value, bad)

    def _halve(self, good: int | None, bad: int | None) -> None:
        """Narrows the stretch between a value that will do and one that will not."""
        multiple = self.asked.multiple
        while good is not None and bad is not None:
            first, last = sorted((good, bad))
            steps = (last - first) // multiple
            if steps < 2:
                break
            middle = first + steps // 2 * multiple
            near = self._near(middle, first + multiple, last - multiple)
            if near is not None and self.held[near]:
                good = near
            else:
                bad = middle if near is None else near

    def _edge(self) -> int | None:
        """Goes to the last value with which the spec fits, until one will do; its neighbour."""
        multiple = self.asked.multiple
        first = max((each for each, held in self.held.items() if held is not None), default=None)
        if first is None:
            return None
        last = min((each for each in self.held if each > first), default=None)
        while last is not None and (steps := (last - first) // multiple) >= 2 and self.value is None:
            middle = first + steps // 2 * multiple
            near = self._near(middle, first + multiple, last - multiple)
            if near is None:
                last = middle
            elif self.held[near]:
                return last if self.asked.most else first
            else:
                first = near
        return None

    def _far(self) -> int | None:
        """Goes ever further; the value at which the budgets do not hold next to the best one."""
        asked = self.asked
        value, step, before, hopeless = asked.first, asked.multiple, None, 0
        nearest: int | None = None
        while value <= asked.last and hopeless < _HOPELESS:
            near = self._near(value, value, asked.last)
            found = None if near is None else self.held[near]
            if found and not asked.most:
                return before
            if before is not None and self.held.get(before) and not found and near is not None:
                return near
            distance = None if near is None else asked.distance(self.asking.at(near))
            closer = distance is not None and (nearest is None or distance < nearest)
            hopeless = 0 if found or closer else hopeless + 1
            nearest = distance if closer else nearest
            before = value if near is None else near
            if value < asked.last < value + step:
                value = asked.last
            else:
                value, step = value + step, step * 2
        best = self.value
        if best is None or not asked.most:
            return None
        return min((each for each in self.held if each > best), default=None)

    def _holds(self, value: int) -> bool | None:
        if value not in self.held:
            self.held[value] = self.asked.holds(self.asking.at(value))
        return self.held[value]

    def _near(self, value: int, first: int, last: int) -> int | None:
        """A value with which the spec fits, or a neighbour of it in a range; None where none does."""
        for distance in range(_NEIGHBOURS + 1):
            for side in (1, -1) if distance else (1,):
                near = value + side * distance * self.asked.multiple
                if first <= near <= last and self._holds(near) is not None:
                    return near
        return None
