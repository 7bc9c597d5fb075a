"""`seqshape rule`: the page on a code, and the list of all of them."""

import re
import shutil
import sys
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from seqshape.cli._options import color_option, surface
from seqshape.render._surface import Surface, fitted

if TYPE_CHECKING:
    from seqshape.rules.pages import Page

_COLORS = {"error": "red", "warning": "yellow", "note": "cyan"}
_WIDEST = 100
_MARK = re.compile(r"# SEQ\d{3}: .*$", re.MULTILINE)


@click.command("rule", no_args_is_help=True, short_help="Show the page on a code, or list all codes.")
@click.argument("codes", metavar="[CODE]...", nargs=-1)
@click.option("--all", "all_", is_flag=True, help="List every code with its severity and title.")
@color_option
def command(codes: tuple[str, ...], all_: bool, color: str) -> int:
    """Show what a CODE means, with a spec that brings it about and one that does not.

    The beginning of several codes lists them.

    \b
      seqshape rule SEQ201
      seqshape rule SEQ2
      seqshape rule --all

    In a bad spec the comment `# SEQ201: words` stands on the line that the finding is on, and tells
    some of its words.
    """
    from seqshape import rules
    from seqshape.rules.pages import page
    from seqshape.selection import nearest_code

    where = surface(color)
    if all_:
        if codes:
            raise click.UsageError("--all lists every code, so no CODE goes with it")
        _print("\n".join(_list([page(rule) for rule in rules.all_rules()])), where)
        return 0
    unknown = False
    shown = []
    for code in codes:
        rule = rules.find(code.upper())
        begun = [page(each) for each in rules.all_rules() if each.code.startswith(code.upper())]
        if rule is not None:
            shown.append("\n".join(_page(page(rule), _width())))
        elif begun:
            shown.append("\n".join(_list(begun)))
        else:
            click.echo(f"Error: there is no code `{code}`{nearest_code(code)}", err=True)
            unknown = True
    if shown:
        _print("\n\n".join(shown), where)
    return 2 if unknown else 0


def _list(pages: list["Page"]) -> Iterator[str]:
    for each in pages:
        severity = click.style(f"{each.severity:7}", fg=_COLORS[each.severity])
        yield f"{click.style(each.code, bold=True)}  {severity}  {each.title}"


def _page(page: "Page", width: int) -> Iterator[str]:
    head = click.style(f"{page.code} {page.severity}", fg=_COLORS[page.severity], bold=True)
    yield f"{head}  {click.style(page.title, bold=True)}"
    for paragraph in page.explanation.split("\n\n"):
        yield ""
        yield from _paragraph(paragraph, width)
    for title, spec in (("Bad", page.bad), ("Good", page.good)):
        if spec:
            yield ""
            yield click.style(f"{title}:", bold=True)
            yield ""
            marked = _MARK.sub(lambda found: click.style(found.group(), fg="yellow"), spec.rstrip("\n"))
            yield textwrap.indent(marked, "  ")


def _paragraph(text: str, width: int) -> Iterator[str]:
    """A paragraph that fits the width; a list or an example in it stays as it is."""
    lines = text.splitlines()
    if any(line.startswith((" ", "- ", "* ", "|")) for line in lines):
        yield from lines
    else:
        yield from textwrap.wrap(
            " ".join(lines), width, break_long_words=False, break_on_hyphens=False
        ) or [""]


def _width() -> int:
    return min(shutil.get_terminal_size().columns, _WIDEST) if sys.stdout.isatty() else _WIDEST


def _print(text: str, where: Surface) -> None:
    text = text if where.color else click.unstyle(text)
    sys.stdout.write(fitted(text, where) + "\n")
