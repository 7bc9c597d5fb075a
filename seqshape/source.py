"""Bytes to text: the encoding, the lines, and where a character stands.

Lines end at LF, CR LF or CR alone, as in every editor; the line separators that YAML knows
besides (U+0085, U+2028, U+2029) end no line here. Knows nothing of YAML.
"""

import codecs
import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from seqshape.frozen import frozen
from seqshape.places import TOP, Place

if TYPE_CHECKING:
    from seqshape.faults import NotText, OverLimit

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ORDERED = {
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
"""The encodings by the order of their bytes, which writes no mark of its own."""
_LINE_END = re.compile(r"\r\n|\n|\r")
_FORBIDDEN = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
_FORBIDDEN_IN_ASCII = "[^\t\n\r\x20-\x7e]"
"""The same among ASCII; most texts are that, and it is compiled in a twentieth of the time."""


@frozen
class Source:
    """A file's name and text. `starts` holds the index of each line's first character."""

    path: str
    text: str
    starts: tuple[int, ...]

    def place(self, start: int, end: int) -> Place:
        """The place of the characters from index `start` up to, not including, `end`."""
        if 0 <= start <= end <= len(self.text):
            line = bisect_right(self.starts, start)
            if line == len(self.starts) or end < self.starts[line]:  # as nearly always: one line
                before = self.starts[line - 1] - 1
                return Place(line, start - before, line, end - before)
        line, column = self._position(start)
        end_line, end_column = self._position(max(start, end))
        return Place(line, column, end_line, end_column)

    def span(self, place: Place) -> tuple[int, int]:
        """The indices of a place's first character and of the one after its last."""
        return self._index(place.line, place.column), self._index(place.end_line, place.end_column)

    def line(self, number: int) -> str:
        """Line `number`, counted from 1, without its end."""
        start = self.starts[number - 1]
        end = self.starts[number] if number < len(self.starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def _index(self, line: int, column: int) -> int:
        return min(self.starts[line - 1] + column - 1, len(self.text))

    def _position(self, index: int) -> tuple[int, int]:
        index = min(max(index, 0), len(self.text))
        line = bisect_right(self.starts, index)
        return line, index - self.starts[line - 1] + 1


def decode(path: str, data: bytes, most: int) -> "tuple[Source, NotText | OverLimit | None]":
    """The text of a file of at most `most` bytes, with the fault where it is no such thing."""
    if len(data) > most:
        from seqshape.faults import OverLimit

        return from_text(path, ""), OverLimit(TOP, "bytes", "bytes in the file", most)
    encoding = _encoding_of(data)
    try:
        text, problem = data.decode(encoding), None
    except UnicodeDecodeError as error:
        text = data[: error.start].decode(encoding, errors="ignore")
        problem = f"byte {data[error.start]:#04x} is no {encoding_name(data)}"
    source = from_text(path, text)
    if problem is not None:
        from seqshape.faults import NotText

        return source, NotText(source.place(len(text), len(text)), problem)
    if found := re.search(_FORBIDDEN_IN_ASCII if text.isascii() else _FORBIDDEN, text):
        from seqshape.faults import NotText

        place = source.place(found.start(), found.end())
        return source, NotText(
            place, f"the character U+{ord(found.group()):04X} may not stand in a text file"
        )
    return source, None


def encoding_name(data: bytes) -> str:
    """What a file's encoding is called, by its byte order mark: `UTF-8`, also without one."""
    return _encoding_of(data).removesuffix("-sig").upper()


def _encoding_of(data: bytes) -> str:
    return next((name for bom, name in _BOMS if data.startswith(bom)), "utf-8")


def encode(text: str, like: bytes) -> bytes:
    """The bytes of a text in the encoding of others that could be decoded, with their byte order mark."""
    mark = next((bom for bom, _ in _BOMS if like.startswith(bom)), b"")
    return mark + text.encode(_ORDERED.get(mark, "utf-8"))


def from_text(path: str, text: str) -> Source:
    """A source of text that is decoded already."""
    return Source(path, text, (0, *(found.end() for found in _LINE_END.finditer(text))))
