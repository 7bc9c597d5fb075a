"""How many bytes an element takes, by the name of its dtype."""

import re

_BITS = re.compile(r"[a-z]+(\d+)")


def itemsize(dtype: str) -> int:
    """Bytes of one element; 0 for what has no fixed size, such as strings."""
    if dtype == "bool":
        return 1
    found = _BITS.match(dtype)
    return 0 if found is None else -(-int(found[1]) // 8)
