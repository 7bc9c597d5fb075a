"""`seqshape explain`: where every number of a layer comes from."""

import sys

import click

from seqshape.cli._config import config_options, limits_of
from seqshape.cli._engine import engine_of
from seqshape.cli._options import (
    cache_options,
    color_option,
    limit_option,
    plugin_option,
    set_option,
    stdin_option,
    surface,
)
from seqshape.cli._reading import read, tell


@click.command("explain", no_args_is_help=True, short_help="Say where every number of a layer comes from.")
@click.argument("spec", metavar="SPEC", type=click.Path())
@click.argument("layer", metavar="[LAYER]", required=False)
@set_option
@click.option(
    "--batch", type=click.IntRange(min=1), default=1, show_default=True, help="Samples in a batch."
)
@click.option(
    "--length", type=click.IntRange(min=1), help="The size of every axis and dim whose size is unknown."
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="Text for a reader, Markdown, or JSON for programs.",
)
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
    layer: str | None,
    sizes: tuple[tuple[str, int | None], ...],
    batch: int,
    length: int | None,
    format_: str,
    color: str,
    stdin_filename: str,
    limits: tuple[tuple[str, int], ...],
    plugins: tuple[str, ...],
) -> int:
    """Say where every number of a LAYER comes from, or of every layer of a SPEC.

    Which axes it keeps and makes, each weight and the sum that gives the count, what it multiplies, what it
    takes in memory, and what other settings would give. The installed Keras is asked for each number.

    \b
      seqshape explain model.yaml
      seqshape explain model.yaml gru
      seqshape explain model.yaml --batch 32 --length 200
      seqshape explain model.yaml gru --set T=200 --format markdown

    Exit status: 0 where it could be explained, 1 where the spec has errors, which are shown, 2 where the
    command line is wrong or the file cannot be read.
    """
    from seqshape.judged import judged
    from seqshape.pipeline import UnknownDim
    from seqshape.render import renderer
    from seqshape.render._surface import Options
    from seqshape.report import Run

    path = stdin_filename if spec == "-" else spec
    held = limits_of(ctx, limits)
    try:
        contents = read(spec, held.bytes)
        engine = engine_of(ctx)
        found = judged(path, contents, dims=dict(sizes), limits=held, engine=engine, expecting=False)
    except OSError as error:
        tell(path, error)
        return 2
    except UnknownDim as error:
        tell(path, error)
        return 2
    if found.subject is None:
        sys.stdout.write(renderer("text").render(Run((found.report,)), surface(color), Options(rows=False)))
        return 1
    names = dict.fromkeys(name for row in found.report.rows for name in (row.path, row.name))
    if layer is not None and layer not in names:
        from seqshape.wording import did_you_mean, listed

        said = did_you_mean(layer, names) or f" (there are {listed(names, 'and')})"
        tell(path, f"the spec has no layer `{layer}`{said}")
        return 2
    from seqshape import explaining
    from seqshape.render import _explained

    forms = {"text": _explained.text, "markdown": _explained.markdown, "json": _explained.as_json}
    explained = explaining.explained(found.report, found.subject, layer, batch=batch, length=length)
    sys.stdout.write(forms[format_](explained, surface(color)))
    return 0
