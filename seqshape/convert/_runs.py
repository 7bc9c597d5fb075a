"""Runs of equal entries, one after the other, that a block with `repeat` can stand for.

Entries are equal in type, arguments, and in what they read: each copy reads its own entries, the end of
the copy before, and what all copies read alike. Which runs have good names is the caller's to say.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from seqshape.frozen import frozen

_LONGEST = 400
"""Entries in a copy."""
_LEAST_SAVED = 2
"""Lines that a block must save."""
_AHEAD = 64
"""Places behind the start of a run at which a better one is looked for."""
_MULTIPLES = 8
"""Copies of copies that are tried where the names of the smaller ones do not fit."""

Read = tuple[int, str | None]
"""A node and which of its outputs."""


@frozen
class Candidate:
    """One entry of a list: its nodes, what it is (None for what no block can repeat), and what it reads.

    `inner` are the entries of a block, from which runs can be made too.
    """

    first: int
    width: int
    token: str | None
    reads: tuple[Read, ...]
    inner: "tuple[Candidate, ...]" = ()

    @property
    def lines(self) -> int:
        """The lines it takes, about."""
        return 1 + sum(each.lines for each in self.inner)


@frozen
class Found:
    """`copies` copies of `size` entries from the place `start` of a list, which save `saved` lines."""

    start: int
    size: int
    copies: int
    saved: int = 0

    @property
    def end(self) -> int:
        """The place behind the last copy."""
        return self.start + self.size * self.copies


Judge = Callable[[Found], int | None]
"""How good the names of a run are, in lines; None where it must not be."""


def runs(entries: Sequence[Candidate], judge: Judge) -> tuple[Found, ...]:
    """The runs of a list, none inside another; of those that overlap, the one that saves most lines."""
    finder = _Finder(entries, judge)
    found: list[Found] = []
    place = 0
    while place < len(entries):
        best = finder.best(place)
        if best is not None and (later := finder.better(best)) is not None:
            best = finder.cut(best, later)
        if best is None:
            place += 1
        else:
            found.append(best)
            place = best.end
    return tuple(found)


class _Finder:
    def __init__(self, entries: Sequence[Candidate], judge: Judge) -> None:
        self._entries = entries
        self._judge = judge
        self._lines = [0]
        for entry in entries:
            self._lines.append(self._lines[-1] + entry.lines)
        self._odd = [place for place, entry in enumerate(entries) if entry.token is None]
        self._known: dict[int, tuple[Found, int] | None] = {}
        self._readers: dict[int, list[int]] = {}
        """The places whose entries read a node's only output, in order."""
        for place, entry in enumerate(entries):
            for node in {node for node, output in entry.reads if output is None}:
                self._readers.setdefault(node, []).append(place)

    def best(self, start: int) -> Found | None:
        """The run from a place that saves most lines, of the smallest copies."""
        found = self._best(start)
        return found and found[0]

    def better(self, run: Found) -> Found | None:
        """A run that begins inside another one and is worth more."""
        worth = self._worth(run)
        short = run.end - run.start <= _AHEAD
        end = run.end if short else min(run.start + run.size, run.start + _AHEAD)
        for start in range(run.start + 1, end):
            found = self._best(start)
            if found is not None and found[1] > worth and not _is_part(found[0], run):
                return found[0]
        return None

    def cut(self, run: Found, later: Found) -> Found | None:
        """The copies of a run before another one, if they are worth a block."""
        return self._judged(replace(run, copies=(later.start - run.start) // run.size))

    def _worth(self, run: Found) -> int:
        return run.saved + (self._judge(run) or 0)

    def _best(self, start: int) -> tuple[Found, int] | None:
        if start not in self._known:
            self._known[start] = self._search(start)
        return self._known[start]

    def _search(self, start: int) -> tuple[Found, int] | None:
        entries = self._entries
        token = entries[start].token
        if token is None:
            return None
        best: tuple[Found, int] | None = None
        tried: list[int] = []
        fitting: list[int] = []
        multiples = 0
        for size in self._sizes(start):
            if entries[start + size].token != token or any(size % each == 0 for each in fitting):
                continue
            if any(size % each == 0 for each in tried):
                multiples += 1
                if multiples > _MULTIPLES:
                    break
            copies = self._copies(start, size, 2)
            if copies < 2:
                continue
            tried.append(size)
            if self._judge(Found(start, size, 2)) is None:
                continue
            run = self._fitting(Found(start, size, self._copies(start, size, len(entries))))
            if run is None:
                continue
            fitting.append(size)
            if best is None or self._worth(run) > best[1]:
                best = run, self._worth(run)
        return best

    def _fitting(self, run: Found) -> Found | None:
        """As many of the copies as have fitting names: about, where these are not all."""
        while run.copies >= 2:
            if (found := self._judged(run)) is not None:
                return found
            run = replace(run, copies=run.copies // 2)
        return None

    def _judged(self, run: Found) -> Found | None:
        lines = self._lines[run.start + run.size] - self._lines[run.start]
        saved = lines * (run.copies - 1) - 2
        if run.copies < 2 or saved < _LEAST_SAVED or self._judge(run) is None:
            return None
        return replace(run, saved=saved)

    def _sizes(self, start: int) -> Iterator[int]:
        """The sizes of copies for which an entry of the second copy reads the end of the first."""
        entries = self._entries
        for size in range(1, min(_LONGEST, (len(entries) - start) // 2) + 1):
            places = self._readers.get(entries[start + size].first - 1, ())
            first = bisect_left(places, start + size)
            if first < len(places) and places[first] < start + 2 * size:
                yield size

    def _copies(self, start: int, size: int, most: int) -> int:
        """The number of copies of a size from a place, one where the second is another."""
        if start + size > self._plain_until(start):
            return 1
        flow: Read | None = None
        constant: set[Read] = set()
        copies = 1
        while copies < most and start + (copies + 1) * size <= len(self._entries):
            wired = self._wired(start, size, copies)
            if wired is None:
                break
            into, alike = wired
            if flow is not None and into != flow:
                break
            if copies > 1 and alike != constant:
                break
            flow, constant, copies = into, alike, copies + 1
        return 1 if flow is None or flow in constant else copies

    def _plain_until(self, start: int) -> int:
        """The place of the next entry that no block can repeat."""
        found = bisect_left(self._odd, start)
        return self._odd[found] if found < len(self._odd) else len(self._entries)

    def _wired(self, start: int, size: int, copies: int) -> tuple[Read, set[Read]] | None:
        """What the first copy reads where another one reads the copy before, and what both read alike."""
        entries = self._entries
        base = entries[start].first
        shift = copies * (entries[start + size].first - base)
        flow: Read | None = None
        alike: set[Read] = set()
        for place in range(start, start + size):
            one, other = entries[place], entries[place + copies * size]
            if one.token != other.token or len(one.reads) != len(other.reads):
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


def _is_part(run: Found, other: Found) -> bool:
    """Whether a run is the later copies of another one."""
    return run.size == other.size and (run.start - other.start) % run.size == 0 and run.end <= other.end
