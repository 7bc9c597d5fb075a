"""What must hold of unknown axes for a call to fit: that some are equal, or that one has a certain size."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, islice
from math import prod

from seqshape.engine.question import Given, Refusal
from seqshape.frozen import frozen
from seqshape.graph import Graph, Node, needed_by
from seqshape.probing import Prober
from seqshape.shape_faults import Unknown
from seqshape.unknowns import numbers_of

_FACTORS = (2, 3, 5, 7, 11)
_POWERS = {factor**power for factor in _FACTORS for power in range(1, 11)}
_HALVED = {factor * 2**power for factor in _FACTORS for power in range(1, 9)}
MULTIPLES = tuple(sorted(number for number in {*range(2, 17), *_POWERS, *_HALVED} if number <= 1024))
"""What a size may have to be a multiple of, where strides and windows lie behind one another."""
OFTEN = (6007, 2 * 6011, 3 * 5003, 7013, 9001)
"""How many times a size is taken, to see whether it is its multiples that fit."""
_LARGEST = 900
"""Sizes above this one are those that unknown axes were given."""
_MOST_PAIRS = 28
_MOST_SIZES = 24
_MOST_UNKNOWNS = 12

Groups = tuple[tuple[Unknown, ...], ...]


@frozen
class Equal:
    """It fits where the unknown axes of each group are equal."""

    groups: Groups
    message: str


@frozen
class Only:
    """It fits where unknown axes, each, have one size, or a multiple of it."""

    unknowns: tuple[Unknown, ...]
    size: int
    multiple: bool
    message: str


@frozen
class Never:
    """It fits for no size that was tried; `assumed` are the sizes that `given`, what flows in, has."""

    refusal: Refusal
    assumed: tuple[tuple[int, str], ...]
    given: tuple[Given, ...]


def remedy(prober: Prober, graph: Graph, node: Node, refusal: Refusal) -> Equal | Only | Never | None:
    """What must hold for a call to fit; None where finding out takes too long.

    The prober goes on with what holds.
    """
    return _Search(prober, node, needed_by(node, graph)).result(refusal)


@frozen
class _Search:
    """Sizes that are tried for one call; `before` are the nodes that it hangs on."""

    prober: Prober
    node: Node
    before: tuple[int, ...]

    def result(self, refusal: Refusal) -> Equal | Only | Never | None:
        prober, relevant = self.prober, self._relevant()
        message = prober.readable(refusal.message)
        for groups in self._partitions(relevant):
            if self._fits(prober.equal(groups), groups):
                groups = self._needed(groups)
                values = prober.equal(groups)
                for group in groups:
                    prober.join(group)
                prober.go_on(values, tuple(each for group in groups for each in group))
                named = tuple(tuple(self._flowing(each) for each in group) for group in groups)
                return Equal(named, message)
        for unknown in relevant[:_MOST_UNKNOWNS]:
            for size in self._candidates():
                if (found := self._only(unknown, size, message)) is not None:
                    return found
        if (found := self._multiple_of_all(relevant, message)) is not None:
            return found
        if prober.tired:
            return None
        assumed = tuple((prober.size(each), self._flowing(each).label) for each in relevant)
        return Never(replace(refusal, message=message), assumed, prober.given(self.node.index))

    def _only(self, unknown: Unknown, size: int, message: str) -> Only | None:
        """Whether it fits for one size, or for its multiples."""
        prober, several = self.prober, (unknown,)
        if not self._fits(prober.sized(unknown, size), several):
            return None
        multiple = all(self._fits(prober.sized(unknown, size * often), several) for often in OFTEN)
        if not multiple and (
            size not in self._met() or self._stretches(prober.sized(unknown, size), several)
        ):
            return None
        prober.go_on(prober.sized(unknown, size * OFTEN[0] if multiple else size), several)
        return Only((self._flowing(unknown),), size, multiple, message)

    def _multiple_of_all(self, relevant: tuple[Unknown, ...], message: str) -> Only | None:
        """Whether it fits where every length is a multiple of one number."""
        lengths = tuple(each for each in relevant[:_MOST_UNKNOWNS] if not each.batch)
        for number in MULTIPLES if lengths else ():
            values = self._multiplied(lengths, number, OFTEN[0])
            if self._fits(values, lengths) and self._fits(
                self._multiplied(lengths, number, OFTEN[1]), lengths
            ):
                self.prober.go_on(values, lengths)
                return Only(tuple(map(self._flowing, lengths)), number, True, message)
        return None

    def _multiplied(self, lengths: tuple[Unknown, ...], number: int, often: int) -> dict[Unknown, int]:
        """Sizes that are all multiples of a number, and all different."""
        values = self.prober.sized(lengths[0], number * often)
        for position, unknown in enumerate(lengths):
            values |= dict.fromkeys(self.prober.same(unknown), number * (often + 2 * position))
        return values

    def _partitions(self, relevant: tuple[Unknown, ...]) -> Iterator[Groups]:
        """Unknowns that may have to be equal: two, or those on the same axes, or all but the batch."""
        yield from ((pair,) for pair in islice(combinations(relevant[:_MOST_UNKNOWNS], 2), _MOST_PAIRS))
        by_size = {self.prober.size(each): each for each in relevant}
        on_axis: dict[int, dict[Unknown, None]] = {}
        for each in self.prober.given(self.node.index):
            for tensor in each.tensors:
                for number, size in enumerate(tensor.shape):
                    if size in by_size:
                        on_axis.setdefault(number, {})[by_size[size]] = None
        groups = tuple(tuple(found) for found in on_axis.values() if len(found) > 1)
        if groups:
            yield groups
        lengths = tuple(each for each in relevant if not each.batch)
        if len(lengths) > 2:
            yield (lengths,)

    def _needed(self, groups: Groups) -> Groups:
        """What must be equal, of something that is enough."""
        if sum(len(group) for group in groups) > _MOST_UNKNOWNS:
            return groups
        for unknown in [each for group in groups for each in group]:
            cut = (tuple(each for each in group if each != unknown) for group in groups)
            fewer = tuple(group for group in cut if len(group) > 1)
            changed = tuple(each for group in fewer for each in group)
            if fewer and self._fits(self.prober.equal(fewer), (changed,)):
                groups = fewer
        return groups

    def _relevant(self) -> tuple[Unknown, ...]:
        """The unknowns that flow into the node, those that it sees first; what is equal is taken as one."""
        given = self.prober.given(self.node.index)
        seen = {size for each in given for tensor in each.tensors for size in tensor.shape}
        found = [
            each
            for each in self.prober.unknowns
            if each not in self.prober.joined and any(map(self._reaches, self.prober.same(each)))
        ]
        found.sort(key=lambda each: self.prober.size(each) not in seen)
        return tuple(found)

    def _reaches(self, unknown: Unknown) -> bool:
        sources = {self.node.index, *self.before}
        return unknown.batch or not sources.isdisjoint(unknown.nodes)

    def _flowing(self, unknown: Unknown) -> Unknown:
        """The one of equal unknowns that flows into the node."""
        return next(filter(self._reaches, self.prober.same(unknown)), unknown)

    def _met(self) -> frozenset[int]:
        """Sizes that stand in the entry, or that an unknown axis meets."""
        given = self.prober.given(self.node.index)
        sizes = [size for each in given for tensor in each.tensors for size in tensor.shape if size]
        written = tuple(numbers_of(self.node))
        known = prod(size for size in sizes[1:] if size < _LARGEST)
        quotient = prod(written) // known  # of a Reshape's elements, what is left for the unknown axis
        return frozenset((*sizes, *written, quotient))

    def _candidates(self) -> tuple[int, ...]:
        """Sizes to try: those that are met, and small ones for what must divide."""
        kept = {size for size in (2, 3, *self._met()) if 1 < size < _LARGEST}
        return tuple(sorted(kept))[:_MOST_SIZES]

    def _fits(self, values: dict[Unknown, int], groups: Groups | tuple[Unknown, ...]) -> bool:
        changed = tuple(
            each for group in groups for each in (group if isinstance(group, tuple) else (group,))
        )
        nodes = (*self.before, self.node.index)
        flow, refused = self.prober.again(nodes, values, changed, trace=True)
        return self.node.index in flow.outputs and not refused and not self.prober.tired

    def _stretches(self, values: dict[Unknown, int], changed: tuple[Unknown, ...]) -> bool:
        """Whether an axis has size 1 with these sizes alone, and may fit because it is stretched."""
        flow, _ = self.prober.again(self.before, values, changed, trace=True)
        after = flow.given(self.prober.fed(self.node.index)) or ()
        pairs = zip(self.prober.given(self.node.index), after, strict=True)
        return any(
            1 in tensor.shape and 1 not in before.shape
            for one, other in pairs
            for before, tensor in zip(one.tensors, other.tensors, strict=True)
        )
