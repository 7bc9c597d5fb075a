"""Files that are written as a whole or not at all: into one beside it, which then takes its name."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def write(
    target: Path, data: bytes, mode: int | None = None, last: Callable[[], None] = lambda: None
) -> None:
    """Writes a file, with these permissions; whatever happens, it holds all of the data or what it held.

    The data is on the disk before the file is replaced. `last` is called just before that; what it
    raises leaves the file as it was.

    Raises:
        OSError: it cannot be written.

    """
    import tempfile

    handle, beside = tempfile.mkstemp(prefix=".seqshape-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if mode is not None:
            os.chmod(beside, mode)
        last()
        os.replace(beside, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise
