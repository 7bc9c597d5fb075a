"""`seqshape fix`: what would mend a spec, and the spec mended."""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from seqshape.cli._config import config_options, limits_of, plugins_folder
from seqshape.cli._options import (
    budget_option,
    color_option,
    limit_option,
    plugin_option,
    set_option,
    stdin_option,
    surface,
)
from seqshape.cli._outputs import show
from seqshape.cli._progress import Progress
from seqshape.cli._reading import read
from seqshape.cli._replacing import replace
from seqshape.containers import Contents
from seqshape.limits import Limits
from seqshape.paths import STDIN

if TYPE_CHECKING:
    from seqshape.engine import Engine
    from seqshape.pipeline import Report
    from seqshape.report import Fix

_BEST = "best"
_MOST_ROUNDS = 20
"""Faults of one spec that are mended one after another."""


class Choice(click.ParamType):  # type: ignore[type-arg]  # generic since Click 8.4
    """The number of a fix, or `best`."""

    name = "N|best"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word as it is, if it is one of them."""
        text = str(value)
        if text != _BEST and not (text.isascii() and text.isdecimal() and 0 < int(text[:9]) < 10**8):
            self.fail(f"`{text}` is neither the number of a fix nor `{_BEST}`", param, ctx)
        return text


@dataclass(frozen=True, slots=True)
class _Asked:
    """How a spec is judged, the same after each change."""

    name: str
    sizes: dict[str, int | None]
    limits: Limits
    engine: "Engine"
    seconds: float


@click.command("fix", no_args_is_help=True, short_help="Show what would mend a spec, and mend it.")
@click.argument("spec", metavar="SPEC", type=click.Path())
@click.option(
    "--apply",
    "chosen",
    type=Choice(),
    help="Write the fix with this number into SPEC; `best` mends one error after another.",
)
@click.option("--diff", is_flag=True, help="Print the changes as a patch, and nothing else.")
@click.option("--dry-run", is_flag=True, help="With --apply: say what would be done, and write nothing.")
@budget_option
@set_option
@color_option
@stdin_option
@limit_option
@plugin_option
@config_options
@click.pass_context
def command(
    ctx: click.Context,
    spec: str,
    chosen: str | None,
    diff: bool,
    dry_run: bool,
    budget: float,
    sizes: tuple[tuple[str, int | None], ...],
    color: str,
    stdin_filename: str,
    limits: tuple[tuple[str, int], ...],
    plugins: tuple[str, ...],
) -> int:
    """Show what would mend a SPEC, the likeliest first: at most three fixes for each error.

    Every fix was built and traced with the whole spec: the error is gone with it, nothing new is wrong,
    and what the spec expects still holds. SPEC is a YAML or JSON spec, or - for standard input.

    \b
      seqshape fix model.yaml
      seqshape fix model.yaml --apply 2
      seqshape fix model.yaml --apply best --diff --dry-run

    --apply changes the text at the places of the fix alone: comments and all else stay as they are. The
    file is replaced whole or not at all, and is left alone if it was changed since it was read. Of
    standard input, the mended text is printed.

    Exit status: 0 where no error is left, 1 where one is, 2 where the command line is wrong or the file
    cannot be read or written.
    """
    from seqshape.engine import Engine

    if dry_run and chosen is None:
        raise click.UsageError("--dry-run says what --apply would do: name a fix with --apply", ctx)
    most = limits_of(ctx, limits)
    name = stdin_filename if spec == STDIN else spec
    try:
        contents = read(spec, most.bytes)
    except OSError as error:
        click.echo(f"Error: {name}: {error.strerror or error}", err=True)
        return 2
    asked = _Asked(name, dict(sizes), most, Engine(None, plugins, plugins_folder(ctx)), budget)
    try:
        if chosen is None:
            return _shown(asked, contents, diff=diff, color=color)
        return _applied(spec, asked, contents, chosen, diff=diff, dry_run=dry_run, color=color)
    except _Problem as problem:
        click.echo(f"Error: {name}: {problem}", err=True)
        return problem.status


class _Problem(Exception):
    """Why a spec cannot be mended, with the exit status that says so."""

    def __init__(self, said: str, status: int = 2) -> None:
        super().__init__(said)
        self.status = status


def _judged(asked: _Asked, contents: Contents) -> "Report":
    """The report with fixes.

    Raises:
        _Problem: the file is no spec, or has no dim that was given a size.

    """
    from seqshape.pipeline import UnknownDim, judged
    from seqshape.repairs.search import Budget

    with Progress(None, "Trying changes") as progress:
        budget = Budget(asked.seconds, progress.advance, patient=True) if asked.seconds else None
        try:
            found = judged(
                asked.name,
                contents,
                dims=asked.sizes,
                limits=asked.limits,
                engine=asked.engine,
                thorough=True,
                budget=budget,
            )
        except UnknownDim as error:
            raise _Problem(str(error)) from error
    if found.saved:
        raise _Problem("it is a model that Keras saved; `seqshape convert` makes a spec of it", 1)
    return found.report


def _shown(asked: _Asked, contents: Contents, *, diff: bool, color: str) -> int:
    """Prints the fixes; the exit status."""
    from seqshape.render._fixes import Texts, listed, patch

    report = _judged(asked, contents)
    texts = Texts(asked.name, contents.data)
    if diff:
        best = [item.fixes[0] for item in report.diagnostics if item.fixes]
        show(patch(texts.source, texts.after(best[0].edits)) if best else "")
    else:
        show(listed(report, texts, surface(color)))
    return 0 if report.ok else 1


def _applied(
    spec: str, asked: _Asked, contents: Contents, chosen: str, *, diff: bool, dry_run: bool, color: str
) -> int:
    """Makes changes and writes them; the exit status."""
    from seqshape.render._fixes import Texts, done, patch

    report = _judged(asked, contents)
    before = Texts(asked.name, contents.data)
    text, titles = before.source.text, list[str]()
    for fix in _chosen(report, chosen):
        now = Texts(asked.name, text.encode("utf-8", "surrogatepass"))
        text = now.after(fix.edits)
        titles.append(fix.title)
    last = report
    if titles:
        last = _judged(asked, Contents(text.encode("utf-8", "surrogatepass")))
        while chosen == _BEST and not last.ok and len(titles) < _MOST_ROUNDS:
            following = _chosen(last, _BEST)
            if not following:
                break
            now = Texts(asked.name, text.encode("utf-8", "surrogatepass"))
            text = now.after(following[0].edits)
            titles.append(following[0].title)
            last = _judged(asked, Contents(text.encode("utf-8", "surrogatepass")))
    if titles and not dry_run:
        try:
            replace(spec, contents.data, text)
        except OSError as error:
            raise _Problem(str(error.strerror or error)) from error
    if diff:
        show(patch(before.source, text))
    else:
        said = done(last, tuple(titles), surface(color), dry_run=dry_run)
        (sys.stderr if spec == STDIN else sys.stdout).write(said)
    return 0 if last.ok else 1


def _chosen(report: "Report", chosen: str) -> "tuple[Fix, ...]":
    """The fix that was asked for: by its number, or the best one of the first error that has any.

    Raises:
        _Problem: there is no fix of that number.

    """
    fixes = [fix for item in report.diagnostics for fix in item.fixes]
    if chosen == _BEST:
        return tuple(fixes[:1])
    if int(chosen) > len(fixes):
        there = f"there are {len(fixes)}" if fixes else "no fix was found"
        raise _Problem(f"no fix {chosen}: {there}")
    return (fixes[int(chosen) - 1],)
