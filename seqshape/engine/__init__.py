"""The engine: one question in, facts or a refusal out.

Keras is imported at the first question that nobody remembers, in silence, with every GPU hidden.
What comes out is plain data; no object of Keras leaves this package.
"""

import contextlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from seqshape.engine.folders import cache_folder
from seqshape.engine.importing import Installed, KerasUnavailable, NotRemembered, versions
from seqshape.engine.memo import Memo

if TYPE_CHECKING:
    from seqshape.engine.catalogue import Catalogue, Type
    from seqshape.engine.documentation import Page
    from seqshape.engine.experiment import Experiment, Failure, Outcome
    from seqshape.engine.question import Answer, Beginning, Cost, Question, Refusal
    from seqshape.engine.remembering import Remembering
    from seqshape.engine.samples import Found
    from seqshape.engine.writing import Writing

__all__ = ["Engine", "KerasUnavailable", "NotRemembered"]


class Engine:
    """Asks Keras, remembers answers, and knows the catalogue.

    `cache` is the folder where answers are kept from run to run, the user's own where it is None; none are
    read or kept where not to `remember`. `plugins` are modules to import right after Keras, which register
    layers of the host's own; what is not installed is looked for in `folder`, the working directory where
    it is None. What is new is written by `flush` and by `close`. `alone` says that the process is there for
    nothing else, as `Installed` needs to know.
    """

    def __init__(
        self,
        cache: Path | None = None,
        plugins: Sequence[str] = (),
        folder: Path | None = None,
        *,
        remember: bool = True,
        alone: bool = False,
    ) -> None:
        self._cache = cache if cache is not None else cache_folder()
        self._remember = remember
        self._remembering: Remembering | None = None
        self._plugins = tuple(plugins)
        self._folder = Path(os.path.abspath(folder or os.curdir))
        self._catalogue: Catalogue | None = None
        self._pages: dict[str, Page] | None = None
        self._samples: dict[str, Found] | None = None
        self._registered: dict[str, tuple[Type, Page]] | None = None
        self._memo = Memo(self._ask)
        memory = self._memory if remember else lambda: None
        self._keras = Installed(self._cache, self._plugins, self._folder, memory, alone=alone)
        self._writing: Writing | None = None
        self._passing: set[str] = set()
        self._passed = False
        self._costs: dict[str, Cost | Refusal] = {}
        self._beginnings: dict[str, tuple[Beginning, ...]] = {}
        self._slots: dict[tuple[str, str, tuple[int, ...], str], int | None] = {}
        self._end: Callable[[], float] = lambda: inf

    @contextlib.contextmanager
    def until(self, end: Callable[[], float]) -> Iterator[None]:
        """Asks nothing after a time of `time.monotonic`, and waits no longer for an answer."""
        before, self._end = self._end, end
        try:
            yield
        finally:
            self._end = before

    @contextlib.contextmanager
    def recalling(self) -> Iterator[None]:
        """Has every question that nobody remembers raise `NotRemembered`: Keras is not asked."""
        with self._keras.left_alone():
            yield

    @contextlib.contextmanager
    def noting(self) -> Iterator[Callable[[], bool]]:
        """Gives what says whether all that was answered since then holds in other runs too."""
        before, self._passed = self._passed, False
        try:
            yield lambda: not self._passed
        finally:
            self._passed = self._passed or before

    @property
    def writing(self) -> "Writing":
        """How Keras writes layers; asked apart from what is remembered."""
        if self._writing is None:
            from seqshape.engine.writing import Writing

            self._writing = Writing(self._keras)
        return self._writing

    @property
    def cache(self) -> Path:
        """The folder where answers are kept from one run to the next."""
        return self._cache

    def catalogue(self) -> "Catalogue":
        """The installed Keras's types: from the cache folder, else from Keras, which is imported.

        Raises:
            KerasUnavailable: Keras is missing, too old, or cannot be imported.

        """
        if self._catalogue is None:
            keras, tensorflow = versions()
            from seqshape.engine import catalogue_store

            if self._remember:
                self._catalogue = catalogue_store.load(self._cache, keras, tensorflow)
        if self._catalogue is None:
            self._keras.judge()
            from seqshape.engine import describe

            self._catalogue = describe.catalogue(tensorflow)
            if self._remember:
                catalogue_store.save(self._cache, self._catalogue)
        return self._catalogue

    def pages(self) -> "dict[str, Page]":
        """What the installed Keras says of its types: from the cache folder, else from Keras.

        Raises:
            KerasUnavailable: Keras is missing, too old, or cannot be imported.

        """
        from seqshape.engine import documentation

        if self._pages is None:
            found = versions()
            if self._remember:
                self._pages = documentation.load(self._cache, *found)
            if self._pages is None:
                self._keras.judge()
                from seqshape.engine import documenting

                self._pages = documenting.pages()
                if self._remember:
                    documentation.save(self._cache, self._pages, *found)
        return self._pages

    def sample(self, name: str) -> "Found":
        """A small spec that works for a type of the catalogue or of a plugin, or why there is none.

        Raises:
            KerasUnavailable: Keras is missing, too old, or cannot be imported, or a plugin cannot.

        """
        from seqshape.engine import sample_store, samples

        custom = self.registered().get(name)
        if self._samples is None:
            self._samples = sample_store.load(self._cache, *versions())
        if name not in self._samples:
            type_, page = custom or (self.catalogue().types[name], self.pages().get(name))
            if page is None:
                return type_.needs_code
            found = samples.sample(type_, page, self.catalogue(), self.ask)
            if custom is not None:
                return found
            self._samples[name] = found
            sample_store.save(self._cache, self._samples, *versions())
        return self._samples[name]

    def registered(self) -> "dict[str, tuple[Type, Page]]":
        """The layers that plugins register, by type; without a plugin Keras is not imported for it.

        Raises:
            KerasUnavailable: Keras is missing, too old, or cannot be imported, or a plugin cannot.

        """
        if not self._plugins:
            return {}
        if self._registered is None:
            self._keras.judge()
            from seqshape.engine import documenting

            self._registered = documenting.registered()
        return self._registered

    def ask(self, question: "Question") -> "Answer":
        """What Keras says of a call; a question that was asked before, in any run, is not asked again.

        Raises:
            KerasUnavailable: Keras is missing, too old, or cannot be imported, or a plugin cannot.
            OutOfTime: the time is over `until` which questions are asked.

        """
        self._in_time()
        answer = self._memo(question)
        self._passed = self._passed or question.key in self._passing
        return answer

    def prepare(self) -> None:
        """Imports Keras now, so that the first question that nobody remembers does not wait for it.

        Raises:
            KerasUnavailable: Keras is missing, too old, or cannot be imported, or a plugin cannot.

        """
        self._keras.judge()

    def recall(self, question: "Question") -> "Answer | None":
        """What is remembered from any run of a question; Keras is not asked."""
        return self._memory().recall(question) if self._remember else None

    def report(self, key: str) -> bytes | None:
        """The report that is remembered from any run under a key."""
        return self._memory().report(key) if self._remember else None

    def keep_report(self, key: str, report: bytes) -> None:
        """Remembers a report, all of which has to hold in other runs too."""
        if self._remember:
            self._memory().keep_report(key, report)

    def distrust(self) -> bool:
        """Forgets what was remembered from other runs, and asks anew; false where nothing was.

        For answers that contradict one another: no Keras gave them all, so the file was tampered with.
        """
        if self._remembering is None or not self._remembering.distrust():
            return False
        self._memo = Memo(self._ask)
        return True

    def flush(self) -> None:
        """Writes the answers that are new."""
        if self._remembering is not None:
            self._remembering.flush()

    def close(self) -> str | None:
        """Writes the answers that are new; why some could not be kept or read, None where all could."""
        if self._remembering is None:
            return None
        self._remembering.close()
        return self._remembering.problem

    def cost(self, question: "Question") -> "Cost | Refusal":
        """What a call multiplies, as its graph of operations says.

        A question that was asked before, in any run, is not asked again.

        Raises:
            KerasUnavailable: Keras cannot be asked.
            OutOfTime: the time is over `until` which questions are asked.

        """
        self._in_time()
        if question.key not in self._costs:
            self._costs[question.key] = self._cost(question)
        return self._costs[question.key]

    def beginnings(self, question: "Question") -> "tuple[Beginning, ...]":
        """What the weights that a call adds are filled with at first; none where Keras refuses it.

        Raises:
            KerasUnavailable: Keras cannot be asked.

        """
        if question.key not in self._beginnings:
            judge = self._keras.judge()
            with self._keras.silence():
                self._beginnings[question.key] = judge.beginnings(question)
        return self._beginnings[question.key]

    def slots(self, optimizer: str, settings: str, shape: tuple[int, ...], dtype: str) -> int | None:
        """Bytes that an optimizer of Keras keeps for one weight; None where it cannot say.

        `settings` is JSON text of its arguments.

        Raises:
            KerasUnavailable: Keras cannot be asked.

        """
        key = (optimizer, settings, shape, dtype)
        if key not in self._slots:
            self._keras.judge()
            from seqshape.engine import optimizers

            with self._keras.silence():
                self._slots[key] = optimizers.slots(*key)
        return self._slots[key]

    def run(self, experiment: "Experiment") -> "Outcome | Failure":
        """Runs two models on the same weights and inputs: the one question that allocates them.

        Raises:
            KerasUnavailable: Keras cannot be asked.

        """
        self._keras.judge()
        with self._keras.silence():
            from seqshape.engine import running

            return running.outcome(experiment)

    def _in_time(self) -> None:
        """Raises `OutOfTime` where nothing is to be asked any more."""
        if time.monotonic() > self._end():
            from seqshape.engine.question import OutOfTime

            self._passed = True
            raise OutOfTime

    def _ask(self, question: "Question") -> "Answer":
        if (answer := self.recall(question)) is not None:
            return answer
        judge = self._keras.judge()
        with self._keras.silence():
            answer = judge(question, max(self._end() - time.monotonic(), 0.0))
        late = question.key in judge.late
        if late or not (self._remember and self._memory().keep(question, answer)):
            self._passing.add(question.key)
        return answer

    def _cost(self, question: "Question") -> "Cost | Refusal":
        if self._remember and (known := self._memory().recall_cost(question)) is not None:
            return known
        judge = self._keras.judge()
        with self._keras.silence():
            cost = judge.cost(question, max(self._end() - time.monotonic(), 0.0))
        if self._remember:
            self._memory().keep_cost(question, cost)
        return cost

    def _memory(self) -> "Remembering":
        if self._remembering is None:
            from seqshape.engine.remembering import Remembering

            self._remembering = Remembering(self._cache, self._plugins, self._folder)
        return self._remembering
