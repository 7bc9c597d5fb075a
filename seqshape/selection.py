"""Which diagnostics of a report a user wants to hear of, and which of them fail a run."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from seqshape.codes import can_be_silenced
from seqshape.frozen import frozen
from seqshape.paths import matches
from seqshape.report import ReportData, at_least
from seqshape.wording import did_you_mean

EVERY = "SEQ"
R = TypeVar("R", bound=ReportData)


@frozen
class Selection:
    """Codes, or beginnings of codes such as `SEQ3`. Where both name a code, the longer one decides.

    `per_file` has globs, relative to the folder of the settings file, each with what is ignored there.
    """

    select: tuple[str, ...] = (EVERY,)
    ignore: tuple[str, ...] = ()
    per_file: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def of(self, report: R, path: str) -> R:
        """The report with the diagnostics that are wanted; `path` is what the globs are about."""
        here = [code for pattern, codes in self.per_file if matches(pattern, path) for code in codes]
        heard = tuple(
            item
            for item in report.diagnostics
            if not can_be_silenced(item.code)
            or (self._selected(item.code) and not any(map(item.code.startswith, here)))
        )
        return report if len(heard) == len(report.diagnostics) else replace(report, diagnostics=heard)

    def _selected(self, code: str) -> bool:
        return _longest(code, self.select) > _longest(code, self.ignore)


def problem(code: str, ignored: bool) -> str | None:
    """What is wrong with a code, or a beginning of one, in a setting; None where it is right."""
    from seqshape import rules

    known = [each for each in rules.codes() if each.startswith(code)]
    if not known or not code.startswith(EVERY):
        return f"there is no code `{code}`{nearest_code(code)}"
    fixed = [each for each in known if not can_be_silenced(each)]
    if ignored and fixed:
        which = f"`{code}`" if fixed == [code] else f"`{fixed[0]}`, which `{code}` covers,"
        return f"{which} cannot be ignored: SEQ0…, SEQ1… and SEQ9… tell that a spec was not judged"
    return None


def nearest_code(code: str) -> str:
    """`; did you mean …?` with a code of the same range, one that differs in one place first."""
    from seqshape import rules

    code = code.upper()
    near = [each for each in rules.codes() if each.startswith(code[:4])] or rules.codes()
    for each in near:
        if len(each) == len(code) and sum(map(str.__ne__, each, code)) == 1:
            return f"; did you mean `{each}`?"
    return did_you_mean(code, near) or "; `seqshape rule --all` lists them"


def fails(reports: Iterable[ReportData], fail_on: str) -> bool:
    """Whether a diagnostic is at least as severe as `fail_on`."""
    return any(at_least(item.severity, fail_on) for report in reports for item in report.diagnostics)


def _longest(code: str, beginnings: Sequence[str]) -> int:
    return max((len(each) for each in beginnings if code.startswith(each)), default=0)
