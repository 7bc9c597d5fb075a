"""The files of one `check`, judged: their reports, and what went wrong beside them."""

import os
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

import click

from seqshape.cli._engine import arguments, engine_of, remark
from seqshape.cli._progress import Progress
from seqshape.cli._reading import read
from seqshape.cli._selecting import selection_of
from seqshape.frozen import frozen
from seqshape.limits import Limits
from seqshape.paths import STDIN, Found
from seqshape.render._surface import printable

if TYPE_CHECKING:
    from seqshape.checking import Checking, Defect, File, Outcome
    from seqshape.report import ReportData, Run


@frozen
class Wanted:
    """How the files are judged. `jobs` is None where that is for `checking` to choose."""

    sizes: dict[str, int | None]
    limits: Limits
    trace: bool
    budget: float
    jobs: int | None
    stdin_filename: str


@frozen
class Judged:
    """The reports in path order; `wrong` is what the user got wrong, or what cannot be read."""

    run: "Run"
    wrong: tuple[str, ...]
    defects: "tuple[tuple[str, Defect], ...]"


def judge(ctx: click.Context, found: Found, wanted: Wanted, tell: "Callable[[ReportData], None]") -> Judged:
    """Judges all files; each report with findings is told as soon as its turn has come."""
    from seqshape.report import Run

    wrong: list[str] = []
    checking = _checking(ctx, _files(found, wanted, wrong), wanted)
    selected = selection_of(ctx)
    reports: list[ReportData] = []
    defects: list[tuple[str, Defect]] = []
    missing = dict.fromkeys(wanted.sizes if found.paths else (), "")
    with Progress(len(found.paths)) as progress, closing(checking.outcomes()) as outcomes:
        for outcome in outcomes:
            progress.advance()
            _note_missing(missing, outcome)
            if outcome.problem:
                wrong.append(f"{outcome.file.name}: {outcome.problem}")
            if outcome.defect is not None:
                defects.append((outcome.file.name, outcome.defect))
            if outcome.report is not None:
                reports.append(selected(outcome.report, outcome.file.name))
                if reports[-1].diagnostics:
                    with progress.aside():
                        tell(reports[-1])
    remark(ctx, checking.notes)
    wrong.extend(said for said in missing.values() if said)
    return Judged(
        Run(tuple(reports), several=True, passed_over=found.passed_over), tuple(wrong), tuple(defects)
    )


def tell_defects(defects: "tuple[tuple[str, Defect], ...]") -> None:
    """Says that files could not be judged, which is no fault of theirs."""
    for name, defect in defects:
        click.echo(
            f"Error: a defect of seqshape at {printable(name)} ({printable(defect.error)})", err=True
        )
        if os.environ.get("SEQSHAPE_TRACEBACK"):
            click.echo(defect.traceback, err=True)
    click.echo(
        "Please report it, with the spec; SEQSHAPE_TRACEBACK=1 shows where it happened. "
        "The other files were judged.",
        err=True,
    )


def _checking(ctx: click.Context, files: "list[File]", wanted: Wanted) -> "Checking":
    from seqshape.checking import Checking, Keras, Manner

    manner = Manner(wanted.sizes, wanted.limits, wanted.trace, wanted.budget)
    return Checking(files, manner, Keras(*arguments(ctx)), engine_of(ctx), wanted.jobs)


def _files(found: Found, wanted: Wanted, wrong: list[str]) -> "list[File]":
    """The files to judge. Standard input is read here, once; that it cannot be is `wrong`."""
    from seqshape.checking import File

    files: list[File] = []
    for path in found.paths:
        if path != STDIN:
            files.append(File(path, path))
            continue
        try:
            files.append(File(wanted.stdin_filename, path, read(path, wanted.limits.bytes)))
        except OSError as error:
            wrong.append(f"{wanted.stdin_filename}: {error.strerror or error}")
    return files


def _note_missing(missing: dict[str, str], outcome: "Outcome") -> None:
    """Keeps what is to be said of dims that were given a size, and that no spec has so far."""
    if outcome.report is None:
        return
    for name in tuple(missing):
        if name in outcome.lacking:
            missing[name] = f"{outcome.file.name}: {outcome.lacking[name]}"
        else:
            del missing[name]
