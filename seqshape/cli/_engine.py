"""The engine of a run: with the cache folder and the plugins that were given, closed at the run's end."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from seqshape.cli._config import plugins_folder
from seqshape.cli._options import CACHE, WITHOUT_CACHE
from seqshape.render._surface import printable

if TYPE_CHECKING:
    from seqshape.engine import Engine


def engine_of(ctx: click.Context) -> "Engine":
    """The engine of the command that runs; where answers could not be kept or read, that is said last."""
    from seqshape import engine

    made = engine.Engine(
        cache_folder(ctx),
        ctx.params["plugins"],
        plugins_folder(ctx),
        remember=not ctx.meta.get(WITHOUT_CACHE),
        alone=True,
    )

    def close() -> None:
        if (problem := made.close()) is not None:
            click.echo(f"Note: {printable(problem)}", err=True)

    ctx.call_on_close(close)
    return made


def cache_folder(ctx: click.Context) -> Path | None:
    """The cache folder that was given; None for the user's own."""
    given = ctx.meta.get(CACHE)
    return Path(given) if given else None
