"""A progress bar on a terminal, for work that takes longer than a second."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

PATIENCE = 1.0
"""Seconds before a bar is shown."""


class Progress:
    """Counts what is done. On a terminal a bar shows it after a second, and is gone at the end.

    `total` is None where nobody knows how much there is to do. The bar has a file descriptor of its own:
    while Keras is asked, 2 is swallowed.
    """

    def __init__(self, total: int | None, doing: str = "Checking", patience: float = PATIENCE) -> None:
        self._total = total
        self._doing = doing
        self._done = 0
        self._lock = threading.Lock()
        self._ended = False
        self._stream: IO[str] | None = None
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._timer = threading.Timer(patience, self._show)
        self._timer.daemon = True

    def __enter__(self) -> "Progress":
        if _is_terminal():
            try:
                number = os.dup(sys.stderr.fileno())
            except (OSError, ValueError):
                return self
            self._stream = os.fdopen(number, "w", encoding=sys.stderr.encoding, errors="replace")
            self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._ended = True
            if self._bar is not None:
                self._bar.stop()
            if self._stream is not None:
                self._stream.close()

    def advance(self) -> None:
        """One more is done."""
        with self._lock:
            self._done += 1
            if self._bar is not None and self._task is not None:
                self._bar.update(self._task, completed=self._done)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Takes the bar away for what is printed meanwhile, which may go to the same terminal."""
        with self._lock:
            if self._bar is not None:
                self._bar.stop()
            try:
                yield
            finally:
                if self._bar is not None:
                    self._bar.start()

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bar

        with self._lock:
            if self._ended:
                return
            console = Console(file=self._stream, force_terminal=True)
            done = TextColumn("{task.completed}") if self._total is None else MofNCompleteColumn()
            columns = (TextColumn(self._doing), BarColumn(), done)
            self._bar = Bar(
                *columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False
            )
            self._task = self._bar.add_task("", total=self._total, completed=self._done)
            self._bar.start()


def _is_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
