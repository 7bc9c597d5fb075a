"""Where text will be shown, and what of a report is asked for."""

import re

from seqshape.frozen import frozen

FORMULA_COLUMNS = ("shape", "formula")
"""What is shown as formulas: the outputs' shapes, the parameters."""
COLUMNS = ("layer", "inputs", "output", "params", "share", "trainable", "dtype", "line", *FORMULA_COLUMNS)
DEFAULT_COLUMNS = ("layer", "inputs", "output", "params", "share", "trainable")
SYMBOLIC_COLUMNS = ("layer", "inputs", "shape", "params", "formula")

_ASCII = str.maketrans(
    {"×": "x", "…": "...", "→": "->", "·": "-", "─": "-", "━": "-", "│": "|", "—": "-", "–": "-", "≥": ">="}
)
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\U000e0000-\U000e007f]"
    r"|(?<=#)#(?=\[)"
)


@frozen
class Surface:
    """A terminal or a file. `width` is None where lines may be as long as they are."""

    width: int | None = None
    color: bool = False
    unicode: bool = True


@frozen
class Options:
    """What a user asks to see.

    `rows` shows the layers beside the diagnostics. `most` is how many diagnostics a reader is shown
    at the most, None for all. `fail_on` is the least severity that fails the run.
    """

    columns: tuple[str, ...] = DEFAULT_COLUMNS
    weights: bool = False
    fold: bool = True
    rows: bool = True
    most: int | None = None
    fail_on: str = "error"
    quiet: bool = False


def printable(text: str) -> str:
    """The text without what could steer a terminal or a CI job's log; each is shown by its number."""
    if text.isascii() and text.isprintable() and "##[" not in text:  # as nearly always
        return text
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def fitted(text: str, surface: Surface) -> str:
    """The text in the characters that the surface has."""
    if surface.unicode:
        return text
    return text.translate(_ASCII).encode("ascii", "backslashreplace").decode("ascii")
