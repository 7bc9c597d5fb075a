"""The walk with a size for every unknown axis, all different: what fits only by luck is refused there.

Keras lets an unknown axis fit anything. Here each one, the batch included, has a size of its own, and
each call is traced with them. Where that is refused, other sizes are tried, to say what must hold.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, count, islice

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
_FIRST = 7
"""The first prime that they are multiples of; the batch is a prime itself, for it may be gone through."""
_FIRST_BATCH = 23
_SMALL = 900
"""Sizes up to this one may stand in a message for something else."""
_OFTEN = 101
"""A prime that a size is taken so many times, to see whether it is a multiple that fits."""
_ENOUGH = 20.0
"""Seconds after which no further sizes are tried for a spec."""
_MOST_PAIRS = 28
_MOST_SIZES = 24
_MOST_UNKNOWNS = 12


@dataclass(frozen=True, slots=True)
class Equal:
    """It fits where these unknown axes are equal."""

    unknowns: tuple[Unknown, ...]
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
        sizes = (_NICE * prime for prime in _primes(_FIRST) if _NICE * prime not in taken)
        few = (prime for prime in _primes(_FIRST_BATCH) if prime not in taken)
        self._values = {unknown: next(few if unknown.batch else sizes) for unknown in self.unknowns}
        self.joined: dict[Unknown, Unknown] = {}
        self._spent = 0.0
        batch = next((each for each in self.unknowns if each.batch), None)
        if batch is not None and fixed is not None:
            self._values[batch] = fixed
        for unknown in self.unknowns:
            if batch is not None and unknown.dim in batch_dims:
                self._values[unknown] = self._values[batch]
                self.joined[unknown] = batch
        self._graphs: dict[tuple[int, ...], Graph] = {}
        self._fed: dict[int, tuple[Fed, ...]] = {}
        self._changing: dict[tuple[Unknown, int], frozenset[int]] = {}
        self._flow = Flow(self._graph(self._values), spec.settings, ask, trace=True)

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

    def _remedy(self, node: Node, refusal: Refusal) -> Verdict | None:
        """What must hold of the unknown axes for a call to fit; None where finding out takes too long."""
        before = needed_by(node, self._plain)
        relevant = self._relevant(node, before)
        message = self._readable(refusal.message, self._values)
        for equal in self._sets(relevant):
            values = self._equal(equal)
            if self._fits(node, before, values, equal):
                equal = self._needed(node, before, equal)
                self._join(equal)
                self._go_on(self._equal(equal), equal)
                return Equal(equal, message)
        relevant = relevant[:_MOST_UNKNOWNS]
        for unknown in relevant:
            for size in self._candidates(node):
                values = self.sized(unknown, size)
                if self._fits(node, before, values, (unknown,)):
                    larger = self.sized(unknown, size * _OFTEN)
                    multiple = self._fits(node, before, larger, (unknown,))
                    self._go_on(values, (unknown,))
                    return Only(unknown, size, multiple, message)
        if self.tired:
            return None
        given = self._flow.given(self._fed[node.index]) or ()
        assumed = tuple((self._values[each], each.label) for each in relevant)
        return Never(replace(refusal, message=message), assumed, given)

    def _sets(self, relevant: tuple[Unknown, ...]) -> Iterator[tuple[Unknown, ...]]:
        """Unknowns that may have to be equal: two of them, else all but the batch."""
        yield from islice(combinations(relevant[:_MOST_UNKNOWNS], 2), _MOST_PAIRS)
        lengths = tuple(each for each in relevant if not each.batch)
        if len(lengths) > 2:
            yield lengths

    def _needed(
        self, node: Node, before: tuple[int, ...], equal: tuple[Unknown, ...]
    ) -> tuple[Unknown, ...]:
        """Those that must be equal, of some that are enough."""
        if len(equal) > _MOST_UNKNOWNS:
            return equal
        for unknown in equal:
            fewer = tuple(each for each in equal if each != unknown)
            if len(fewer) > 1 and self._fits(node, before, self._equal(fewer), fewer):
                equal = fewer
        return equal

    def _equal(self, unknowns: tuple[Unknown, ...]) -> dict[Unknown, int]:
        """The sizes with one size for several unknowns: that of the batch, or of the first."""
        first = next((each for each in unknowns if each.batch), unknowns[0])
        values = dict(self._values)
        for unknown in unknowns:
            values.update(dict.fromkeys(self._same(unknown), self._values[first]))
        return values

    def _same(self, unknown: Unknown) -> tuple[Unknown, ...]:
        """An unknown and those that are taken to be equal to it."""
        return (unknown, *(each for each, one in self.joined.items() if one == unknown))

    def _join(self, unknowns: tuple[Unknown, ...]) -> None:
        """Takes unknowns, and all that are joined to them, as one: the batch, or the first."""
        first = next((each for each in unknowns if each.batch), unknowns[0])
        for unknown in unknowns:
            for each in self._same(unknown):
                if each != first:
                    self.joined[each] = first
        self._changing.clear()

    def _relevant(self, node: Node, before: tuple[int, ...]) -> tuple[Unknown, ...]:
        """The unknowns that flow into a node, those that it sees first; what is equal is taken as one."""
        sources = {node.index, *before}
        given = self._flow.given(self._fed[node.index]) or ()
        seen = {size for each in given for tensor in each.tensors for size in tensor.shape}
        found = [
            each
            for each in self.unknowns
            if each not in self.joined and (each.batch or not sources.isdisjoint(each.nodes))
        ]
        found.sort(key=lambda each: self._values[each] not in seen)
        return tuple(found)

    def _candidates(self, node: Node) -> tuple[int, ...]:
        """Sizes that an axis may have to have: those that it meets."""
        given = self._flow.given(self._fed[node.index]) or ()
        met = (size for each in given for tensor in each.tensors for size in tensor.shape)
        numbers = (2, 3, *met, *numbers_of(node))
        kept = {size for size in numbers if size is not None and 1 < size < _NICE}
        return tuple(sorted(kept))[:_MOST_SIZES]

    def _go_on(self, values: dict[Unknown, int], changed: tuple[Unknown, ...]) -> None:
        """Takes other sizes from here on."""
        self._flow, _ = self.again(tuple(self._fed), values, changed, trace=True)
        self._values = values

    def _fits(
        self, node: Node, before: tuple[int, ...], values: dict[Unknown, int], changed: tuple[Unknown, ...]
    ) -> bool:
        flow, refused = self.again((*before, node.index), values, changed, trace=True)
        return node.index in flow.outputs and not refused and not self.tired

    @property
    def tired(self) -> bool:
        """Whether trying other sizes has taken long enough."""
        return self._spent > _ENOUGH

    def again(
        self,
        nodes: tuple[int, ...],
        values: dict[Unknown, int],
        changed: tuple[Unknown, ...],
        *,
        trace: bool,
    ) -> tuple[Flow, dict[int, str]]:
        """Another pass through some nodes, with other sizes for some unknowns; and what refuses it.

        Nodes that these do not reach keep what came out of them before.
        """
        start = time.monotonic()
        graph = self._graph(values)
        flow = Flow(graph, self._spec.settings, self._ask, trace=trace)
        reached = frozenset[int]().union(*map(self._reached, changed))
        flow.outputs.update(
            (index, self._flow.outputs[index])
            for index in nodes
            if index not in reached and index in self._flow.outputs
        )
        refused: dict[int, str] = {}
        for index in nodes:
            if index in reached and index in self._fed and not self.tired:
                answer = _asked(flow, graph.nodes[index], self._fed[index], values)
                if isinstance(answer, Refusal) and answer.stage != "given up":
                    refused[index] = self._readable(answer.message, values)
        self._spent += time.monotonic() - start
        return flow, refused

    def _reached(self, unknown: Unknown) -> frozenset[int]:
        """The nodes that may see another size of an unknown, and all calls of the layers they share."""
        key = (unknown, len(self._fed))
        if key not in self._changing:
            groups: dict[int, set[int]] = {}
            for node in self._plain.nodes:
                if node.group is not None:
                    groups.setdefault(node.group, set()).add(node.index)
            same = set(self._same(unknown))
            reached = {index for each in same for index in each.nodes}
            if any(each.batch for each in same):
                reached.update(index for index, fed in self._fed.items() if not fed)
            if any(each.dim is not None for each in same):
                reached.update(self._written_with(same))
            before = -1
            while before < len(reached):
                before = len(reached)
                for index, fed in self._fed.items():
                    if any(read.source in reached for each in fed for read in each.tensors):
                        reached.add(index)
                    if index in reached and (group := self._plain.nodes[index].group) is not None:
                        reached |= groups[group]
            self._changing[key] = frozenset(reached)
        return self._changing[key]

    def _written_with(self, same: set[Unknown]) -> Iterator[int]:
        """The nodes in whose entries a dim stands."""
        values = {each: size + 1 if each in same else size for each, size in self._values.items()}
        pairs = zip(self._graph(self._values).nodes, self._graph(values).nodes, strict=True)
        return (one.index for one, other in pairs if one.entry.arguments != other.entry.arguments)

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

    def sized(self, unknown: Unknown, size: int) -> dict[Unknown, int]:
        """The sizes with another one for an unknown, and for those that must be equal to it."""
        return {**self._values, **dict.fromkeys(self._same(unknown), size)}

    def _readable(self, message: str, values: dict[Unknown, int]) -> str:
        """Keras's message with the names of unknown axes in place of the sizes they were given."""
        for unknown, size in values.items():
            if unknown.batch:
                message = re.sub(rf"(?<=[(\[]){size}\b", "batch", message)
            elif unknown.dim is not None and size > _SMALL:
                message = re.sub(rf"\b{size}\b", unknown.dim, message)
        return message

    def ranks(self, index: int) -> int:
        """The most axes that an input of a node has."""
        given = self._flow.given(self._fed[index]) or ()
        return max((len(tensor.shape) for each in given for tensor in each.tensors), default=0)

    def known(self) -> tuple[int, ...]:
        """The nodes that were gone through."""
        return tuple(self._fed)


def _primes(first: int) -> Iterator[int]:
    """Primes, upwards."""
    return (
        number
        for number in count(first)
        if all(number % divisor for divisor in range(2, int(number**0.5) + 1))
    )


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
