"""Which diagnostics a command tells: `--select`, `--ignore`, and what the settings say of single files."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from seqshape.cli._config import settings_of

if TYPE_CHECKING:
    from seqshape.report import ReportData

R = TypeVar("R", bound="ReportData")


def selection_of(ctx: click.Context) -> Callable[[R, str], R]:
    """A function from a report and its file's path to the report with the diagnostics that are wanted."""
    from seqshape.selection import EVERY, Selection

    def flat(name: str) -> tuple[str, ...]:
        return tuple(code for codes in ctx.params[name] for code in codes)

    settings = settings_of(ctx)
    folder = settings.file.parent if settings.file is not None else Path()
    selection = Selection(flat("select") or (EVERY,), flat("ignore"), settings.per_file_ignores)
    return lambda report, path: selection.of(report, _from(folder, path))


def _from(folder: Path, path: str) -> str:
    """The path as seen from a folder."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive
        return path
