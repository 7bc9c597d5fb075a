"""Small pieces of text that rules and renderers share: shapes, numbers, lists of words."""

import re
from collections.abc import Iterable

from seqshape.nearest import nearest
from seqshape.places import Place

MOST_LISTED = 12
_FAR = 160
"""Columns of a line beyond which its number leads nobody to a place."""
_MOST_LETTERS = 160
"""Characters that are shown of one value."""
_MOST_SAID = 2000
_QUOTED = re.compile(r"`([^`]*)`")
_LONG_RUN = re.compile(rf"[^\s`]{{{_MOST_LETTERS + 1},}}")
_UNITS = ("KiB", "MiB", "GiB", "TiB", "PiB", "EiB")


def axis(size: int | str | None, number: int) -> str:
    """One axis as a user reads it: `batch` for an unknown axis 0, `?` for any other."""
    if size is None:
        return "batch" if number == 0 else "?"
    return str(size)


def shape(axes: Iterable[int | str | None]) -> str:
    """A shape: `(batch, 64, 16)`."""
    return f"({', '.join(axis(size, number) for number, size in enumerate(axes))})"


def leads(place: Place) -> bool:
    """Whether the number of a place's line says where it is; in a file of one long line it does not."""
    return place.column <= _FAR and not (place.line == 1 and place.end_column > _FAR)


def aside(place: Place, *words: str) -> str:
    """Words in brackets, the line with them where it says something: ` (GRU, line 9)`; else nothing."""
    said = ", ".join((*words, f"line {place.line}") if leads(place) else words)
    return f" ({said})" if said else ""


def times(axes: Iterable[int]) -> str:
    """A weight's shape: `15×48`, or `scalar` where it has no axes."""
    return "×".join(str(size) for size in axes) or "scalar"


def clipped(text: str) -> str:
    """The text with each long word or value in it cut in the middle: a file may have them of any length."""
    if len(text) <= _MOST_LETTERS:
        return text
    from seqshape.tree import shorten

    text = _QUOTED.sub(lambda found: f"`{_cut(found.group(1))}`", text)
    return shorten(_LONG_RUN.sub(lambda found: _cut(found.group()), text), _MOST_SAID)


def _cut(value: str) -> str:
    if len(value) <= _MOST_LETTERS:
        return value
    from seqshape.tree import shorten  # not where every value is short

    return shorten(value, _MOST_LETTERS)


def count(number: int, word: str, plural: str = "") -> str:
    """`1 axis`, `2 axes`: `plural` where it is more than the word with an s."""
    return f"{number:,} {word if number == 1 else plural or word + 's'}"


def listed(words: Iterable[str], last: str = "or") -> str:
    """`a`, `b` or `c`; a long list is cut."""
    quoted = [f"`{word}`" for word in words]
    if len(quoted) > MOST_LISTED:
        return f"{', '.join(quoted[:MOST_LISTED])}, …"
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean …?`, or nothing where no known word is near."""
    return suggested(nearest(word, known))


def suggested(word: str | None) -> str:
    """`; did you mean …?`, or nothing where there is no word."""
    return f"; did you mean `{word}`?" if word else ""


def bytes_text(number: int) -> str:
    """An amount of memory: `7,356 bytes (7.2 KiB)`."""
    text = count(number, "byte")
    power = min((number.bit_length() - 1) // 10, len(_UNITS)) if number else 0
    if power == 0:
        return text
    tenths = number * 10 // 1024**power
    return f"{text} ({tenths // 10:,}.{tenths % 10} {_UNITS[power - 1]})"
