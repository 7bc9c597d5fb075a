"""What the tool says of each broken spec, held against what a good engineer would do.

A fix counts as verified where the spec with it was judged again here and is clean, and as accepted where
it builds what one of the accepted repairs builds.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from seqshape.edits import applied
from seqshape.engine import Engine
from seqshape.pipeline import inspect_bytes
from seqshape.report import Diagnostic, ReportData
from seqshape.source import from_text
from tests.repairs.cases import Case
from tests.repairs.structure import structure

SHOWN = 3
"""Fixes of an error that are looked at."""

Judge = Callable[[str, str], ReportData]
"""Judges a text under the name of a file."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case.

    `cause` is the entry and argument that were named, None where none were. `titles` are those of the
    fixes that were shown. `verified` says of each whether the spec is sound with it, `accepted` whether a
    good engineer would take it.
    """

    case: Case
    seconds: float
    detected: bool
    cause: str | None
    named: bool
    titles: tuple[str, ...]
    verified: tuple[bool, ...]
    accepted: tuple[bool, ...]

    @property
    def fixed(self) -> bool:
        """Whether there are fixes, and every one of them is sound."""
        return bool(self.verified) and all(self.verified)

    @property
    def first(self) -> bool:
        """Whether the best fix is one that a good engineer would take."""
        return bool(self.accepted) and self.accepted[0]


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of a number of outcomes, from 0 to 1; times in seconds."""

    count: int
    detected: float
    named: float
    fixed: float
    first: float
    among: float
    median: float
    worst: float


def judging(engine: Engine, *, thorough: bool = True, budget: float | None = None) -> Judge:
    """The tool itself, as a way to judge a text; within the `budget` it looks for causes and fixes."""

    def judge(path: str, text: str) -> ReportData:
        return inspect_bytes(path, text.encode(), engine=engine, thorough=thorough, budget=budget)

    return judge


def outcome(
    case: Case, engine: Engine, judge: Judge, clock: Callable[[], float] = time.perf_counter
) -> Outcome:
    """What the tool says of a case, and whether it is right; how long that took by a clock."""
    start = clock()
    report = judge(str(case.path), case.text)
    seconds = clock() - start
    error = primary(report)
    if error is None:
        return Outcome(case, seconds, False, None, False, (), (), ())
    source = from_text(str(case.path), case.text)
    fixes = error.fixes[:SHOWN]
    texts = [applied(source, fix.edits) for fix in fixes]
    wanted = {structure(repair.text, engine) for repair in case.accepted}
    cause = error.cause
    return Outcome(
        case,
        seconds,
        True,
        None if cause is None else f"{cause.layer}.{cause.argument}",
        cause is not None and case.names(cause),
        tuple(fix.title for fix in fixes),
        tuple(not left(case, report, judge(str(case.path), text)) for text in texts),
        tuple(structure(text, engine) in wanted for text in texts),
    )


def primary(report: ReportData) -> Diagnostic | None:
    """The error that a case is about: the first with fixes, else the first with a cause, else the first."""
    errors = [item for item in report.diagnostics if item.severity == "error"]
    told = [item for item in errors if item.fixes] or [item for item in errors if item.cause] or errors
    return told[0] if told else None


def left(case: Case, before: ReportData, after: ReportData) -> list[Diagnostic]:
    """The findings that a repair should have taken away, or has brought.

    Where a case has one fault no error may be left, where it has several the first one must be gone; a
    warning may stay that was there before. A note is no finding here.
    """
    known = {(item.code, item.layer) for item in before.diagnostics}
    first = primary(before)
    assert first is not None
    return [
        item
        for item in after.diagnostics
        if (item.severity == "warning" and (item.code, item.layer) not in known)
        or (item.severity == "error" and case.faults == 1)
        or (item.code, item.layer) == (first.code, first.layer)
    ]


def false_alarms(paths: Iterable[Path], judge: Judge) -> dict[Path, list[Diagnostic]]:
    """The errors and warnings about specs that are correct, by their files."""
    found = {}
    for path in paths:
        report = judge(str(path), path.read_text(encoding="utf-8"))
        said = [item for item in report.diagnostics if item.severity != "note"]
        if said:
            found[path] = said
    return found


def figures(outcomes: Iterable[Outcome]) -> Figures:
    """The shares of at least one outcome."""
    all_ = list(outcomes)

    def share(holds: Callable[[Outcome], bool]) -> float:
        return sum(map(holds, all_)) / len(all_)

    times = sorted(each.seconds for each in all_)
    return Figures(
        len(all_),
        share(lambda each: each.detected),
        share(lambda each: each.named),
        share(lambda each: each.fixed),
        share(lambda each: each.first),
        share(lambda each: any(each.accepted)),
        times[len(times) // 2],
        times[-1],
    )
