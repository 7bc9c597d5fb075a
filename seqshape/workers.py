"""Processes that each do one job after another, and cost one job where they end in the middle of it.

Comes with the standard library's `multiprocessing`; its pools, and those of `concurrent.futures`, give up
every job when one process dies. Knows nothing of specs: what a job is, and who does it, is handed over.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import connection as connections
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, Generic, Protocol, TypeVar

from seqshape.frozen import frozen

J = TypeVar("J")
R = TypeVar("R")
_Result = TypeVar("_Result", covariant=True)
_Job = TypeVar("_Job", contravariant=True)
_FAREWELL = 5.0
"""Seconds that a process has to end by itself, once it has nothing to do."""


class Hand(Protocol[_Job, _Result]):
    """Does jobs in a process of its own; what it takes and gives can be pickled."""

    def do(self, job: _Job, /) -> _Result:
        """Does a job; an exception ends the process."""
        ...

    def close(self) -> str | None:
        """The last thing that is called; what is to be said to the user, if anything."""
        ...


@frozen
class Ended:
    """What comes of a job in whose middle its process ended; `status` as `Process.exitcode`."""

    status: int


@dataclass(slots=True)
class _Worker(Generic[J]):
    """A process, and the number of the job that it is at."""

    process: SpawnProcess
    connection: "Connection[Any, Any]"
    number: int | None = None


class Workers(Generic[J, R]):
    """At most so many processes at a time; each begins with `begin(setup)` and then does jobs.

    They are spawned, not forked, and print nothing. An interrupt is for this process alone to
    act on. They end with it, however that ends, in the middle of a job too.
    """

    def __init__(self, begin: Callable[[Any], Hand[J, R]], setup: object) -> None:
        self._start = begin, setup
        self._context = get_context("spawn")
        self._all: list[_Worker[J]] = []

    def __len__(self) -> int:
        return len(self._all)

    @property
    def busy(self) -> int:
        """How many are at a job."""
        return sum(worker.number is not None for worker in self._all)

    def put(self, number: int, job: J, most: int) -> bool:
        """Hands a job to a process that has none, a new one where fewer than `most` are there.

        False where all have one.
        """
        worker = next((each for each in self._all if each.number is None), None)
        if worker is None:
            if len(self._all) >= most:
                return False
            worker = self._new()
        worker.number = number
        with suppress(OSError):  # it has ended, which `take` finds
            worker.connection.send(job)
        return True

    def take(self, wait: bool) -> Iterator[tuple[int, R | Ended]]:
        """What has come of jobs, by their numbers; where it is to `wait`, of one if any is under way."""
        busy = [each for each in self._all if each.number is not None]
        if not busy:
            return
        ready = connections.wait(
            [sign for each in busy for sign in (each.connection, each.process.sentinel)],
            None if wait else 0,
        )
        for worker in busy:
            if worker.connection not in ready and worker.process.sentinel not in ready:
                continue
            number = worker.number
            assert number is not None
            found: R | Ended
            try:
                if not worker.connection.poll():  # it has ended, and left nothing
                    raise EOFError
                found = worker.connection.recv()
                worker.number = None
            except (EOFError, OSError):
                self._all.remove(worker)
                found = Ended(_end(worker))
            yield number, found

    def close(self) -> Iterator[str]:
        """Lets all of them end; what they have to say."""
        for worker in self._all:
            with suppress(OSError):
                worker.connection.send(None)
        for worker in self._all:
            with suppress(EOFError, OSError):
                if worker.connection.poll(_FAREWELL) and (said := worker.connection.recv()):
                    yield said
        self.end()

    def end(self) -> None:
        """Ends all of them at once."""
        for worker in self._all:
            worker.process.kill()
        for worker in self._all:
            _end(worker)
        self._all.clear()

    def _new(self) -> _Worker[J]:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(theirs, *self._start), daemon=True)
        with _deaf(), theirs:
            process.start()
            worker: _Worker[J] = _Worker(process, ours)
            self._all.append(worker)
        return worker


@contextmanager
def _deaf() -> Iterator[None]:
    """Holds an interrupt back; a process that is started meanwhile never hears of any."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # `start` does so otherwise, and lets interrupts in again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end(worker: _Worker[Any]) -> int:
    """Waits for the end of a process that ends, or is made to; its status."""
    worker.process.join(_FAREWELL)
    if worker.process.exitcode is None:
        worker.process.kill()
        worker.process.join()
    worker.connection.close()
    return worker.process.exitcode or 0


def _work(
    connection: "Connection[Any, Any]", begin: Callable[[Any], Hand[Any, Any]], setup: object
) -> None:
    """The life of a process: jobs, until there is None."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _silence()
    hand = begin(setup)
    with suppress(EOFError, OSError):
        while (job := connection.recv()) is not None:
            connection.send(hand.do(job))
        connection.send(hand.close())
    os._exit(0)  # whatever threads still do


def _end_with_parent() -> None:
    """Ends the process when the one that started it has ended: a job may go on for long."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


def _silence() -> None:
    """What is written to standard output and standard error goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(nowhere, number)
    os.close(nowhere)
    for name in ("stdout", "stderr"):
        setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
