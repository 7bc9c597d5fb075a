"""Which of several repairs are shown, best first: those of the fewest, smallest and most local changes."""

from collections.abc import Iterable
from dataclasses import dataclass

from seqshape.edits import Edit
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.trial import Outlook, Trial

SHOWN = 3
"""Repairs that are shown for one finding."""
_NEARLY = 0.4
"""How much more than the best one a repair may cost to be shown beside another one of the same thing."""
_AGAIN = 0.5
"""How much less it must cost to be shown in place of one of another thing."""
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


def best(found: list[Verified]) -> tuple[Verified, ...]:
    """Those that are shown: the best of each subject, in order, and others that are nearly as good.

    What brings something else to light is shown only where everything does, an error where all bring one.
    """
    clean = [each for each in found if not each.errors]
    quiet = [each for each in clean if not each.outlook.revealed]
    ordered = sorted(quiet or clean or found, key=lambda one: one.cost)
    first = apart(ordered)
    titles = {each.candidate.title for each in first}
    said = [(each.candidate.path, each.candidate.value) for each in first if each.candidate.path]
    near = [
        each
        for each in ordered
        if each.candidate.title not in titles
        and each.cost < ordered[0].cost + _NEARLY
        and (each.candidate.path, each.candidate.value) not in said
    ]
    shown = sorted([*first, *near], key=lambda one: one.cost + _AGAIN * (one in near))[:SHOWN]
    return tuple(sorted(shown, key=lambda one: one.cost))


def apart(found: Iterable[Verified]) -> list[Verified]:
    """The best of each subject, in order, as many as are shown."""
    best_ = {each.candidate.subject: each for each in sorted(found, key=lambda one: one.cost)[::-1]}
    return sorted(best_.values(), key=lambda one: one.cost)[:SHOWN]
