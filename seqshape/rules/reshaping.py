"""What the rules about Reshape share: the sizes of a `target_shape` that Keras does not read as sizes."""

import json
import re
from collections.abc import Iterator

from seqshape.tree import Json, shorten

_WHOLE = re.compile(r"[-+]?\d+")
_LIKE_A_SIZE = re.compile(r"(?=.*[A-Z])([A-Z]\w*|[0-9+\-*/() ])+")
_LONGEST = 19
"""Digits of the largest size that a tensor can have."""
_USUAL = "a size is a whole number, or -1 for the one that is worked out"


def unread_sizes(target: Json) -> Iterator[Json]:
    """What in a `target_shape` is neither a whole number nor an unknown size; all of what is no list."""
    items = target if isinstance(target, list) else [target]
    return (item for item in items if item is not None and not isinstance(item, int))


def told(item: Json) -> str:
    """A value as a user would write it."""
    if isinstance(item, str) and not (_WHOLE.fullmatch(item) and len(item) <= _LONGEST):
        return shorten(item)
    return shorten(json.dumps(item))


def why(item: Json) -> str:
    """What is wrong with it."""
    if isinstance(item, str) and _WHOLE.fullmatch(item):
        return "no tensor is that large" if len(item) > _LONGEST else "it is a text"
    return "it is no whole number"


def advice(item: Json) -> str:
    """What to write in its place."""
    if isinstance(item, float) and item.is_integer():
        return f"write {item:.0f}: a size is a whole number"
    if isinstance(item, str) and _WHOLE.fullmatch(item) and len(item) <= _LONGEST:
        return f"without the quotes {item} is a size"
    if isinstance(item, str) and _LIKE_A_SIZE.fullmatch(item):
        return f"if `{item}` is meant as a size, declare its names in `dims`"
    return _USUAL
