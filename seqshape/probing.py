"""The walk with a size for every unknown axis, all different: what fits only by luck is refused there.

Keras lets an unknown axis fit anything. Here each one, the batch included, has a size of its own, and
each call is traced with them. Where that is refused, other sizes are tried, to say what must hold.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import count

from seqshape.engine.question import Ask, Facts, Given, Question, Refusal
from seqshape.engine.tensors import Output
from seqshape.flow import Flow
from seqshape.frozen import frozen
from seqshape.graph import Graph, Node
from seqshape.report import Fed
from seqshape.shape_faults import Unknown
from seqshape.spec import Spec
from seqshape.unknowns import sizes_in, unknown_axes

Sized = Callable[[Mapping[str, int]], Graph]
"""Gives the graph again with sizes for unknown dims."""

_NICE = 960
"""What all sizes are multiples of at first, so that nothing fails for a remainder."""
_FIRST = 7
"""The first prime that they are multiples of; the batch is a prime itself, for it may be gone through."""
_FIRST_BATCH = 23
_SMALL = 900
"""Sizes up to this one may stand in a message for something else."""
_ENOUGH = 20_000
"""Questions after which no further sizes are tried for a spec."""
_LONG = 60.0
"""Seconds, for layers that answer slowly."""


@frozen
class Loose:
    """A call that fits with unknown axes, and not with these sizes for them; `refusal` says why not."""

    refusal: Refusal


class Prober:
    """Goes through the graph beside the walk, one node after another."""

    def __init__(
        self, plain: Flow, spec: Spec, ask: Ask, sized: Sized, inputs: dict[int, tuple[Output, ...]]
    ) -> None:
        graph = plain.graph
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
        self._tries, self._spent = 0, 0.0
        batch = next((each for each in self.unknowns if each.batch), None)
        if batch is not None and fixed is not None:
            self._values[batch] = fixed
        for unknown in self.unknowns:
            if batch is not None and unknown.dim in batch_dims:
                self._values[unknown] = self._values[batch]
                self.joined[unknown] = batch
        self._graphs: dict[tuple[int, ...], Graph] = {}
        self._fed: dict[int, tuple[Fed, ...]] = {}
        self._reach: dict[Unknown, frozenset[int]] = {}
        self._now = self._graph(self._values)  # once: there is a dim to look up for each unknown
        self._flow = Flow(self._now, spec.settings, ask, trace=True, beside=plain)

    # One node.

    def step(self, node: Node, fed: tuple[Fed, ...], plain: Flow) -> Facts | Refusal | Loose | None:
        """What tracing a call with a size for every unknown axis shows.

        Facts: it is sound. A refusal: it stands with unknown axes too. None: there is no answer in time.
        `plain` is the walk's own pass, with unknown axes; where what flows in is not known here, its
        answer counts.
        """
        self._fed[node.index] = fed
        self._reach.clear()
        answer = _asked(self._flow, self._now.nodes[node.index], fed, self._values)
        if isinstance(answer, Facts):
            return answer
        if answer is not None and answer.stage == "given up":
            return None
        question = plain.questions[node.index]
        again = self._ask(
            Question(question.call, question.shared, question.earlier, question.world, trace=True)
        )
        if isinstance(again, Refusal):
            return None if again.stage == "given up" else again
        return again if answer is None else Loose(answer)

    # Other sizes, for `remedies` and `lengths` to try.

    def size(self, unknown: Unknown) -> int:
        """The size that an unknown has now."""
        return self._values[unknown]

    def same(self, unknown: Unknown) -> tuple[Unknown, ...]:
        """An unknown and those that are taken to be equal to it."""
        return (unknown, *(each for each, one in self.joined.items() if one == unknown))

    def sized(self, unknown: Unknown, size: int) -> dict[Unknown, int]:
        """The sizes with another one for an unknown, and for those that must be equal to it."""
        return {**self._values, **dict.fromkeys(self.same(unknown), size)}

    def equal(self, groups: tuple[tuple[Unknown, ...], ...]) -> dict[Unknown, int]:
        """The sizes with one for each group: that of the batch, or of the group's first."""
        values = dict(self._values)
        for group in groups:
            for unknown in group:
                values.update(dict.fromkeys(self.same(unknown), self._values[_first(group)]))
        return values

    def join(self, group: tuple[Unknown, ...]) -> None:
        """Takes unknowns, and all that are joined to them, as one from here on."""
        first = _first(group)
        for each in [same for unknown in group for same in self.same(unknown)]:
            if each != first:
                self.joined[each] = first
        self._reach.clear()

    def given(self, index: int) -> tuple[Given, ...]:
        """What flows into a node, with the sizes of now."""
        return self._flow.given(self._fed[index]) or ()

    def fed(self, index: int) -> tuple[Fed, ...]:
        """Which tensors go into a node."""
        return self._fed[index]

    def known(self) -> tuple[int, ...]:
        """The nodes that were gone through."""
        return tuple(self._fed)

    def now(self) -> tuple[Flow, Graph]:
        """The pass with the sizes of now, and the graph with them."""
        return self._flow, self._now

    @property
    def tired(self) -> bool:
        """Whether trying other sizes has taken long enough."""
        return self._tries > _ENOUGH or self._spent > _LONG

    def go_on(self, values: dict[Unknown, int], changed: tuple[Unknown, ...]) -> None:
        """Takes other sizes from here on."""
        self._flow, _ = self.again(tuple(self._fed), values, changed, trace=True)
        self._values, self._now = values, self._graph(values)

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
        kept = (index for index in nodes if index not in reached and index in self._flow.outputs)
        flow.take(self._flow, kept)
        refused: dict[int, str] = {}
        for index in nodes:
            if index in reached and index in self._fed and not self.tired:
                self._tries += 1
                answer = _asked(flow, graph.nodes[index], self._fed[index], values)
                if isinstance(answer, Refusal) and answer.stage != "given up":
                    refused[index] = self.readable(answer.message, values)
        self._spent += time.monotonic() - start
        return flow, refused

    def _reached(self, unknown: Unknown) -> frozenset[int]:
        """The nodes that may see another size of an unknown, and all calls of the layers they share."""
        if unknown not in self._reach:
            groups: dict[int, set[int]] = {}
            for node in self._plain.nodes:
                if node.group is not None:
                    groups.setdefault(node.group, set()).add(node.index)
            same = set(self.same(unknown))
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
            self._reach[unknown] = frozenset(reached)
        return self._reach[unknown]

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

    def readable(self, message: str, values: dict[Unknown, int] | None = None) -> str:
        """Keras's message with the names of unknown axes in place of the sizes they were given."""
        for unknown, size in (values or self._values).items():
            if unknown.batch:
                message = re.sub(rf"(?<=[(\[]){size}\b", "batch", message)
            elif unknown.dim is not None and size > _SMALL:
                message = re.sub(rf"\b{size}\b", unknown.dim, message)
        return message


def _first(group: tuple[Unknown, ...]) -> Unknown:
    """The one of several equal unknowns that has their size: the batch, or the first."""
    return next((each for each in group if each.batch), group[0])


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
