"""Whole reports from run to run: a file that is as it was, judged as it was, is not judged again.

A report is kept under all that it depends on beside what answers depend on: the text, the name it goes
by, how it is judged, and this package's own sources. What time, memory or a missing package decided is
not kept.
"""

import hashlib
from collections.abc import Mapping
from functools import cache

from seqshape.containers import Contents
from seqshape.engine import Engine
from seqshape.frozen import frozen
from seqshape.limits import Limits
from seqshape.report import ReportData
from seqshape.report_text import NoReport, packed, unpacked
from seqshape.reporting import Report

_OF_THE_MACHINE = "SEQ9"
"""How the codes begin that tell what is wrong with the installation, not with the file."""
_SURE = ("", "whole")
"""How far fixes were looked for where more time would find no others."""


@frozen
class Judgement:
    """What is judged, and how; `path` is the file's name in the report, `mended` says to look for fixes."""

    path: str
    contents: Contents
    dims: Mapping[str, int | None]
    limits: Limits
    trace: bool
    thorough: bool
    mended: bool
    symbolic: bool

    @property
    def key(self) -> str | None:
        """A digest of all that the report depends on; None where none is to be remembered."""
        sources = _sources()
        if sources is None or self.contents.fault is not None or self.symbolic:
            return None
        dims = sorted(map(repr, self.dims.items()))
        how = [sources, self.path, self.contents.packed, dims, self.limits]
        how += [self.trace, self.thorough, self.mended]
        digest = hashlib.sha256(repr(how).encode() + b"\0")
        digest.update(self.contents.data)
        return digest.hexdigest()


def recalled(key: str, engine: Engine) -> Report | None:
    """The report that is remembered under a key."""
    data = engine.report(key)
    if data is None:
        return None
    try:
        return unpacked(data)
    except NoReport:
        return None


def keep(key: str, report: Report, engine: Engine) -> None:
    """Remembers a report, if it would be the same in another run."""
    if lasting(report) and (data := packed(report)) is not None:
        engine.keep_report(key, data)


def lasting(report: ReportData) -> bool:
    """Whether neither time nor the machine had a part in what a report says."""
    return not any(
        item.code.startswith(_OF_THE_MACHINE) or item.search not in _SURE for item in report.diagnostics
    )


@cache
def _sources() -> str | None:
    from seqshape.engine.surroundings import sources_as_they_stand

    return sources_as_they_stand()
