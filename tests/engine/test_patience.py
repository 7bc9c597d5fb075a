"""Functions run in one thread, which is left where one of them takes too long."""

import threading
import time

from seqshape.engine.patience import GivenUp, Worker


def idents(worker: Worker, often: int) -> set[int]:
    found: set[int] = set()
    for _ in range(often):
        assert worker.bounded(lambda: found.add(threading.get_ident()), 20.0) == ""
    return found


def test_one_thread_runs_one_after_another() -> None:
    assert len(idents(Worker(lambda: None), 3)) == 1


def test_what_is_kept_is_cleared_before_each_there() -> None:
    cleared: list[int] = []
    worker = Worker(lambda: cleared.append(threading.get_ident()))
    threads = idents(worker, 2)
    assert cleared == [*threads, *threads]


def test_one_that_takes_too_long_is_ended_and_the_next_one_runs() -> None:
    worker, ended = Worker(lambda: None), threading.Event()

    def for_ever() -> None:
        try:
            while True:
                time.sleep(0.001)
        except GivenUp:
            ended.set()

    assert "no answer within 0.3 seconds" in worker.bounded(for_ever, 0.3)
    assert ended.wait(5.0)
    assert len(idents(worker, 2)) == 1


def test_one_that_cannot_be_ended_does_not_hold_up_the_next() -> None:
    worker, free = Worker(lambda: None), threading.Event()
    start = time.monotonic()
    assert worker.bounded(lambda: bool(free.wait(30.0)) and None, 0.3)
    assert len(idents(worker, 1)) == 1
    assert time.monotonic() - start < 10.0
    free.set()


def test_an_error_of_its_own_leaves_the_next_one_running() -> None:
    worker = Worker(lambda: None)
    before = threading.excepthook
    threading.excepthook = lambda _: None
    try:
        worker.bounded(lambda: [][0], 5.0)
    finally:
        threading.excepthook = before
    assert len(idents(worker, 1)) == 1


def test_one_that_loses_the_word_is_told_again() -> None:
    """As a callback of the garbage collection does, whose exceptions Python drops."""
    worker, ended = Worker(lambda: None), threading.Event()

    def deaf_once() -> None:
        try:
            while True:
                time.sleep(0.001)
        except GivenUp:
            pass
        try:
            while True:
                time.sleep(0.001)
        except GivenUp:
            ended.set()

    assert "no answer" in worker.bounded(deaf_once, 0.3)
    assert ended.wait(5.0)
