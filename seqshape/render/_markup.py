"""Text within Markdown: what its characters would mean is taken from them."""

import re

from seqshape.render._surface import printable

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~]|&(?=#?\w+;))")


def code(text: str) -> str:
    """The text as code within a line, between more backticks than stand in it."""
    text = printable(text)
    runs = re.findall("`+", text)
    fence = "`" * (max(map(len, runs), default=0) + 1)
    return f"{fence} {text} {fence}" if runs else f"{fence}{text}{fence}"


def escaped(text: str) -> str:
    """The text as it is."""
    return _SPECIAL.sub(r"\\\1", printable(text))


def quoted(text: str) -> str:
    """What stands between backticks as code; for the cell of a table, where code escapes bars alone."""
    parts = re.split("(`[^`]+`)", printable(text))
    return "".join(
        part.replace("|", "\\|") if index % 2 and "\\|" not in part else escaped(part)
        for index, part in enumerate(parts)
    )
