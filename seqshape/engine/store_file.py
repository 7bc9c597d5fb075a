"""The SQLite file in which a store keeps what it remembers: made, opened, counted and emptied.

The standard library's sqlite3 does it: it is imported in 5 ms and keeps the file whole when a process is
killed. The nearest library, diskcache, keeps pickles, writes in a transaction for every entry, and had its
last release in 2023.

A rollback journal, no write-ahead log: the log needs shared memory, which home folders on network
drives have not, and a folder that can be written, so a filled store in a read-only image could not be
read. Writers are rare and brief, and wait for each other. The disk is not waited for
(`synchronous=OFF`): a killed process costs nothing then; a power cut can cost the file, which is noticed,
and never a wrong answer, as each bears a seal.
"""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from seqshape.frozen import frozen

LAYOUT = 2
"""Of the tables: another layout, another file."""
MOST_BYTES = 64 * 1024**2
"""The file never grows beyond it."""
ANSWERS, REPORTS = "answers", "reports"
"""The tables of what is remembered."""
PAGE = 4096
"""Bytes that the file grows by."""
_NAME = f"answers-{LAYOUT}.sqlite"
_APPLICATION = 0x5E95_4A9E
"""Marks the file as a store of this tool."""
_TABLES = (
    *(
        f"CREATE TABLE {name}"
        " (key BLOB PRIMARY KEY, text BLOB NOT NULL, seal BLOB NOT NULL, day INTEGER NOT NULL)"
        for name in (ANSWERS, REPORTS)
    ),
    "CREATE TABLE counts (name TEXT PRIMARY KEY, number INTEGER NOT NULL)",
)
_WAIT = 1.0
"""Seconds to wait for another process."""
_LONGEST = 16 * 1024**2
"""Bytes of one value; a longer one is not of this tool's making."""


_REASONS = {
    sqlite3.SQLITE_FULL: os.strerror(errno.ENOSPC),
    sqlite3.SQLITE_READONLY: "it is write-protected",
    sqlite3.SQLITE_BUSY: "another process keeps it busy",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
}
"""What users are told elsewhere too, in place of SQLite's words, which speak of a database."""


class NotOurs(sqlite3.DatabaseError):
    """The file is no store of this tool, or one with another layout."""


@frozen
class Contents:
    """What a store holds: so many answers and reports, so many bytes on disk.

    `hits` and `misses` are how often it had an answer, or none.
    """

    entries: int
    reports: int
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
        return Contents(0, 0, 0, 0, 0)
    connection = connected(file)
    try:
        answers, reports = (number(connection, table) for table in (ANSWERS, REPORTS))
        counts = dict(connection.execute("SELECT name, number FROM counts"))
    finally:
        connection.close()
    return Contents(answers, reports, size, *(int(counts.get(name, 0)) for name in ("hits", "misses")))


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
        connection = connected(file)
        try:
            with writing(connection):
                for table in (ANSWERS, REPORTS, "counts"):
                    connection.execute(f"DELETE FROM {table}")
            connection.execute("VACUUM")
        finally:
            connection.close()
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        for each in (file, file.with_name(f"{file.name}-journal")):
            each.unlink(missing_ok=True)


def connected(file: Path) -> sqlite3.Connection:
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
            with writing(connection):
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
    if marks == (_APPLICATION, LAYOUT, PAGE) and tables == _TABLES:
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
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction: all of it is written or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def reason(error: Exception) -> str:
    """Why the file cannot be used, as the system says it."""
    if isinstance(error, OSError):
        return error.strerror or str(error)
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # what is above it only says more of the same
    return _REASONS.get(code, str(error))


def number(connection: sqlite3.Connection, table: str) -> int:
    """How many entries a table has."""
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def bytes_in_use(connection: sqlite3.Connection) -> int:
    """How many bytes of the file hold something."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    return (int(pages) - int(free)) * PAGE
