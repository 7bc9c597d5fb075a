"""Why a spec fails, and which edits of it are known to help: for each error its cause and its fixes.

Everything is asked: candidates are tried in Keras, and what is shown was built and traced whole from the
edited text, by the same stations that judged the user's own.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from seqshape.edits import applied
from seqshape.engine.question import OutOfTime
from seqshape.faults import Fault
from seqshape.repairs.budget import Budget
from seqshape.repairs.causes import with_cause
from seqshape.repairs.corrections import WORDS, corrections
from seqshape.repairs.ranking import SHOWN
from seqshape.repairs.search import repairs, subject
from seqshape.repairs.trial import Judge, Trial, outlook
from seqshape.report import Cause, Diagnostic, Fix

_MOST_FINDINGS = 12
"""Errors of one spec for which repairs are looked for."""


def mended(trial: Trial, judge: Judge, budget: Budget) -> tuple[Diagnostic, ...]:
    """The findings, each error with its cause and its fixes, where there are any."""
    found: list[Diagnostic] = []
    asked = 0
    trial.pages()  # Keras may have to be loaded for them
    budget.start()
    waiting = sum(_looked_at(item, fault, budget) for item, fault in trial.diagnostics)
    for item, fault in trial.diagnostics:
        if fault is not None and _looked_at(item, fault, budget):
            waiting -= 1
            enough = asked >= _MOST_FINDINGS or (budget.first and any(each.fixes for each in found))
            search = "waiting" if enough else "late" if budget.late else "whole"
            if search == "whole":
                asked += 1
                budget.turn(0 if budget.first else min(waiting, _MOST_FINDINGS - asked))
                try:
                    item = _mended(item, fault, trial, judge, budget)
                except KeyboardInterrupt:
                    budget.stop()
                search = "cut" if budget.spent else search
            item = replace(item, search="stopped" if budget.stopped else search)
        found.append(item)
    return tuple(found)


def _looked_at(item: Diagnostic, fault: Fault | None, budget: Budget) -> bool:
    """Whether repairs are looked for: it is an error, and none that is passed over."""
    return item.severity == "error" and fault is not None and subject(item) not in budget.passed


def _mended(item: Diagnostic, fault: Fault, trial: Trial, judge: Judge, budget: Budget) -> Diagnostic:
    if best := repairs(trial, item, fault, judge, budget):
        fixes = tuple(Fix(each.candidate.title, each.edits, each.errors) for each in best)
        return replace(with_cause(trial, item, best[0]), fixes=fixes)
    right = tuple(islice(_corrected(item, fault, trial, judge, budget), SHOWN))
    if not right:
        return item
    return replace(item, cause=right[0][1], fixes=tuple(fix for fix, _ in right))


def _corrected(
    item: Diagnostic, fault: Fault, trial: Trial, judge: Judge, budget: Budget
) -> Iterator[tuple[Fix, Cause]]:
    """Words put right, each with the cause that it names; those that leave nothing wrong come first."""
    left_over = []
    for each in corrections(fault, trial):
        if budget.spent:
            break
        budget.count()
        try:
            after = judge(applied(trial.source, each.edits), True)
        except KeyboardInterrupt:
            budget.stop()
            break
        except OutOfTime:
            break
        left = outlook(trial, after, item, word=isinstance(fault, WORDS)) if after is not None else None
        if left is None:
            continue
        errors = sum(found.severity == "error" for found, _ in left.revealed)
        found = Fix(each.title, each.edits, errors), Cause(each.layer, each.argument, fault.place)
        if errors:
            left_over.append(found)
        else:
            yield found
    yield from left_over
