"""Runs what asks Keras, for so long and with so much memory and no more.

A thread of its own does it: what never ends can be left, with the thread. Keras keeps its counters and
scopes per thread, so there names come out the same whatever was asked before.
"""

import ctypes
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TypeAlias

ROOM = 2 * 1024**3
"""Bytes of memory that one question may take before it is given up."""
_GLANCE = 0.25
"""Seconds between looks at a question that goes on."""
_CALLS = 4
"""How often a question that is given up is told to end, before it is left to itself."""

_Job: TypeAlias = tuple[Callable[[], None], SimpleQueue[None]]


class GivenUp(BaseException):
    """Raised in the thread of a question that took too long."""


_abandoned: list[threading.Thread] = []


class Worker:
    """A thread that runs one function after another: to start one for each took a third of the time.

    `clear` is called there before each, to take away what Keras keeps for the thread.
    """

    def __init__(self, clear: Callable[[], None]) -> None:
        self._clear = clear
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def bounded(self, run: Callable[[], None], patience: float, room: int = ROOM) -> str:
        """Runs a function for at most `patience` seconds; why it was given up, empty where it ended.

        It may take `room` bytes of memory.

        It is ended at its next Python instruction, by `GivenUp`; every other exception is its own to catch.
        """
        thread = self._running()
        done: SimpleQueue[None] = SimpleQueue()
        end, most = time.monotonic() + patience, _peak() + room
        self._jobs.put((self._cleared(run), done))
        try:
            while not _waited(done, _GLANCE):
                reason = ""
                if time.monotonic() > end:
                    reason = f"there is no answer within {patience:g} seconds"
                elif _peak() > most:
                    reason = f"it takes more than {room / 1024**3:.3g} GiB of memory"
                if reason:
                    self._abandon(thread)
                    _end(thread, done)
                    return reason
        except KeyboardInterrupt:
            self._abandon(thread)
            raise
        return ""

    def _cleared(self, run: Callable[[], None]) -> Callable[[], None]:
        def cleared() -> None:
            self._clear()
            run()

        return cleared

    def _running(self) -> threading.Thread:
        """The thread, made anew where it was left, or did not come along into a forked process."""
        if self._thread is None or not self._thread.is_alive():
            self._jobs = SimpleQueue()
            self._thread = threading.Thread(target=_work, args=(self._jobs,), daemon=True)
            self._thread.start()
        return self._thread

    def _abandon(self, thread: threading.Thread) -> None:
        """Leaves the thread at what it does."""
        _abandoned.append(thread)
        self.leave()

    def leave(self) -> None:
        """Leaves the thread, which ends after what it is at."""
        self._jobs.put(None)
        self._thread = None


def unfinished() -> bool:
    """Whether something that was given up, or interrupted, still goes on."""
    return any(thread.is_alive() for thread in _abandoned)


def _work(jobs: SimpleQueue[_Job | None]) -> None:
    """Runs jobs until there is None."""
    with suppress(GivenUp):
        while (job := jobs.get()) is not None:
            run, done = job
            try:
                run()
            finally:
                done.put(None)
            del job, run, done  # what they hold would wait for the next job


def _end(thread: threading.Thread, done: SimpleQueue[None]) -> None:
    """Raises `GivenUp` in a thread; again where it was lost, as in a callback of a collection."""
    stop = ctypes.py_object(GivenUp)
    for _ in range(_CALLS):
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), stop)
        if _waited(done, _GLANCE):
            return


def _waited(done: SimpleQueue[None], seconds: float) -> bool:
    """Whether a job has come to its end within so many seconds."""
    try:
        done.get(timeout=seconds)
    except Empty:
        return False
    return True


def bounded(run: Callable[[], None], patience: float, room: int = ROOM) -> str:
    """Runs one function in a thread of its own, as `Worker.bounded` does."""
    worker = Worker(lambda: None)
    reason = worker.bounded(run, patience, room)
    worker.leave()
    return reason


def _peak() -> int:
    """The most bytes of memory that the process has had; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
