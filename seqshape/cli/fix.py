"""`seqshape fix`: what would mend a spec, and the spec mended."""

from codecs import BOM_UTF8
from typing import TYPE_CHECKING

import click

from seqshape.cli._config import config_options, limits_of
from seqshape.cli._engine import engine_of
from seqshape.cli._options import (
    budget_option,
    cache_options,
    color_option,
    limit_option,
    plugin_option,
    set_option,
    stdin_option,
    surface,
)
from seqshape.cli._outputs import discard, show, show_data, unwritten
from seqshape.cli._reading import read, tell
from seqshape.frozen import frozen
from seqshape.paths import STDIN

if TYPE_CHECKING:
    from seqshape.cli._mending import Asked
    from seqshape.containers import Contents

_BEST = "best"
_WRITTEN = "is written"


class Choice(click.ParamType):  # type: ignore[type-arg]  # generic since Click 8.4
    """The number of a fix, or `best`."""

    name = "N|best"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word as it is, if it is one of them."""
        text = str(value)
        if text != _BEST and not (text.isascii() and text.isdecimal() and 0 < int(text[:9]) < 10**8):
            self.fail(f"`{text}` is neither the number of a fix nor `{_BEST}`", param, ctx)
        return text


@click.command("fix", no_args_is_help=True, short_help="Show what would mend a spec, and mend it.")
@click.argument("spec", metavar="SPEC", type=click.Path())
@click.option(
    "--apply",
    "chosen",
    type=Choice(),
    metavar="N|best",
    help="Write the fix with this number into SPEC; `best` mends one error after another.",
)
@click.option(
    "--diff", is_flag=True, help="Print the changes as a patch; without --apply those of `--apply best`."
)
@click.option("--dry-run", is_flag=True, help="With --apply: say what would be done, and write nothing.")
@budget_option
@set_option
@color_option
@stdin_option
@limit_option
@plugin_option
@cache_options
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
      seqshape fix model.yaml --apply best
      seqshape fix model.yaml --diff | patch -p1

    Nothing is written without --apply. It changes the text at the places of the fix alone: comments and
    all else stay as they are. The file is replaced whole or not at all, and is left alone if it was
    changed since it was read. Of standard input, the mended text is printed.

    The numbers are those of the list that was shown last for the same text. `best` takes the first fix of
    the first error that has any, and goes on until no error is left or nothing helps; --budget is for each
    of them then.

    Exit status: 0 where no error is left (with --diff or --dry-run: would be), 1 where one is, 2 where the
    command line is wrong, or the file cannot be mended, read or written, 130 where it was interrupted. Then
    nothing is written, and fixes that were found are listed.
    """
    if dry_run and chosen is None and not diff:
        raise click.UsageError("--dry-run says what --apply would do: name a fix with --apply", ctx)
    if not budget and (chosen == _BEST or (diff and chosen is None)):
        raise click.UsageError("no fix is looked for, since --budget is 0", ctx)
    from seqshape.cli._mending import Asked, Problem  # not for the list of commands

    most = limits_of(ctx, limits)
    name = stdin_filename if spec == STDIN else spec
    engine = engine_of(ctx)
    asked = Asked(name, dict(sizes), most, engine, plugins, budget)
    try:
        contents = read(spec, most.bytes)
    except OSError as error:
        tell(name, error)
        return 2
    how = _How(spec, chosen, diff, dry_run or chosen is None, color)
    try:
        if chosen is None and not diff:
            return _list(how, asked, contents)
        return _mend(how, asked, contents)
    except Problem as problem:
        tell(name, problem)
        return 2


@frozen
class _How:
    """Which fix is made, where a mended text goes, and what is shown of it."""

    spec: str
    chosen: str | None
    diff: bool
    dry_run: bool
    color: str


def _list(how: _How, asked: "Asked", contents: "Contents") -> int:
    """Prints the fixes; the exit status.

    Raises:
        Problem: nothing can be mended of this file.
        KeyboardInterrupt: the user ended the search, and what was found is shown.

    """
    from seqshape.cli._mending import keep, listing, text_of
    from seqshape.render._fixes import listed

    report = listing(asked, contents, patient=True)
    keep(asked, contents, report)
    show(listed(report, text_of(asked, contents), surface(how.color), asked.seconds))
    if any(item.search == "stopped" for item in report.diagnostics):
        raise KeyboardInterrupt
    return 0 if report.ok else 1


def _mend(how: _How, asked: "Asked", contents: "Contents") -> int:
    """Makes changes, writes the text, and says what was done; the exit status.

    Raises:
        Problem: there is no such fix, nothing can be mended of this file, or it cannot be written.

    """
    from seqshape.cli._mending import Problem, numbered, one_after_another, text_of
    from seqshape.cli._replacing import replace
    from seqshape.render._changes import patch
    from seqshape.render._fixes import done

    if how.chosen in (None, _BEST):
        mended = one_after_another(asked, contents)
    else:
        mended = numbered(asked, contents, int(how.chosen or 0))
    where = "" if how.dry_run or not mended.steps else "is printed" if how.spec == STDIN else _WRITTEN
    filtered = how.spec == STDIN and not how.dry_run and not how.diff
    try:
        if filtered and not mended.steps:
            show_data(contents.data)
        elif filtered or (where and how.spec != STDIN):
            replace(how.spec, contents.data, mended.text)
    except OSError as error:
        said = f"it cannot be written: {error.strerror}" if error.strerror else str(error)
        raise Problem(said) from error
    said = done(mended, surface(how.color), asked.seconds, where=where, brief=how.diff)
    try:
        if how.diff:
            show_data(patch(text_of(asked, contents), mended.text, bom=contents.data.startswith(BOM_UTF8)))
        elif not filtered:
            show(said)
    except OSError as error:
        if where != _WRITTEN:
            raise
        discard()  # what was done is done, and the exit status tells of the spec
        click.echo(f"Note: {unwritten(None, error)}", err=True)
        if not how.diff:
            click.echo(said, err=True, nl=False)
    if how.diff or filtered:
        click.echo(said, err=True, nl=False)
    from seqshape.source import encoding_name

    if how.diff and (name := encoding_name(contents.data)) != "UTF-8":
        click.echo(f"the file is {name}, and a patch in UTF-8 does not apply to it: --apply does", err=True)
    return 0 if mended.report.ok else 1
