"""`seqshape watch`: the table or the diagnostics again after each save, with what changed marked."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import click
from click.core import ParameterSource

from seqshape.cli._config import config_options, limits_of, paths_of
from seqshape.cli._engine import engine_of
from seqshape.cli._options import (
    budget_option,
    cache_options,
    code_options,
    color_option,
    limit_option,
    plugin_option,
    set_option,
    surface,
    table_options,
    trace_option,
)
from seqshape.cli._rounds import Asked, Rounds
from seqshape.cli._saves import Unwatchable, looked_for, saves
from seqshape.cli._selecting import selection_of
from seqshape.cli._watched import Snapshot, Watched
from seqshape.frozen import frozen
from seqshape.paths import STDIN, folders
from seqshape.render._surface import (
    FORMULA_COLUMNS,
    SYMBOLIC_COLUMNS,
    Options,
    printable,
)
from seqshape.wording import count

_MOST_NAMED = 3
"""Files that are named in the line above a round."""
_PAUSE = 0.1
"""Seconds before folders are watched again of which one was not there."""


@click.command("watch", short_help="Show the shapes, or what is wrong, again after each save.")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@set_option
@table_options
@code_options
@click.option(
    "--clear/--no-clear", default=True, help="Clear the terminal before each round (the default)."
)
@click.option(
    "--poll",
    is_flag=True,
    help="Look ten times a second, where the system does not tell of saves, as on network drives.",
)
@color_option
@trace_option
@budget_option
@limit_option
@plugin_option
@cache_options
@config_options
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> int:
    """Show a spec again after each save, until Ctrl-C: of one file the table, of several what is wrong.

    PATH is a file, a folder or a glob, as `seqshape check` takes them: specs, and models that Keras saved.
    Files that appear in a folder are shown too, and a file that vanishes is shown again when it is back.
    Where several files are watched, those that were saved alone are judged again. Keras is imported once.

    In the table `+` marks a new row, `~` one that changed, with what it was before, and `-` one that is
    gone; behind a sum stands by how much it changed. Findings are marked as new, or told as resolved.

    \b
      seqshape watch model.yaml
      seqshape watch specs/
      seqshape watch model.yaml --set H=32 --no-clear

    Nothing is written. Fixes are looked for after the round is shown, until the next save. The settings
    file is read once, at the start.

    Exit status: 130 when it is ended by Ctrl-C, 0 when its reader has gone, 2 where the command line or
    the settings are wrong, or a path cannot be read at the start.
    """
    paths = paths_of(ctx)
    if not paths:
        raise click.UsageError(
            "no PATH: name files or folders, such as `seqshape watch .`, or set `paths` in seqshape.toml",
            ctx,
        )
    if STDIN in paths:
        raise click.UsageError("standard input has no saves to wait for: name files or folders", ctx)
    limits = limits_of(ctx, given["limits"])
    watched = Watched(paths, limits.bytes)
    first = watched.look()
    if first.problems:
        _complain(tuple(f"Error: {said}" for _, said in first.problems))
        return 2
    screen = _Screen(given["color"], given["clear"] and _clears())
    try:
        rounds = Rounds(_asked(ctx, given, paths))
        screen.begin(f"watching {_listed(tuple(first.files)) or ', '.join(paths)}")
        rounds.take(first)
        if rounds.lacking:
            _complain(rounds.lacking)
            return 2
        _watch(paths, watched, first, rounds, screen, given["poll"])
    except BrokenPipeError:  # the reader has gone; nobody is left to show anything to
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _asked(ctx: click.Context, given: dict[str, Any], paths: tuple[str, ...]) -> Asked:
    columns: tuple[str, ...] = given["columns"]
    if given["symbolic"] and ctx.get_parameter_source("columns") is ParameterSource.DEFAULT:
        columns = SYMBOLIC_COLUMNS
    return Asked(
        engine=engine_of(ctx),
        sizes=dict(given["sizes"]),
        limits=limits_of(ctx, given["limits"]),
        trace=given["trace"],
        budget=given["budget"],
        symbolic=given["symbolic"] or any(column in FORMULA_COLUMNS for column in columns),
        options=Options(columns, given["weights"], given["fold"]),
        table=len(paths) == 1 and os.path.isfile(paths[0]),
        selected=selection_of(ctx),
    )


def _watch(
    paths: tuple[str, ...], watched: Watched, first: Snapshot, rounds: Rounds, screen: "_Screen", poll: bool
) -> None:
    """Shows the first round, which was taken, and another one after each save.

    What was told while watchfiles gave what was told before is lost, so quiet moments are looked at too.

    Raises:
        KeyboardInterrupt: the user ended it.

    """
    screen.show(rounds)
    rounds.rest()
    shown, waiting = first, True
    idle = _idle(rounds, watched, screen)
    for saved in _told(paths, watched, poll):
        if not (saved or waiting) and all(map(watched.untouched, shown.files)):
            next(idle)
            continue
        now = watched.look()
        waiting = saved and now.unfinished(shown)
        if waiting or now == shown:  # what may be half a save is shown after a quiet moment
            continue
        rounds.take(now)
        screen.again(_said(now, shown), rounds)
        rounds.rest()
        shown = now


def _everything_saved(paths: tuple[str, ...]) -> Iterator[bool]:
    """As `saves`, of all the folders that there are at the time: true as soon as somebody watches them.

    Raises:
        Unwatchable: the system does not tell what is saved there.

    """
    while True:
        here, known = folders(paths), False
        for saved in saves(here):
            yield saved or not known
            if (saved or not known) and folders(paths) != here:
                break
            known = True
        else:  # a folder went while it was about to be watched
            time.sleep(_PAUSE)


def _told(paths: tuple[str, ...], watched: Watched, poll: bool) -> Iterator[bool]:
    """True for each save, false for each quiet moment."""
    if not poll:
        try:
            yield from _everything_saved(paths)
        except Unwatchable as error:
            click.echo(f"Note: {printable(str(error))}: the files are looked at again and again", err=True)
    yield from looked_for(watched.look)


def _idle(rounds: Rounds, watched: Watched, screen: "_Screen") -> Iterator[None]:
    """What is done while nothing is saved, one thing at each step."""
    from seqshape.engine import KerasUnavailable

    with suppress(KerasUnavailable):  # the first round has told of it, or the next one will
        rounds.prepare()
    yield
    while True:
        if (path := rounds.mend(watched.untouched)) is not None:
            screen.mended(path, rounds)
        yield


def _said(now: Snapshot, before: Snapshot) -> str:
    """What was saved: `model.yaml saved`."""
    words = {path: _became(path, now, before) for path in now.differing(before)}
    if len(words) > _MOST_NAMED:
        kinds = set(words.values())
        return f"{count(len(words), 'file')} {kinds.pop() if len(kinds) == 1 else 'changed'}"
    return ", ".join(f"{path} {word}" for path, word in words.items()) or "changed"


def _became(path: str, now: Snapshot, before: Snapshot) -> str:
    """What became of a file, in a word or two."""
    if path not in now.files:
        return "not readable" if any(path == wrong for wrong, _ in now.problems) else "gone"
    if path in before.files:
        return "saved"
    missed = (*before.gone, *(wrong for wrong, _ in before.problems))
    return "back" if any(path == each or path.startswith(f"{each}/") for each in missed) else "new"


def _listed(paths: tuple[str, ...]) -> str:
    return ", ".join(paths) if len(paths) <= _MOST_NAMED else count(len(paths), "file")


def _complain(problems: tuple[str, ...]) -> None:
    for said in problems:
        click.echo(printable(said), err=True)


def _clears() -> bool:
    """Whether standard output is a terminal that can be cleared."""
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


@frozen
class _Screen:
    """Where rounds are shown: on a terminal one in the place of the other, else one below the other."""

    color: str
    clear: bool

    def begin(self, said: str) -> None:
        """Says what is watched, before anybody is asked."""
        if self.clear:
            click.clear()
        self._head(said)

    def show(self, rounds: Rounds) -> None:
        """Shows a round below its head."""
        self._write(rounds.text(surface(self.color)), rounds.problems)

    def again(self, said: str, rounds: Rounds) -> None:
        """Shows another round."""
        text = rounds.text(surface(self.color))
        if self.clear:
            click.clear()
        else:
            click.echo()
        self._head(said)
        self._write(text, rounds.problems)

    def mended(self, path: str, rounds: Rounds) -> None:
        """Shows the fixes that were found in a file: with all else, where the terminal is cleared."""
        if self.clear:
            self.again(f"fixes found in {path}", rounds)
            return
        click.echo()
        self._head(f"fixes found in {path}")
        self._write(rounds.findings(path, surface(self.color)), ())

    def _head(self, said: str) -> None:
        from seqshape.render._watched import heading

        self._write(heading(f"[{time.strftime('%H:%M:%S')}] {said}", surface(self.color)) + "\n", None)

    def _write(self, text: str, problems: tuple[str, ...] | None) -> None:
        """Writes a part of a round; its end where there are `problems`, or might have been."""
        from seqshape.render._watched import heading

        sys.stdout.write(text)
        sys.stdout.flush()
        if problems is None:
            return
        _complain(problems)
        if sys.stdout.isatty():
            sys.stdout.write("\n" + heading("Watching; Ctrl-C ends.", surface(self.color)))
            sys.stdout.flush()
