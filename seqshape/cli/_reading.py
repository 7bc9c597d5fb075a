"""What a spec or a saved model says, from a file or from standard input."""

import errno
import os
import stat
import sys
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
    from seqshape.containers import contents, contents_of

    if path == STDIN:
        if sys.stdin is None:
            raise OSError(0, "standard input is closed")
        return contents(sys.stdin.buffer, most)
    return contents_of(path, most)


def tell(path: str, problem: object) -> None:
    """Says on standard error what is wrong with a file, as the system puts it where that refused."""
    said = problem.strerror if isinstance(problem, OSError) else None
    hint = ": `seqshape check` judges all specs in it" if isinstance(problem, IsADirectoryError) else ""
    click.echo(f"Error: {printable(f'{path}: {said or problem}{hint}')}", err=True)


def read_regular(path: str, most: int) -> "Contents":
    """As `read`, of a regular file alone: a pipe or a device is not read, nor is anybody waited for.

    Raises:
        OSError: it cannot be read, or is no regular file.

    """
    from seqshape.containers import contents

    if not stat.S_ISREG(os.stat(path).st_mode):
        raise _not_regular()
    with open(path, "rb", opener=_at_once) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):  # it took the file's place just now
            raise _not_regular()
        return contents(file, most)


def _at_once(path: str, flags: int) -> int:
    """Opens without waiting, as one waits at a pipe for who writes into it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _not_regular() -> OSError:
    return OSError(errno.EINVAL, "not a regular file")
