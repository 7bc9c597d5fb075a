"""Many files judged, their outcomes in order: what is remembered here, the rest by asking Keras.

Keras is asked in this process, or in several of its own where that pays. A file that cannot be read, that
ends the process in which it is judged, or that meets a defect has an outcome that says so; the others are
judged all the same. How far it reads ahead of what was given out is bounded.
"""

import os
import signal
import time
import traceback
from collections import deque
from collections.abc import Generator, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from seqshape.containers import Contents, contents_of
from seqshape.engine import Engine, NotRemembered
from seqshape.frozen import frozen
from seqshape.limits import Limits
from seqshape.pipeline import Report, UnknownDim, inspect_bytes

if TYPE_CHECKING:
    from seqshape.workers import Ended, Workers

_AHEAD = 256
"""How many files may be judged, or found to need Keras, before their turn."""
_WORTH = 25
"""Files that wait for each process: to import Keras takes as long as to judge so many."""
_LEAST = 2
"""Processes that may be asked for wherever this runs: more than there are processors save no time."""
_MOST = 8
"""Processes, unless more are asked for: each takes half a GiB."""
_IN_A_ROW = 5
"""Processes that may end one after the other, before no more are started."""
_SEARCHED = 10
"""How many times the budget one run may look for fixes, however many specs are broken."""
_NO_TIME = 1e-6
"""A budget in which nothing is found, and which is told to have run out."""


@frozen
class File:
    """A file to judge. `name` is what the report calls it; without `contents` it is read from `path`."""

    name: str
    path: str
    contents: Contents | None = None


@frozen
class Keras:
    """How Keras is asked: the arguments of `Engine`."""

    cache: Path | None = None
    plugins: tuple[str, ...] = ()
    folder: Path | None = None
    remember: bool = True

    def engine(self) -> Engine:
        """An engine that asks so, in a process that is there for nothing else."""
        from seqshape import engine

        return engine.Engine(self.cache, self.plugins, self.folder, remember=self.remember, alone=True)


@frozen
class Manner:
    """How each file of a run is judged, as `pipeline.inspect_bytes` has it. Where a spec lacks a dim, its
    size is left alone there.
    """

    sizes: dict[str, int | None] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    trace: bool = True
    budget: float = 0.0


@frozen
class Defect:
    """An error that no file should be able to cause, with the traceback."""

    error: str
    traceback: str


@frozen
class Outcome:
    """What came of one file.

    `report` is None where `problem` says why the file cannot be read, or where there is a `defect`.
    `lacking` are the dims that were given a size and that the spec does not have, with what is to be said;
    `seconds` is how long it took.
    """

    file: File
    report: Report | None = None
    problem: str = ""
    defect: Defect | None = None
    lacking: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


def outcome(file: File, manner: Manner, engine: Engine) -> Outcome:
    """Judges one file.

    Raises:
        NotRemembered: Keras would have to be asked, and is not to be.

    """
    before = time.monotonic()
    try:
        contents = file.contents or contents_of(file.path, manner.limits.bytes)
    except OSError as error:
        return Outcome(file, problem=error.strerror or str(error))
    sizes, lacking = dict(manner.sizes), {}
    while True:
        try:
            report = inspect_bytes(
                file.name,
                contents,
                dims=sizes,
                limits=manner.limits,
                engine=engine,
                trace=manner.trace,
                thorough=True,
                budget=manner.budget,
            )
        except UnknownDim as error:
            del sizes[error.name]
            lacking[error.name] = str(error)
        except NotRemembered:
            raise
        except Exception as error:
            return Outcome(file, defect=Defect(f"{type(error).__name__}: {error}", traceback.format_exc()))
        else:
            return Outcome(file, report, lacking=lacking, seconds=time.monotonic() - before)


class Judge:
    """Judges files in a process of its own; `workers` has it."""

    def __init__(self, keras: Keras) -> None:
        import gc

        gc.set_threshold(100_000, 20, 100)  # as for the command line
        self._engine = keras.engine()

    def do(self, job: tuple[File, Manner]) -> Outcome:
        """The outcome of a file."""
        return outcome(*job, self._engine)

    def close(self) -> str | None:
        """Writes what is to be remembered; why it could not be."""
        return self._engine.close()


class Checking:
    """One run over many files.

    `jobs` is how many processes may ask Keras at the most: 1 for this one, None to choose by the number of
    files that wait for it, and of processors. `notes` is what the processes had to say in the end.
    """

    def __init__(
        self, files: Sequence[File], manner: Manner, keras: Keras, engine: Engine, jobs: int | None = None
    ) -> None:
        self.notes: list[str] = []
        self._files = files
        self._manner = manner
        self._keras = keras
        self._engine = engine
        self._jobs = jobs
        self._left = _SEARCHED * manner.budget
        self._workers: Workers[tuple[File, Manner], Outcome] | None = None
        self._done: dict[int, Outcome] = {}
        self._waiting: deque[int] = deque()
        self._read = 0
        self._in_a_row = 0

    def outcomes(self) -> Generator[Outcome, None, None]:
        """The outcome of each file, in their order; each as soon as all before it are there."""
        try:
            for number in range(len(self._files)):
                while number not in self._done:
                    self._step(number)
                yield self._done.pop(number)
            if self._workers is not None:
                self.notes.extend(self._workers.close())
        finally:
            if self._workers is not None:
                self._workers.end()

    def _step(self, first: int) -> None:
        """Does what brings the outcome of the first file that has none nearer."""
        most = self._most(len(self._waiting))
        if self._workers is not None or most > 1:
            self._hand_out(most)
        if first in self._done:
            return
        if self._read < min(len(self._files), first + _AHEAD):
            self._look(self._read)
            self._read += 1
        elif self._workers is not None and self._workers.busy:
            self._collect(wait=True)
        else:
            number = self._waiting.popleft()
            self._take(number, outcome(self._files[number], self._affordable(), self._engine))

    def _look(self, number: int) -> None:
        """Judges a file as far as that needs no Keras; where it does, the file waits."""
        if self._most(len(self._files)) == 1:  # there is nobody else to judge it
            self._waiting.append(number)
            return
        try:
            with self._engine.recalling():
                self._take(number, outcome(self._files[number], self._affordable(), self._engine))
        except NotRemembered:
            self._waiting.append(number)

    def _hand_out(self, most: int) -> None:
        """Gives files that wait to processes that do nothing, and takes what others have done."""
        if self._workers is None:
            from seqshape.workers import Workers

            self._workers = Workers(Judge, self._keras)
        self._collect(wait=False)
        while self._waiting:
            number = self._waiting[0]
            if self._in_a_row >= _IN_A_ROW:
                self._done[number] = self._ended(number, "", self._in_a_row)
            elif not self._workers.put(number, (self._files[number], self._affordable()), most):
                return
            self._waiting.popleft()

    def _collect(self, wait: bool) -> None:
        assert self._workers is not None
        for number, found in self._workers.take(wait):
            if isinstance(found, Outcome):
                self._in_a_row = 0
                self._take(number, found)
            else:
                self._in_a_row += 1
                self._done[number] = self._ended(number, _how(found))

    def _take(self, number: int, found: Outcome) -> None:
        if found.report is not None and not found.report.ok:  # broken specs are not to take hours
            self._left = max(self._left - found.seconds, 0)
        self._done[number] = found

    def _affordable(self) -> Manner:
        """How the next file is judged: with what is left to look for fixes."""
        if not self._manner.budget:
            return self._manner
        return replace(self._manner, budget=max(min(self._left, self._manner.budget), _NO_TIME))

    def _ended(self, number: int, how: str, in_a_row: int = 0) -> Outcome:
        from seqshape import rules
        from seqshape.faults import JudgingEnded
        from seqshape.places import TOP
        from seqshape.version import __version__

        file = self._files[number]
        said = rules.judge((JudgingEnded(TOP, how, in_a_row),))
        return Outcome(file, Report(__version__, None, file.name, None, (), said, asked=False))

    def _most(self, waiting: int) -> int:
        """How many processes are worth their while for so many files; 1 for this one alone."""
        if self._jobs is not None:
            return min(self._jobs, max(processors(), _LEAST))
        return max(1, min(processors(), _MOST, waiting // _WORTH))


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _how(ended: "Ended") -> str:
    """How a process ended, in a user's words."""
    if ended.status >= 0:
        return f"it ended with status {ended.status}"
    try:
        name = signal.Signals(-ended.status).name
    except ValueError:
        name = f"signal {-ended.status}"
    if name == "SIGKILL":
        return "the system ended it (SIGKILL), as it does where memory runs out"
    return f"the system ended it ({name})"
