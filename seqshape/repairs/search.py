"""The search for what to change: candidates are asked about, the best are written and judged whole.

Cheap questions go first: along the way from the change to the failure alone. What passes becomes text,
and only what the stations accept of that text is a repair.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations, islice
from math import inf

from seqshape.edits import Edit, applied, composed
from seqshape.engine.question import OutOfTime
from seqshape.faults import Fault
from seqshape.repairs.goals import case_of
from seqshape.repairs.inside import cases_inside, of_entry
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.kinds import offers
from seqshape.repairs.likelihood import Likelihood
from seqshape.repairs.pairing import all_alike, inside_alike, together, with_axes_of_its_own
from seqshape.repairs.ranking import Verified, cost_of
from seqshape.repairs.trial import Judge, Trial, outlook
from seqshape.repairs.values import at
from seqshape.report import Diagnostic
from seqshape.revising import CannotRevise, revised
from seqshape.revisions import Insert

SHOWN = 3
"""Repairs that are shown for one finding."""
_OVERTIME, _MOST_OVERTIME = 0.5, 1.0
"""What is added to the budget for tracing what was tried: a share of it, and at most so many seconds."""
_NEARLY = 0.4
"""How much more than the best one a repair may cost to be shown beside another one of the same thing."""
_AGAIN = 0.5
"""How much less it must cost to be shown in place of one of another thing."""
_MARGIN = 0.3
"""How much more than what is found already a candidate may cost, and still be looked at."""
_REACH = 1.5
"""How much more than the best one a candidate may cost, and still be looked at where there are fewer."""
_NEAR = 0.3
"""How much more than twice the best one it may cost then."""
_ADVANTAGE = 1.0
"""How much less than the best one a candidate has to cost for which nothing speaks, to be looked at."""
_MOST_TRIED = 60
"""Texts that are judged for one finding."""
_MOST_PAIRED = 30
_MOST_PAIRS = 400
_LARGE = 500
"""Calls from which on a text is traced at once, not built first."""
_DEEPER = 3
"""Repairs that leave another error, and are looked at for a second change."""
_MOST_CHANGES = 6


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


def subject(item: Diagnostic) -> tuple[str, ...]:
    """What an error is about: the same again where nothing of it has changed."""
    return item.code, item.layer or "", item.message


def repairs(
    trial: Trial, target: Diagnostic, fault: Fault, judge: Judge, budget: Budget, *, deeper: bool = True
) -> tuple[Verified, ...]:
    """Repairs of one finding, the best first; at most `SHOWN`, none where nothing that was tried helps."""
    case = case_of(fault, trial)
    if case is None:
        return ()
    found = _Search(trial, case, target, judge, budget).run()
    found += _inside(trial, case, target, judge, budget, {each.edits for each in found})
    clean = [each for each in found if not each.errors]
    if not clean and deeper:
        clean = list(_second(found, trial, judge, budget))
    quiet = [each for each in clean if not each.outlook.revealed]
    return _best(quiet or clean or found)


def _inside(
    trial: Trial,
    case: Case,
    target: Diagnostic,
    judge: Judge,
    budget: Budget,
    known: set[tuple[Edit, ...]],
) -> list[Verified]:
    """Repairs of entries in a block that the failing one holds, beside those that are `known`."""
    found: list[Verified] = []
    try:
        for inner in () if budget.spent else cases_inside(case, trial):
            new = _Search(trial, inner, target, judge, budget).run()
            found += [each for each in new if each.edits not in known]
    except KeyboardInterrupt:
        budget.stop()
    return [replace(each, candidate=of_entry(each.candidate, case)) for each in found]


def _best(found: Iterable[Verified]) -> tuple[Verified, ...]:
    """The best of each subject, in order, and others of the same that are nearly as good, and less dear."""
    ordered = sorted(found, key=lambda one: one.cost)
    first = _apart(ordered)
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


def _apart(found: Iterable[Verified]) -> list[Verified]:
    """The best of each subject, in order, as many as are shown."""
    best = {each.candidate.subject: each for each in sorted(found, key=lambda one: one.cost)[::-1]}
    return sorted(best.values(), key=lambda one: one.cost)[:SHOWN]


def _second(found: list[Verified], trial: Trial, judge: Judge, budget: Budget) -> Iterator[Verified]:
    """Repairs of more than one change, of which the first has brought to light why it is not enough.

    That is an expectation which it does not meet, or the same mistake once more.
    """
    for first in sorted(found, key=lambda one: one.cost)[:_DEEPER]:
        last, often = first, 1
        while last.errors == 1 and often < _MOST_CHANGES and not budget.spent:
            (item, fault), *_ = (each for each in last.outlook.revealed if each[0].severity == "error")
            if fault is None:
                break
            best = repairs(last.after, item, fault, judge, budget, deeper=False)[:1]
            same = [each for each in best if _same(first.candidate, each.candidate)]
            if not (same or (best and item.code.startswith("SEQ4"))):
                break
            last, often = _joined(trial, last, best[0], same=bool(same)), often + 1
            if not last.errors:
                yield last


def _same(one: Candidate, other: Candidate) -> bool:
    """Whether two changes are the same one in two entries: a value, or a layer more."""
    if one.path or other.path:
        return (one.path, one.value) == (other.path, other.value)
    new = [
        [each.entry.get("type") for each in changes if isinstance(each, Insert)]
        for changes in (one.revisions, other.revisions)
    ]
    return new[0] == new[1] != []


def _joined(trial: Trial, first: Verified, second: Verified, *, same: bool) -> Verified:
    """Two changes, one after the other, as one repair."""
    one, other = first.candidate, second.candidate
    title = f"{one.title}, `{other.layer}`" if same and one.path else f"{one.title}; {other.title}"
    candidate = replace(one, title=title, subject=(*one.subject, *other.subject))
    edits = composed(trial.source, first.edits, second.edits)
    return Verified(candidate, edits, second.outlook, second.after, one.cost + second.cost)


class _Search:
    """Goes through the candidates of one case, those that cost least first."""

    def __init__(self, trial: Trial, case: Case, target: Diagnostic, judge: Judge, budget: Budget) -> None:
        self._trial = trial
        self._case = case
        self._target = target
        self._judge = judge
        self._budget = budget
        self._seen: set[tuple[Edit, ...]] = set()
        self._built: list[Verified] = []
        self._found: list[Verified] = []
        self._idle: set[tuple[object, ...]] = set()
        self._layers = {node.title: layer for node, _, layer in case.layers(case.goal.node)}

    def run(self) -> list[Verified]:
        """The repairs that were found, the best first: as many as are shown, and those gone on from."""
        likelihood = Likelihood(self._case)
        weighed = (likelihood.weighed(each) for each in self._candidates())
        near: list[Candidate] = []
        try:
            self._go_on(weighed, near)
        except KeyboardInterrupt:
            self._budget.stop()
        except OutOfTime:
            pass  # what was found until then holds
        return sorted(self._found, key=lambda one: one.cost)

    def _go_on(self, weighed: Iterable[Candidate], near: list[Candidate]) -> None:
        """Tries changes one by one, and two at once where none alone helps."""
        ordered = sorted(weighed, key=lambda each: each.cost)
        self._try_all((each for each in ordered if not each.guess), near)
        self._try_all((each for each in ordered if each.guess), near)
        if not any(not each.errors for each in self._found):
            pairs = islice(combinations(near[:_MOST_PAIRED], 2), _MOST_PAIRS)
            joined = (together(one, other) for one, other in pairs)
            self._try_all((each for each in joined if each is not None), None)

    def _try_all(self, candidates: Iterable[Candidate], near: list[Candidate] | None) -> None:
        for candidate in candidates:
            if self._budget.spent or len(self._seen) >= _MOST_TRIED:
                break
            if self._enough(candidate):
                self._trace()
                if self._enough(candidate):
                    return
            self._try(candidate, near)
        self._trace()

    def _candidates(self) -> Iterator[Candidate]:
        """What the kinds offer, one of each in turn: none that asks much keeps the others waiting."""
        running = [offer(self._case) for offer in offers()]
        while running and not self._budget.half_spent:
            for each in tuple(running):
                candidate = next(each, None)
                if candidate is None:
                    running.remove(each)
                else:
                    yield candidate

    def _enough(self, candidate: Candidate) -> bool:
        """Whether there are repairs enough that cost so much less that this one is not to be looked at."""
        cost = candidate.cost
        clean = _apart(each for each in (*self._found, *self._built) if not each.errors)
        if len(clean) >= SHOWN and cost > clean[-1].cost + _MARGIN:
            return True
        if not clean:
            return False
        reach = -_ADVANTAGE if candidate.guess else min(_REACH, clean[0].cost + _NEAR)
        return cost > clean[0].cost + reach

    def _try(self, candidate: Candidate, near: list[Candidate] | None) -> None:
        """Asks about a candidate, and has the text of it built where the answer is what is wanted."""
        if not candidate.asked:
            self._build(candidate)
            return
        flag = self._flag(candidate)
        if flag in self._idle:
            return
        outcome = self._case.outcome(candidate.overlay)
        if outcome.idle:
            self._idle.add(flag)
        if self._case.reached(outcome, candidate.overlay):
            if not self._build(candidate) and near is not None:
                near.append(
                    candidate
                )  # it mends the error and brings another: with a second change it may not
            if (meant := with_axes_of_its_own(self._case, candidate, outcome)) is not None:
                self._build(meant)
        elif near is not None:
            if outcome.given is not None and outcome.shapes() != self._base():
                near.append(candidate)
                if (alike := all_alike(self._case, candidate)) is not None:
                    self._try(alike, None)
            if not outcome.idle and (both := inside_alike(self._case, candidate)) is not None:
                self._try(both, near)

    def _flag(self, candidate: Candidate) -> tuple[object, ...]:
        """What a setting that is true or false is of: where it changes nothing once, it never does.

        Anything else is of its own entry alone.
        """
        own = self._layers.get(candidate.layer)
        holder = at(own, candidate.path[:-1]) if own is not None and candidate.path else None
        if isinstance(candidate.value, bool) and isinstance(holder, dict):
            return (holder.get("type"), candidate.path[-1], candidate.value)
        return (candidate.place, candidate.title)

    def _build(self, candidate: Candidate) -> bool:
        """Writes a candidate and judges the text whole, by Keras's shape rules alone; whether it holds.

        Of a large spec each pass counts, and most of its calls were traced already.
        """
        try:
            edits = revised(self._trial.source, self._trial.document, candidate.revisions)
        except CannotRevise:
            return False
        judged: list[Verified] = []
        if edits not in self._seen and len(self._seen) < _MOST_TRIED and not self._budget.spent:
            self._seen.add(edits)
            self._budget.count()
            large = len(self._case.graph.nodes) > _LARGE
            judged = list(self._judged(candidate, edits, trace=large))
            (self._found if large else self._built).extend(judged)
        return bool(judged)

    def _trace(self) -> None:
        """Keeps those that hold when every call is traced too: of the best, as many as are shown."""
        for each in sorted(self._built, key=lambda one: one.cost):
            clean = _apart(one for one in self._found if not one.errors)
            if self._budget.over or (len(clean) >= SHOWN and each.cost > clean[-1].cost):
                break
            self._built.remove(each)
            self._found.extend(self._judged(each.candidate, each.edits, trace=True))

    def _judged(self, candidate: Candidate, edits: tuple[Edit, ...], *, trace: bool) -> Iterator[Verified]:
        after = self._judge(applied(self._trial.source, edits), trace)
        left = outlook(self._trial, after, self._target) if after is not None else None
        if after is not None and left is not None:
            yield Verified(candidate, edits, left, after, cost_of(candidate, self._case, left))

    def _base(self) -> object:
        given = self._case.what_if.given(self._case.node)
        if given is None:
            return None
        return tuple(tensor.shape for each in given for tensor in each.tensors)
