"""A text that was edited, read again: the entries of `layers` that the edit left alone are taken over.

They are left out of what is read, with empty lines in their place, so that all else comes out where it is.
Each run of them lies between two entries that are read, and that have to come out as they did before: then
the run begins and ends for the parser where it did. Where that cannot be seen, the whole text is read.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import replace

from seqshape import source, yaml_reader
from seqshape.faults import Fault
from seqshape.frozen import frozen
from seqshape.limits import Limits
from seqshape.places import Place
from seqshape.source import Source
from seqshape.tree import Mapping, Scalar, Sequence, Value
from seqshape.yaml_reader import Comment, Document

_LIST = "layers"
_MERGE = "<<"
_MOST_VALUES = 3
"""What one character can stand for: `?` is a mapping of nothing to nothing."""


class Rereader:
    """Reads texts one after another as `yaml_reader.read` reads them, each with the last one in mind."""

    def __init__(self) -> None:
        self._last: _Read | None = None

    def __call__(self, text: Source, limits: Limits) -> tuple[Document, tuple[Fault, ...]]:
        """The tree of a source, and every fault met on the way."""
        document = None if self._last is None else _again(self._last, text, limits)
        faults: tuple[Fault, ...] = ()
        if document is None:
            document, faults = yaml_reader.read(text, limits)
        self._last = None if faults else _read(text, document, limits)
        return document, faults


@frozen
class _Read:
    """A text without faults, with its list of entries; `column` is the one in which that begins."""

    text: Source
    document: Document
    entries: tuple[Value, ...]
    column: int
    limits: Limits

    def line(self, index: int) -> int:
        """The line that an entry begins, counted from 0."""
        return self.entries[index].place.line - 1

    def begins(self, index: int) -> bool:
        """Whether an entry begins its line: its dash stands before it, and nothing else."""
        place = self.entries[index].place
        before = self.text.line(place.line)[: place.column - 1]
        return before.rstrip(" ") == " " * (self.column - 1) + "-"


@frozen
class _Side:
    """The entries on one side of an edit, which stand `down` lines further down after it."""

    entries: range
    down: int

    @property
    def taken(self) -> range:
        """Those that are taken over."""
        return self.entries[1:-1]

    @property
    def kept(self) -> tuple[int, ...]:
        """Those that are read again: the first and the last."""
        return tuple(sorted({*self.entries[:1], *self.entries[-1:]}))


def _read(text: Source, document: Document, limits: Limits) -> _Read | None:
    """What is kept in mind of a text; None where no entry of it could be taken over."""
    root = document.root
    layers = root.get(_LIST) if isinstance(root, Mapping) else None
    if not isinstance(layers, Sequence) or document.anchors:
        return None
    return _Read(text, document, layers.items, layers.place.column, limits)


def _again(before: _Read, text: Source, limits: Limits) -> Document | None:
    """The tree of a text, made from that of another one; None where the whole has to be read."""
    sides = _sides(before, text)
    taking = [side for side in sides if side.taken]
    edges = {
        *sides[1].entries[:1],
        *(index for side in taking for index in (side.taken[0], side.taken.stop)),
    }
    if limits != before.limits or not taking or not all(map(before.begins, edges)):
        return None
    document, faults = yaml_reader.read(_rest(before, taking, text), limits)
    found = _read(text, document, limits)
    if faults or found is None or found.column != before.column:
        return None
    entries = _joined(before.entries, found.entries, sides)
    whole = None if entries is None else _with(document.root, entries)
    if whole is None or not _fits(whole, text, limits):
        return None
    comments = (*document.comments, *(each for side in taking for each in _comments(before, side)))
    return Document(whole, tuple(sorted(comments, key=lambda each: (each[0].line, each[0].column))))


def _sides(before: _Read, text: Source) -> tuple[_Side, _Side]:
    """The entries above and below what was edited.

    The one above it may go on in it, and counts as edited.
    """
    start, end = _edited(before.text, text)
    lines = [entry.place.line - 1 for entry in before.entries]
    above = max(bisect_left(lines, start) - 1, 0)
    below = bisect_left(lines, end)
    down = len(text.starts) - len(before.text.starts)
    return _Side(range(above), 0), _Side(range(below, len(lines)), down)


def _edited(before: Source, text: Source) -> tuple[int, int]:
    """The first line that is another in a text, and the one behind the last; counted from 0."""
    old, new = before.text, text.text
    most = min(len(old), len(new))
    same = _most(most, lambda length: old.startswith(new[:length]))
    rest = _most(most - same, lambda length: old.endswith(new[len(new) - length :]))
    start = min(bisect_right(each.starts, same) for each in (before, text)) - 1
    end = bisect_left(before.starts, len(old) - rest)
    more, starts = len(new) - len(old), frozenset(text.starts)
    while end < len(before.starts) and before.starts[end] + more not in starts:
        end += 1  # between a carriage return and a line feed
    return start, end


def _most(most: int, holds: Callable[[int], bool]) -> int:
    """The largest number for which something holds that holds for every smaller one; 0 if for none."""
    return bisect_left(range(1, most + 1), True, key=lambda number: not holds(number))


def _rest(before: _Read, taking: list[_Side], text: Source) -> Source:
    """The text with empty lines in the place of what is taken over."""
    parts, end = [], 0
    for side in taking:
        first, behind = (before.line(index) + side.down for index in (side.taken[0], side.taken.stop))
        parts += [text.text[end : text.starts[first]], "\n" * (behind - first)]
        end = text.starts[behind]
    return source.from_text(text.path, "".join((*parts, text.text[end:])))


def _joined(
    old: tuple[Value, ...], found: tuple[Value, ...], sides: tuple[_Side, _Side]
) -> tuple[Value, ...] | None:
    """What was found between the entries of both sides, if those that were read came out as before."""
    above, below = (tuple(_down(old[index], side.down) for index in side.entries) for side in sides)
    first, last = len(sides[0].kept), len(found) - len(sides[1].kept)
    heads = tuple(above[index] for index in sides[0].kept)
    tails = tuple(below[index - sides[1].entries.start] for index in sides[1].kept)
    if first > last or found[:first] != heads or found[last:] != tails:
        return None
    return (*above, *found[first:last], *below)


def _with(root: Value | None, entries: tuple[Value, ...]) -> Mapping | None:
    """The root of a tree with other entries."""
    if not isinstance(root, Mapping):
        return None
    return Mapping(
        tuple(
            (key, Sequence(entries, value.place)) if key.text == _LIST else (key, value)
            for key, value in root.items
        ),
        root.place,
    )


def _fits(root: Mapping, text: Source, limits: Limits) -> bool:
    """Whether a text holds no more values than it may, and that can be told."""
    if _MOST_VALUES * len(text.text) <= limits.nodes:
        return True
    return _MERGE not in text.text and _number(root) <= limits.nodes  # what is merged is not in the tree


def _number(value: Value) -> int:
    """How many values a value is, with all that are in it."""
    match value:
        case Scalar():
            return 1
        case Sequence():
            return 1 + sum(map(_number, value.items))
        case Mapping():
            return 1 + sum(1 + _number(item) for _, item in value.items)


def _comments(before: _Read, side: _Side) -> Iterator[Comment]:
    """The comments among the entries that are taken over."""
    first, behind = before.line(side.taken[0]), before.line(side.taken.stop)
    for place, said in before.document.comments:
        if first < place.line <= behind:
            yield _lower(place, side.down), said


def _down(value: Value, lines: int) -> Value:
    """A value so many lines further down."""
    if not lines:
        return value
    match value:
        case Scalar():
            return replace(value, place=_lower(value.place, lines))
        case Sequence():
            items = tuple(_down(item, lines) for item in value.items)
            return Sequence(items, _lower(value.place, lines))
        case Mapping():
            pairs = tuple(
                (Scalar(key.value, key.text, key.style, _lower(key.place, lines)), _down(item, lines))
                for key, item in value.items
            )
            return Mapping(pairs, _lower(value.place, lines))


def _lower(place: Place, lines: int) -> Place:
    return Place(place.line + lines, place.column, place.end_line + lines, place.end_column)
