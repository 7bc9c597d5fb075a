"""Answers on disk, in one SQLite file that several processes may read and write at once.

A missing, damaged, alien or busy file, a full disk or a read-only folder only makes runs slower: `problem`
says then what went wrong first, and every question is asked anew. The standard library's sqlite3 does it:
it is imported in 5 ms and keeps the file whole when a process is killed. The nearest library, diskcache,
keeps pickles, writes in a transaction for every entry, and had its last release in 2023.

A rollback journal, no write-ahead log: the log needs shared memory, which home folders on network
drives have not, and a folder that can be written, so a filled store in a read-only image could not be
read. Writers are rare and brief, and wait for each other. The disk is not waited for
(`synchronous=OFF`): a killed process costs nothing then; a power cut can cost the file, which is noticed,
and never a wrong answer, as each answer bears a seal over its question and its text.
"""

import hashlib
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from seqshape.engine.answers import NoAnswer, from_text, to_text
from seqshape.engine.question import Answer, Cost

LAYOUT = 1
"""Of the tables: another layout, another file."""
MOST_BYTES = 64 * 1024**2
"""The file never grows beyond it."""
_NAME = f"answers-{LAYOUT}.sqlite"
_APPLICATION = 0x5E95_4A9E
"""Marks the file as a store of this tool."""
_TABLES = (
    "CREATE TABLE answers"
    " (key BLOB PRIMARY KEY, text BLOB NOT NULL, seal BLOB NOT NULL, day INTEGER NOT NULL)",
    "CREATE TABLE counts (name TEXT PRIMARY KEY, number INTEGER NOT NULL)",
)
_WAIT = 1.0
"""Seconds to wait for another process."""
_PENDING = 1000
"""Answers that are written at once, at the most."""
_PAGE = 4096
_FULL = 0.9
"""How much of the file may be in use before the oldest answers go."""
_AROUND = 200
"""Bytes that an answer takes in the file beside its text, at the most."""
_LONGEST = 16 * 1024**2
"""Bytes of one value; a longer one is not of this tool's making."""
_DAY = 86_400


class NotOurs(sqlite3.DatabaseError):
    """The file is no store of this tool, or one with another layout."""


class Store:
    """The answers of one namespace, which names everything but the question that an answer depends on.

    Answers that are put are written in batches: `flush` writes what is pending, `close` that too. What
    was not written when the process ends is asked again. A process that was forked opens the file anew.
    """

    def __init__(self, folder: Path, namespace: str, most: int = MOST_BYTES) -> None:
        self.problem: str | None = None
        self._file = file_in(folder)
        self._namespace = bytes.fromhex(namespace)
        self._most = most
        self._pending: dict[bytes, bytes] = {}
        self._touched: list[bytes] = []
        self._hits = self._misses = 0
        self._writable = True
        self._process = os.getpid()
        self._connection = self._opened()

    def get(self, key: str) -> Answer | Cost | None:
        """The answer to the question with this key; None where none is remembered."""
        place = self._key(key)
        text = self._pending.get(place) or self._read(place)
        answer = None
        if text is not None:
            with suppress(NoAnswer, UnicodeDecodeError):
                answer = from_text(text.decode())
        if answer is None:
            self._misses += 1
        else:
            self._hits += 1
        return answer

    def put(self, key: str, answer: Answer | Cost) -> None:
        """Remembers the answer to the question with this key."""
        if not self._writable:
            return
        self._pending[self._key(key)] = to_text(answer).encode()
        if len(self._pending) >= _PENDING:
            self.flush()

    def flush(self) -> None:
        """Writes the answers that are pending; without any, nothing is written."""
        if self._pending:
            self._write()

    def _write(self) -> None:
        """Writes what is pending, which answers were used, and how often there was one."""
        pending, self._pending = self._pending, {}
        touched, self._touched = self._touched, []
        if (connection := self._live()) is None:
            return
        try:
            with _writing(connection):
                self._trim(connection, sum(len(text) + _AROUND for text in pending.values()))
                today = _today()
                rows = [(key, text, _seal(key, text), today) for key, text in pending.items()]
                connection.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", rows)
                connection.executemany(
                    "UPDATE answers SET day = ? WHERE key = ?", [(today, key) for key in touched]
                )
                for name, number in (("hits", self._hits), ("misses", self._misses)):
                    connection.execute(
                        "INSERT INTO counts VALUES (?, ?) ON CONFLICT DO UPDATE SET number = number + ?",
                        (name, number, number),
                    )
            self._hits = self._misses = 0
        except sqlite3.Error as error:
            self._writable = False
            if pending:  # what was counted alone is missed by nobody
                self._fail(f"new answers are not kept: {error}")

    def drop(self) -> None:
        """Forgets what is pending, and takes nothing more."""
        self._pending.clear()
        self._writable = False

    def distrust(self) -> bool:
        """Gives and takes no more, if it ever gave an answer: they contradict one another."""
        if not self._hits or self._connection is None:
            return False
        self.drop()
        self._fail("answers contradict one another; `seqshape cache clear` makes a new one")
        self._close()
        return True

    def close(self) -> None:
        """Writes what is pending and closes the file; nothing is remembered after that."""
        if self._pending or self._touched or self._hits:
            self._write()
        self._close()

    def _key(self, key: str) -> bytes:
        return hashlib.sha256(self._namespace + bytes.fromhex(key)).digest()

    def _read(self, key: bytes) -> bytes | None:
        """The text under a key, if its seal is right."""
        if (connection := self._live()) is None:
            return None
        try:
            found = connection.execute(
                "SELECT text, seal, day FROM answers WHERE key = ?", (key,)
            ).fetchone()
        except sqlite3.Error as error:
            self._fail(f"remembered answers cannot be read: {error}")
            self._close()
            return None
        if found is None:
            return None
        text, seal, day = found
        if not isinstance(text, bytes) or seal != _seal(key, text):
            return None
        if day != _today():
            self._touched.append(key)
        return text

    def _trim(self, connection: sqlite3.Connection, coming: int) -> None:
        """Makes room for so many bytes: while there is too little, a quarter of the answers goes."""
        while _bytes_in_use(connection) + coming > self._most * _FULL:
            (entries,) = connection.execute("SELECT count(*) FROM answers").fetchone()
            if not entries:
                return
            oldest = "SELECT rowid FROM answers ORDER BY day, rowid LIMIT ?"
            connection.execute(f"DELETE FROM answers WHERE rowid IN ({oldest})", (entries // 4 + 1,))

    def _live(self) -> sqlite3.Connection | None:
        """The connection, opened anew in a process that was forked."""
        if self._connection is not None and self._process != os.getpid():
            self._process = os.getpid()
            self._connection = self._opened()
        return self._connection

    def _opened(self) -> sqlite3.Connection | None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            connection = _connected(self._file)
            connection.execute(f"PRAGMA max_page_count = {self._most // _PAGE}")
        except (sqlite3.Error, OSError, ValueError) as error:
            self._writable = False
            self._fail(f"answers are not remembered: {_said(error)}")
            return None
        return connection

    def _close(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None

    def _fail(self, said: str) -> None:
        if self.problem is None:
            self.problem = f"{self._file}: {said}"


@dataclass(frozen=True, slots=True)
class Contents:
    """What a store holds: so many answers, so many bytes on disk; how often it had an answer, or none."""

    entries: int
    size: int
    hits: int
    misses: int


def file_in(folder: Path) -> Path:
    """The file of answers in a cache folder."""
    return folder / _NAME


def contents(folder: Path) -> Contents:
    """What the store in a cache folder holds; nothing where there is none.

    Raises:
        sqlite3.Error: the file cannot be read, or is no store.

    """
    file = file_in(folder)
    if not file.is_file() or not (size := file.stat().st_size):
        return Contents(0, 0, 0, 0)
    connection = _connected(file)
    try:
        (entries,) = connection.execute("SELECT count(*) FROM answers").fetchone()
        counts = dict(connection.execute("SELECT name, number FROM counts"))
    finally:
        connection.close()
    return Contents(entries, size, *(int(counts.get(name, 0)) for name in ("hits", "misses")))


def clear(folder: Path) -> None:
    """Empties the store in a cache folder; a damaged or alien file in its place is removed.

    A sound file is emptied and not removed, since other processes may have it open.

    Raises:
        OSError: it cannot be removed.
        sqlite3.OperationalError: it cannot be written, or another process keeps it busy.

    """
    file = file_in(folder)
    if not file.exists():
        return
    try:
        connection = _connected(file)
        try:
            with _writing(connection):
                connection.execute("DELETE FROM answers")
                connection.execute("DELETE FROM counts")
            connection.execute("VACUUM")
        finally:
            connection.close()
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        for each in (file, file.with_name(f"{file.name}-journal")):
            each.unlink(missing_ok=True)


def _connected(file: Path) -> sqlite3.Connection:
    """An open store, made where there is none.

    Raises:
        sqlite3.Error: it cannot be opened, or is no store.

    """
    connection = sqlite3.connect(file, timeout=_WAIT, isolation_level=None)
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        for setting in ("trusted_schema = OFF", "cell_size_check = ON", "synchronous = OFF"):
            connection.execute(f"PRAGMA {setting}")
        if not _is_store(connection):
            with _writing(connection):
                if not _is_store(connection):  # no other process was sooner
                    _make(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _is_store(connection: sqlite3.Connection) -> bool:
    """Whether the file is a store of this layout; false where it is empty yet.

    Raises:
        NotOurs: it is something else.

    """
    marks = tuple(
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("application_id", "user_version", "page_size")
    )
    tables = tuple(
        text for (text,) in connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")
    )
    if marks == (_APPLICATION, LAYOUT, _PAGE) and tables == _TABLES:
        return True
    if marks[:2] == (0, 0) and not tables:
        return False
    raise NotOurs("it is no store of this version of seqshape")


def _make(connection: sqlite3.Connection) -> None:
    for table in _TABLES:
        connection.execute(table)
    connection.execute(f"PRAGMA application_id = {_APPLICATION}")
    connection.execute(f"PRAGMA user_version = {LAYOUT}")


@contextmanager
def _writing(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction: all of it is written or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _bytes_in_use(connection: sqlite3.Connection) -> int:
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    return (int(pages) - int(free)) * _PAGE


def _seal(key: bytes, text: bytes) -> bytes:
    return hashlib.blake2b(key + text, digest_size=8).digest()


def _today() -> int:
    return int(time.time()) // _DAY


def _said(error: Exception) -> str:
    """Why a file cannot be used, and what to do where something can be done."""
    said = (error.strerror if isinstance(error, OSError) else None) or str(error)
    damaged = isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)
    return f"{said}; `seqshape cache clear` makes a new one" if damaged else said
