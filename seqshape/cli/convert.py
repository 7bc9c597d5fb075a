"""`seqshape convert`: a model in another form."""

import os
import sys
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from seqshape.convert import Options, Subject
    from seqshape.judged import Judged
    from seqshape.limits import Limits

_TARGETS = ("keras-json", "python", "yaml")
"""`convert.targets()`, which the help shall not import; a test holds the two together."""
_WITH_WEIGHTS = (".keras", ".h5", ".hdf5")
"""Endings of Keras's own files that hold more than is written here."""


@click.command("convert", no_args_is_help=True, short_help="Write a model as YAML, Python or Keras JSON.")
@click.argument("model", metavar="MODEL", type=click.Path())
@click.option(
    "-o", "--output", metavar="FILE", help="Write to a file, whole or not at all; - is standard output."
)
@click.option(
    "--to",
    "target_name",
    type=click.Choice(_TARGETS),
    help="The form to write; left out, the ending of FILE says it.",
)
@click.option(
    "--rename", is_flag=True, help="Fold runs of equal layers into blocks even where names change (yaml)."
)
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
    model: str,
    output: str | None,
    target_name: str | None,
    rename: bool,
    sizes: tuple[tuple[str, int | None], ...],
    color: str,
    stdin_filename: str,
    limits: tuple[tuple[str, int], ...],
    plugins: tuple[str, ...],
) -> int:
    """Write a MODEL in another form.

    MODEL is a spec or one of Keras's own model files, or - for standard input. It is judged first: one
    with errors is not written, and they are told instead.

    \b
      seqshape convert model.json -o spec.yaml
      seqshape convert spec.yaml -o model.py
      seqshape convert spec.yaml --to keras-json > model.json

    \b
      yaml        a spec: names kept, defaults left out, runs of equal layers as
                  blocks; of a spec, the same in good order (its comments are lost)
      python      a program that builds the model
      keras-json  what keras.models.model_from_json loads

    Exit status: 0 where it was written, 1 where the model is wrong or the form cannot say it, 2 where
    the command line is wrong or a file cannot be read or written.
    """
    from seqshape.cli._outputs import is_same
    from seqshape.convert import Options

    if output == "":
        raise click.UsageError("-o names no file; - is standard output")
    output = None if output == "-" else output
    if output is not None and is_same(model, output):
        raise click.UsageError(f"{output} is the file that is read; give the result another name")
    chosen = target_name or _by_ending(output)
    engine = engine_of(ctx)
    judged = _judged(model, stdin_filename, dict(sizes), limits_of(ctx, limits), engine)
    if judged is None:
        return 2
    if judged.subject is None:
        _show_errors(judged, color)
        return 1
    if chosen is None and judged.saved:
        chosen = "yaml"
    if chosen is None:
        raise click.UsageError(f"say which form to write: --to {', '.join(_TARGETS)}, or a FILE with -o")
    return _write(judged, judged.subject, chosen, output, Options(rename, plugins))


def _write(judged: "Judged", subject: "Subject", name: str, output: str | None, options: "Options") -> int:
    """Writes the model; the exit status."""
    from seqshape.cli import _outputs
    from seqshape.convert import NotWritable, target

    try:
        written = target(name).write(subject, options)
    except NotWritable as problem:
        place = judged.report.path
        if problem.layer:
            place += f":{problem.place.line}:{problem.place.column}"
        tell(place, f"cannot be written as {name}: {problem}")
        return 1
    try:
        if output is None:
            _outputs.show(written.text)
        else:
            _outputs.write(output, written.text)
    except OSError as error:
        click.echo(f"Error: {_outputs.unwritten(output, error)}", err=True)
        return 2
    for hint in (*subject.spec.lost, *written.hints):
        click.echo(f"Hint: {hint}", err=True)
    return 0


def _judged(
    model: str, stdin_filename: str, sizes: dict[str, int | None], limits: "Limits", engine: "object"
) -> "Judged | None":
    """The model, read and judged; None, with a message, where it cannot be read."""
    from seqshape.judged import judged
    from seqshape.pipeline import UnknownDim

    path = stdin_filename if model == "-" else model
    try:
        data = read(model, limits.bytes)
        return judged(path, data, dims=sizes, limits=limits, engine=engine)  # type: ignore[arg-type]
    except OSError as error:
        tell(path, error)
    except UnknownDim as error:
        tell(path, error)
    return None


def _show_errors(judged: "Judged", color: str) -> None:
    from seqshape.render import renderer
    from seqshape.render._surface import Options
    from seqshape.report import Run

    sys.stderr.write(renderer("text").render(Run((judged.report,)), surface(color), Options()))


def _by_ending(output: str | None) -> str | None:
    """The form that the ending of a file means.

    Raises:
        click.UsageError: it means none.

    """
    from seqshape.convert import target, targets

    if output is None:
        return None
    ending = os.path.splitext(output)[1].lower()
    forms = {suffix: name for name in targets() for suffix in target(name).SUFFIXES}
    if ending in forms:
        return forms[ending]
    if ending in _WITH_WEIGHTS:
        problem = f"{output}: a {ending} file holds weights, which are not written"
        raise click.UsageError(f"{problem}; write a .json file and load it with model_from_json")
    known = ", ".join(f"{suffix} ({name})" for suffix, name in forms.items())
    problem = f"`{ending}` says no form" if ending else "it has no ending that says a form"
    raise click.UsageError(f"{output}: {problem}: use {known}, or --to {', '.join(_TARGETS)}")
