"""Which sizes of an unknown axis fit: short, odd and even ones are tried, and what must hold is looked for.

Built only, not traced: many sizes are tried.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from seqshape.graph import Graph, needed_by
from seqshape.probing import Prober
from seqshape.remedies import MULTIPLES, OFTEN
from seqshape.shape_faults import Unknown
from seqshape.unknowns import sizes_in

_LARGE = 6007
"""A prime: a length that divides by nothing."""
_LARGEST_MULTIPLE = 4096
_MOST_WRITTEN = 40
_SEQUENCE = 3
"""Axes of a sequence: batch, steps, features."""
_PIXELS = 32
"""Sizes that go without saying for an image."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """What was seen of a call with several sizes of one unknown axis.

    `multiple` and `least` are what the size must be a multiple of, and at least, where that was found;
    `refused` are the sizes that were tried and do not fit.
    """

    node: int
    unknown: Unknown
    message: str
    multiple: int | None
    least: int | None
    refused: tuple[int, ...]


def lengths(prober: Prober, graph: Graph, sound: frozenset[int]) -> Iterator[Lengths]:
    """The first of the `sound` calls that do not fit short, odd or even sizes of an unknown axis."""
    nodes = tuple(index for index in prober.known() if index in sound)
    for unknown in prober.unknowns:
        if unknown.batch or unknown in prober.joined or prober.tired:
            continue
        tries = _Tries(prober, graph, unknown)
        tried = {size: tries.refusing(nodes, size) for size in (1, 2, _LARGE, 2 * _LARGE)}
        first = sorted({index for refusals in tried.values() for index in refusals})
        multiple = tries.multiple(nodes) if tried[_LARGE] else None
        if multiple is not None:
            first = [min(tried[_LARGE])]
        found = [tries.seen(index, tried, multiple) for index in first]
        if not prober.tired:
            yield from _told(found, prober)


@dataclass(frozen=True, slots=True)
class _Tries:
    """Sizes of one unknown."""

    prober: Prober
    graph: Graph
    unknown: Unknown

    def refusing(self, nodes: tuple[int, ...], size: int) -> dict[int, str]:
        """The first calls that refuse a size, each with Keras's message."""
        values = self.prober.sized(self.unknown, size)
        return self.prober.again(nodes, values, (self.unknown,), trace=False)[1]

    def multiple(self, nodes: tuple[int, ...]) -> int | None:
        """What the size must be a multiple of for every call to fit."""
        written = (number for number in sizes_in(self.graph) if 1 < number <= _LARGEST_MULTIPLE)
        return next(
            (
                number
                for number in sorted({*MULTIPLES, *islice(sorted(written), _MOST_WRITTEN)})
                if not any(self.refusing(nodes, number * often) for often in (_LARGE, *OFTEN))
            ),
            None,
        )

    def seen(self, index: int, tried: dict[int, dict[int, str]], multiple: int | None) -> Lengths:
        """What the tries show of one call, and what must hold."""
        refused = tuple(size for size, refusals in tried.items() if index in refusals)
        message = next(each[index] for each in tried.values() if index in each)
        least = self._least(index) if not {_LARGE, 2 * _LARGE} & set(refused) else None
        return Lengths(index, self.unknown, message, multiple, least, refused)

    def _fits(self, size: int, index: int) -> bool:
        nodes = (*needed_by(self.graph.nodes[index], self.graph), index)
        return not self.refusing(nodes, size)

    def _least(self, index: int) -> int:
        """The least size that fits, found by halving: what fits once is taken to fit from there on."""
        low, high = 0, 4
        while high < _LARGE and not self._fits(high, index):
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            if self._fits(middle, index):
                high = middle
            else:
                low = middle
        return high


def _told(found: list[Lengths], prober: Prober) -> Iterator[Lengths]:
    """What is worth telling of one unknown: of the least sizes the largest alone.

    That an image has a few pixels goes without saying; a sequence may well have one step.
    """
    multiple = max((each.multiple or 0 for each in found), default=0)
    yield from (each for each in found if each.least is None)
    least = [
        each
        for each in found
        if each.least is not None
        and each.least > multiple
        and (_rank(prober, each.node) <= _SEQUENCE or each.least > _PIXELS)
    ]
    yield from sorted(least, key=lambda each: -(each.least or 0))[:1]


def _rank(prober: Prober, index: int) -> int:
    """The most axes that an input of a node has."""
    shapes = (tensor.shape for each in prober.given(index) for tensor in each.tensors)
    return max(map(len, shapes), default=0)
