"""Two lists of entries aligned as a good diff aligns lines: by name, then by what the entries are.

Pure: entries come in as names and keys, pairs of numbers go out. Made for lists of 10,000: what occurs once
in both lists anchors the rest, so that only the gaps between are looked at closely.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from seqshape.frozen import frozen

_CLOSE = 10_000
"""Pairs in a gap that `difflib` may compare one by one: it finds what a reader would, in cubic time."""
_EDITS = 400
"""Entries that the sides of a larger gap may not share for the shortest way between them to be found."""

_LIKE = 2
"""The key by which entries are one though they stand in other places."""

Aligned = list[tuple[int | None, int | None]]
_Gap = tuple[range, range]


@frozen
class Member:
    """An entry to be aligned.

    `name` is None where no person gave it. `keys` say what the entry is, the most telling first; all
    members have as many.
    """

    name: str | None
    keys: tuple[Hashable, ...]


def aligned(ones: Sequence[Member], others: Sequence[Member]) -> Aligned:
    """The pairs in the order of the second list, with what has no partner in between."""
    pairs = _by_name(ones, others)
    kept = increasing(pairs)
    stayed = set(kept)
    moved = dict(pair for pair in pairs if pair not in stayed)
    here = [number for number in range(len(ones)) if number not in moved]
    there = sorted(set(range(len(others))) - set(moved.values()))
    places = [{number: place for place, number in enumerate(each)} for each in (here, there)]
    left = [ones[number] for number in here]
    right = [others[number] for number in there]
    anchors = [(places[0][one], places[1][other]) for one, other in kept]
    found = _within(left, right, anchors)
    moved.update((here[one], there[other]) for one, other in _strayed(left, right, found))
    return _ordered([(here[one], there[other]) for one, other in found], moved, (len(ones), len(others)))


def _strayed(
    ones: Sequence[Member], others: Sequence[Member], found: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """What is left over on both sides and is alike, though it stands elsewhere and is called otherwise.

    Two names that a person gave are two entries.
    """
    taken = {one for one, _ in found}, {other for _, other in found}
    sides = ((ones, taken[0]), (others, taken[1]))
    keys = [
        [None if number in used else (member.keys[_LIKE],) for number, member in enumerate(members)]
        for members, used in sides
    ]
    return [
        (one, other)
        for one, other in _unique(keys[0], keys[1])
        if ones[one].name is None or others[other].name is None
    ]


def _by_name(ones: Sequence[Member], others: Sequence[Member]) -> list[tuple[int, int]]:
    return _unique([member.name for member in ones], [member.name for member in others])


def _unique(ones: Sequence[Hashable | None], others: Sequence[Hashable | None]) -> list[tuple[int, int]]:
    """The places of what occurs once in both, in the order of the first."""
    counts = Counter(ones), Counter(others)
    places = {value: place for place, value in enumerate(others) if counts[1][value] == 1}
    return [
        (place, places[value])
        for place, value in enumerate(ones)
        if value is not None and value in places and counts[0][value] == 1
    ]


def increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs in which both sides increase; the first sides do already."""
    ends: list[int] = []
    tops: list[int] = []
    before: list[int] = []
    for number, (_, other) in enumerate(pairs):
        length = bisect_left(ends, other)
        ends[length:] = [other, *ends[length + 1 :]] if length < len(ends) else [other]
        tops[length:] = [number, *tops[length + 1 :]] if length < len(tops) else [number]
        before.append(tops[length - 1] if length else -1)
    found: list[tuple[int, int]] = []
    number = tops[-1] if tops else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]


def _within(
    ones: Sequence[Member], others: Sequence[Member], anchors: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The anchors, and what fits between them: by each key in turn, then by its place and the last."""
    found = list(anchors)
    levels = len(ones[0].keys) - 1 if ones else 0
    for level in range(levels):
        for gap in list(_gaps(found, len(ones), len(others))):
            found.extend(_by_key(ones, others, gap, level))
        found.sort()
    for here, there in list(_gaps(found, len(ones), len(others))):
        if len(here) == len(there):
            found.extend(
                (one, other)
                for one, other in zip(here, there, strict=True)
                if ones[one].keys[-1] == others[other].keys[-1]
            )
    return sorted(found)


def _gaps(pairs: list[tuple[int, int]], size: int, other_size: int) -> Iterator[_Gap]:
    """What lies between pairs, where something does on both sides."""
    for (one, other), (next_one, next_other) in pairwise([(-1, -1), *pairs, (size, other_size)]):
        here, there = range(one + 1, next_one), range(other + 1, next_other)
        if here and there:
            yield here, there


def _by_key(
    ones: Sequence[Member], others: Sequence[Member], gap: _Gap, level: int
) -> Iterator[tuple[int, int]]:
    """The pairs in a gap that are equal by one key."""
    left = [ones[number].keys[level] for number in gap[0]]
    right = [others[number].keys[level] for number in gap[1]]
    first = _alike(left, right, lambda place: place)
    last = _alike(left[first:], right[first:], lambda place: -place - 1)
    middle = left[first : len(left) - last], right[first : len(right) - last]
    found = [(place, place) for place in range(first)]
    found.extend((first + one, first + other) for one, other in _matched(*middle))
    found.extend((len(left) - place, len(right) - place) for place in range(last, 0, -1))
    yield from ((gap[0][one], gap[1][other]) for one, other in found)


def _alike(left: Sequence[Hashable], right: Sequence[Hashable], at: Callable[[int], int]) -> int:
    """How many at one end are equal."""
    most = min(len(left), len(right))
    return next((place for place in range(most) if left[at(place)] != right[at(place)]), most)


def _matched(left: list[Hashable], right: list[Hashable]) -> Iterator[tuple[int, int]]:
    """Pairs of equal keys in order: what occurs once first, then the runs between."""
    anchors = increasing(_unique(left, right))
    yield from anchors
    for here, there in _gaps(anchors, len(left), len(right)):
        near, far = left[here.start : here.stop], right[there.start : there.stop]
        for one, other in _runs(near, far):
            yield here.start + one, there.start + other


def _runs(left: list[Hashable], right: list[Hashable]) -> Iterator[tuple[int, int]]:
    """Pairs of equal keys in order, where each occurs often."""
    large = len(left) * len(right) > _CLOSE
    if large and (found := _shortest(left, right)) is not None:
        yield from found
        return
    for block in SequenceMatcher(None, left, right, autojunk=large).get_matching_blocks():
        for place in range(block.size):
            yield block.a + place, block.b + place


def _shortest(left: list[Hashable], right: list[Hashable]) -> list[tuple[int, int]] | None:
    """The pairs on the shortest way from one list to the other; None where it has too many edits.

    E. Myers, An O(ND) Difference Algorithm and Its Variations, Algorithmica 1, 1986, figure 2.
    """
    reached = {1: 0}
    history: list[dict[int, int]] = []
    for edits in range(min(_EDITS, len(left) + len(right)) + 1):
        history.append(dict(reached))
        for diagonal in range(-edits, edits + 1, 2):
            down = diagonal == -edits or (
                diagonal != edits and reached[diagonal - 1] < reached[diagonal + 1]
            )
            one = reached[diagonal + 1] if down else reached[diagonal - 1] + 1
            while (
                one < len(left) and 0 <= one - diagonal < len(right) and left[one] == right[one - diagonal]
            ):
                one += 1
            reached[diagonal] = one
            if one >= len(left) and one - diagonal >= len(right):
                return _way(history, len(left), len(right))
    return None


def _way(history: list[dict[int, int]], one: int, other: int) -> list[tuple[int, int]]:
    """The equal pairs on the way back from the ends of both lists."""
    found: list[tuple[int, int]] = []
    for edits, reached in reversed(list(enumerate(history))):
        diagonal = one - other
        down = diagonal == -edits or (diagonal != edits and reached[diagonal - 1] < reached[diagonal + 1])
        before = diagonal + 1 if down else diagonal - 1
        start = reached[before]
        while one > start and other > start - before:
            one, other = one - 1, other - 1
            found.append((one, other))
        one, other = start, start - before
    return found[::-1]


def _ordered(pairs: list[tuple[int, int]], moved: dict[int, int], sizes: tuple[int, int]) -> Aligned:
    """All entries of both: those of the first list alone stand before what follows them there."""
    partner = {other: one for one, other in pairs}
    strayed = {other: one for one, other in moved.items()}
    taken = {one for one, _ in pairs} | set(moved)
    alone = iter([number for number in range(sizes[0]) if number not in taken])
    waiting = next(alone, None)
    found: Aligned = []
    for other in range(sizes[1]):
        one = partner.get(other)
        while one is not None and waiting is not None and waiting < one:
            found.append((waiting, None))
            waiting = next(alone, None)
        found.append((one if one is not None else strayed.get(other), other))
    if waiting is not None:
        found.append((waiting, None))
    found.extend((number, None) for number in alone)
    return found
