"""A new text into the file that the old one was read from, and nothing lost on the way.

The file keeps its name, its encoding and its permissions; a link stays a link.
"""

import os
import stat
from pathlib import Path

from seqshape import source, whole_file
from seqshape.cli._outputs import show_data
from seqshape.paths import STDIN


class FileChanged(OSError):
    """A file does not hold any more what was read from it."""


def replace(path: str, before: bytes, text: str) -> None:
    """Puts a text into the file whose bytes were `before`, in their encoding; for `-`, prints it.

    Raises:
        FileChanged: somebody changed or removed the file since it was read.
        OSError: it cannot be written. In both cases the file is as it was.

    """
    data = source.encode(text, before)
    if path == STDIN:
        show_data(data)
        return
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():  # reading a pipe would wait for its writer
        raise OSError("it is no regular file, which could be replaced")
    _refuse_changed(target, before)
    if not os.access(target, os.W_OK):
        raise PermissionError("it is write-protected")
    if data != before:
        mode = stat.S_IMODE(target.stat().st_mode)
        whole_file.write(target, data, mode, lambda: _refuse_changed(target, before))


def _refuse_changed(target: Path, before: bytes) -> None:
    """Sees that a file still holds what was read from it.

    Raises:
        FileChanged: it does not.
        OSError: it cannot be read.

    """
    try:
        with target.open("rb") as file:
            same = file.read(len(before) + 1) == before
    except FileNotFoundError as error:
        raise FileChanged("it was removed after it was read; nothing was written") from error
    if not same:
        raise FileChanged("it was changed after it was read; nothing was written")
