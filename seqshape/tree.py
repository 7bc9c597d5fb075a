"""Values with their places: what a YAML file holds, before anybody asks what it means.

A tree is made of three frozen values. It knows no spec and no Keras; a value that an alias
repeats is the same object at each of its places.
"""

from collections.abc import Iterator
from enum import Enum
from typing import TypeAlias

from seqshape.frozen import frozen
from seqshape.places import Place

JsonScalar: TypeAlias = None | bool | int | float | str
Json: TypeAlias = JsonScalar | list["Json"] | dict[str, "Json"]


class Style(Enum):
    """How a scalar was written."""

    PLAIN = "plain"
    QUOTED = "quoted"
    LITERAL = "literal"
    """Tagged `!!str` or a block (`|`, `>`): a text whatever it looks like, never a size."""
    BROKEN = "broken"
    """An alias that stands for nothing; that was said already."""


@frozen
class Scalar:
    """A single value; `text` is what stands in the file, without quotes."""

    value: JsonScalar
    text: str
    style: "Style"
    place: Place


@frozen
class Sequence:
    """A list of values."""

    items: tuple["Value", ...]
    place: Place


@frozen
class Mapping:
    """Keys and values in the file's order; every key is a text and stands once."""

    items: tuple[tuple[Scalar, "Value"], ...]
    place: Place

    def get(self, key: str) -> "Value | None":
        """The value under `key`, None where there is none."""
        for word, value in self.items:  # a generator would take twice as long, and this is asked often
            if word.text == key:
                return value
        return None

    def key_place(self, key: str) -> Place:
        """The place of the word `key` itself, or of the mapping where it has no such key."""
        return next((word.place for word, _ in self.items if word.text == key), self.place)

    def __iter__(self) -> Iterator[tuple[Scalar, "Value"]]:
        return iter(self.items)


Value: TypeAlias = Scalar | Sequence | Mapping


def plain(value: Value) -> Json:
    """The value without its places, as `json.loads` would give it."""
    if isinstance(value, Scalar):
        return value.value
    if isinstance(value, Sequence):
        return [plain(item) for item in value.items]
    return {key.text: plain(item) for key, item in value.items}


def is_broken(value: Value) -> bool:
    """Whether a value could not be read, and a fault says so already."""
    return isinstance(value, Scalar) and value.style is Style.BROKEN


def describe(value: Value) -> str:
    """What a value is, in a user's words: `a list`, `the number 3`, `the text "abc"`."""
    if isinstance(value, Sequence):
        return "an empty list" if not value.items else "a list"
    if isinstance(value, Mapping):
        return "an empty mapping" if not value.items else "a mapping"
    match value.value:
        case None:
            return "nothing"
        case bool():
            return f"`{str(value.value).lower()}`"
        case str():
            return f"the text `{shorten(value.value)}`"
        case _:
            return f"the number {shorten(value.text)}"


def shorten(text: str, most: int = 60) -> str:
    """The text on one line and cut in the middle where it is longer than `most` characters."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    head = (most - 1) // 2
    return f"{line[:head]}…{line[len(line) - (most - 1 - head) :]}"
