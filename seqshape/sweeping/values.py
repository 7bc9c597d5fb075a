"""What `--set` says in a sweep: `H=16,32,64`, `H=16..256:16`, `H=16..1024*2`, `T=null,64`.

Pure: a text to a name and its values, in the order in which they are written.
"""

import re

MOST_VALUES = 100_000
"""Values of one size; also what keeps a range from being written out without end."""
_MOST_DIGITS = 300
_RANGE = re.compile(r"(\d+)\s*\.\.\s*(\d+)\s*(?:([:*])\s*(\d+))?\Z", re.ASCII)
_NUMBER = re.compile(r"\d+\Z", re.ASCII)
_UNKNOWN = ("null", "~", "?")


class NoValues(ValueError):
    """A text is no values of a size; the message says why."""


def named(text: str) -> tuple[str, tuple[int | None, ...]]:
    """The name and the values in `H=16,32`; one that is written twice stands once.

    Raises:
        NoValues: the text is not of that form.

    """
    name, equals, values = (part.strip() for part in text.partition("="))
    if not equals or not name or not values:
        raise NoValues(f"`{text}` is not of the form H=16,32,64")
    found: dict[int | None, None] = {}
    for part in values.split(","):
        found.update(dict.fromkeys(_part(part.strip(), name)))
        if len(found) > MOST_VALUES:
            raise NoValues(f"`{name}` has more than {MOST_VALUES:,} values")
    return name, tuple(found)


def _part(text: str, name: str) -> tuple[int | None, ...]:
    if not text:
        raise NoValues(f"a value of `{name}` is missing: there is nothing before or behind a comma")
    if text in _UNKNOWN:
        return (None,)
    if len(text) > _MOST_DIGITS:
        raise NoValues(f"a value of `{name}` has more than {_MOST_DIGITS} digits")
    if _NUMBER.match(text):
        return (int(text),)
    if (match := _RANGE.match(text)) is None:
        said = "a whole number, null, or a range: 16..256, 16..256:16 (in steps), 16..1024*2 (doubling)"
        raise NoValues(f"`{text}` is no value of `{name}`: {said}")
    first, last, how, by = int(match[1]), int(match[2]), match[3] or ":", int(match[4] or 1)
    if first > last:
        raise NoValues(f"`{text}` has no values: it starts above its end")
    if how == ":":
        if by == 0:
            raise NoValues(f"`{text}` has a step of 0")
        _refuse_more((last - first) // by + 1, text)
        return tuple(range(first, last + 1, by))
    if first == 0 or by < 2:
        raise NoValues(f"`{text}` never ends: start at 1 or more, and multiply by 2 or more")
    return tuple(_multiplied(first, last, by))


def _refuse_more(number: int, text: str) -> None:
    if number > MOST_VALUES:
        raise NoValues(f"`{text}` has more than {MOST_VALUES:,} values")


def _multiplied(first: int, last: int, by: int) -> list[int]:
    found = []
    while first <= last:
        found.append(first)
        first *= by
    return found
