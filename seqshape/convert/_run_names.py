"""What a block that stands for a run is called, and the entries in it, so that its layers keep their names.

Names come back where they are `block_0_norm`, `block_1_norm`, where they are those that Keras gives by
itself, and, of a single layer, where they are `block_0`, `block_1`. Else the nearest ones are found.
"""

import re
from collections.abc import Collection
from itertools import count

from seqshape.convert._names import base_of, numbered, with_number
from seqshape.convert._runs import Found
from seqshape.frozen import frozen
from seqshape.spec import Block, Entry

_SEPARATORS = "_.-/ "

Column = list[str]
"""The names of one entry in all copies."""


@frozen
class BlockNames:
    """The names of a block and of its entries; None for what has no name of its own."""

    block: str | None
    entries: tuple[str | None, ...]


class ListNames:
    """Finds the names for runs of one list; `free` are the places whose names come by themselves."""

    def __init__(self, entries: tuple[Entry | Block, ...], free: Collection[int]) -> None:
        self._entries = entries
        self._names = [entry.name.text for entry in entries]
        self._free = free

    def kept(self, run: Found) -> BlockNames | None:
        """The names by which all layers of a run are called as they are; None where there are none."""
        columns = [
            None if self._is_free(run, place) else self._column(run, place) for place in range(run.size)
        ]
        named = [column for column in columns if column is not None]
        if not named:
            return BlockNames(None, (None,) * run.size)
        if run.size == 1 and (label := _label(named[0])) is not None:
            return BlockNames(label, (None,))
        for prefix in _prefixes(named[0][0]):
            ends = [None if column is None else _ending(column, prefix) for column in columns]
            found = [end for end in ends if end is not None]
            if len(found) == len(named) == len(set(found)):
                return BlockNames(prefix, tuple(ends))
        return None

    def nearest(self, run: Found) -> BlockNames:
        """Names for a run whose layers may be called otherwise."""
        if (kept := self.kept(run)) is not None:
            return kept
        columns: list[Column | None] = []
        for place in range(run.size):
            own = self._column(run, place)
            entry = self._entries[run.start + place]
            base = base_of(entry, {})
            automatic = isinstance(entry, Entry) and all(numbered(name, base) for name in own)
            columns.append(None if automatic or self._is_free(run, place) else own)
        split = [None if column is None else _split(column) for column in columns]
        before = {pair[0].rstrip(_SEPARATORS) for pair in split if pair}
        label = before.pop() if len(before) == 1 and _is_word(next(iter(before))) else None
        if label is not None and not all(pair[1].strip(_SEPARATORS) for pair in split if pair):
            label = None
        ends: list[str | None] = []
        for column, pair in zip(columns, split, strict=True):
            end = None if column is None else _joined(column, pair, with_label=label is not None)
            ends.append(end if end and end not in ends else None)
        if run.size == 1 and ends[0] is not None:
            return BlockNames(ends[0], (None,))
        return BlockNames(label, tuple(ends))

    def worth(self, run: Found) -> int:
        """How many lines it is worth that copies begin where the numbers in the names change."""
        if self.kept(run) is not None:
            return 2 * run.size + 2
        numbers = set()
        for place in range(run.size):
            parts = [_numbers(name) for name in self._column(run, place)[:3]]
            changing = {tuple(each) for each in zip(*parts, strict=False) if len(set(each)) == len(parts)}
            numbers.add(frozenset(changing))
        return run.size + 1 if frozenset.intersection(*numbers) else 0

    def _column(self, run: Found, place: int) -> Column:
        return self._names[run.start + place : run.end : run.size]

    def _is_free(self, run: Found, place: int) -> bool:
        return all(each in self._free for each in range(run.start + place, run.end, run.size))


def _prefixes(name: str) -> list[str]:
    """What can stand before the number of the copy in a name: `encoder` in `encoder_0_norm`."""
    return [name[: found.start()] for found in re.finditer(r"(?<=.)_0(?=_.)", name)]


def _ending(column: Column, prefix: str) -> str | None:
    """What stands behind the number of the copy in all names of a column; None where they are not so."""
    end = column[0].removeprefix(f"{prefix}_0_")
    same = all(name == f"{prefix}_{copy}_{end}" for copy, name in enumerate(column))
    return end if same and end else None


def _label(column: Column) -> str | None:
    """What stands before the number of the copy, where nothing stands behind it."""
    label = column[0].removesuffix("_0")
    return label if label and all(name == f"{label}_{copy}" for copy, name in enumerate(column)) else None


def _numbers(name: str) -> list[str]:
    return re.findall(r"\d+", name)


def _split(column: Column) -> tuple[str, str] | None:
    """What stands before and behind the only number in which the names of a column differ."""
    parts = [re.split(r"(\d+)", name) for name in column]
    if len({len(each) for each in parts}) > 1:
        return None
    differing = [place for place, each in enumerate(zip(*parts, strict=True)) if len(set(each)) > 1]
    if len(differing) != 1 or differing[0] % 2 == 0:
        return None
    place = differing[0]
    return "".join(parts[0][:place]), "".join(parts[0][place + 1 :])


def _joined(column: Column, pair: tuple[str, str] | None, *, with_label: bool) -> str | None:
    """A name for the entry that has the names of a column."""
    if pair is not None:
        before, behind = pair[0].rstrip(_SEPARATORS), pair[1].lstrip(_SEPARATORS)
        word = behind if with_label else f"{before}_{behind}".strip(_SEPARATORS)
        return word if _is_word(word) else None
    stems = {re.sub(r"_?\d+\Z", "", name) for name in column}
    if len(stems) == 1 and _is_word(next(iter(stems))):
        return stems.pop()
    word = column[0]
    while not all(name.endswith(word) for name in column):
        word = word[1:]
    word = word.lstrip(_SEPARATORS + "0123456789")
    return word if _is_word(word) else None


def _is_word(text: str) -> bool:
    return re.fullmatch(r"\w*[A-Za-z]\w*", text) is not None


def free_label(wanted: str | None, taken: Collection[str]) -> str:
    """A name for a block, which no other block's copies have: `block`, `block_b`, `block_c`."""
    label = wanted or "block"
    for number in count():
        found = label if number == 0 else f"{label}_{_letters(number)}"
        if found not in taken:
            return found
    raise AssertionError


def _letters(number: int) -> str:
    """b, c, …, z, ba, …"""
    found = ""
    while number:
        number, rest = divmod(number, 26)
        found = chr(ord("a") + rest) + found
    return found


def renumbered(entries: list[Entry | Block]) -> list[str]:
    """The names of a list where those without a name of their own have what the spec gives them."""
    taken = {entry.name.text for entry in entries if entry.named}
    counts: dict[str, int] = {}
    found: list[str] = []
    for entry in entries:
        if entry.named:
            found.append(entry.name.text)
            continue
        base = base_of(entry, {})
        number = counts.get(base, 0)
        while (name := with_number(base, number)) in taken:
            number += 1
        counts[base] = number + 1
        found.append(name)
    return found
