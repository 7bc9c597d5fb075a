"""Whether two models are one function, as running them says: plain values."""

from statistics import median

from seqshape.engine.experiment import Deviation, Entering, Outcome
from seqshape.frozen import frozen

_LOSS = 2 / 3
"""The power of a dtype's step up to which differences are rounding: 4e-11 in float64, 2e-5 in float32."""


@frozen
class Numeric:
    """What came of running both.

    `outcome` is None where they were not run, `reason` says why. `mapped` says how the weights were
    mapped, `pairs` which, by their names. `outputs` are the names of each output in both, `remedy` what
    to do about the reason. They are `apart` where it shows that they cannot be one function.
    """

    seed: int
    tries: int
    outcome: Outcome | None = None
    reason: str = ""
    remedy: str = ""
    apart: bool = False
    mapped: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    entering: tuple[Entering, ...] = ()
    outputs: tuple[tuple[str, str], ...] = ()

    @property
    def verdict(self) -> str:
        """`equal`, `rounding`, `different` or `not run`."""
        if self.outcome is None:
            return "different" if self.apart else "not run"
        if all(each.different == 0 for each in self.outcome.deviations):
            return "equal"
        judged = self.outcome.precise or self.outcome.deviations
        return "rounding" if all(map(is_rounding, judged)) else "different"

    @property
    def same(self) -> bool:
        """Whether the two were found to be one function."""
        return self.verdict in ("equal", "rounding")

    @property
    def worst(self) -> int:
        """The number of the output with the largest difference for its size."""
        assert self.outcome is not None
        found = self.outcome.deviations
        return max(range(len(found)), key=lambda number: _share(found[number]))

    def medians(self) -> tuple[float, float]:
        """The median seconds of a run of each."""
        assert self.outcome is not None
        one, other = self.outcome.seconds
        return median(one), median(other)


def is_rounding(deviation: Deviation) -> bool:
    """Whether an output differs by no more than its dtype rounds, however many layers add to that."""
    if deviation.different == 0:
        return True
    return bool(deviation.epsilon) and _share(deviation) <= deviation.epsilon**_LOSS


def _share(deviation: Deviation) -> float:
    """The largest difference as a share of the largest number."""
    if deviation.different == 0:
        return 0.0
    return deviation.absolute.difference / deviation.scale if deviation.scale else float("inf")
