"""`seqshape cache`: what is remembered from run to run, and forgetting it."""

from pathlib import Path

import click

from seqshape.cli._engine import cache_folder
from seqshape.cli._options import cache_folder_option
from seqshape.cli._outputs import show
from seqshape.render._surface import printable
from seqshape.wording import bytes_text, count


@click.group("cache", invoke_without_command=True, short_help="Show what is remembered, or forget it.")
@cache_folder_option("SEQSHAPE_CACHE_DIR")
@click.pass_context
def command(ctx: click.Context) -> int:
    """Show where answers of Keras are kept from run to run, how many, and how often they were there.

    An answer is remembered under its whole question, the versions and settings of Keras and TensorFlow,
    seqshape's own sources, and those of plugins: where any of these is another, Keras is asked again. So is
    the report of a whole file, under its bytes and how it was judged. The file never grows beyond 64 MiB;
    the oldest reports go first, then the oldest answers.

    \b
      seqshape cache
      seqshape cache clear

    Exit status: 0, or 2 where the file cannot be read or written.
    """
    if ctx.invoked_subcommand is None:
        _show(_folder(ctx))
    return 0


@command.command("clear", short_help="Forget all of it.")
@cache_folder_option(None)  # the variable is read above
@click.pass_context
def clear(ctx: click.Context) -> int:
    """Forget every answer and report, and what is kept beside them: the types of Keras and their pages.

    Exit status: 0, or 2 where the file cannot be written.
    """
    import sqlite3  # not for the list of commands

    from seqshape.engine import cache_files, store_file

    folder = _folder(ctx)
    try:
        store_file.clear(folder)
        cache_files.clear(folder)
    except (sqlite3.Error, OSError) as error:
        raise _Unusable(f"{folder}: it cannot be cleared: {store_file.reason(error)}") from None
    show(f"{printable(str(folder))} is empty\n")
    return 0


class _Unusable(click.ClickException):
    """The file can neither be used nor put right."""

    exit_code = 2


def _folder(ctx: click.Context) -> Path:
    from seqshape.engine.folders import cache_folder as usual

    return cache_folder(ctx) or usual()


def _show(folder: Path) -> None:
    import sqlite3

    from seqshape.engine import cache_files, store_file
    from seqshape.engine.surroundings import Unknown, surroundings

    file = store_file.file_in(folder)
    try:
        found = store_file.contents(folder)
    except (sqlite3.Error, OSError) as error:
        raise _Unusable(
            f"{file}: it cannot be read: {store_file.reason(error)}; `seqshape cache clear` makes a new one"
        ) from None
    asked = found.hits + found.misses
    share = f" of {asked:,} questions, {found.hits / asked:.0%}" if asked else ""
    kept = cache_files.all_in(folder)
    size = sum(each.stat().st_size for each in kept)
    rows = [
        ("place", printable(str(file))),
        ("answers", f"{found.entries:,}"),
        ("reports", f"{found.reports:,}, of whole files"),
        ("size", f"{bytes_text(found.size)}, at most {bytes_text(store_file.MOST_BYTES)}"),
        ("hits", f"{found.hits:,}{share}"),
        ("beside it", f"{count(len(kept), 'file')} on the types of Keras, {bytes_text(size)}"),
    ]
    try:
        surroundings((), Path())
    except Unknown as unknown:
        rows.append(("here", f"nothing is remembered: {printable(str(unknown))}"))
    show("".join(f"{name:<9}  {value}\n" for name, value in rows))
