"""`seqshape inspect`: the table of what Keras says of every layer."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seqshape.cli._options import ColumnNames, DimSize, LimitSize, color_option, surface
from seqshape.limits import Limits
from seqshape.render import formats, renderer
from seqshape.render._surface import COLUMNS, DEFAULT_COLUMNS, Options

if TYPE_CHECKING:
    from seqshape.pipeline import Report


@click.command("inspect", no_args_is_help=True, short_help="Show the shapes and counts of every layer.")
@click.argument("specs", metavar="SPEC...", nargs=-1, required=True, type=click.Path())
@click.option(
    "--set",
    "sizes",
    type=DimSize(),
    multiple=True,
    help="Give a dim of the spec another size for this run; null makes it unknown. Repeatable.",
)
@click.option(
    "--weights", is_flag=True, help="Show each layer's weights as a sum that adds up to its count."
)
@click.option(
    "--fold/--no-fold", default=True, help="Fold runs of equal layers into one line (the default)."
)
@click.option(
    "--columns",
    type=ColumnNames(),
    default=",".join(DEFAULT_COLUMNS),
    help=f"Columns in the order to show them: {', '.join(COLUMNS)}.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(formats()),
    default="table",
    show_default=True,
    help="What to print: a table, a JSON report for programs, or Markdown.",
)
@color_option
@click.option(
    "--stdin-filename",
    metavar="PATH",
    default="<stdin>",
    help="The name that a spec from standard input has in the report.",
)
@click.option(
    "--limit",
    "limits",
    type=LimitSize(),
    multiple=True,
    help="Raise a limit on what a file may hold: bytes, nodes, depth or layers. Repeatable.",
)
def command(
    specs: tuple[str, ...],
    sizes: tuple[tuple[str, int | None], ...],
    weights: bool,
    fold: bool,
    columns: tuple[str, ...],
    format_: str,
    color: str,
    stdin_filename: str,
    limits: tuple[tuple[str, int], ...],
) -> int:
    """Show what comes out of every layer of a SPEC, and why it has that many parameters.

    SPEC is a YAML file, or - for standard input. Every layer is built by the installed Keras;
    nothing is allocated, so a model of any size can be asked about.

    \b
      seqshape inspect model.yaml
      seqshape inspect model.yaml --weights
      seqshape inspect model.yaml --set H=32 --set T=null
      seqshape inspect a.yaml b.yaml --format json
      cat model.yaml | seqshape inspect - --stdin-filename model.yaml

    Exit status: 0 where every layer fits, 1 where one does not or the spec is wrong, 2 where the
    command line is wrong or a file cannot be read.
    """
    most = Limits()
    for name, value in limits:
        most = most.raised(name, value)
    reports, unread = _reports(specs, stdin_filename, dict(sizes), most)
    if reports:
        from seqshape.report import Run

        options = Options(columns, weights, fold)
        text = renderer(format_).render(Run(tuple(reports), len(specs) > 1), surface(color), options)
        sys.stdout.write(text)
    if unread:
        return 2
    return 0 if all(report.ok for report in reports) else 1


def _reports(
    specs: tuple[str, ...], stdin_filename: str, sizes: dict[str, int | None], limits: Limits
) -> "tuple[list[Report], bool]":
    """The report of every spec that can be read, in the order of their paths, and whether one cannot."""
    from seqshape.engine import Engine
    from seqshape.pipeline import UnknownDim, inspect_bytes

    engine = Engine()
    reports: list[Report] = []
    unread = False
    for spec in sorted(specs):
        path = stdin_filename if spec == "-" else spec
        try:
            data = _read(spec, limits.bytes)
        except OSError as error:
            click.echo(f"Error: {path}: {error.strerror or error}", err=True)
            unread = True
            continue
        try:
            reports.append(inspect_bytes(path, data, dims=sizes, limits=limits, engine=engine))
        except UnknownDim as error:
            click.echo(f"Error: {path}: {error}", err=True)
            unread = True
    return reports, unread


def _read(spec: str, most: int) -> bytes:
    """The bytes of a file or of standard input, cut one byte past the limit."""
    if spec == "-":
        if sys.stdin is None:
            raise OSError(0, "standard input is closed")
        return sys.stdin.buffer.read(most + 1)
    with Path(spec).open("rb") as file:
        return file.read(most + 1)
