"""The engine of a run: with the cache folder and the plugins that were given, closed at the run's end."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from seqshape.cli._config import plugins_folder
from seqshape.cli._options import CACHE, WITHOUT_CACHE
from seqshape.render._surface import printable

if TYPE_CHECKING:
    from seqshape.engine import Engine

_NOTES = "seqshape.notes"


def engine_of(ctx: click.Context) -> "Engine":
    """The engine of the command that runs; where answers could not be kept or read, that is said last."""
    from seqshape import engine

    cache, plugins, folder, remember = arguments(ctx)
    made = engine.Engine(cache, plugins, folder, remember=remember, alone=True)

    def close() -> None:
        for said in dict.fromkeys((made.close(), *ctx.meta.get(_NOTES, ()))):
            if said is not None:
                click.echo(f"Note: {printable(said)}", err=True)

    ctx.call_on_close(close)
    return made


def arguments(ctx: click.Context) -> tuple[Path | None, tuple[str, ...], Path | None, bool]:
    """What engines of the command are made with: cache, plugins, their folder, whether to remember."""
    return cache_folder(ctx), ctx.params["plugins"], plugins_folder(ctx), not ctx.meta.get(WITHOUT_CACHE)


def remark(ctx: click.Context, notes: list[str]) -> None:
    """Has what other engines of the run had to say be told with what this one has, once."""
    ctx.meta[_NOTES] = notes


def cache_folder(ctx: click.Context) -> Path | None:
    """The cache folder that was given; None for the user's own."""
    given = ctx.meta.get(CACHE)
    return Path(given) if given else None
