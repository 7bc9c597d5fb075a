"""Answers and whole reports on disk, in one SQLite file that several processes may use at once.

A missing, damaged, alien or busy file, a full disk or a read-only folder only makes runs slower: `problem`
says then what went wrong first, and every question is asked anew. Each answer bears a seal over its
question and its text. Of reports nothing is known here but their bytes: they are made from answers, so
they go first where room is short, and wait to be written until answers are.
"""

import hashlib
import os
import sqlite3
import time
import weakref
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from seqshape.engine import store_file
from seqshape.engine.store_file import ANSWERS, MOST_BYTES, PAGE, REPORTS

if TYPE_CHECKING:
    from seqshape.engine.question import Answer, Cost

_PENDING = 1000
"""Answers that are written at once, at the most."""
_PENDING_REPORTS = 4 * 1024**2
"""Bytes of reports that wait to be written, at the most."""
LONGEST_REPORT = 4 * 1024**2
"""Bytes; a longer one is not kept."""
_FULL = 0.9
"""How much of the file may be in use before the oldest reports and answers go."""
_AROUND = 200
"""Bytes that an answer takes in the file beside its text, at the most."""
_DAY = 86_400


def _nothing() -> dict[str, dict[bytes, bytes]]:
    """By table, what is pending where nothing is."""
    return {ANSWERS: {}, REPORTS: {}}


class Store:
    """The answers of one namespace, which names everything but the question that an answer depends on.

    Reports are kept beside them. What is put is written in batches: `flush` writes what is pending, `close`
    that too. What was not written when the process ends is asked again. A process that was forked opens the
    file anew.
    """

    def __init__(self, folder: Path, namespace: str, most: int = MOST_BYTES) -> None:
        self.problem: str | None = None
        self._file = store_file.file_in(folder)
        self._namespace = bytes.fromhex(namespace)
        self._most = most
        self._pending = _nothing()
        self._touched: list[tuple[str, bytes]] = []
        self._hits = self._misses = 0
        self._writable = True
        self._process = os.getpid()
        self._connection = self._opened()

    def get(self, key: str) -> "Answer | Cost | None":
        """The answer to the question with this key; None where none is remembered."""
        from seqshape.engine.answers import NoAnswer, from_text  # not for reports alone

        place = self._key(key)
        text = self._pending[ANSWERS].get(place) or self._read(ANSWERS, place)
        answer = None
        if text is not None:
            with suppress(NoAnswer, UnicodeDecodeError):
                answer = from_text(text.decode())
        if answer is None:
            self._misses += 1
        else:
            self._hits += 1
        return answer

    def put(self, key: str, answer: "Answer | Cost") -> None:
        """Remembers the answer to the question with this key."""
        if not self._writable:
            return
        from seqshape.engine.answers import to_text

        self._pending[ANSWERS][self._key(key)] = to_text(answer).encode()
        if len(self._pending[ANSWERS]) >= _PENDING:
            self.flush()

    def report(self, key: str) -> bytes | None:
        """The report with this key; None where none is remembered."""
        place = self._key(key)
        return self._pending[REPORTS].get(place) or self._read(REPORTS, place)

    def put_report(self, key: str, report: bytes) -> None:
        """Remembers a report, unless it is very long."""
        if not self._writable or len(report) > LONGEST_REPORT:
            return
        pending = self._pending[REPORTS]
        pending[self._key(key)] = report
        if sum(map(len, pending.values())) >= _PENDING_REPORTS:
            self._write()

    def flush(self) -> None:
        """Writes what is pending where answers are; without any, nothing is written."""
        if self._pending[ANSWERS]:
            self._write()

    def _write(self) -> None:
        """Writes what is pending, which answers were used, and how often there was one."""
        pending, self._pending = self._pending, _nothing()
        touched, self._touched = self._touched, []
        if (connection := self._live()) is None:
            return
        try:
            with store_file.writing(connection):
                texts = [text for each in pending.values() for text in each.values()]
                self._trim(connection, sum(len(text) + _AROUND for text in texts))
                today = _today()
                for table, each in pending.items():
                    rows = [(key, text, _seal(key, text), today) for key, text in each.items()]
                    connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?, ?)", rows)
                for table, key in touched:
                    connection.execute(f"UPDATE {table} SET day = ? WHERE key = ?", (today, key))
                for name, number in (("hits", self._hits), ("misses", self._misses)):
                    connection.execute(
                        "INSERT INTO counts VALUES (?, ?) ON CONFLICT DO UPDATE SET number = number + ?",
                        (name, number, number),
                    )
            self._hits = self._misses = 0
        except sqlite3.Error as error:
            self._writable = False
            if any(pending.values()):  # what was counted alone is missed by nobody
                self._fail(f"new answers are not kept: {store_file.reason(error)}")

    def drop(self) -> None:
        """Forgets what is pending, and takes nothing more."""
        self._pending = _nothing()
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
        if any(self._pending.values()) or self._touched or self._hits:
            self._write()
        self._close()

    def _key(self, key: str) -> bytes:
        return hashlib.sha256(self._namespace + bytes.fromhex(key)).digest()

    def _read(self, table: str, key: bytes) -> bytes | None:
        """The text under a key of a table, if its seal is right."""
        if (connection := self._live()) is None:
            return None
        try:
            found = connection.execute(
                f"SELECT text, seal, day FROM {table} WHERE key = ?", (key,)
            ).fetchone()
        except sqlite3.Error as error:
            self._fail(f"remembered answers cannot be read: {store_file.reason(error)}")
            self._close()
            return None
        if found is None:
            return None
        text, seal, day = found
        if not isinstance(text, bytes) or seal != _seal(key, text):
            return None
        if day != _today():
            self._touched.append((table, key))
        return text

    def _trim(self, connection: sqlite3.Connection, coming: int) -> None:
        """Makes room for so many bytes: while there is too little, a quarter of the reports goes.

        Then, of the answers.
        """
        for table in (REPORTS, ANSWERS):
            while store_file.bytes_in_use(connection) + coming > self._most * _FULL:
                if not (entries := store_file.number(connection, table)):
                    break
                oldest = f"SELECT rowid FROM {table} ORDER BY day, rowid LIMIT ?"
                connection.execute(f"DELETE FROM {table} WHERE rowid IN ({oldest})", (entries // 4 + 1,))

    def _live(self) -> sqlite3.Connection | None:
        """The connection, opened anew in a process that was forked."""
        if self._connection is not None and self._process != os.getpid():
            self._process = os.getpid()
            self._connection = self._opened()
        return self._connection

    def _opened(self) -> sqlite3.Connection | None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            connection = store_file.connected(self._file)
            connection.execute(f"PRAGMA max_page_count = {self._most // PAGE}")
        except (sqlite3.Error, OSError, ValueError) as error:
            self._writable = False
            self._fail(f"answers are not remembered: {_said(error)}")
            return None
        weakref.finalize(self, _shut, connection).atexit = False
        return connection

    def _close(self) -> None:
        if self._connection is not None:
            _shut(self._connection)
        self._connection = None

    def _fail(self, said: str) -> None:
        if self.problem is None:
            self.problem = f"{self._file}: {said}"


def _seal(key: bytes, text: bytes) -> bytes:
    return hashlib.blake2b(key + text, digest_size=8).digest()


def _today() -> int:
    return int(time.time()) // _DAY


def _said(error: Exception) -> str:
    """Why a file cannot be used, and what to do where something can be done."""
    said = store_file.reason(error)
    damaged = isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)
    return f"{said}; `seqshape cache clear` makes a new one" if damaged else said


def _shut(connection: sqlite3.Connection) -> None:
    with suppress(sqlite3.Error):
        connection.close()
