"""What a spec or a saved model says, from a file or from standard input."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from seqshape.paths import STDIN

if TYPE_CHECKING:
    from seqshape.containers import Contents


def read(path: str, most: int) -> "Contents":
    """The text of a file, at most one byte more than `most`. Weights beside it are not read.

    Raises:
        OSError: it cannot be read.

    """
    from seqshape.containers import contents

    if path == STDIN:
        if sys.stdin is None:
            raise OSError(0, "standard input is closed")
        return contents(sys.stdin.buffer, most)
    with Path(path).open("rb") as file:
        return contents(file, most)
