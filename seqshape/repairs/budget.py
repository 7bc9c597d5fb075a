"""How long the search for repairs may go on, and how that is shared between the errors of a spec."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

_OVERTIME, _MOST_OVERTIME = 0.5, 1.0
"""What is added to the budget for tracing what was tried: a share of it, and at most so many seconds."""


@dataclass
class Budget:
    """How long the search may go on, in seconds from its start.

    `progress` is called for each text that is judged. Where it is `patient`, an interrupt ends the search
    and no more, so that what was found is shown; it is `stopped` then. `first` says that the first error
    with fixes is enough, `passed` names the errors that are not to be looked at, as `subject` does. The
    search ends once it is not `wanted`.
    """

    seconds: float
    progress: Callable[[], None] = lambda: None
    patient: bool = False
    first: bool = False
    passed: frozenset[tuple[str, ...]] = frozenset()
    wanted: Callable[[], bool] = lambda: True
    tried: int = 0
    stopped: bool = False
    _start: float | None = field(init=False, default=None)
    _turn: tuple[float, float] = field(init=False, default=(0.0, inf))
    """From when to when, in seconds from the start, the time is that of one error."""

    def start(self) -> None:
        """From here on the time counts."""
        self._start = self._start or time.monotonic()

    def turn(self, waiting: int) -> None:
        """From here on an error has its share of the time that is left: `waiting` others are behind it."""
        self._turn = self._gone, self._gone + max(self.seconds - self._gone, 0.0) / (waiting + 1)

    def stop(self) -> None:
        """Ends the search.

        Raises:
            KeyboardInterrupt: an interrupt is to end more than that.

        """
        if not self.patient:
            raise KeyboardInterrupt
        self.stopped = True
        self.seconds = 0.0

    @property
    def late(self) -> bool:
        """Whether there is no time for another error."""
        return self._gone > self.seconds

    @property
    def spent(self) -> bool:
        """Whether nothing new is to be tried for this error."""
        return self._gone > min(self.seconds, self._turn[1])

    @property
    def half_spent(self) -> bool:
        """Whether what is left for this error is for trying what there is."""
        return self._gone > (self._turn[0] + min(self.seconds, self._turn[1])) / 2

    @property
    def over(self) -> bool:
        """Whether what was tried is not to be looked at further either."""
        return self._gone > min(self.seconds, self._turn[1]) + self._overtime

    @property
    def end(self) -> float:
        """The time of `time.monotonic` after which nothing is asked."""
        if not self.wanted():
            self.seconds = 0.0
        return inf if self._start is None else self._start + self.seconds + self._overtime

    @property
    def _overtime(self) -> float:
        return min(_OVERTIME * min(self.seconds, self._turn[1] - self._turn[0]), _MOST_OVERTIME)

    @property
    def _gone(self) -> float:
        return 0.0 if self._start is None else time.monotonic() - self._start

    def count(self) -> None:
        """One more text is judged."""
        self.tried += 1
        self.progress()
