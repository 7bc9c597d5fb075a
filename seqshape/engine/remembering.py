"""What an engine remembers from run to run: the store under what its answers depend on.

Decides which answers may be remembered, and whether any may: not where another has imported Keras in this
process, and could have changed it, and not where what answers depend on is unknown.
"""

import hashlib
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from seqshape.engine.surroundings import JUDGES, Surroundings, Unknown, surroundings

if TYPE_CHECKING:
    from seqshape.engine.question import Answer, Cost, Question, Refusal
    from seqshape.engine.store import Store


@dataclass(slots=True)
class _Process:
    """The one Keras of a process, which all its engines share.

    `plugins` are those of the engine that imported it, with their folder; None where somebody else did.
    """

    plugins: tuple[tuple[str, ...], Path] | None = None
    found: Surroundings | None = None


_PROCESS = _Process()


class Remembering:
    """Answers that are remembered, in a cache folder; the file is opened at the first question.

    `unknown` says why none are, where that is nobody's fault. Batches are written when they are large, at
    `flush` and at `close`.
    """

    def __init__(self, cache: Path, plugins: Sequence[str], folder: Path) -> None:
        self.unknown: str | None = None
        self._cache = cache
        self._plugins = (tuple(plugins), folder)
        self._found: Surroundings | None = None
        self._store: Store | None = None
        self._ready = False

    @property
    def problem(self) -> str | None:
        """What went wrong with the store, for the user to know; the answers are right all the same."""
        return self._store.problem if self._store is not None else None

    def recall(self, question: "Question") -> "Answer | None":
        """The answer to a question that was asked before, in this run or in another one."""
        store = self._opened()
        if store is None or not self._known(question):
            return None
        from seqshape.engine.question import Cost

        answer = store.get(question.key)
        return None if isinstance(answer, Cost) else answer

    def recall_cost(self, question: "Question") -> "Cost | Refusal | None":
        """What a call multiplies, where that was asked before."""
        from seqshape.engine.question import Cost, Refusal

        store = self._opened()
        if store is None or not self._known(question):
            return None
        answer = store.get(_cost_key(question))
        return answer if isinstance(answer, Cost | Refusal) else None

    def keep_cost(self, question: "Question", answer: "Cost | Refusal") -> None:
        """Remembers what a call multiplies, if that holds beyond this run."""
        from seqshape.engine.answers import lasting

        store = self._opened()
        if store is not None and self._known(question) and lasting(question, answer):
            store.put(_cost_key(question), answer)

    def keep(self, question: "Question", answer: "Answer") -> bool:
        """Remembers an answer, if it holds beyond this run; whether it does."""
        from seqshape.engine.answers import lasting

        store = self._opened()
        if store is None or not self._known(question) or not lasting(question, answer):
            return False
        store.put(question.key, answer)
        return True

    def report(self, key: str) -> bytes | None:
        """The report that was kept under a key."""
        store = self._opened()
        return None if store is None else store.report(key)

    def keep_report(self, key: str, report: bytes) -> None:
        """Remembers a report, which must hold beyond this run."""
        if (store := self._opened()) is not None:
            store.put_report(key, report)

    def importing(self) -> None:
        """Has to be called before Keras is imported, as what it depends on is known only then."""
        self._opened()
        if not _is_imported():
            _PROCESS.plugins, _PROCESS.found = self._plugins, self._found
        elif _PROCESS.plugins != self._plugins and self._store is not None:
            self._store.drop()

    def imported(self, modules: Iterable[str]) -> None:
        """Takes the names of the modules that came in with the plugins, which their digest must cover."""
        if self._store is None or self._found is None or not self._plugins[0]:
            return
        from seqshape.engine.plugin_sources import strangers

        if any(strangers(modules, self._found.files)):
            self._store.drop()

    def distrust(self) -> bool:
        """Remembers no more, if any answer was remembered from another run."""
        return self._store is not None and self._store.distrust()

    def flush(self) -> None:
        """Writes what is pending."""
        if self._store is not None:
            self._store.flush()

    def close(self) -> None:
        """Writes what is pending, and remembers no more."""
        if self._store is not None:
            self._store.close()
        self._ready = True

    def _known(self, question: "Question") -> bool:
        """Whether the code behind a question is known: that of registered classes is in the plugins."""
        from seqshape.engine.answers import is_custom

        return bool(self._plugins[0]) or not is_custom(question)

    def _opened(self) -> "Store | None":
        if self._ready:
            return self._store
        self._ready = True
        try:
            self._found = self._surroundings()
        except Unknown as error:
            self.unknown = str(error)
            return None
        from seqshape.engine.store import Store

        self._store = Store(self._cache, self._found.digest)
        return self._store

    def _surroundings(self) -> Surroundings:
        """What answers depend on.

        Raises:
            Unknown: that is not known.

        """
        if not _is_imported():
            return surroundings(*self._plugins)
        if _PROCESS.plugins != self._plugins or _PROCESS.found is None:
            raise Unknown(
                "Keras was imported, and may have been changed, by something else in this process"
            )
        return _PROCESS.found


def _cost_key(question: "Question") -> str:
    """Another key for the other thing that is asked about a call."""
    return hashlib.sha256(f"cost of {question.key}".encode()).hexdigest()


def _is_imported() -> bool:
    return any(name in sys.modules for name in JUDGES)
