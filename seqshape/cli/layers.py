"""`seqshape layers`: the types that a spec can have, and the page on one."""

import json
from typing import TYPE_CHECKING

import click

from seqshape.cli._config import config_options
from seqshape.cli._engine import engine_of
from seqshape.cli._options import cache_options, color_option, plugin_option, surface
from seqshape.render._surface import Surface, fitted

if TYPE_CHECKING:
    from seqshape.engine import Engine
    from seqshape.type_pages import TypePage, WordPage


@click.command("layers", short_help="List the types of layers, or show the page on one.")
@click.argument("names", metavar="[TYPE]...", nargs=-1)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What to print: text for a reader, or JSON for programs.",
)
@color_option
@plugin_option
@cache_options
@config_options
@click.pass_context
def command(
    ctx: click.Context, names: tuple[str, ...], format_: str, color: str, plugins: tuple[str, ...]
) -> int:
    """List what can stand as `type` in a spec, or show what a TYPE takes and gives.

    All of it is asked of the installed Keras. A word that stands in arguments (relu, glorot_uniform) says
    where; any other that is no type lists the types that contain it.

    \b
      seqshape layers
      seqshape layers GRU
      seqshape layers ops.expand_dims MultiHeadAttention
      seqshape layers conv

    Exit status: 0, or 2 where there is no such type or Keras cannot be asked.
    """
    from seqshape.engine import KerasUnavailable
    from seqshape.rules import judge

    try:
        return _shown(engine_of(ctx), names, format_, surface(color))
    except KerasUnavailable as unavailable:
        (said,) = judge([unavailable.fault])
        raise click.ClickException(f"{said.message}\n{said.help}".rstrip()) from None


def _shown(engine: "Engine", names: tuple[str, ...], format_: str, where: Surface) -> int:
    from seqshape.type_pages import all_pages, containing, meant, word_page
    from seqshape.wording import did_you_mean

    catalogue = engine.catalogue()
    pages = all_pages(catalogue, engine.pages(), engine.registered())
    shown: list[tuple[TypePage, ...] | WordPage] = []
    unknown = False
    for name in names:
        primary = catalogue.aliases.get(name, name)
        exact = primary if primary in pages else meant(name, pages)
        word = word_page(name, catalogue)
        if word is not None and exact != name:
            shown.append(word)
        if exact is not None:
            shown.append((_with_sample(pages[exact], engine),))
        elif word is not None:
            continue
        elif found := containing(name, pages):
            shown.append(tuple(pages[each] for each in found))
        else:
            click.echo(f"Error: there is no type `{name}`{did_you_mean(name, pages)}", err=True)
            unknown = True
    if not names:
        shown.append(tuple(pages.values()))
    _print(shown, catalogue.keras, format_, where)
    return 2 if unknown else 0


def _with_sample(each: "TypePage", engine: "Engine") -> "TypePage":
    from dataclasses import replace

    needless = each.type.needs_code != ""
    return replace(each, found="" if needless else engine.sample(each.page.name))


def _print(
    shown: "list[tuple[TypePage, ...] | WordPage]", keras: str, format_: str, where: Surface
) -> None:
    from dataclasses import asdict

    from seqshape.cli._outputs import show
    from seqshape.cli._pages import listed, paged, worded
    from seqshape.type_pages import WordPage, data, grouped
    from seqshape.version import __version__

    if format_ == "json":
        types = [data(each) for pages in shown if not isinstance(pages, WordPage) for each in pages]
        words = [asdict(page) for page in shown if isinstance(page, WordPage)]
        found = {"seqshape": __version__, "keras": keras, "types": types, "words": words}
        show(json.dumps(found, indent=1) + "\n")
        return
    texts = []
    for pages in shown:
        if isinstance(pages, WordPage):
            texts.append("\n".join(worded(pages, where.width)))
            continue
        alone = len(pages) == 1 and pages[0].found is not None
        lines = paged(pages[0], where.width) if alone else listed(grouped(pages), where.width)
        texts.append("\n".join(lines))
    text = "\n\n".join(texts)
    if text:
        show(fitted(text if where.color else click.unstyle(text), where) + "\n")
