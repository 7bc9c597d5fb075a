"""Edits of a file's text, each at its place: what stands outside of them stays byte for byte."""

from collections.abc import Iterable
from itertools import pairwise
from typing import TypeAlias

from seqshape.frozen import frozen
from seqshape.places import Place
from seqshape.source import Source, from_text


@frozen
class Edit:
    """The stretch at `place` gives way to `text`; an empty stretch is an insertion."""

    place: Place
    text: str


def applied(source: Source, edits: Iterable[Edit]) -> str:
    """The text with all edits made; of insertions at one place the first comes first.

    Raises:
        ValueError: two edits overlap.

    """
    pieces: list[str] = []
    end = 0
    ordered = sorted(edits, key=lambda edit: (edit.place.line, edit.place.column))
    for edit in ordered:
        start, stop = source.span(edit.place)
        if start < end:
            raise ValueError(f"the edits at line {edit.place.line} overlap")
        pieces += (source.text[end:start], edit.text)
        end = stop
    return "".join((*pieces, source.text[end:]))


Change: TypeAlias = tuple[int, int, str]
"""The characters from one index up to another, and what stands there instead."""


class Draft:
    """A text that is changed in steps, each on what the one before left; knows what is still as it was."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._pieces: list[tuple[str, int | None]] = [(text, 0)]

    def change(self, changes: Iterable[Change]) -> None:
        """Makes changes of the text as it stands now, none of which overlaps another.

        Raises:
            ValueError: two changes overlap.

        """
        ordered = sorted(changes, key=lambda change: change[:2])
        if any(first[1] > second[0] for first, second in pairwise(ordered)):
            raise ValueError("the changes overlap")
        for start, stop, new in reversed(ordered):  # so that those at one place keep their order
            before = self._cut(start)
            self._pieces[before : self._cut(stop)] = [(new, None)] if new else []
        self.text = "".join(text for text, _ in self._pieces)

    def _cut(self, index: int) -> int:
        """The number of the piece that starts at an index, which is cut there if it must be."""
        for number, (text, origin) in enumerate(self._pieces):
            if index <= 0:
                return number
            if index < len(text):
                behind = None if origin is None else origin + index
                self._pieces[number : number + 1] = [(text[:index], origin), (text[index:], behind)]
                return number + 1
            index -= len(text)
        return len(self._pieces)

    def edits(self, source: Source) -> tuple[Edit, ...]:
        """What was changed of the first text, in its order."""
        found: list[Edit] = []
        reached, new = 0, ""
        for text, origin in (*self._pieces, ("", len(source.text))):
            if origin is None:
                new += text
                continue
            if new or origin > reached:
                found.append(Edit(source.place(reached, origin), new))
            reached, new = origin + len(text), ""
        return tuple(found)


def composed(source: Source, first: Iterable[Edit], second: Iterable[Edit]) -> tuple[Edit, ...]:
    """One set of edits that does what two do, the second being edits of what the first gives.

    Raises:
        ValueError: two edits of one set overlap.

    """
    draft = Draft(source.text)
    draft.change((*source.span(edit.place), edit.text) for edit in first)
    middle = from_text(source.path, draft.text)
    draft.change((*middle.span(edit.place), edit.text) for edit in second)
    return draft.edits(source)
