"""The store: what it keeps, for whom, and how it does without when anything is wrong with its file."""

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from seqshape.engine import store as module
from seqshape.engine import store_file
from seqshape.engine.question import Facts, Refusal
from seqshape.engine.store import Store
from seqshape.engine.store_file import Contents, clear, contents, file_in
from seqshape.engine.tensors import Output, Tensor

ONE, OTHER = "11" * 32, "22" * 32
"""Two namespaces."""
KEY = "ab" * 32


def key(number: int) -> str:
    return f"{number:064x}"


def facts(size: int) -> Facts:
    return Facts((Output("output", Tensor((None, size), "float32")),), (), traced=True)


@contextmanager
def edited(file: Path) -> Iterator[sqlite3.Connection]:
    """The file as another program changes it."""
    with closing(sqlite3.connect(file)) as connection, connection:
        yield connection


def filled(
    folder: Path, number: int = 1, *, namespace: str = ONE, most: int = store_file.MOST_BYTES
) -> Store:
    store = Store(folder, namespace, most)
    for each in range(number):
        store.put(key(each), facts(each))
    store.close()
    return store


def remembers(folder: Path, number: int, *, namespace: str = ONE) -> bool:
    store = Store(folder, namespace)
    try:
        return store.get(key(number)) == facts(number)
    finally:
        store.close()


def test_what_one_run_puts_the_next_one_gets(tmp_path: Path) -> None:
    refusal = Refusal("call", "an axis does not fit: “ü”", (("units", "wrong"),), (2, None), "Dense")
    first = Store(tmp_path / "new" / "folder", ONE)
    first.put(KEY, refusal)
    assert first.get(KEY) == refusal
    first.close()
    second = Store(tmp_path / "new" / "folder", ONE)
    assert (second.get(KEY), second.get(key(1)), second.problem) == (refusal, None, None)


def test_a_namespace_knows_nothing_of_another_one(tmp_path: Path) -> None:
    filled(tmp_path)
    assert (remembers(tmp_path, 0), remembers(tmp_path, 0, namespace=OTHER)) == (True, False)


def test_what_was_not_written_is_lost_and_nothing_else(tmp_path: Path) -> None:
    store = Store(tmp_path, ONE)
    store.put(key(1), facts(1))
    store.flush()
    store.put(key(2), facts(2))
    store.drop()
    store.put(key(3), facts(3))
    store.close()
    assert [remembers(tmp_path, number) for number in (1, 2, 3)] == [True, False, False]


def test_entries_and_hits_are_counted_over_runs(tmp_path: Path) -> None:
    filled(tmp_path, 3)
    for number in (0, 1, 7):
        remembers(tmp_path, number)
    found = contents(tmp_path)
    assert (found.entries, found.hits) == (3, 2)
    assert found.size == file_in(tmp_path).stat().st_size


def test_the_file_stays_small_and_the_oldest_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    most = 100 * 4096
    for day in range(8):
        monkeypatch.setattr(module, "_today", lambda day=day: day)
        store = Store(tmp_path, ONE, most)
        assert day == 0 or store.get(key(0)) == facts(0)  # used every day
        for number in range(400):
            store.put(key(1000 * day + number), facts(1000 * day + number))
        store.close()
        assert store.problem is None
        assert file_in(tmp_path).stat().st_size <= most
    assert remembers(tmp_path, 7399)
    assert not remembers(tmp_path, 1)


def test_a_disk_that_is_full_costs_the_new_answers_alone(tmp_path: Path) -> None:
    filled(tmp_path, 5)
    pages = file_in(tmp_path).stat().st_size // 4096
    store = Store(tmp_path, ONE, (pages * 2) * 4096)
    for number in range(100, 900):
        store.put(key(number), facts(number))
    store.flush()
    assert store.problem is not None
    assert store.problem.endswith(": No space left on device")
    assert store.get(key(3)) == facts(3)
    store.put(key(1), facts(1))
    store.close()
    assert remembers(tmp_path, 3)
    assert not remembers(tmp_path, 100)


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_a_file_that_may_not_grow_costs_the_new_answers_alone(tmp_path: Path) -> None:
    """The system itself refuses to write here."""
    import resource

    filled(tmp_path, 5)
    store = Store(tmp_path, ONE)
    for number in range(100, 900):
        store.put(key(number), facts(number))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_in(tmp_path).stat().st_size, hard))
    try:
        store.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert store.problem is not None
    assert "new answers are not kept" in store.problem
    assert remembers(tmp_path, 3)
    assert not remembers(tmp_path, 100)


@pytest.mark.parametrize("place", ["below a file", "a folder in its place"])
def test_a_place_that_cannot_be_written_is_one_problem(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "folder"
    if place == "below a file":
        folder.write_text("", encoding="utf-8")
    else:
        file_in(folder).mkdir(parents=True)
    store = filled(folder)
    assert store.get(key(0)) is None
    assert store.problem is not None


def test_a_file_that_can_only_be_read_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path, 2)
    connected = store_file.connected

    def unwritable(file: Path) -> sqlite3.Connection:  # permissions do not bind the root user
        connection = connected(file)
        connection.execute("PRAGMA query_only = ON")
        return connection

    monkeypatch.setattr(store_file, "connected", unwritable)
    quiet = Store(tmp_path, ONE)
    assert quiet.get(key(1)) == facts(1)
    quiet.close()
    assert quiet.problem is None  # nothing was lost
    store = Store(tmp_path, ONE)
    store.put(key(5), facts(5))
    store.close()
    assert store.problem is not None
    assert store.problem.endswith(": it is write-protected")


def alien(file: Path) -> None:
    with edited(file) as connection:
        connection.execute("CREATE TABLE songs (name TEXT)")


def later_layout(file: Path) -> None:
    with edited(file) as connection:
        connection.execute("PRAGMA user_version = 99")


def trigger(file: Path) -> None:
    with edited(file) as connection:
        connection.execute("CREATE TRIGGER t AFTER INSERT ON answers BEGIN DELETE FROM answers; END")


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(b"no database at all"),
        lambda file: file.write_bytes(os.urandom(8192)),
        lambda file: file.write_bytes(file.read_bytes()[:5000]),
        lambda file: file.write_bytes(file.read_bytes()[:100] + bytes(20_000)),
        lambda file: (file.unlink(), alien(file)),
        later_layout,
        trigger,
    ],
)
def test_a_damaged_or_alien_file_is_left_alone_and_said(tmp_path: Path, damage: object) -> None:
    filled(tmp_path, 30)
    file = file_in(tmp_path)
    damage(file)  # type: ignore[operator]
    before = file.read_bytes()
    store = filled(tmp_path, 3)
    assert [store.get(key(number)) for number in range(3)] == [None] * 3
    assert store.problem is not None
    assert "`seqshape cache clear`" in store.problem
    assert file.read_bytes() == before
    clear(tmp_path)
    filled(tmp_path, 3)
    assert remembers(tmp_path, 2)


def test_wherever_a_byte_is_wrong_no_answer_is(tmp_path: Path) -> None:
    filled(tmp_path, 20)
    file = file_in(tmp_path)
    whole = file.read_bytes()
    for place in range(0, len(whole), 97):
        damaged = bytearray(whole)
        damaged[place] ^= 0x15
        file.write_bytes(damaged)
        store = Store(tmp_path, ONE)
        for number in range(20):
            assert store.get(key(number)) in (None, facts(number))
        store.close()


@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize(
    "text", [b"", b"\xff", b"[]", b'["facts",[],[],true', b'["facts",3,[],true,[]]', 7, "text"]
)
def test_an_entry_that_was_tampered_with_is_none(tmp_path: Path, text: object, sealed: bool) -> None:
    filled(tmp_path, 1)
    with edited(file_in(tmp_path)) as connection:
        (place,) = connection.execute("SELECT key FROM answers").fetchone()
        seal = module._seal(place, text) if sealed and isinstance(text, bytes) else b"12345678"
        connection.execute("UPDATE answers SET text = ?, seal = ?", (text, seal))
    assert not remembers(tmp_path, 0)
    filled(tmp_path, 1)  # asked anew, it is put right
    assert remembers(tmp_path, 0)


def test_a_busy_file_is_waited_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path, 2)
    monkeypatch.setattr(store_file, "_WAIT", 0.05)
    store = Store(tmp_path, ONE)
    other = sqlite3.connect(file_in(tmp_path), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    start = time.monotonic()
    assert [store.get(key(number % 2)) for number in range(1000)] == [None] * 1000
    assert time.monotonic() - start < 5
    assert store.problem is not None
    assert store.problem.endswith(": another process keeps it busy")
    other.close()


def put_many(folder: Path, first: int) -> None:
    store = Store(folder, ONE)
    for number in range(first, first + 100):
        store.put(key(number), facts(number))
        if number % 10 == 0:
            store.flush()
    store.close()
    assert store.problem is None


def test_several_processes_write_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=put_many, args=(tmp_path, 50 * number)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 4
    assert contents(tmp_path).entries == 250
    assert all(remembers(tmp_path, number) for number in range(0, 250, 30))


ENDLESS = """
import sys
from pathlib import Path
from tests.engine.test_store import ONE, Store, facts, key
store = Store(Path(sys.argv[1]), ONE)
number = 0
while True:
    store.put(key(number), facts(number))
    store.flush()
    number += 1
    if number == 20:
        print("going", flush=True)
"""


def test_a_killed_process_leaves_a_sound_file(tmp_path: Path) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", ENDLESS, str(tmp_path)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"going\n"
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    assert all(remembers(tmp_path, number) for number in range(20))
    store = filled(tmp_path, 1)
    assert store.problem is None


def test_a_process_that_was_forked_opens_the_file_anew(tmp_path: Path) -> None:
    filled(tmp_path, 2)
    store = Store(tmp_path, ONE)
    before = store._connection
    store._process = 0  # as in a child, whose number is another
    assert store.get(key(1)) == facts(1)
    assert store._connection is not before


def test_an_emptied_store_is_empty_for_those_who_have_it_open(tmp_path: Path) -> None:
    filled(tmp_path, 5)
    store = Store(tmp_path, ONE)
    assert store.get(key(0)) == facts(0)
    clear(tmp_path)
    assert store.get(key(0)) is None
    store.close()
    assert contents(tmp_path).entries == 0


def test_where_there_is_no_store_there_is_nothing(tmp_path: Path) -> None:
    assert contents(tmp_path) == Contents(0, 0, 0, 0, 0)
    clear(tmp_path)
    assert list(tmp_path.iterdir()) == []
