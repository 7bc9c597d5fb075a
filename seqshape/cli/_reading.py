"""The bytes of a spec, from a file or from standard input."""

import sys
from pathlib import Path

from seqshape.paths import STDIN


def read(path: str, most: int) -> bytes:
    """At most one byte more than `most`.

    Raises:
        OSError: it cannot be read.

    """
    if path == STDIN:
        if sys.stdin is None:
            raise OSError(0, "standard input is closed")
        return sys.stdin.buffer.read(most + 1)
    with Path(path).open("rb") as file:
        return file.read(most + 1)
