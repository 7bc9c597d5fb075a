"""The list of types, and the page on one, as text in a terminal's width."""

import re
import textwrap
from collections.abc import Iterable, Iterator

import click

from seqshape.engine.documentation import Argument
from seqshape.engine.tensors import Output
from seqshape.render import _yaml
from seqshape.type_pages import Group, TypePage, WordPage
from seqshape.wording import shape

_ENDLESS = 100_000
_WIDEST_PAGE = 110
_WIDEST_NAME = 26
_WIDEST_DEFAULT = 22
_LEAST_ROOM = 24
"""Columns that a description needs beside a name; below them it stands under it."""
_BELOW = 6
_MOST_OUTPUTS = 6
_MOST_PLACES = 4
_TITLES = {
    "applications": "layers of keras.applications",
    "registered": "registered by plugins",
    "refused": "cannot stand in a spec",
    "rnn": "recurrent",
}
_UNBROKEN = "\N{NO-BREAK SPACE}"
_CODE = re.compile(r"`([^`]+)`")


def listed(groups: Iterable[Group], width: int | None) -> Iterator[str]:
    """The types with a line each, group by group; cut to the width where there is one."""
    for number, group in enumerate(groups):
        if number:
            yield ""
        yield click.style(_title(group.name), bold=True)
        longest = max(len(each.page.name) for each in group.pages)
        column = min(longest, _WIDEST_NAME if width is not None else longest)
        for each in group.pages:
            yield _line(each, column, width)


def _title(group: str) -> str:
    folder, _, module = group.partition(".")
    return f"{folder} ({module})" if module else _TITLES.get(group, group.replace("_", " "))


def _line(each: TypePage, column: int, width: int | None) -> str:
    also = f"  (or {', '.join(each.page.aliases)})" if each.page.aliases else ""
    said = each.type.needs_code or each.page.summary
    name = each.page.name
    if width is not None:
        said = _cut(_unquoted(said), width - 4 - max(column, len(name)) - len(also))
    gap = " " * (max(column - len(name), 0) + 2) if said or also else ""
    return f"  {click.style(name, fg='cyan')}{gap}{said}{click.style(also, dim=True) if also else ''}"


def _cut(text: str, width: int) -> str:
    """The text in one line, cut at a word where it is longer."""
    if len(text) <= width:
        return text
    return text[: max(width - 1, 0)].rpartition(" ")[0].rstrip(" ,;") + "…"


def _unquoted(text: str) -> str:
    return _CODE.sub(r"\1", text)


def paged(each: TypePage, width: int | None) -> Iterator[str]:
    """The page on a type, wrapped to the width where there is one."""
    wide = _ENDLESS if width is None else min(width, _WIDEST_PAGE)
    names = "".join(f", {alias}" for alias in each.page.aliases)
    yield (
        f"{click.style(each.page.name, fg='cyan', bold=True)}{names}"
        f"  {click.style(_title(each.page.group), dim=True)}"
    )
    if each.page.summary:
        yield from textwrap.wrap(each.page.summary, wide)
    if each.type.needs_code:
        yield ""
        yield from textwrap.wrap(f"It cannot stand in a spec: {each.type.needs_code}.", wide)
        yield from textwrap.wrap(f"help: {each.type.remedy}", wide)
        return
    yield from _arguments(each, wide)
    yield from _outputs(each, wide)
    yield from _sample(each, wide)


def worded(each: WordPage, width: int | None) -> Iterator[str]:
    """What is said of a word that stands in arguments, wrapped to the width where there is one."""
    wide = _ENDLESS if width is None else min(width, _WIDEST_PAGE)
    title = each.module.replace("_", " ")
    yield f"{click.style(each.word, fg='cyan', bold=True)}  {click.style(title, dim=True)}"
    shown = ", ".join(each.arguments[:_MOST_PLACES])
    more = ", …" if len(each.arguments) > _MOST_PLACES else ""
    yield from textwrap.wrap(f"No type of an entry: it stands in arguments such as {shown}{more}", wide)
    argument = each.arguments[0] if each.arguments else "…"
    lines = [f"{argument}: {each.word}"] if each.word in each.others else []
    if each.type:
        settings = "".join(f", {name}: …" for name in each.settings)
        lines.append(f"{argument}: {{type: {each.type}{settings}}}")
    yield from _headed("As a value", (f"  {line}" for line in lines))
    others = ", ".join(other for other in each.others if other != each.word)
    yield from _headed("Other words there", _indented(others, wide))


def _arguments(each: TypePage, width: int) -> Iterator[str]:
    function = each.page.name.startswith("ops.")
    title = "Arguments (tensors stand in `inputs`)" if function else "Arguments"
    lines = [*_table(each.own, width, each.needed)] if each.own else []
    if function and each.type.call.many:
        lines += _indented("and any number of tensors: `inputs: [a, b]`", width)
    if each.inherited:
        names = ", ".join(argument.name for argument in each.inherited)
        lines += _indented(f"and {names}" if each.own else f"{names}: those of every layer", width)
    if lines:
        yield from _headed(title, lines)
    if each.page.call:
        yield from _headed(
            "Call (tensors stand in `inputs`, all else in `call`)", _table(each.page.call, width)
        )


def _indented(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="  ")


def _headed(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield click.style(title, bold=True)
    yield from lines


def _table(
    arguments: tuple[Argument, ...], width: int, needed: frozenset[str] = frozenset()
) -> Iterator[str]:
    """The arguments one under another: name, default, what it means; that below, where there is no room."""
    rows = [
        (argument, "needed" if argument.name in needed else _default(argument)) for argument in arguments
    ]
    name_column = max(len(argument.name) for argument, _ in rows)
    default_column = min(max(len(default) for _, default in rows), _WIDEST_DEFAULT)
    indent = 2 + name_column + 2 + default_column + 2
    beside = width - indent >= _LEAST_ROOM
    for argument, default in rows:
        taken = max(len(default) - default_column, 0) if beside else 0
        about = textwrap.wrap(
            _about(argument),
            width,
            initial_indent=" " * (indent + taken if beside else _BELOW),
            subsequent_indent=" " * (indent if beside else _BELOW),
            break_long_words=False,
        )
        if beside and about:
            columns = (f"{argument.name:{name_column}}", f"{default:{default_column}}")
            yield f"  {_styled(columns, argument.required)}{about.pop(0)[indent + taken - 2 :]}"
        else:
            columns = (f"{argument.name:{name_column}}" if default else argument.name, default)
            yield f"  {_styled(columns, argument.required)}"
        yield from about


def _about(argument: Argument) -> str:
    """What an argument means, with the words that it can be where that does not say them."""
    if all(re.search(rf"\b{re.escape(word)}\b", argument.about) for word in argument.choices):
        return argument.about
    return f"{argument.about} One of {', '.join(argument.choices)}.".lstrip()


def _styled(columns: tuple[str, str], required: bool) -> str:
    """The name and the default of an argument, in their colours."""
    name = click.style(columns[0], fg="cyan")
    default = click.style(columns[1], fg="yellow" if required else None, dim=not required)
    return f"{name}  {default}" if columns[1] else name


def _default(argument: Argument) -> str:
    if argument.required:
        return "required"
    return _yaml.value(argument.default) if argument.told else ""


def _outputs(each: TypePage, width: int) -> Iterator[str]:
    """What comes out of the small spec, and what else where a flag is turned."""
    if each.sample is None:
        return
    rows = [("", each.sample.outputs), *((item.flag, item.outputs) for item in each.sample.variants)]
    column = max(len(flag) for flag, _ in rows)
    beside = width - column - 4 >= _LEAST_ROOM
    lines: list[str] = []
    for flag, outputs in rows:
        named = ", ".join(_output(output) for output in outputs[:_MOST_OUTPUTS])
        more = f", … ({len(outputs)} in all)" if len(outputs) > _MOST_OUTPUTS else ""
        indent = " " * (column + 4 if beside and column else _BELOW if flag else 2)
        wrapped = textwrap.wrap(named + more, width, initial_indent=indent, subsequent_indent=indent)
        if flag and beside:
            wrapped[0] = f"  {click.style(flag, dim=True)}{wrapped[0][2 + len(flag) :]}"
        elif flag:
            lines.append(f"  {click.style(flag, dim=True)}")
        lines.extend(line.replace(_UNBROKEN, " ") for line in wrapped)
    yield from _headed("Outputs", lines)


def _output(output: Output) -> str:
    """An output in one piece, which no line breaks."""
    return f"{output.name} {shape(output.tensor.shape)}".replace(" ", _UNBROKEN)


def _sample(each: TypePage, width: int) -> Iterator[str]:
    if each.sample is not None:
        text = _yaml.spec(each.sample.layers())
        yield from _headed("A small spec", textwrap.indent(text, "  ").splitlines())
    elif each.found:
        said = f"The installed Keras cannot make it here: {each.found}"
        yield from ("", *textwrap.wrap(said, width))
