"""Which combinations of a large sweep are traced: some that would show where tracing sees more.

Each size alone is moved to its values, then all together; and of each kind of combination, by which sizes
are unknown, some are taken.
"""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from seqshape.sweeping.result import Sizes

T = TypeVar("T")
MOST_ALL = 48
"""Combinations up to which all are traced."""
_ALONG = 8
"""Values of a size that is moved alone, its ends among them."""


def chosen(combinations: Sequence[Sizes]) -> frozenset[int]:
    """The numbers of the combinations to trace, of those of one sweep."""
    if len(combinations) <= MOST_ALL:
        return frozenset(range(len(combinations)))
    kinds: dict[tuple[bool, ...], list[int]] = {}
    for number, sizes in enumerate(combinations):
        kinds.setdefault(tuple(size is None for _, size in sizes), []).append(number)
    return frozenset(number for numbers in kinds.values() for number in _of_kind(numbers, combinations))


def _of_kind(numbers: list[int], combinations: Sequence[Sizes]) -> Iterator[int]:
    by_sizes = {combinations[number]: number for number in numbers}
    first = combinations[numbers[0]]
    axes = [
        list(dict.fromkeys(combinations[number][place][1] for number in numbers))
        for place in range(len(first))
    ]
    for place, values in enumerate(axes):
        for value in _spread(values):
            moved = (*first[:place], (first[place][0], value), *first[place + 1 :])
            if moved in by_sizes:
                yield by_sizes[moved]
    longest = max(map(len, axes))
    for step in _spread(list(range(longest))):
        together = tuple(
            (name, values[step * (len(values) - 1) // max(longest - 1, 1)])
            for (name, _), values in zip(first, axes, strict=True)
        )
        if together in by_sizes:
            yield by_sizes[together]
    yield from _spread(numbers)


def _spread(values: list[T]) -> list[T]:
    """Some of many values, evenly, the first and the last among them."""
    if len(values) <= _ALONG:
        return values
    return [values[place * (len(values) - 1) // (_ALONG - 1)] for place in range(_ALONG)]
