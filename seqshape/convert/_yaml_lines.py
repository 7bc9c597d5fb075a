"""Keys and values as lines of YAML: on one line where they fit, else one under the other."""

from collections.abc import Iterator
from typing import TypeAlias

from seqshape.convert._yaml_text import scalar_of
from seqshape.frozen import frozen

WIDTH = 100
"""Columns of a line, where that can be kept."""

Text: TypeAlias = "str | Items | Pairs"
"""A value: written on one line already, a list, or keys with values."""


@frozen
class Items:
    """A list. One of `entries` always stands in lines of its own."""

    items: tuple[Text, ...]
    entries: bool = False


@frozen
class Pairs:
    """Keys with values."""

    pairs: tuple[tuple[str, Text], ...]


def lines_of(pairs: Pairs, indent: int = 0) -> Iterator[str]:
    """The lines of a mapping."""
    space = " " * indent
    for key, value in pairs.pairs:
        start = f"{space}{scalar_of(key)}:"
        short = flat(value)
        if short is not None and len(start) + 1 + len(short) <= WIDTH:
            yield f"{start} {short}"
        elif isinstance(value, str):
            yield f"{start} {value}"
        elif isinstance(value, Pairs):
            yield start
            yield from lines_of(value, indent + 2)
        else:
            yield start
            yield from _item_lines(value, indent + 2)


def _item_lines(items: Items, indent: int) -> Iterator[str]:
    space = " " * indent
    for item in items.items:
        short = flat(item)
        if short is not None and (isinstance(item, str) or len(space) + 2 + len(short) <= WIDTH):
            yield f"{space}- {short}"
        elif isinstance(item, Pairs):
            inner = lines_of(item, indent + 2)
            yield f"{space}- {next(inner).lstrip()}"
            yield from inner
        elif isinstance(item, Items):
            yield f"{space}-"
            yield from _item_lines(item, indent + 2)


def flat(value: Text) -> str | None:
    """A value on one line; None where it has entries, which stand in lines of their own."""
    if isinstance(value, str):
        return value
    if isinstance(value, Items):
        if value.entries:
            return None
        items = [flat(item) for item in value.items]
        found = [item for item in items if item is not None]
        return f"[{', '.join(found)}]" if len(found) == len(items) else None
    pairs = [(scalar_of(key), flat(item)) for key, item in value.pairs]
    if any(item is None for _, item in pairs):
        return None
    return f"{{{', '.join(f'{key}: {item}' for key, item in pairs)}}}"
