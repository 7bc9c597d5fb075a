"""A spec mended: one fix by its number, or one error after another until it is clean or nothing helps."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from seqshape.cli import _listings
from seqshape.cli._progress import Progress
from seqshape.containers import Contents
from seqshape.edits import applied
from seqshape.frozen import frozen
from seqshape.limits import LARGEST, Limits
from seqshape.source import Source, decode, from_text

if TYPE_CHECKING:
    from seqshape.engine import Engine
    from seqshape.pipeline import Report
    from seqshape.render._fixes import Mended, Step
    from seqshape.repairs.budget import Budget
    from seqshape.report import Diagnostic, Fix

_MOST_ROUNDS = 20
"""Searches of one run of `--apply best`."""


class Problem(Exception):
    """Why nothing can be mended, in a user's words; the command line or the file is to blame."""


@frozen
class Asked:
    """How a spec is judged, the same after each change. `seconds` are for each search."""

    name: str
    sizes: dict[str, int | None]
    limits: Limits
    engine: "Engine"
    plugins: tuple[str, ...]
    seconds: float

    def key(self, contents: Contents) -> str:
        """What the fixes of a text hang on."""
        return _listings.key(contents.data, self.sizes, self.plugins)


def text_of(asked: Asked, contents: Contents) -> Source:
    """The text of a file, as far as it is one."""
    return decode(asked.name, contents.data, LARGEST)[0]


def listing(asked: Asked, contents: Contents, *, patient: bool) -> "Report":
    """The report with all fixes. Where it is `patient`, an interrupt ends the search alone.

    Raises:
        Problem: the file is a model that Keras saved, or has no dim that was given a size.

    """
    from seqshape.repairs.budget import Budget

    return _searched(asked, contents, Budget(asked.seconds, patient=patient))


def keep(asked: Asked, contents: Contents, report: "Report") -> None:
    """Keeps the fixes that are shown, for their numbers to mean them."""
    if fixes := _fixes(report):
        _listings.keep(asked.engine.cache, asked.key(contents), fixes)


def numbered(asked: Asked, contents: Contents, number: int) -> "Mended":
    """A spec with the fix of a number: of those that were listed last, else of those that are found now.

    Raises:
        Problem: there is no such fix, or it is not certain which one it is.

    """
    from seqshape.render._fixes import Mended, Step

    fixes = _listings.listed(asked.engine.cache, asked.key(contents))
    if fixes is None:
        if not asked.seconds:
            raise Problem("no fix is looked for, since --budget is 0")
        report = listing(asked, contents, patient=False)
        fixes = _fixes(report)
        if report.ok:
            return Mended(text_of(asked, contents).text, (), report)
        if any(item.search in ("cut", "late") for item in report.diagnostics):
            if not fixes:
                raise Problem(
                    f"the time ran out before a fix was found; give it more than --budget {asked.seconds:g}"
                )
            raise Problem(
                "the time ran out before all was tried, so the numbers were not certain; "
                f"`seqshape fix` lists what was found, and `--apply {number}` then makes what is listed"
            )
    if number > len(fixes):
        there = f"the last one is {len(fixes)}" if fixes else "no change that was tried mends it"
        raise Problem(f"there is no fix {number}: {there}")
    before, fix = text_of(asked, contents), fixes[number - 1]
    try:
        after = applied(before, fix.edits)
    except (ValueError, TypeError, IndexError) as error:  # somebody has been at the cache folder
        raise Problem("the fixes must be listed anew: run `seqshape fix` without --apply") from error
    left = _judged(asked, Contents(_bytes(after)), None)
    return Mended(after, (Step(before, fix),), left, searched=False)


def one_after_another(asked: Asked, contents: Contents) -> "Mended":
    """A spec with the best fix of one error after another.

    Raises:
        Problem: the file is a model that Keras saved, or has no dim that was given a size.

    """
    return _Mending(asked, text_of(asked, contents)).run(contents)


@dataclass
class _Mending:
    """Goes from one error to the next. `vain` are errors without a fix, with how far was looked and the
    number of changes there were then: another change may make them mendable.
    """

    asked: Asked
    now: Source
    steps: "list[Step]" = field(default_factory=list)
    vain: dict[tuple[str, ...], tuple[str, int]] = field(default_factory=dict)

    def run(self, contents: Contents) -> "Mended":
        from seqshape.render._fixes import Mended, Step

        report = self._search(contents)
        for _ in range(_MOST_ROUNDS - 1):
            if fix := next(iter(_fixes(report)), None):
                self.steps.append(Step(self.now, fix))
                self.now = from_text(self.asked.name, applied(self.now, fix.edits))
            elif not self._more(report):
                return Mended(self.now.text, tuple(self.steps), self._told(report))
            report = self._search(Contents(_bytes(self.now.text)) if self.steps else contents)
        return Mended(self.now.text, tuple(self.steps), self._told(report), exhausted=not report.ok)

    def _search(self, contents: Contents) -> "Report":
        """The report, with fixes of the first error that has any of those not tried in vain."""
        from seqshape.repairs.budget import Budget
        from seqshape.repairs.search import subject

        budget = Budget(self.asked.seconds, first=True, passed=frozenset(self.vain))
        report = _searched(self.asked, contents, budget)
        for item in report.diagnostics:
            if item.search in ("whole", "cut") and not item.fixes:
                self.vain[subject(item)] = item.search, len(self.steps)
        return report

    def _more(self, report: "Report") -> bool:
        """Whether another search may find a fix: of what was left out, or tried before a change."""
        searches = {item.search for item in report.diagnostics}
        if searches & {"late", "waiting"} and searches & {"whole", "cut"}:
            return True
        old = [key for key, (_, steps) in self.vain.items() if steps < len(self.steps)]
        for key in old:
            del self.vain[key]
        return bool(old) and not report.ok

    def _told(self, report: "Report") -> "Report":
        """The report with how far was looked for fixes of each error, in this search or an earlier one."""
        from seqshape.repairs.search import subject

        def told(item: "Diagnostic") -> "Diagnostic":
            search, _ = self.vain.get(subject(item), (item.search, 0))
            return replace(item, search=search)

        return replace(report, diagnostics=tuple(map(told, report.diagnostics)))


def _fixes(report: "Report") -> "tuple[Fix, ...]":
    return tuple(fix for item in report.diagnostics for fix in item.fixes)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _searched(asked: Asked, contents: Contents, budget: "Budget") -> "Report":
    """The report within a budget, which is shown on a terminal."""
    with Progress(None, "Looking for fixes") as progress:
        budget.progress = progress.advance
        return _judged(asked, contents, budget if asked.seconds else None)


def _judged(asked: Asked, contents: Contents, budget: "Budget | None") -> "Report":
    from seqshape.judged import judged
    from seqshape.pipeline import UnknownDim

    try:
        found = judged(
            asked.name,
            contents,
            dims=asked.sizes,
            limits=asked.limits,
            engine=asked.engine,
            thorough=True,
            budget=budget,
        )
    except UnknownDim as error:
        raise Problem(str(error)) from error
    if found.saved and not found.report.ok:
        raise Problem(
            "it is a model that Keras saved, and specs alone can be mended; "
            "`seqshape check` says what is wrong with it"
        )
    return found.report
