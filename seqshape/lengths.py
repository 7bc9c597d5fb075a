"""Which sizes of an unknown axis fit: short, odd and even ones are tried, and what must hold is looked for.

Built only, not traced: many sizes are tried.
"""

from collections.abc import Iterator
from itertools import islice

from seqshape.frozen import frozen
from seqshape.graph import Graph
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


@frozen
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
        found = tuple(_Tries(prober, graph, unknown, nodes).found())
        if not prober.tired:
            yield from found


@frozen
class _Tries:
    """Sizes of one unknown."""

    prober: Prober
    graph: Graph
    unknown: Unknown
    nodes: tuple[int, ...]

    def found(self) -> Iterator[Lengths]:
        """What must hold of the size: a multiple, a least one, or what the tries show if neither is seen.

        That an image has a few pixels goes without saying; a sequence may well have one step.
        """
        tried = {size: self._refusing(size) for size in (1, 2, _LARGE, 2 * _LARGE)}
        if not any(tried.values()):
            return
        multiple = self._multiple() if tried[_LARGE] or tried[2 * _LARGE] else 1
        if multiple is None:
            node = min(index for refusals in tried.values() for index in refusals)
            refused = tuple(size for size, refusals in tried.items() if node in refusals)
            yield self._seen(node, tried, refused=refused)
            return
        if multiple > 1:
            yield self._seen(min(tried[_LARGE] or tried[2 * _LARGE]), tried, multiple=multiple)
        least = self._least(multiple)
        if least > multiple:
            refusals = self._refusing(least - multiple)
            node = min(refusals)
            if _rank(self.prober, node) <= _SEQUENCE or least > _PIXELS:
                yield Lengths(node, self.unknown, refusals[node], None, least, ())

    def _refusing(self, size: int) -> dict[int, str]:
        """The first calls that refuse a size, each with Keras's message."""
        values = self.prober.sized(self.unknown, size)
        return self.prober.again(self.nodes, values, (self.unknown,), trace=False)[1]

    def _multiple(self) -> int | None:
        """What the size must be a multiple of for every call to fit."""
        written = (number for number in sizes_in(self.graph) if 1 < number <= _LARGEST_MULTIPLE)
        return next(
            (
                number
                for number in sorted({*MULTIPLES, *islice(sorted(written), _MOST_WRITTEN)})
                if not any(self._refusing(number * often) for often in (_LARGE, *OFTEN))
            ),
            None,
        )

    def _least(self, multiple: int) -> int:
        """The least multiple that every call takes, by halving (what fits once fits from there)."""
        low, high = 0, 1
        while high < _LARGE and self._refusing(high * multiple):
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            if self._refusing(middle * multiple):
                low = middle
            else:
                high = middle
        return high * multiple

    def _seen(
        self,
        node: int,
        tried: dict[int, dict[int, str]],
        multiple: int | None = None,
        refused: tuple[int, ...] = (),
    ) -> Lengths:
        message = next(refusals[node] for refusals in tried.values() if node in refusals)
        return Lengths(node, self.unknown, message, multiple, None, refused)


def _rank(prober: Prober, index: int) -> int:
    """The most axes that an input of a node has."""
    shapes = (tensor.shape for each in prober.given(index) for tensor in each.tensors)
    return max(map(len, shapes), default=0)
