"""The search for what to change: candidates are asked about, the best are written and judged whole.

Cheap questions go first: along the way from the change to the failure alone. What passes becomes text,
and only what the stations accept of that text is a repair.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations, groupby, islice
from operator import attrgetter

from seqshape.edits import Edit, applied, composed
from seqshape.engine.question import OutOfTime
from seqshape.faults import Fault
from seqshape.repairs.budget import Budget
from seqshape.repairs.goals import case_of
from seqshape.repairs.inside import cases_inside, of_entry
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.kinds import Kind, kinds
from seqshape.repairs.likelihood import Likelihood
from seqshape.repairs.pairing import all_alike, inside_alike, together, with_axes_of_its_own
from seqshape.repairs.ranking import SHOWN, Verified, apart, best, cost_of
from seqshape.repairs.trial import Judge, Trial, outlook
from seqshape.repairs.values import at
from seqshape.report import Diagnostic
from seqshape.revising import CannotRevise, revised
from seqshape.revisions import Insert

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
_cost, _least = attrgetter("cost"), attrgetter("least")


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
    return best(clean or found)


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
            further = repairs(last.after, item, fault, judge, budget, deeper=False)[:1]
            same = [each for each in further if _same(first.candidate, each.candidate)]
            if not (same or (further and item.code.startswith("SEQ4"))):
                break
            last, often = _joined(trial, last, further[0], same=bool(same)), often + 1
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
        near: list[Candidate] = []
        try:
            self._go_on(near)
        except KeyboardInterrupt:
            self._budget.stop()
        except OutOfTime:
            pass  # what was found until then holds
        return sorted(self._found, key=lambda one: one.cost)

    def _go_on(self, near: list[Candidate]) -> None:
        """Tries changes one by one, and two at once where none alone helps."""
        guesses: list[Candidate] = []
        self._try_all(self._sure(guesses), near)
        self._try_all(sorted(guesses, key=_cost), near)
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

    def _sure(self, guesses: list[Candidate]) -> Iterator[Candidate]:
        """The candidates for which something speaks, those that cost least first; the others are `guesses`.

        A kind is asked for its own once nothing is left that costs less than they do.
        """
        likelihood = Likelihood(self._case)
        waiting: list[Candidate] = []
        for least, kinds_ in groupby(sorted(kinds(), key=_least), _least):
            cheaper = bisect_left(waiting, least, key=_cost)
            yield from waiting[:cheaper]
            offered = [likelihood.weighed(each) for each in self._candidates(kinds_)]
            guesses += (each for each in offered if each.guess)
            waiting = sorted([*waiting[cheaper:], *(each for each in offered if not each.guess)], key=_cost)
        yield from waiting

    def _candidates(self, kinds_: Iterable[Kind]) -> Iterator[Candidate]:
        """What kinds offer, one of each in turn: none that asks much keeps the others waiting."""
        running = [each.offer(self._case) for each in kinds_]
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
        clean = apart(each for each in (*self._found, *self._built) if not each.errors)
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
        """Keeps those that hold when every call is traced too, of those that are shown then."""
        for each in sorted(self._built, key=lambda one: one.cost):
            if self._budget.over:
                break
            if self._worth(each):
                self._built.remove(each)
                self._found.extend(self._judged(each.candidate, each.edits, trace=True))

    def _worth(self, repair: Verified) -> bool:
        """Whether a repair is shown beside those that hold already."""
        clean = [each for each in self._found if not each.errors]
        return not clean or any(each is repair for each in best([*clean, repair]))

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
