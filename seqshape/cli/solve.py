"""`seqshape solve`: the largest value of a size that keeps a budget."""

import importlib
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from seqshape.cli._config import config_options
from seqshape.cli._options import (
    Amount,
    cache_options,
    color_option,
    limit_option,
    plugin_option,
    set_option,
    stdin_option,
    surface,
)
from seqshape.cli._outputs import show
from seqshape.cli._progress import Progress
from seqshape.cli._reading import tell

if TYPE_CHECKING:
    from seqshape.solving.result import Asked

_HIGHEST = 1_000_000_000


def _one(ctx: click.Context, param: click.Parameter, given: tuple[int, ...]) -> int | None:
    """The number of a budget, which is given once: of several nobody knows which one is meant."""
    if len(given) > 1:
        shown = " and ".join(f"{number:,}" for number in given)
        raise click.UsageError(f"{param.opts[0]} is given {len(given)} times, {shown}: keep one", ctx)
    return given[0] if given else None


@click.command("solve", no_args_is_help=True, short_help="Find the largest size that keeps a budget.")
@click.argument("spec", metavar="SPEC", type=click.Path())
@click.option("--dim", metavar="SIZE", required=True, help="The size that is looked for: H, or gru.units.")
@click.option(
    "--params",
    type=Amount(),
    multiple=True,
    callback=_one,
    help="Parameters: 500k, 1M, 1.5G (powers of ten).",
)
@click.option(
    "--bytes",
    "bytes_",
    type=Amount(of_bytes=True),
    multiple=True,
    callback=_one,
    help="Bytes of weights: 4MiB, 4MB, 500000.",
)
@click.option(
    "--macs", type=Amount(), multiple=True, callback=_one, help="Multiply-accumulates for one sample: 10G."
)
@click.option(
    "--at-least",
    is_flag=True,
    help="Find the smallest size that reaches the numbers, not the largest within.",
)
@click.option(
    "--multiple-of",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Take multiples of N alone.",
    metavar="N",
)
@click.option(
    "--from",
    "low",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="No smaller size.",
)
@click.option(
    "--to",
    "high",
    type=click.IntRange(min=1),
    default=_HIGHEST,
    show_default=True,
    metavar="N",
    help="No larger size.",
)
@set_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="A table for a reader, or JSON for programs.",
)
@color_option
@stdin_option
@limit_option
@plugin_option
@cache_options
@config_options
@click.pass_context
def command(ctx: click.Context, /, spec: str, **given: Any) -> int:
    """Find the largest value of a size with which a SPEC keeps a budget.

    The budget is on parameters, bytes of weights, multiply-accumulates for one sample, or several of them.
    The size is a dim of the spec, or a number in an argument by its entry: gru.units, chars.shape[1],
    block.repeat. The value comes from the spec's formulas; it and the next one are built and traced. What
    the spec expects is left alone.

    \b
      seqshape solve model.yaml --dim H --params 1M
      seqshape solve model.yaml --dim H --bytes 4MiB --macs 10G --set T=200 --multiple-of 8
      seqshape solve model.yaml --dim H --params 1M --at-least
      seqshape solve model.yaml --dim gru.units --params 500k

    Exit status: 0 where a value was found or every one will do, 1 where none will do, the spec has an error
    or its text is wrong, 2 where the command line is wrong or the file cannot be opened.
    """
    from seqshape.cli._sizes import Unusable, show_errors, unsound_hint, variants_of

    asked = _asked(ctx, given)
    from seqshape.solving import solved
    from seqshape.solving.asking import Unanswerable
    from seqshape.solving.finding import Unsound
    from seqshape.sweeping.variants import WrongWords

    try:
        variants = variants_of(ctx, spec, (asked.name, *dict(asked.others)), given)
        with Progress(None, "Looking"):
            found = solved(variants, asked)
    except Unusable as unusable:
        return unusable.status
    except Unanswerable as error:
        path = given["stdin_filename"] if spec == "-" else spec
        tell(path, error)
        return 2
    except WrongWords as wrong:
        show_errors(wrong.report, given["color"])
        return 1
    except Unsound as unsound:
        show_errors(variants.readable(unsound.found), given["color"])
        click.echo(f"Hint: {unsound_hint(spec)}", err=True)
        return 1
    renderer = importlib.import_module(f"seqshape.solving.to_{given['format_']}")
    show(renderer.render(found, surface(given["color"])))
    return 0 if found.status in ("found", "any") else 1


def _asked(ctx: click.Context, given: dict[str, Any]) -> "Asked":
    """The question.

    Raises:
        click.UsageError: it has no budget, or contradicts itself.

    """
    from seqshape.solving.result import Asked, Budget

    amounts = {"params": given["params"], "bytes": given["bytes_"], "macs": given["macs"]}
    budgets = tuple(Budget(name, number) for name, number in amounts.items() if number is not None)
    if not budgets:
        raise click.UsageError("say what is to be kept: --params 1M, --bytes 4MiB or --macs 10G", ctx)
    others = dict(given["sizes"])
    name = given["dim"].strip()
    if not name:
        raise click.UsageError("--dim names no size: write --dim H, or --dim gru.units", ctx)
    if name in others:
        raise click.UsageError(f"`{name}` is looked for, so --set cannot give it", ctx)
    ended = ctx.get_parameter_source("high") is ParameterSource.COMMANDLINE
    asked = Asked(
        name,
        budgets,
        not given["at_least"],
        tuple(others.items()),
        given["multiple_of"],
        given["low"],
        given["high"],
        ended,
    )
    if asked.first > asked.last:
        multiples = f"multiple of {asked.multiple:,}" if asked.multiple > 1 else "size"
        raise click.UsageError(f"there is no {multiples} from {asked.low:,} to {asked.high:,}", ctx)
    return asked
