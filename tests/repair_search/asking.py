"""Short ways from a broken text to what the search for repairs sees of it, for tests."""

from collections.abc import Iterator
from importlib import import_module
from textwrap import dedent

from seqshape.containers import Contents
from seqshape.edits import applied
from seqshape.engine import Engine
from seqshape.judging import Judging
from seqshape.limits import Limits
from seqshape.loading import load
from seqshape.pipeline import Report, inspect_bytes
from seqshape.repairs.goals import case_of
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.trial import Judge, Trial, outlook
from seqshape.report import Diagnostic
from seqshape.revising import CannotRevise, revised
from seqshape.source import from_text

PATH = "x.yaml"
LONG = 60.0
"""Seconds for a search that is to end by itself."""


def judging(engine: Engine) -> Judging:
    """How texts are judged, as the pipeline does it for repairs."""
    return Judging(PATH, {}, Limits(), engine, True, True)


def trial_of(text: str, engine: Engine) -> Trial:
    """A text as it was judged, for repairs to start from."""
    stations = judging(engine)
    loaded = load(PATH, Contents(dedent(text).encode()), {}, Limits(), engine)
    found = stations.trial(loaded, stations.judge(loaded))
    assert found is not None
    return found


def error_of(trial: Trial) -> Diagnostic:
    """The first error."""
    return next(item for item, _ in trial.diagnostics if item.severity == "error")


def the_case(trial: Trial) -> Case | None:
    """The case of the first error."""
    target = error_of(trial)
    fault = next(fault for item, fault in trial.diagnostics if item is target)
    assert fault is not None
    return case_of(fault, trial)


def offered(kind: str, case: Case) -> Iterator[Candidate]:
    """What one kind of repair would try."""
    yield from import_module(f"seqshape.repairs.kinds.{kind}").offer(case)


def holding(candidates: Iterator[Candidate], trial: Trial, judge: Judge) -> Iterator[Candidate]:
    """Those of which the text, judged again, has no error that the first one did not have."""
    for each in candidates:
        try:
            edits = revised(trial.source, trial.document, each.revisions)
        except CannotRevise:
            continue
        after = judge(applied(trial.source, edits), True)
        left = outlook(trial, after, error_of(trial)) if after is not None else None
        if left is not None and not any(item.severity == "error" for item, _ in left.revealed):
            yield each


def report_of(text: str, engine: Engine, budget: float | None = LONG) -> Report:
    """What the tool says of a text, with causes and fixes where there is a budget."""
    return inspect_bytes(PATH, dedent(text).encode(), engine=engine, thorough=True, budget=budget)


def fixed(text: str, item: Diagnostic, number: int = 0) -> str:
    """The text with a fix of a finding made."""
    return applied(from_text(PATH, dedent(text)), item.fixes[number].edits)


def errors(report: Report) -> list[Diagnostic]:
    """The errors of a report."""
    return [item for item in report.diagnostics if item.severity == "error"]
