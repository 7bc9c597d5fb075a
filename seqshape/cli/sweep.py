"""`seqshape sweep`: what a spec gives at many sizes."""

import importlib
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
from seqshape.cli._outputs import show, write
from seqshape.cli._progress import Progress
from seqshape.wording import did_you_mean, listed

if TYPE_CHECKING:
    from seqshape.cli._sizes import Grid
    from seqshape.sweeping.result import Sweep
    from seqshape.sweeping.series import Plot

_MOST = 10_000


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
    default="table",
    show_default=True,
    help="A table for a reader, CSV for spreadsheets, JSON for programs, or Markdown.",
)
@click.option("-o", "--output", metavar="FILE", help="Write to a file, whole or not at all.")
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
      seqshape sweep model.yaml --set H=16..1024*2 --plot
      seqshape sweep model.yaml --set gru.units=8..64:8 --format csv -o sizes.csv
      seqshape sweep model.yaml --set H=8..256:8 --set C=15,64 --svg sizes.svg --over H

    Exit status: 0 where all combinations hold, 1 where one has an error, 2 where the command line is wrong
    or the spec cannot be read, 130 where it was interrupted, and what was found until then is shown.
    """
    from seqshape.cli._sizes import Unusable, show_errors, variants_of

    grid = _grid(ctx, given)
    over = _over(given, grid)
    from seqshape.sweeping.rows import swept
    from seqshape.sweeping.variants import WrongWords

    try:
        variants = variants_of(ctx, spec, grid, given)
        with Progress(prod(map(len, grid.values())), "Asking") as progress:
            found = swept(variants, grid, trace=given["trace"], work=given["macs"], step=progress.advance)
    except Unusable as unusable:
        return unusable.status
    except WrongWords as wrong:
        show_errors(wrong.report, given["color"])
        return 1
    try:
        _show(found, over, given)
    except OSError as error:
        click.echo(f"Error: {error.filename or 'standard output'}: {error.strerror or error}", err=True)
        return 2
    if not found.complete:
        raise KeyboardInterrupt
    return 0 if found.ok else 1


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
        OSError: a file cannot be written.

    """
    plot = _plot(found, over, given["quantity"]) if given["plot"] or given["svg"] else None
    renderer = importlib.import_module(f"seqshape.sweeping.to_{given['format_']}")
    out = surface("never" if given["output"] and given["color"] == "auto" else given["color"])
    chart = {"plot": plot} if given["plot"] else {}
    if given["output"]:
        from dataclasses import replace

        write(given["output"], renderer.render(found, replace(out, width=None, unicode=True), **chart))
    else:
        show(renderer.render(found, out, **chart))
    if given["svg"] and plot is not None:
        from seqshape.sweeping.to_svg import svg

        write(given["svg"], svg(plot, found.name or found.path))


def _plot(found: "Sweep", over: str | None, quantity: str) -> "Plot":
    from seqshape.sweeping.series import default_over, plot

    return plot(found, over or default_over(found), quantity)
