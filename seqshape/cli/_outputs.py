"""Results to the places that they are written to: standard output, files, GitHub's summary."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from seqshape import whole_file
from seqshape.render import formats
from seqshape.render._surface import printable
from seqshape.wording import did_you_mean

CHECK_FORMATS = tuple(name for name in formats() if name != "table")
"""The formats that `check` has: all but the table, which shows every layer."""
_MOST_SUMMARY = 1_000_000
"""GitHub refuses a step's summary of more than 1 MiB."""


class Output(click.ParamType):  # type: ignore[type-arg]  # generic since Click 8.4
    """`sarif=results.sarif`."""

    name = "FORMAT=FILE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value[0], value[1]
        name, equals, file = str(value).partition("=")
        if not equals or not file:
            self.fail(f"`{value}` is not of the form FORMAT=FILE", param, ctx)
        if name not in CHECK_FORMATS:
            near = did_you_mean(name, CHECK_FORMATS)
            self.fail(f"no format `{name}`{near} (there are {', '.join(CHECK_FORMATS)})", param, ctx)
        if file == "-":
            self.fail(f"standard output is chosen by --format {name}", param, ctx)
        return name, file


def same_file(outputs: tuple[tuple[str, str], ...]) -> str | None:
    """A file that is named for two outputs; None where each has its own."""
    seen: set[str] = set()
    for _, file in outputs:
        real = os.path.realpath(file)
        if real in seen and not _is_special(file):
            return file
        seen.add(real)
    return None


def write(file: str, text: str) -> None:
    """Writes a file as a whole or not at all; what is no regular file (a pipe, a device) is written to.

    Raises:
        OSError: it cannot be written; a file of that name is as it was.

    """
    target = os.path.realpath(file)
    data = text.encode("utf-8", errors="backslashreplace")
    if _is_special(file):
        Path(file).write_bytes(data)
        return
    if os.path.isdir(target):
        raise IsADirectoryError(21, "is a folder")
    whole_file.write(Path(target), data, _mode(target))


def unwritten(file: str | None, error: OSError) -> str:
    """Why a file cannot be written, under its own name; None stands for standard output."""
    folder = os.path.dirname(file or "")
    reason = error.strerror or str(error)
    if isinstance(error, FileNotFoundError) and folder and not os.path.isdir(folder):
        reason = f"no such folder: {folder}"
    return printable(f"{file or 'standard output'}: it cannot be written: {reason}")


def is_same(read: str, written: str) -> bool:
    """Whether a file that is read, where it is not standard input, is the one that is written."""
    return read != "-" and os.path.realpath(read) == os.path.realpath(written)


def append_summary(file: str, text: str) -> None:
    """Adds Markdown to a step's summary, cut at a line where it is more than GitHub takes.

    Raises:
        OSError: it cannot be written.

    """
    data = text.encode("utf-8", errors="backslashreplace")
    if len(data) > _MOST_SUMMARY:
        data = data[: data.rindex(b"\n", 0, _MOST_SUMMARY)] + b"\n\n(cut: more than GitHub shows)\n"
    with Path(file).open("ab") as stream:
        stream.write(data)


def show(text: str) -> None:
    """Prints results. Where the reader has gone, nothing is left to say, and the exit status holds.

    Raises:
        OSError: standard output cannot be written to for another reason.

    """
    _print(lambda: sys.stdout.write(text))


def show_data(data: bytes) -> None:
    """Prints a file's bytes as they are.

    Raises:
        OSError: standard output cannot be written to for another reason than that its reader has gone.

    """
    sys.stdout.flush()
    _print(lambda: sys.stdout.buffer.write(data))


def _print(act: Callable[[], object]) -> None:
    try:
        act()
        sys.stdout.flush()
    except BrokenPipeError:
        discard()


def discard() -> None:
    """Lets all that standard output still holds, and what is printed from here on, go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _is_special(path: str) -> bool:
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)


def _mode(target: str) -> int:
    """The mode of the file that is there, else that of any new file."""
    try:
        return os.stat(target).st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
