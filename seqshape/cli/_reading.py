"""What a spec or a saved model says, from a file or from standard input."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seqshape.paths import STDIN
from seqshape.render._surface import printable

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


def tell(path: str, problem: object) -> None:
    """Says on standard error what is wrong with a file, as the system puts it where that refused."""
    said = problem.strerror if isinstance(problem, OSError) else None
    click.echo(f"Error: {printable(f'{path}: {said or problem}')}", err=True)
