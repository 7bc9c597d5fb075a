"""The walk with a size for every unknown axis, all different: what fits only by luck is refused there.

Keras lets an unknown axis fit anything. Here each one, the batch included, has a size of its own, and
each call is traced with them. Where that is refused, other sizes are tried, to say what must hold.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from seqshape.engine.question import Ask, Facts, Given, Output, Question, Refusal
from seqshape.flow import Flow, needed_by
from seqshape.graph import Graph, Node
from seqshape.report import Fed
from seqshape.shape_faults import Unknown
from seqshape.spec import Spec
from seqshape.unknowns import numbers_of, sizes_in, unknown_axes

Sized = Callable[[Mapping[str, int]], Graph]
"""Gives the graph again with sizes for unknown dims."""

_NICE = 960
"""What all sizes are multiples of at first, so that nothing fails for a remainder."""
_PRIMES = (7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97)
LARGE = 6007
"""A prime: a length that divides by nothing."""
_MULTIPLES = (2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 15, 16, 20, 24, 28, 30, 32, 48, 60, 64, 96, 128, 256)
_SMALL = 900
"""Sizes up to this one may stand in a message for something else."""
_SEQUENCE = 3
"""Axes of a sequence: batch, steps, features."""
_PIXELS = 32
_OFTEN = 101
"""A prime that a size is taken so many times, to see whether it is a multiple that fits."""
_MOST_PAIRS = 28
_MOST_SIZES = 24


@dataclass(frozen=True, slots=True)
class Equal:
    """It fits where two unknown axes are equal."""

    one: Unknown
    other: Unknown
    message: str


@dataclass(frozen=True, slots=True)
class Only:
    """It fits where an unknown axis has one size, or a multiple of it."""

    unknown: Unknown
    size: int
    multiple: bool
    message: str


@dataclass(frozen=True, slots=True)
class Never:
    """It fits for no size that was tried; `assumed` are the sizes that `given`, what flows in, has."""

    refusal: Refusal
    assumed: tuple[tuple[int, str], ...]
    given: tuple[Given, ...]


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


Verdict = Facts | Refusal | Equal | Only | Never


class Prober:
    """Goes through the graph beside the walk, one node after another."""

    def __init__(
        self, graph: Graph, spec: Spec, ask: Ask, sized: Sized, inputs: dict[int, tuple[Output, ...]]
    ) -> None:
        self._spec = spec
        self._ask = ask
        self._sized = sized
        self._plain = graph
        self.unknowns, fixed, batch_dims = unknown_axes(graph, spec, inputs)
        taken = sizes_in(graph)
        free = (_NICE * prime for prime in _PRIMES if _NICE * prime not in taken)
        further = (_NICE * (2 * number + 101) for number in range(len(self.unknowns)))
        sizes = iter([*free, *further])
        few = (prime for prime in _PRIMES[5:] if prime not in taken)
        self._values = {unknown: next(few if unknown.batch else sizes) for unknown in self.unknowns}
        self._joined: dict[Unknown, Unknown] = {}
        batch = next((each for each in self.unknowns if each.batch), None)
        if batch is not None and fixed is not None:
            self._values[batch] = fixed
        for unknown in self.unknowns:
            if batch is not None and unknown.dim in batch_dims:
                self._values[unknown] = self._values[batch]
                self._joined[unknown] = batch
        self._graphs: dict[tuple[int, ...], Graph] = {}
        self._fed: dict[int, tuple[Fed, ...]] = {}
        self._flow = self._new_flow(self._values, trace=True)

    # One node.

    def step(self, node: Node, fed: tuple[Fed, ...], plain: Flow) -> Verdict | None:
        """What tracing a call with a size for every unknown axis shows.

        Facts: it is sound. A refusal: it stands with unknown axes too. None: what flows in is not known
        here. `plain` is the walk's own pass, with unknown axes.
        """
        self._fed[node.index] = fed
        answer = _asked(self._flow, self._graph(self._values).nodes[node.index], fed, self._values)
        if answer is None or isinstance(answer, Facts):
            return answer
        if answer.stage == "given up":
            return None
        question = plain.questions[node.index]
        again = self._ask(
            Question(question.call, question.shared, question.earlier, question.world, trace=True)
        )
        if isinstance(again, Refusal):
            return None if again.stage == "given up" else again
        return self._remedy(node, answer)

    def _remedy(self, node: Node, refusal: Refusal) -> Verdict:
        """What must hold of the unknown axes for a call to fit."""
        before = needed_by(node, self._plain)
        relevant = self._relevant(node, before)
        message = self._readable(refusal.message, self._values)
        for one, other in list(combinations(relevant, 2))[:_MOST_PAIRS]:
            values = self._with(other, self._values[one])
            if self._until(node, before, values, trace=True)[1]:
                for each in (other, *(each for each, first in self._joined.items() if first == other)):
                    self._joined[each] = one
                self._go_on(node, values)
                return Equal(one, other, message)
        for unknown in relevant:
            for size in self._candidates(node):
                values = self._with(unknown, size)
                if self._until(node, before, values, trace=True)[1]:
                    self._go_on(node, values)
                    larger = self._with(unknown, size * _OFTEN)
                    multiple = self._until(node, before, larger, trace=True)[1]
                    return Only(unknown, size, multiple, message)
        given = self._flow.given(self._fed[node.index]) or ()
        assumed = tuple((self._values[each], each.label) for each in relevant)
        return Never(replace(refusal, message=message), assumed, given)

    def _relevant(self, node: Node, before: tuple[int, ...]) -> tuple[Unknown, ...]:
        """The unknowns that flow into a node, those that were found equal taken as one."""
        sources = {node.index, *before}
        return tuple(
            each
            for each in self.unknowns
            if each not in self._joined and (each.batch or not sources.isdisjoint(each.nodes))
        )

    def _candidates(self, node: Node) -> tuple[int, ...]:
        """Sizes that an axis may have to have: those that it meets."""
        given = self._flow.given(self._fed[node.index]) or ()
        met = (size for each in given for tensor in each.tensors for size in tensor.shape)
        numbers = (2, 3, *met, *numbers_of(node))
        kept = {size for size in numbers if size is not None and 1 < size < _NICE}
        return tuple(sorted(kept))[:_MOST_SIZES]

    def _go_on(self, node: Node, values: dict[Unknown, int]) -> None:
        """Takes other sizes from here on."""
        self._values = values
        self._flow, _ = self._until(node, tuple(range(node.index)), values, trace=True)

    def _until(
        self, node: Node, before: tuple[int, ...], values: dict[Unknown, int], *, trace: bool
    ) -> tuple[Flow, bool]:
        """A new pass through the nodes before one and that one; and whether it is accepted."""
        flow = self._new_flow(values, trace=trace)
        graph = self._graph(values)
        answer = None
        for index in (*before, node.index):
            if index in self._fed:
                answer = _asked(flow, graph.nodes[index], self._fed[index], values)
        return flow, isinstance(answer, Facts)

    def _new_flow(self, values: dict[Unknown, int], *, trace: bool) -> Flow:
        return Flow(self._graph(values), self._spec.settings, self._ask, trace=trace)

    def _graph(self, values: dict[Unknown, int]) -> Graph:
        """The graph with these sizes for its unknown dims."""
        dims = {each.dim: values[each] for each in self.unknowns if each.dim is not None}
        if not dims:
            return self._plain
        key = tuple(dims.values())
        if key not in self._graphs:
            graph = self._sized(dims)
            whole = len(graph.nodes) == len(self._plain.nodes)
            self._graphs[key] = graph if whole else self._plain
        return self._graphs[key]

    # Lengths, after the walk.

    def lengths(self, sound: frozenset[int]) -> Iterator[Lengths]:
        """The first of the `sound` calls that do not fit short, odd or even sizes of an unknown axis."""
        for unknown in self.unknowns:
            if unknown.batch or unknown in self._joined:
                continue
            tried = {size: self._refusing(unknown, size, sound) for size in (1, 2, LARGE, 2 * LARGE)}
            first = dict.fromkeys(index for refusals in tried.values() for index in refusals)
            found: list[Lengths] = []
            for index in sorted(first):
                refused = tuple(size for size, refusals in tried.items() if index in refusals)
                message = next(each[index] for each in tried.values() if index in each)
                multiple = least = None
                if LARGE in refused:
                    multiple = self._multiple(unknown, index)
                elif 2 * LARGE not in refused:
                    least = self._least(unknown, index)
                found.append(Lengths(index, unknown, message, multiple, least, refused))
            yield from self._told(found)

    def _told(self, found: list[Lengths]) -> Iterator[Lengths]:
        """What is worth telling of one unknown: of the least sizes the largest alone.

        That an image has a few pixels goes without saying; a sequence may well have one step.
        """
        multiple = max((each.multiple or 0 for each in found), default=0)
        least = max((each.least or 0 for each in found), default=0)
        for each in found:
            if each.least is None:
                yield each
            elif each.least == least > multiple:
                least += 1  # told once
                given = self._flow.given(self._fed[each.node]) or ()
                ranks = [len(tensor.shape) for one in given for tensor in one.tensors]
                if max(ranks, default=0) <= _SEQUENCE or each.least > _PIXELS:
                    yield each

    def _refusing(self, unknown: Unknown, size: int, sound: frozenset[int]) -> dict[int, str]:
        """The first calls that refuse a size, each with Keras's message."""
        values = self._with(unknown, size)
        flow = self._new_flow(values, trace=False)
        refused: dict[int, str] = {}
        for index, fed in self._fed.items():
            if index in sound:
                answer = _asked(flow, self._graph(values).nodes[index], fed, values)
                if isinstance(answer, Refusal) and answer.stage != "given up":
                    refused[index] = self._readable(answer.message, values)
        return refused

    def _readable(self, message: str, values: dict[Unknown, int]) -> str:
        """Keras's message with the names of unknown axes in place of the sizes they were given."""
        for unknown, size in values.items():
            if unknown.batch:
                message = re.sub(rf"(?<=[(\[]){size}\b", "batch", message)
            elif unknown.dim is not None and size > _SMALL:
                message = re.sub(rf"\b{size}\b", unknown.dim, message)
        return message

    def _with(self, unknown: Unknown, size: int) -> dict[Unknown, int]:
        """The sizes with another one for an unknown, and for those that must be equal to it."""
        same = {unknown, *(each for each, one in self._joined.items() if one == unknown)}
        return {**self._values, **dict.fromkeys(same, size)}

    def _takes(self, unknown: Unknown, size: int, index: int) -> bool:
        node = self._plain.nodes[index]
        before = needed_by(node, self._plain)
        return self._until(node, before, self._with(unknown, size), trace=False)[1]

    def _multiple(self, unknown: Unknown, index: int) -> int | None:
        return next((each for each in _MULTIPLES if self._takes(unknown, each * LARGE, index)), None)

    def _least(self, unknown: Unknown, index: int) -> int:
        """The least size that fits, found by halving: what fits once is taken to fit from there on."""
        low, high = 0, 4
        while high < LARGE and not self._takes(unknown, high, index):
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            if self._takes(unknown, middle, index):
                high = middle
            else:
                low = middle
        return high


def _asked(
    flow: Flow, node: Node, fed: tuple[Fed, ...], values: dict[Unknown, int]
) -> Facts | Refusal | None:
    """The answer about a node, with a size for each axis of an Input that is still unknown."""
    given = flow.given(fed)
    if given is None:
        return None
    answer = flow.answer(node, given)
    if isinstance(answer, Facts) and not fed:
        sized = tuple(_filled(output, node.index, values) for output in answer.outputs)
        flow.outputs[node.index] = sized
        return replace(answer, outputs=sized)
    return answer


def _filled(output: Output, node: int, values: dict[Unknown, int]) -> Output:
    """An Input's output with the sizes of its unknown axes."""
    by_axis = {
        each.axis or 0: size
        for each, size in values.items()
        if each.dim is None and each.nodes in ((), (node,))
    }
    shape = tuple(
        by_axis.get(number) if size is None else size for number, size in enumerate(output.tensor.shape)
    )
    return Output(output.name, replace(output.tensor, shape=shape))
