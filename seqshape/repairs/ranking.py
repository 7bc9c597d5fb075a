"""Which of several repairs is shown first: the one of fewest, smallest and most local changes."""

from dataclasses import dataclass

from seqshape.edits import Edit
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.trial import Outlook, Trial

_ON_THE_WAY = 0.05
"""For a layer between the change and the failure that gives another shape."""
_INNOCENT = 0.3
"""For one that has nothing to do with the failure."""
_MOST_INNOCENT = 1.2
_HIDDEN_WARNING = 0.4
_QUIETED, _MOST_QUIETED = 0.4, 1
"""Less for a warning that is gone with it, and how many count: what was very likely wrong is right then."""
_HEAVY, _MANY = 0.15, 1_000_000
"""For a layer that gets so many parameters more, as a Dense behind the Flatten of a large map."""
_UNREAD = 1.0
"""For a layer that nothing reads any more."""
_LEFT = 10.0
"""For a repair after which something else is wrong."""


@dataclass(frozen=True)
class Verified:
    """A repair that was built and traced whole, with its edits and what it leaves."""

    candidate: Candidate
    edits: tuple[Edit, ...]
    outlook: Outlook
    after: Trial
    cost: float

    @property
    def errors(self) -> int:
        """How many errors come up that were hidden."""
        return sum(item.severity == "error" for item, _ in self.outlook.revealed)


def cost_of(candidate: Candidate, case: Case, outlook: Outlook) -> float:
    """What a verified repair costs in the end."""
    way = {case.graph.nodes[index].path for index in case.before} | {case.node.path}
    innocent = sum(path not in way for path in outlook.changed)
    cost = candidate.cost + _ON_THE_WAY * (len(outlook.changed) - innocent)
    cost += min(_INNOCENT * innocent, _MOST_INNOCENT)
    cost += _UNREAD * len(outlook.unread)
    cost -= _QUIETED * min(outlook.quieted, _MOST_QUIETED)
    cost += _HEAVY * (outlook.grown > _MANY)
    for item, _ in outlook.revealed:
        cost += _LEFT if item.severity == "error" else _HIDDEN_WARNING
    return cost
