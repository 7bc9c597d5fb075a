"""Runs of equal entries, one after the other, that a block with `repeat` can stand for.

Entries are equal in type, arguments, and in what they read: each copy reads its own entries, the end of
the copy before, and what all copies read alike.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_LONGEST = 400
"""Entries in a copy."""
_LEAST_SAVED = 2
"""Lines that a block must save."""

Read = tuple[int, str | None]
"""A node and which of its outputs."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One entry of a list: its node, what it is (None for what no block can repeat), and what it reads."""

    node: int
    token: str | None
    reads: tuple[Read, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """`copies` copies of `size` entries from the place `start` of a list; `flow` goes into the first."""

    start: int
    size: int
    copies: int
    flow: Read

    @property
    def end(self) -> int:
        """The place behind the last copy."""
        return self.start + self.size * self.copies


def runs(entries: Sequence[Candidate]) -> tuple[Found, ...]:
    """The runs of a list, none inside another; the longest that starts first goes first."""
    found: list[Found] = []
    place = 0
    readers = _readers(entries)
    while place < len(entries):
        best = _best(entries, place, readers)
        if best is None:
            place += 1
        else:
            found.append(best)
            place = best.end
    return tuple(found)


def _readers(entries: Sequence[Candidate]) -> dict[int, list[int]]:
    """The places whose entries read a node's only output, in order."""
    found: dict[int, list[int]] = {}
    for place, entry in enumerate(entries):
        for node in {node for node, output in entry.reads if output is None}:
            found.setdefault(node, []).append(place)
    return found


def _sizes(entries: Sequence[Candidate], start: int, readers: dict[int, list[int]]) -> Iterator[int]:
    """The sizes of copies for which an entry of the second copy reads the end of the first."""
    base = entries[start].node
    for size in range(1, min(_LONGEST, (len(entries) - start) // 2) + 1):
        places = readers.get(base + size - 1, ())
        first = bisect_left(places, start + size)
        if first < len(places) and places[first] < start + 2 * size:
            yield size


def _best(entries: Sequence[Candidate], start: int, readers: dict[int, list[int]]) -> Found | None:
    """The run from a place that saves most lines, of the smallest copies."""
    if entries[start].token is None:
        return None
    best: Found | None = None
    tried: list[int] = []
    token = entries[start].token
    for size in _sizes(entries, start, readers):
        if entries[start + size].token != token or any(size % each == 0 for each in tried):
            continue
        run = _run(entries, start, size)
        if run is None:
            continue
        tried.append(size)
        if _saved(run) >= _LEAST_SAVED and (best is None or _saved(run) > _saved(best)):
            best = run
    return best


def _saved(run: Found) -> int:
    return run.size * run.copies - (run.size + 2)


def _run(entries: Sequence[Candidate], start: int, size: int) -> Found | None:
    """The longest run of copies of a size from a place."""
    first = entries[start : start + size]
    if any(each.token is None for each in first) or not _are_calls_in_a_row(first):
        return None
    base = first[0].node
    flow: Read | None = None
    constant: set[Read] = set()
    copies = 1
    while start + (copies + 1) * size <= len(entries):
        copy = entries[start + copies * size : start + (copies + 1) * size]
        shift = copies * size
        if any(one.token != other.token for one, other in zip(first, copy, strict=True)):
            break
        if copy[0].node != base + shift or not _are_calls_in_a_row(copy):
            break
        wired = _flow_into(first, copy, base, shift, size)
        if wired is None:
            break
        into, alike = wired
        if flow is not None and into != flow:
            break
        if copies > 1 and alike != constant:
            break
        flow, constant, copies = into, alike, copies + 1
    if flow is None or copies < 2 or flow in constant:
        return None
    return Found(start, size, copies, flow)


def _are_calls_in_a_row(entries: Sequence[Candidate]) -> bool:
    return entries[-1].node - entries[0].node == len(entries) - 1


def _flow_into(
    first: Sequence[Candidate], copy: Sequence[Candidate], base: int, shift: int, size: int
) -> tuple[Read, set[Read]] | None:
    """What the first copy reads where this one reads the copy before, and what both read alike."""
    flow: Read | None = None
    alike: set[Read] = set()
    for one, other in zip(first, copy, strict=True):
        if len(one.reads) != len(other.reads):
            return None
        for own, its in zip(one.reads, other.reads, strict=True):
            if own[0] >= base:
                if its != (own[0] + shift, own[1]):
                    return None
            elif its == (base + shift - 1, None):
                if flow not in (None, own):
                    return None
                flow = own
            elif its == own:
                alike.add(own)
            else:
                return None
    return None if flow is None else (flow, alike)
