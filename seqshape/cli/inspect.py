"""`seqshape inspect`: the table of what Keras says of every layer."""

import sys
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

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
    table_options,
    trace_option,
)
from seqshape.cli._reading import read, tell
from seqshape.frozen import frozen
from seqshape.limits import Limits
from seqshape.render import formats, renderer
from seqshape.render._surface import (
    FORMULA_COLUMNS,
    SYMBOLIC_COLUMNS,
    Options,
)

if TYPE_CHECKING:
    from seqshape.engine import Engine
    from seqshape.pipeline import Report


@click.command("inspect", no_args_is_help=True, short_help="Show the shapes and counts of every layer.")
@click.argument("specs", metavar="SPEC...", nargs=-1, required=True, type=click.Path())
@set_option
@table_options
@click.option(
    "--format",
    "format_",
    type=click.Choice(formats()),
    default="table",
    show_default=True,
    help="What to print: a table, a JSON report for programs, or Markdown.",
)
@color_option
@stdin_option
@trace_option
@budget_option
@limit_option
@plugin_option
@cache_options
@config_options
@click.pass_context
def command(
    ctx: click.Context,
    specs: tuple[str, ...],
    sizes: tuple[tuple[str, int | None], ...],
    weights: bool,
    symbolic: bool,
    fold: bool,
    columns: tuple[str, ...],
    format_: str,
    color: str,
    stdin_filename: str,
    trace: bool,
    budget: float,
    limits: tuple[tuple[str, int], ...],
    plugins: tuple[str, ...],
) -> int:
    """Show what comes out of every layer of a SPEC, and why it has that many parameters.

    SPEC is a YAML file, or a model that Keras saved: JSON of model.to_json(), a .keras archive, an HDF5
    file with the whole model; or - for standard input. Every layer is built by the installed Keras;
    nothing is allocated and no weights are read, so a model of any size can be asked about.

    \b
      seqshape inspect model.yaml
      seqshape inspect model.keras --weights
      seqshape inspect model.yaml --set H=32 --set T=null
      seqshape inspect model.yaml --symbolic
      seqshape inspect a.yaml b.yaml --format json
      cat model.yaml | seqshape inspect - --stdin-filename model.yaml

    Exit status: 0 where every layer fits, 1 where one does not or the spec is wrong, 2 where the
    command line is wrong or a file cannot be read.
    """
    if symbolic and ctx.get_parameter_source("columns") is ParameterSource.DEFAULT:
        columns = SYMBOLIC_COLUMNS
    formulas = symbolic or any(column in FORMULA_COLUMNS for column in columns)
    engine = engine_of(ctx)
    asking = _Asking(limits_of(ctx, limits), engine, trace, budget, formulas)
    reports, unread = _reports(specs, stdin_filename, dict(sizes), asking)
    if reports:
        from seqshape.report import Run

        options = Options(columns, weights, fold)
        text = renderer(format_).render(Run(tuple(reports), len(specs) > 1), surface(color), options)
        sys.stdout.write(text)
    if unread:
        return 2
    return 0 if all(report.ok for report in reports) else 1


@frozen
class _Asking:
    """How specs are asked about."""

    limits: Limits
    engine: "Engine"
    trace: bool
    budget: float
    symbolic: bool


def _reports(
    specs: tuple[str, ...], stdin_filename: str, sizes: dict[str, int | None], asking: _Asking
) -> "tuple[list[Report], bool]":
    """The report of every spec that can be read, in the order of their paths, and whether one cannot."""
    from seqshape.pipeline import UnknownDim, inspect_bytes

    reports: list[Report] = []
    unread = False
    for spec in sorted(specs):
        path = stdin_filename if spec == "-" else spec
        try:
            data = read(spec, asking.limits.bytes)
        except OSError as error:
            tell(path, error)
            unread = True
            continue
        try:
            reports.append(
                inspect_bytes(
                    path,
                    data,
                    dims=sizes,
                    limits=asking.limits,
                    engine=asking.engine,
                    trace=asking.trace,
                    budget=asking.budget,
                    symbolic=asking.symbolic,
                )
            )
        except UnknownDim as error:
            tell(path, error)
            unread = True
    return reports, unread
