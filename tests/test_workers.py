"""Processes that do jobs: what comes back, and what one costs that ends in the middle of its job."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from seqshape.workers import Ended, Workers

ROOT = Path(__file__).parents[1]
PARENT = """
import time
from seqshape.workers import Workers
from tests.test_workers import Loud
if __name__ == "__main__":
    workers = Workers(Loud, "")
    workers.put(0, "who", 2)
    print(*dict(workers.take(wait=True)).values(), flush=True)
    workers.put(1, "sleep", 2)
    time.sleep(60)
"""


class Loud:
    """Says each word louder, except those that it obeys."""

    def __init__(self, mark: str) -> None:
        self._mark = mark

    def do(self, job: str) -> str:
        match job:
            case "leave":
                os._exit(7)
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "sleep":
                time.sleep(60)
            case "print":
                sys.stdout.write("printed")
                os.write(1, b"written")
                os.write(2, b"written")
            case "raise":
                raise LookupError(job)
            case "who":
                return str(os.getpid())
        return job.upper() + self._mark

    def close(self) -> str | None:
        return "that was all"


@pytest.fixture
def workers() -> Iterator[Workers[str, str]]:
    made: Workers[str, str] = Workers(Loud, "!")
    yield made
    made.end()


def taken(workers: Workers[str, str]) -> dict[int, str | Ended]:
    """What comes of everything that is under way."""
    found: dict[int, str | Ended] = {}
    while workers.busy:
        found |= workers.take(wait=True)
    return found


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_jobs_are_done_by_as_many_as_are_allowed(workers: Workers[str, str]) -> None:
    assert [workers.put(number, word, 2) for number, word in enumerate(("a", "b", "c"))] == [
        True,
        True,
        False,
    ]
    assert (len(workers), workers.busy) == (2, 2)
    assert taken(workers) == {0: "A!", 1: "B!"}
    assert workers.put(2, "c", 1)  # one that is there does it, however few are allowed by now
    assert taken(workers) == {2: "C!"}
    assert list(workers.close()) == ["that was all"] * 2
    assert len(workers) == 0


def test_a_process_that_ends_costs_its_own_job(workers: Workers[str, str]) -> None:
    found = {}
    words = ("a", "leave", "b", "kill", "raise", "c")
    for number, word in enumerate(words):
        assert workers.put(number, word, 1)
        found |= taken(workers)
    assert found == {0: "A!", 1: Ended(7), 2: "B!", 3: Ended(-signal.SIGKILL), 4: Ended(1), 5: "C!"}


def test_one_that_ended_while_it_had_nothing_to_do_is_found_at_the_next_job(
    workers: Workers[str, str],
) -> None:
    workers.put(0, "who", 1)
    os.kill(int(str(taken(workers)[0])), signal.SIGTERM)
    workers.put(1, "a", 1)
    assert taken(workers) == {1: Ended(-signal.SIGTERM)}
    workers.put(2, "a", 1)
    assert taken(workers) == {2: "A!"}


def test_nothing_is_waited_for_where_that_is_not_wanted(workers: Workers[str, str]) -> None:
    assert dict(workers.take(wait=True)) == {}
    workers.put(0, "sleep", 1)
    assert dict(workers.take(wait=False)) == {}


def test_what_they_print_goes_nowhere(
    workers: Workers[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    workers.put(0, "print", 2)
    workers.put(1, "raise", 2)
    assert taken(workers) == {0: "PRINT!", 1: Ended(1)}
    assert capfd.readouterr() == ("", "")


def test_an_interrupt_is_not_for_them(workers: Workers[str, str]) -> None:
    workers.put(0, "who", 1)
    process = int(str(taken(workers)[0]))
    os.kill(process, signal.SIGINT)
    workers.put(1, "who", 1)
    assert taken(workers) == {1: str(process)}


def test_they_are_ended_in_the_middle_of_a_job(workers: Workers[str, str]) -> None:
    workers.put(0, "who", 1)
    process = int(str(taken(workers)[0]))
    workers.put(1, "sleep", 1)
    before = time.monotonic()
    workers.end()
    assert time.monotonic() - before < 5
    assert not is_there(process)


def test_they_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    parent = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert parent.stdout is not None
    process = int(parent.stdout.readline())
    assert is_there(process)
    parent.kill()
    parent.communicate()
    end = time.monotonic() + 20
    while is_there(process) and time.monotonic() < end:
        time.sleep(0.05)
    assert not is_there(process)
