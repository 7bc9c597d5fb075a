"""Specs whose mistakes are written on the line where they stand: `# SEQ103: words that must appear`."""

import re
from collections.abc import Iterable

from seqshape.report import Diagnostic

_MARK = re.compile(r"#\s*(SEQ\d{3}):\s*(.*?)\s*(?=# SEQ|$)")


def marks(text: str) -> set[tuple[str, int, str]]:
    """The code, line and words of every mark in a text."""
    return {
        (found.group(1), number, found.group(2))
        for number, line in enumerate(text.splitlines(), 1)
        for found in _MARK.finditer(line)
    }


def mismatches(text: str, diagnostics: Iterable[Diagnostic]) -> list[str]:
    """Marks without a diagnostic, and diagnostics without a mark."""
    left = marks(text)
    wrong: list[str] = []
    for item in diagnostics:
        said = " ".join(
            (item.message, item.help, item.keras, *(related.message for related in item.related))
        )
        met = next(
            (mark for mark in left if mark[:2] == (item.code, item.place.line) and mark[2] in said), None
        )
        if met is None:
            wrong.append(f"unmarked: {item.code} at line {item.place.line}: {item.message}")
        else:
            left.discard(met)
    wrong.extend(f"missing: {code} at line {line}: {words}" for code, line, words in sorted(left))
    return wrong
