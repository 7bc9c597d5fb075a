"""Where the sizes of inputs were made, and where axes were lost: by changing a little and asking again.

Goes up the graph from an input that does not fit. At each call one number is changed, in an argument or
in what flows in, and Keras is asked which axes move. Nothing is known here about any layer.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from seqshape.changes import Change, flags_turned, numbers_changed
from seqshape.engine.catalogue import Catalogue
from seqshape.engine.question import Facts, Given
from seqshape.engine.tensors import Output, Tensor
from seqshape.faults import Fault
from seqshape.flow import Flow
from seqshape.graph import Graph, Node, owner_of
from seqshape.refusing import written
from seqshape.report import Row
from seqshape.shape_faults import Met, Origin, Refused, WrongStates

_MOST_STEPS = 100
"""Calls that are gone up from one input."""
_LENGTH = 960
"""What stands for an unknown size: a multiple of much."""
_ENOUGH = 20.0
"""Seconds after which no further origin is looked for in a spec."""
_MOST_FAULTS = 40
_MOST_INPUTS = 8
_MOST_AXES = 8
_MOST_PLACES = 16
_MOST_CHANGES = 60
"""Numbers in one entry that are changed to see what moves."""


def explained(
    faults: tuple[Fault, ...], graph: Graph, rows: tuple[Row, ...], flow: Flow, catalogue: Catalogue
) -> tuple[Fault, ...]:
    """The faults, with the origins of what met in them."""
    origins = Origins(graph, rows, flow, catalogue)
    asked = 0
    found: list[Fault] = []
    for fault in faults:
        if isinstance(fault, Refused) and fault.called and asked < _MOST_FAULTS:
            asked += 1
            fault = replace(fault, inputs=origins.of_inputs(fault.inputs, fault.ranks[0]))
        elif isinstance(fault, WrongStates) and asked < _MOST_FAULTS:
            asked += 1
            fault = replace(fault, given=origins.of_inputs(fault.given, None))
        found.append(fault)
    return tuple(found)


class Origins:
    """Where axes come from, in one spec; what was found once is remembered."""

    def __init__(self, graph: Graph, rows: tuple[Row, ...], flow: Flow, catalogue: Catalogue) -> None:
        self._graph = graph
        self._rows = rows
        self._flow = flow
        self._catalogue = catalogue
        self._known: dict[tuple[int, int, int], Origin | None] = {}
        self._end = time.monotonic() + _ENOUGH

    def of_inputs(self, inputs: tuple[Met, ...], least: int | None) -> tuple[Met, ...]:
        """The inputs with the origins of the axes that may be at fault, and of axes that are missing."""
        ranks = [len(met.shape) for met in inputs]
        if not inputs:
            return inputs
        wanted = max(*ranks, least or 0, 3 if len(inputs) == 1 else 0)
        return tuple(
            replace(
                met,
                origins=tuple(
                    self.origin(*met.source, number)
                    if number < _MOST_AXES and _may_differ(inputs, number)
                    else None
                    for number in range(len(met.shape))
                ),
                lost=self._lost(*met.source) if len(met.shape) < wanted else None,
            )
            if position < _MOST_INPUTS and met.source[0] >= 0
            else met
            for position, met in enumerate(inputs)
        )

    def origin(self, source: int, output: int, axis: int) -> Origin | None:
        """Where the size of an axis was made."""
        key = (source, output, axis)
        if key not in self._known:
            self._known[key] = self._found(source, output, axis)
        return self._known[key]

    def _found(self, source: int, output: int, axis: int) -> Origin | None:
        for _ in range(_MOST_STEPS):
            if time.monotonic() > self._end:
                return None
            row, node = self._rows[source], self._graph.nodes[source]
            size = row.outputs[output].tensor.shape[axis]
            if not row.fed or self._flow.given(row.fed) is None:
                return self._of_input(node, row, axis)
            change, upstream = self.near(source, output, axis)
            if change is not None:
                return Origin(row.title, row.type, change.place, change.text, size)
            if upstream is None:
                return Origin(row.title, row.type, row.place, "", size)
            source, output, axis = upstream
        return None

    def near(
        self, source: int, output: int, axis: int
    ) -> tuple[Change | None, tuple[int, int, int] | None]:
        """What makes an axis in the call itself: an argument, or else an axis of what goes in.

        That is the row, the output and the axis that it comes from.
        """
        row, node = self._rows[source], self._graph.nodes[source]
        size = row.outputs[output].tensor.shape[axis]
        flowing = self._flow.given(row.fed)
        if not row.fed or flowing is None:
            return None, None
        given = _known(flowing)

        def look(outputs: tuple[Output, ...]) -> int | None:
            shape = outputs[output].tensor.shape if output < len(outputs) else ()
            return shape[axis] if axis < len(shape) else None

        answer = self._flow.alone(node, given)
        now = look(answer.outputs) if isinstance(answer, Facts) else size
        change = self._moving(node, given, look, now)
        return change, None if change is not None else self._upstream(node, row, given, look, now, axis)

    def _of_input(self, node: Node, row: Row, axis: int | None) -> Origin:
        """The size in an Input's own shape."""
        size = None if axis is None else row.outputs[0].tensor.shape[axis]
        for argument in node.entry.arguments:
            if argument.name.text in ("shape", "batch_shape"):
                place = argument.name.place.to(argument.value.place)
                text = f"{argument.name.text}: {written(argument.value)}"
                return Origin(row.title, row.type, place, text, size)
        return Origin(row.title, row.type, row.place, "", size)

    def _moving(
        self,
        node: Node,
        given: tuple[Given, ...],
        look: Callable[[tuple[Output, ...]], int | None],
        size: int | None,
    ) -> Change | None:
        """The first argument whose change moves what `look` sees."""
        arguments = owner_of(node, self._graph).entry.arguments
        for number, change in enumerate(numbers_changed(arguments, self._flow.arguments(node))):
            if number >= _MOST_CHANGES:
                break
            for tensors in (given, _unknown(given)):
                answer = self._flow.alone(node, tensors, change.arguments)
                if isinstance(answer, Facts):
                    if look(answer.outputs) not in (size, None):
                        return change
                    break
        return None

    def _upstream(
        self,
        node: Node,
        row: Row,
        given: tuple[Given, ...],
        look: Callable[[tuple[Output, ...]], int | None],
        size: int | None,
        axis: int,
    ) -> tuple[int, int, int] | None:
        """The axis of an input that this axis is, with the row and the output that it comes from."""
        places = [
            (feed, number, index)
            for feed, each in enumerate(given)
            for number, tensor in enumerate(each.tensors)
            for index, found in enumerate(tensor.shape)
            if found == size and index > 0
        ]
        places = sorted(places, key=lambda place: place[2] != axis)[:_MOST_PLACES]
        together = {place[2]: [other for other in places if other[2] == place[2]] for place in places}
        tries = [*((place, [place]) for place in places)]
        tries += [(moved[0], moved) for moved in (*together.values(), places) if len(moved) > 1]
        for place, moved in tries:
            if time.monotonic() > self._end:
                return None
            if self._follows(node, given, look, moved, size):
                read = row.fed[place[0]].tensors[place[1]]
                return read.source, read.output, place[2]
        return None

    def _follows(
        self,
        node: Node,
        given: tuple[Given, ...],
        look: Callable[[tuple[Output, ...]], int | None],
        moved: list[tuple[int, int, int]],
        size: int | None,
    ) -> bool:
        """Whether what `look` sees becomes the size that the axes at these places are given."""
        for new in ((size or 6) + 1, (size or 3) * 2):
            answer = self._flow.alone(node, resized(given, moved, new))
            if isinstance(answer, Facts):
                return look(answer.outputs) == new
        return False

    def _lost(self, source: int, output: int) -> Origin | None:
        """The call that gave fewer axes than it was given, and the setting that would keep them."""
        for _ in range(_MOST_STEPS):
            row, node = self._rows[source], self._graph.nodes[source]
            rank = len(row.outputs[output].tensor.shape)
            if not row.fed:
                return self._of_input(node, row, None)
            reads = [read for fed in row.fed for read in fed.tensors]
            widest = max(
                reads, key=lambda read: len(self._rows[read.source].outputs[read.output].tensor.shape)
            )
            before = len(self._rows[widest.source].outputs[widest.output].tensor.shape)
            if before > rank:
                change = self._keeping(node, row, output, rank)
                if change is not None:
                    return Origin(
                        row.title,
                        row.type,
                        change.place,
                        change.text,
                        None,
                        lost=True,
                        inside=change.inside,
                    )
                return Origin(row.title, row.type, row.place, "", None, lost=True)
            if before < rank:
                return None
            source, output = widest.source, widest.output
        return None

    def _keeping(self, node: Node, row: Row, output: int, rank: int) -> Change | None:
        """The setting that is true or false and, turned round, would keep the axes."""
        given = self._flow.given(row.fed)
        owner = owner_of(node, self._graph)
        if given is None or owner.entry.type is None:
            return None
        changes = flags_turned(
            owner.entry.type, owner.entry.arguments, self._flow.arguments(node), self._catalogue, row.place
        )
        for change in changes:
            answer = self._flow.alone(node, given, change.arguments)
            if not isinstance(answer, Facts) or output >= len(answer.outputs):
                continue
            if len(answer.outputs[output].tensor.shape) > rank:
                return change
        return None


def _may_differ(inputs: tuple[Met, ...], number: int) -> bool:
    """Whether an axis may be what does not fit: of a single input any, else where the sizes differ."""
    if number == 0:
        return False
    if len(inputs) == 1:
        return True
    shapes = [met.shape for met in inputs]
    ends = {shape[-1] for shape in shapes if shape}
    sizes = {shape[number] for shape in shapes if number < len(shape)}
    return len(sizes) > 1 or (len(ends) > 1 and any(number == len(shape) - 1 for shape in shapes))


def _known(given: tuple[Given, ...]) -> tuple[Given, ...]:
    """The same tensors with a size for every unknown axis but the batch."""

    def known(shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return tuple(_LENGTH if size is None and number else size for number, size in enumerate(shape))

    return tuple(
        replace(
            each,
            tensors=tuple(
                replace(
                    tensor,
                    shape=known(tensor.shape),
                    mask=None if tensor.mask is None else known(tensor.mask),
                )
                for tensor in each.tensors
            ),
        )
        for each in given
    )


def _unknown(given: tuple[Given, ...]) -> tuple[Given, ...]:
    """The same tensors with no size known."""
    return tuple(
        Given(
            each.parameter,
            tuple(replace(tensor, shape=(None,) * len(tensor.shape), mask=None) for tensor in each.tensors),
            each.listed,
        )
        for each in given
    )


def resized(given: tuple[Given, ...], places: list[tuple[int, int, int]], size: int) -> tuple[Given, ...]:
    """The tensors with another size at some places: parameter, tensor, axis."""

    def tensors(feed: int, each: Given) -> Iterator[Tensor]:
        for number, tensor in enumerate(each.tensors):
            axes = {index for at, which, index in places if (at, which) == (feed, number)}
            shape = tuple(size if index in axes else found for index, found in enumerate(tensor.shape))
            mask = tensor.mask
            if mask is not None:
                mask = tuple(size if index in axes else found for index, found in enumerate(mask))
            yield replace(tensor, shape=shape, mask=mask)

    return tuple(replace(each, tensors=tuple(tensors(feed, each))) for feed, each in enumerate(given))
