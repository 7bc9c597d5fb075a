"""`seqshape sweep`: what a spec gives at many sizes."""

import importlib
import os
from math import prod
from typing import TYPE_CHECKING, Any

import click

from seqshape.cli._config import config_options
from seqshape.cli._options import (
    SizeValues,
    cache_options,
    color_option,
    limit_option,
    plugin_option,
    stdin_option,
    surface,
)
from seqshape.cli._outputs import is_same, show, unwritten, write
from seqshape.cli._progress import Progress
from seqshape.wording import count, did_you_mean, listed

if TYPE_CHECKING:
    from seqshape.cli._sizes import Grid
    from seqshape.sweeping.result import Sweep
    from seqshape.sweeping.series import Plot

_MOST = 10_000
_ENDINGS = {
    ".csv": "csv",
    ".json": "json",
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "table",
}


class _Unwritten(Exception):
    """A result could not be written; the message names the file and says why."""


@click.command("sweep", no_args_is_help=True, short_help="Show what a spec gives at many sizes.")
@click.argument("spec", metavar="SPEC", type=click.Path())
@click.option(
    "--set",
    "sizes",
    type=SizeValues(),
    multiple=True,
    help="A size and its values: 16,32,64; 16..256 and 16..256:16 (in steps); 16..1024*2 (doubling); null "
    "for an unknown size. Repeatable: every combination is asked about.",
)
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=_MOST,
    show_default=True,
    help="Refuse more combinations than these.",
)
@click.option(
    "--macs/--no-macs",
    default=True,
    help="Count multiply-accumulates (the default); without them it is done sooner.",
)
@click.option(
    "--trace/--no-trace",
    default=None,
    help="Trace each call of each combination, or none. Left out: all of up to 48 combinations, some of "
    "more, and all where tracing these shows an error.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "csv", "json", "markdown"]),
    help="A table for a reader, CSV for spreadsheets, JSON for programs, or Markdown. Left out, the ending "
    "of the file of -o says it, else a table.",
)
@click.option(
    "-o", "--output", metavar="FILE", help="Write to a file, whole or not at all; - is standard output."
)
@click.option("--plot", is_flag=True, help="Show a chart below the table.")
@click.option("--svg", metavar="FILE", help="Write a plot as an SVG file.")
@click.option(
    "--over", metavar="SIZE", help="The size to plot over; left out, the first with several values."
)
@click.option(
    "--quantity",
    type=click.Choice(["params", "bytes", "macs"]),
    default="params",
    show_default=True,
    help="What to plot: parameters, bytes of weights, or multiply-accumulates.",
)
@color_option
@stdin_option
@limit_option
@plugin_option
@cache_options
@config_options
@click.pass_context
def command(ctx: click.Context, /, spec: str, **given: Any) -> int:
    """Show what a SPEC gives at many sizes: a row for every combination of values.

    Parameters, bytes of weights, multiply-accumulates, the outputs' shapes, or the first error. A size is a
    dim of the spec, or a number in an argument by its entry: gru.units, chars.shape[1], block.repeat. What
    the spec expects is left alone.

    \b
      seqshape sweep model.yaml --set H=16,32,64 --set T=64,null
      seqshape sweep model.yaml --set 'H=16..1024*2' --plot
      seqshape sweep model.yaml --set gru.units=8..64:8 -o sizes.csv
      seqshape sweep model.yaml --set H=8..256:8 --set C=15,64 --svg sizes.svg --over H

    Exit status: 0 where all combinations hold, 1 where one has an error or the text of the spec is wrong, 2
    where the command line is wrong or a file cannot be read or written, 130 where it was interrupted, and
    what was found until then is shown.
    """
    from seqshape.cli._sizes import Unusable, show_errors, variants_of

    given.update(_files(spec, given))
    grid = _grid(ctx, given)
    over = _over(given, grid)
    from seqshape.sweeping.rows import swept
    from seqshape.sweeping.variants import WrongWords

    total = prod(map(len, grid.values()))
    try:
        variants = variants_of(ctx, spec, grid, given)
        with Progress(total, "Asking") as progress:
            found = swept(variants, grid, trace=given["trace"], work=given["macs"], step=progress.advance)
    except Unusable as unusable:
        return unusable.status
    except WrongWords as wrong:
        show_errors(wrong.report, given["color"])
        return 1
    except KeyboardInterrupt:
        click.echo(f"ended after 0 of {count(total, 'combination')}", err=True)
        raise
    try:
        _show(found, over, given)
    except _Unwritten as problem:
        click.echo(f"Error: {problem}", err=True)
        return 2
    if not found.complete:
        raise KeyboardInterrupt
    return 0 if found.ok else 1


def _files(spec: str, given: dict[str, Any]) -> dict[str, Any]:
    """Where results go and in which form, where that was left to us.

    Raises:
        click.UsageError: a file has no name, is the spec, or its ending says no format.

    """
    for option, file in (("-o", given["output"]), ("--svg", given["svg"])):
        if file == "":
            aside = "; - is standard output" if option == "-o" else ""
            raise click.UsageError(f"{option} names no file{aside}")
        if file is not None and file != "-" and is_same(spec, file):
            raise click.UsageError(f"{file} is the file that is read; give the result another name")
    if given["svg"] == "-":
        raise click.UsageError("--svg writes to a file, beside what is printed; give it a name")
    output = None if given["output"] == "-" else given["output"]
    return {"output": output, "format_": given["format_"] or _by_ending(output)}


def _by_ending(output: str | None) -> str:
    """The format that the ending of a file means; a table where it has none.

    Raises:
        click.UsageError: it means none.

    """
    ending = os.path.splitext(output or "")[1].lower()
    if ending and ending not in _ENDINGS:
        known = ", ".join(f"{suffix} ({name})" for suffix, name in _ENDINGS.items())
        more = "; --svg FILE writes a plot" if ending == ".svg" else ""
        raise click.UsageError(f"{output}: `{ending}` says no format: use {known}, or --format{more}")
    return _ENDINGS.get(ending, "table")


def _grid(ctx: click.Context, given: dict[str, Any]) -> "Grid":
    """The values of each size.

    Raises:
        click.UsageError: there are none, or too many.

    """
    from seqshape.cli._sizes import grid_of

    grid = grid_of(given["sizes"])
    if not grid:
        raise click.UsageError("say which sizes to try: --set H=16,32,64", ctx)
    number = prod(map(len, grid.values()))
    if number > given["most"]:
        shown = " × ".join(f"{len(values):,}" for values in grid.values())
        raise click.UsageError(
            f"{shown + ' = ' if len(grid) > 1 else ''}{number:,} combinations are more than "
            f"{given['most']:,}; try fewer values, or raise --most",
            ctx,
        )
    return grid


def _over(given: dict[str, Any], grid: "Grid") -> str | None:
    """The size to plot over; None where nobody said.

    Raises:
        click.UsageError: it is not one of those that are tried, or nothing can be plotted.

    """
    over: str | None = given["over"]
    if over is not None and over not in grid:
        near = did_you_mean(over, grid) or f" (there are {listed(grid, 'and')})"
        raise click.UsageError(f"--over: no --set gives values of `{over}`{near}")
    if given["plot"] and given["format_"] != "table":
        raise click.UsageError("--plot belongs to the table; --svg FILE writes a plot beside any format")
    if (over is not None or given["quantity"] != "params") and not (given["plot"] or given["svg"]):
        raise click.UsageError("--over and --quantity say what to plot; add --plot or --svg FILE")
    if given["quantity"] == "macs" and not given["macs"]:
        raise click.UsageError("--no-macs leaves nothing to plot of --quantity macs")
    return over


def _show(found: "Sweep", over: str | None, given: dict[str, Any]) -> None:
    """Prints or writes the sweep, and its plot.

    Raises:
        _Unwritten: a file, or standard output, cannot be written.

    """
    plot = _plot(found, over, given["quantity"]) if given["plot"] or given["svg"] else None
    renderer = importlib.import_module(f"seqshape.sweeping.to_{given['format_']}")
    out = surface("never" if given["output"] and given["color"] == "auto" else given["color"])
    chart = {"plot": plot} if given["plot"] else {}
    if given["output"]:
        from dataclasses import replace

        out = replace(out, width=None, unicode=True)
    _put(given["output"], renderer.render(found, out, **chart))
    if given["svg"] and plot is not None:
        from seqshape.sweeping.to_svg import svg

        _put(given["svg"], svg(plot, found.name or found.path))


def _put(file: str | None, text: str) -> None:
    """Writes a text to a file, or prints it.

    Raises:
        _Unwritten: that cannot be done.

    """
    try:
        show(text) if file is None else write(file, text)
    except OSError as error:
        raise _Unwritten(unwritten(file, error)) from error


def _plot(found: "Sweep", over: str | None, quantity: str) -> "Plot":
    from seqshape.sweeping.series import default_over, plot

    return plot(found, over or default_over(found), quantity)
