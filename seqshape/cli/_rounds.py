"""Watched files, judged round after round: what was saved is judged again, and marked by what it was."""

import gc
import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from seqshape.cli._progress import Progress
from seqshape.cli._watched import Snapshot
from seqshape.frozen import frozen
from seqshape.limits import Limits
from seqshape.render._surface import Options, Surface

if TYPE_CHECKING:
    from seqshape.containers import Contents
    from seqshape.engine import Engine
    from seqshape.faults import Fault
    from seqshape.render._since import Since
    from seqshape.repairs.budget import Budget
    from seqshape.report import Diagnostic, ReportData
    from seqshape.rereading import Rereader
    from seqshape.source import Source
    from seqshape.yaml_reader import Document

_MOST_MENDED = 10
"""Broken files of one round in which fixes are looked for."""


@frozen
class Asked:
    """How the files are judged and shown. `table` shows the rows of the one file that there is."""

    engine: "Engine"
    sizes: dict[str, int | None]
    limits: Limits
    trace: bool
    budget: float
    symbolic: bool
    options: Options
    table: bool
    selected: "Callable[[ReportData, str], ReportData]"


@dataclass(slots=True)
class _File:
    """What is known of one file: as it is now, and as it was before its last save.

    `table` is the last report before that has rows to compare with. `known` are the findings that were told
    before and not told as resolved; None at the start, where none of them is new. `lacking` has the dims
    that were given a size and that the file does not have, each with what is to be said of it.
    """

    contents: "Contents"
    report: "ReportData"
    lacking: dict[str, str]
    known: "tuple[Diagnostic, ...] | None" = None
    table: "ReportData | None" = None


class Rounds:
    """The reports of watched files. A round begins with `take`; `mend` adds to it what takes its time."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._files: dict[str, _File] = {}
        self._now = Snapshot({})
        self._saved: tuple[str, ...] = ()
        self._starting = True
        self._unmended: list[str] = []
        self._left: list[Callable[[], None]] = []
        self._reading: Rereader | None = None

    def take(self, now: Snapshot) -> None:
        """Judges what is otherwise than in the last round."""
        self._saved = now.differing(self._now)
        self._now = now
        with Progress(len(self._saved)) as progress:
            for path in self._shown():
                self._files[path] = self._judged(path, now.files[path])
                progress.advance()
        self._starting = False
        broken = (path for path in self._shown() if not self._files[path].report.ok)
        self._unmended = list(islice(broken, _MOST_MENDED)) if self._asked.budget else []

    @property
    def problems(self) -> tuple[str, ...]:
        """What is gone, what cannot be read, and dims that no file has, each as a line for the user."""
        gone = (f"{path} is gone; it is shown again when it is back" for path in self._now.gone)
        said = (f"Error: {problem}" for _, problem in self._now.problems)
        return (*gone, *said, *self.lacking)

    @property
    def lacking(self) -> tuple[str, ...]:
        """What is said of dims that were given a size, and that no file has."""
        files = [(path, self._files[path].lacking) for path in self._now.files]
        return tuple(
            f"Error: {files[0][0]}: {files[0][1][name]}"
            for name in self._asked.sizes
            if files and all(name in lacking for _, lacking in files)
        )

    def text(self, surface: Surface) -> str:
        """What is shown of this round; nothing where the one file, or all there was, is gone."""
        from seqshape.render import _watched
        from seqshape.report import Run

        paths = tuple(self._now.files)
        if not paths and (self._asked.table or self._now.gone):
            return ""
        became = tuple(map(self._since, paths))
        reports = tuple(self._files[path].report for path in paths)
        if self._asked.table:
            return _watched.table(reports[0], became[0], surface, self._asked.options)
        return _watched.findings(Run(reports, True, self._now.passed_over), became, surface)

    def findings(self, path: str, surface: Surface) -> str:
        """The diagnostics of one file in this round."""
        from seqshape.render import _watched
        from seqshape.report import Run

        return _watched.findings(Run((self._files[path].report,), True), (self._since(path),), surface)

    def prepare(self) -> None:
        """Has ready what the next rounds need.

        Raises:
            KerasUnavailable: Keras cannot be asked.

        """
        from seqshape import judged, model, since, walk  # noqa: F401, a round that was remembered needed none

        self._asked.engine.prepare()

    def rest(self) -> None:
        """Does what can wait until a round is shown: its reports are remembered, and memory is tidied.

        That is done in a thread of its own: Ctrl-C is lost where it is raised in what the collector calls.
        """
        while self._left:
            self._left.pop(0)()
        threading.Thread(target=gc.collect).start()

    def mend(self, untouched: Callable[[str], bool]) -> str | None:
        """Looks for fixes in the next file that has errors, while it is `untouched`.

        The file is given in which some were found; None where there is none.
        """
        if not self._unmended:
            return None
        path = self._unmended.pop(0)
        file = self._files[path]
        report, _ = self._report(path, file.contents, lambda: untouched(path))
        if not untouched(path):
            return None
        file.report = report
        return path if any(item.fixes for item in report.diagnostics) else None

    def _shown(self) -> list[str]:
        """The files that were saved, and are there."""
        return [path for path in self._saved if path in self._now.files]

    def _judged(self, path: str, contents: "Contents") -> _File:
        report, lacking = self._report(path, contents)
        last = self._files.get(path)
        if last is None:
            return _File(contents, report, lacking, None if self._starting else ())
        from seqshape.since import unjudged

        table = last.report if last.report.asked else last.table
        known = (*last.report.diagnostics, *unjudged(last.known or (), last.report))
        return _File(contents, report, lacking, known, table)

    def _since(self, path: str) -> "Since":
        """What became of a file in this round."""
        from seqshape.render._since import NOTHING

        file = self._files[path]
        if path not in self._saved or file.known is None:
            return NOTHING
        from seqshape.since import since

        return since(file.table, file.known, file.report, frozenset(self._asked.options.columns))

    def _report(
        self, path: str, contents: "Contents", wanted: Callable[[], bool] | None = None
    ) -> "tuple[ReportData, dict[str, str]]":
        """The report of a file, and what is to be said of dims that it lacks, which are left alone.

        Fixes are looked for while they are `wanted`.
        """
        from seqshape.pipeline import UnknownDim

        sizes, lacking = dict(self._asked.sizes), dict[str, str]()
        while True:
            try:
                report = self._inspected(path, contents, sizes, wanted)
            except UnknownDim as error:
                lacking[error.name] = str(error)
                del sizes[error.name]
            else:
                return self._asked.selected(report, path), lacking

    def _inspected(
        self,
        path: str,
        contents: "Contents",
        sizes: dict[str, int | None],
        wanted: Callable[[], bool] | None,
    ) -> "ReportData":
        from seqshape.pipeline import inspect_bytes

        asked = self._asked
        return inspect_bytes(
            path,
            contents,
            dims=sizes,
            limits=asked.limits,
            engine=asked.engine,
            trace=asked.trace,
            thorough=not asked.table,
            budget=None if wanted is None else _budget(asked.budget, wanted),
            symbolic=asked.symbolic,
            later=self._left.append,
            read=self._read,
        )

    def _read(self, text: "Source", limits: Limits) -> "tuple[Document, tuple[Fault, ...]]":
        """The tree of a text, made from that of the last one that was read where little is new."""
        from seqshape.rereading import Rereader

        if self._reading is None:
            self._reading = Rereader()
        return self._reading(text, limits)


def _budget(seconds: float, wanted: Callable[[], bool]) -> "Budget":
    from seqshape.repairs.budget import Budget

    return Budget(seconds, wanted=wanted)
