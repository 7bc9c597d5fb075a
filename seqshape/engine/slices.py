"""Slices as text, as Python writes them between brackets: `1:`, `::2`."""

import re

_SLICE = re.compile(r"(-?\d{0,18}):(-?\d{0,18})(?::(-?\d{0,18}))?")


def ends_of(text: str) -> tuple[int | None, ...] | None:
    """Start, stop and step of a slice, each None where it is left out; None for another text."""
    found = _SLICE.fullmatch(text)
    if found is None:
        return None
    return tuple(None if end in (None, "", "-") else int(end) for end in found.groups())
