"""Ignores written as comments: `# seqshape: ignore[SEQ301]` on a line of an entry."""

import re
from dataclasses import replace

from seqshape.places import Place
from seqshape.spec import Block, Entry, Spec, Word

_IGNORE = re.compile(r"ignore\[([^\[\]]*)\]")


def with_comments(spec: Spec, comments: tuple[tuple[Place, str], ...]) -> Spec:
    """The spec with the codes of `# seqshape: ignore[…]` comments in the entries they stand beside."""
    if not comments:
        return spec
    words: dict[int, list[Word]] = {}
    for place, text in comments:
        for found in _IGNORE.finditer(text):
            for code in found.group(1).split(","):
                words.setdefault(place.line, []).append(Word(code.strip(), place))

    def visit(entry: Entry | Block) -> Entry | Block:
        if isinstance(entry, Block):
            entry = replace(entry, entries=tuple(visit(inner) for inner in entry.entries))
        own = [
            word
            for line in range(entry.place.line, entry.place.end_line + 1)
            for word in words.pop(line, ())
        ]
        return replace(entry, ignore=(*entry.ignore, *own)) if own else entry

    entries = tuple(visit(entry) for entry in spec.entries)
    rest = [word for left in words.values() for word in left]
    return replace(spec, entries=entries, ignore=(*spec.ignore, *rest))
