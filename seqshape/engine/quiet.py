"""Silence for what TensorFlow writes to file descriptor 2, past every setting; kept, not lost."""

import io
import os
import sys
import tempfile
import warnings
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import IO

_MOST = 20_000


class Chatter:
    """Everything that was written to standard error in silence; `text` gives the end of it."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        weakref.finalize(self, self._file.close)

    def text(self) -> str:
        """What was written so far, at most the last 20,000 bytes."""
        size = self._file.seek(0, os.SEEK_END)
        self._file.seek(max(0, size - _MOST))
        text = self._file.read().decode("utf-8", errors="replace")
        self._file.seek(0, os.SEEK_END)
        return text

    @contextmanager
    def swallowed(self) -> Iterator[None]:
        """Keeps what is written to file descriptor 2 inside the block, Python's warnings and prints."""
        if sys.stderr is not None:
            sys.stderr.flush()
        try:
            saved = os.dup(2)
        except OSError:  # no standard error at all: nothing to swallow
            yield
            return
        try:
            os.dup2(self._file.fileno(), 2)
            with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
                warnings.simplefilter("ignore")
                yield
        finally:
            os.dup2(saved, 2)
            os.close(saved)
