"""Entries of a spec as YAML: in braces while they fit a line, else a key a line."""

import json
import re

from seqshape.tree import Json

_WIDEST = 92
_PLAIN = re.compile(r"[A-Za-z_][\w.>-]*\Z")
_WORDS = frozenset(("null", "true", "false", "Null", "NULL", "True", "TRUE", "False", "FALSE"))


def spec(entries: list[dict[str, Json]]) -> str:
    """A spec with these entries, ending with a line break."""
    return "layers:\n" + "".join(_entry(entry) for entry in entries)


def value(item: Json) -> str:
    """A value in flow style; a text stands in quotes where it could be read as something else."""
    match item:
        case str():
            return (
                item if _PLAIN.match(item) and item not in _WORDS else json.dumps(item, ensure_ascii=False)
            )
        case list():
            return f"[{', '.join(map(value, item))}]"
        case dict():
            return "{" + ", ".join(f"{value(key)}: {value(inner)}" for key, inner in item.items()) + "}"
        case float():
            return _number(item)
        case _:
            return json.dumps(item)


def _number(item: float) -> str:
    """A number that YAML 1.2 reads as one: `1e-07` as it is."""
    return repr(item)


def _entry(entry: dict[str, Json]) -> str:
    line = f"  - {value(entry)}\n"
    if len(line) <= _WIDEST:
        return line
    lines = (f"{value(key)}: {value(inner)}\n" for key, inner in entry.items())
    return "  - " + "    ".join(lines)
