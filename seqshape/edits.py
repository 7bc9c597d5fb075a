"""Edits of a file's text, each at its place: what stands outside of them stays byte for byte."""

from collections.abc import Iterable
from dataclasses import dataclass

from seqshape.places import Place
from seqshape.source import Source


@dataclass(frozen=True, slots=True)
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
