"""`seqshape compare`: what two models differ in, and whether they are one function."""

import sys
from typing import TYPE_CHECKING, Any

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
    trace_option,
)
from seqshape.cli._reading import read, tell

if TYPE_CHECKING:
    from seqshape.comparison.numeric import Asked
    from seqshape.comparison.result import Comparison
    from seqshape.comparison.side import Side
    from seqshape.containers import Contents
    from seqshape.engine import Engine
    from seqshape.limits import Limits

_FORMATS = ("table", "json", "markdown")
_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}
_NUMERIC = ("chosen", "seed", "tries", "runs", "batch", "length", "memory")


class Bytes(click.ParamType):  # type: ignore[type-arg]
    """`512M`, `2G`."""

    name = "BYTES"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number of bytes."""
        text = str(value).strip().lower().removesuffix("b").removesuffix("i")
        number, unit = (text[:-1], text[-1:]) if text[-1:].isalpha() else (text, "")
        if not number.isascii() or not number.isdecimal() or unit not in _UNITS or len(number) > 15:
            self.fail(f"`{value}` is no amount of memory, as 512M or 2G are", param, ctx)
        return int(number) * _UNITS[unit]


class Mapped(click.ParamType):  # type: ignore[type-arg]
    """`gru=rnn`, `gru.kernel=rnn.kernel`."""

    name = "A=B"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """The two names."""
        one, equals, other = (part.strip() for part in str(value).partition("="))
        if not one or not equals or not other:
            self.fail(f"`{value}` is not of the form NAME=NAME, first A's and then B's", param, ctx)
        return one, other


@click.command("compare", no_args_is_help=True, short_help="Show what two models differ in.")
@click.argument("a", metavar="A", type=click.Path())
@click.argument("b", metavar="B", type=click.Path())
@set_option
@click.option(
    "--numeric", is_flag=True, help="Run both on the same weights and inputs: are they one function?"
)
@click.option(
    "--map",
    "chosen",
    type=Mapped(),
    multiple=True,
    help="An entry of A, or one weight of it, and what has the same values in B. Repeatable.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of all random numbers."
)
@click.option(
    "--tries",
    type=click.IntRange(1, 1000),
    default=3,
    show_default=True,
    help="How often both are run, each time with other weights and inputs.",
)
@click.option(
    "--runs", type=click.IntRange(1, 1000), default=5, show_default=True, help="How often each is timed."
)
@click.option(
    "--batch",
    type=click.IntRange(min=1),
    default=4,
    show_default=True,
    help="Samples to run, where the model does not say.",
)
@click.option(
    "--length", type=click.IntRange(min=1), help="The size of other unknown axes; left out, one that fits."
)
@click.option(
    "--memory",
    type=Bytes(),
    default="1G",
    show_default=True,
    help="Refuse to run a model whose weights and outputs take more.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(_FORMATS),
    default="table",
    show_default=True,
    help="What to print: a table, JSON for programs, or Markdown for a pull request.",
)
@click.option("--all", "every", is_flag=True, help="Show the layers that are the same too.")
@click.option(
    "--exit-code", is_flag=True, help="End with status 1 where they differ; with --numeric, as functions."
)
@color_option
@stdin_option
@trace_option
@limit_option
@plugin_option
@cache_options
@config_options
@click.pass_context
def command(ctx: click.Context, /, a: str, b: str, **given: Any) -> int:
    """Show what B has otherwise than A: layers, arguments, shapes, weights, sums.

    A and B are specs or models that Keras saved; - for one of them is standard input. REV:path is a file
    as a revision of the git repository has it, HEAD~1:specs/model.yaml, and :path what is staged. An
    argument that is not written equals its default.

    \b
      seqshape compare a.yaml b.yaml
      seqshape compare a.yaml b.yaml --numeric
      seqshape compare HEAD:model.yaml model.yaml --format markdown
      seqshape compare old.keras new.yaml --exit-code

    With --numeric both are run by Keras, on the same random weights and inputs. Weights are mapped by
    name, by order and shape, or as --map says.

    Exit status: 0 where both were compared, 1 where one has errors or, with --exit-code, where they
    differ, 2 where the command line is wrong or a file cannot be read.
    """
    from seqshape.comparison.mapping import WrongMap

    if a == b == "-":
        raise click.UsageError("standard input can be one of the two, not both")
    engine = engine_of(ctx)
    sides = _sides((a, b), given, limits_of(ctx, given["limits"]), engine)
    if sides is None:
        return 2
    asked = _asked(ctx, given)
    try:
        found = _compared(*sides, asked)
    except WrongMap as error:
        raise click.UsageError(f"--map: {error}") from error
    sys.stdout.write(_rendered(found, given["format_"], given["color"], given["every"]))
    if not found.complete:
        return 1
    differs = not found.same if found.numeric is None else not found.numeric.same
    return 1 if given["exit_code"] and differs else 0


def _asked(ctx: click.Context, given: dict[str, Any]) -> "Asked | None":
    """What is to be run; None where nothing is.

    Raises:
        click.UsageError: an option says how to run both, and nobody asked for that.

    """
    from click.core import ParameterSource

    from seqshape.comparison.numeric import Asked

    if given["numeric"]:
        return Asked(**{name: given[name] for name in _NUMERIC})
    for param in ctx.command.params:
        if param.name in _NUMERIC and ctx.get_parameter_source(param.name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"{param.opts[0]} says how both are run; add --numeric")
    return None


def _compared(one: "Side", other: "Side", asked: "Asked | None") -> "Comparison":
    from dataclasses import replace

    from seqshape.comparison import compared

    found = compared(one, other)
    if asked is None:
        return found
    from seqshape.comparison.numeric import numeric

    return replace(found, numeric=numeric(one, other, found, asked))


def _rendered(found: "Comparison", name: str, color: str, every: bool) -> str:
    import importlib

    renderer = importlib.import_module(f"seqshape.comparison.to_{name}")
    text: str = renderer.render(found, surface(color), every=every)
    return text


def _sides(
    paths: tuple[str, str], given: dict[str, Any], limits: "Limits", engine: "Engine"
) -> "tuple[Side, Side] | None":
    """Both models, read and judged; None, with a message for each, where one cannot be read."""
    read_files: list[tuple[str, Contents]] = []
    failed = False
    for path in paths:
        name = given["stdin_filename"] if path == "-" else path
        try:
            read_files.append((name, _contents(path, limits.bytes)))
        except OSError as error:
            tell(name, error)
            failed = True
    if failed:
        return None
    from seqshape.sides import side_of

    sizes = dict(given["sizes"])
    (one, lacked), (other, lacks) = (
        side_of(name, contents, sizes, limits=limits, engine=engine, trace=given["trace"])
        for name, contents in read_files
    )
    neither = [dim for dim in sizes if dim in lacked and dim in lacks]
    for dim in neither:
        tell(read_files[1][0], lacks[dim])
    return None if neither else (one, other)


def _contents(path: str, most: int) -> "Contents":
    """What a file says, or a file of git's.

    Raises:
        OSError: it cannot be read.

    """
    from io import BytesIO

    from seqshape import git_files
    from seqshape.containers import contents

    found = None if path == "-" else git_files.split(path)
    if found is None:
        return read(path, most)
    return contents(BytesIO(git_files.read(*found, git_files.MOST)), most)
