"""`seqshape schema`: the JSON Schema of the spec language, for editors."""

import click

from seqshape.cli._config import config_options
from seqshape.cli._engine import engine_of
from seqshape.cli._options import cache_options, plugin_option


@click.command("schema", short_help="Print a JSON Schema of the spec language, for editors.")
@click.option("--output", metavar="FILE", default=None, help="Write it to this file, whole or not at all.")
@plugin_option
@cache_options
@config_options
@click.pass_context
def command(ctx: click.Context, output: str | None, plugins: tuple[str, ...]) -> int:
    """Print a JSON Schema (2020-12) of the spec language, made from the installed Keras.

    With it an editor completes types and arguments and underlines unknown ones. This line at the
    top of a spec switches it on, where the YAML language server is there:

    \b
      # yaml-language-server: $schema=seqshape.schema.json

    \b
      seqshape schema --output seqshape.schema.json

    Exit status: 0, or 2 where Keras cannot be asked or the file cannot be written.
    """
    from seqshape.cli._outputs import show, unwritten, write
    from seqshape.engine import KerasUnavailable
    from seqshape.rules import judge
    from seqshape.schema import schema, written

    engine = engine_of(ctx)
    try:
        made = schema(engine.catalogue(), engine.pages(), engine.registered())
    except KerasUnavailable as unavailable:
        (said,) = judge([unavailable.fault])
        raise click.ClickException(f"{said.message}\n{said.help}".rstrip()) from None
    text = written(made)
    if output is None or output == "-":
        show(text)
        return 0
    try:
        write(output, text)
    except OSError as error:
        click.echo(f"Error: {unwritten(output, error)}", err=True)
        return 2
    return 0
