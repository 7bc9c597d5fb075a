"""A program as the statements that a person would write: calls, nested models, loops over copies.

Copies become a loop where each of them does the same with what the one before gives; otherwise their
calls stand one after the other.
"""

from collections.abc import Iterator
from typing import TypeAlias

from seqshape.convert._program import Again, Call, Copies, Item, Nested, Program, Value, calls_of, reads
from seqshape.convert._python_text import numbered_name
from seqshape.frozen import frozen
from seqshape.spec import Block


@frozen
class Loop:
    """Equal copies of a block in a row.

    `calls` are those of the first copy. `flow` is what goes into the first copy, `outer` what every copy
    reads besides; `last` is what the first copy gives to the next, `result` what the last one gives.
    `endings` are the ends of the layers' names, behind the number of the copy; None where there is no name.
    """

    block: Block
    calls: tuple[Call, ...]
    number: int
    flow: Value
    outer: tuple[Value, ...]
    last: Value
    result: Value
    endings: tuple[str | None, ...]

    @property
    def is_numbered(self) -> bool:
        """Whether a name in it needs the number of the copy."""
        return any(ending is not None for ending in self.endings)


Statement: TypeAlias = Call | Nested | Again | Loop


def statements(
    items: tuple[Item, ...], program: Program, unnamed: frozenset[int], readers: dict[Value, list[int]]
) -> tuple[Statement, ...]:
    """The statements of one model."""
    return tuple(_statements(items, program, unnamed, readers))


def _statements(
    items: tuple[Item, ...], program: Program, unnamed: frozenset[int], readers: dict[Value, list[int]]
) -> Iterator[Statement]:
    for item in items:
        if not isinstance(item, Copies):
            yield item
        elif (loop := _loop(item, program, unnamed, readers)) is not None:
            yield loop
        else:
            for copy in item.copies:
                yield from _statements(copy, program, unnamed, readers)


def read_by(statement: Statement) -> tuple[Value, ...]:
    """What a statement reads."""
    match statement:
        case Call():
            return tuple(reads(statement.row))
        case Nested() | Again():
            return statement.inputs
        case Loop():
            return (statement.flow, *statement.outer)


def _flat(items: tuple[Item, ...]) -> list[Call] | None:
    """The calls of a copy; None where a model is nested in it."""
    found: list[Call] = []
    for item in items:
        if isinstance(item, Call):
            found.append(item)
        elif isinstance(item, Nested | Again):
            return None
        else:
            for copy in item.copies:
                inner = _flat(copy)
                if inner is None:
                    return None
                found.extend(inner)
    return found


def _loop(
    item: Copies, program: Program, unnamed: frozenset[int], readers: dict[Value, list[int]]
) -> Loop | None:
    flat = [_flat(copy) for copy in item.copies]
    copies = [copy for copy in flat if copy]
    if len(copies) < max(2, len(flat)) or any(call.node.group is not None for call in copies[0]):
        return None
    wiring = _wiring(copies)
    if wiring is None or _differ_inside(copies, program):
        return None
    flow, outer, last = wiring
    first, size = copies[0][0].node.index, len(copies[0])
    end = copies[-1][-1].node.index
    result = Value(end, last.output)
    for value, numbers in readers.items():
        inside = first <= value.node <= end
        if inside and value != result and any(number > end for number in numbers):
            return None  # one of the middle is read behind them
    endings: list[str | None] = []
    for place in range(size):
        nodes = [copy[place].node.index for copy in copies]
        if _is_unnamed(nodes, unnamed, copies[0][place]):
            endings.append(None)
        elif (ending := _ending(item, nodes, program, unnamed)) is not None:
            endings.append(ending)
        else:
            return None
    return Loop(item.block, tuple(copies[0]), len(copies), flow, outer, last, result, tuple(endings))


def _wiring(copies: list[list[Call]]) -> tuple[Value, tuple[Value, ...], Value] | None:
    """What flows into the first copy, what all read besides, and what the first gives to the next."""
    first = copies[0][0].node.index
    size = len(copies[0])
    flow: Value | None = None
    last: Value | None = None
    outer: dict[Value, None] = {}
    for number, copy in enumerate(copies[1:], 1):
        start = first + number * size
        for call, pattern in zip(copy, copies[0], strict=True):
            for value, own in zip(reads(call.row), reads(pattern.row), strict=True):
                if value.node >= start:
                    if own != Value(value.node - number * size, value.output):
                        return None
                elif value.node >= first:
                    before = Value(value.node - (number - 1) * size, value.output)
                    if flow not in (None, own) or last not in (None, before) or own.node >= first:
                        return None
                    flow, last = own, before
                elif value != own:
                    return None
                else:
                    outer[value] = None
    if flow is None or last is None or last.node != first + size - 1:
        return None
    return flow, tuple(value for value in outer if value != flow), last


def _differ_inside(copies: list[list[Call]], program: Program) -> bool:
    """Whether models inside the layers of some copies are built for other shapes than in the first."""
    if not any(call.node.entry.models for call in copies[0]):
        return False
    rows = {call.node.index: call.row for call in calls_of(program.items)}

    def given(call: Call) -> list[object]:
        return [
            rows[value.node].outputs[value.output].tensor if value.node in rows else value
            for value in reads(call.row)
        ]

    return any(
        call.node.entry.models and given(call) != given(pattern)
        for copy in copies
        for call, pattern in zip(copy, copies[0], strict=True)
    )


def _is_unnamed(nodes: list[int], unnamed: frozenset[int], call: Call) -> bool:
    """Whether one call's layers have no names in any copy."""
    is_function = call.node.entry.type is not None and call.node.entry.type.text.startswith("ops.")
    return is_function or all(node in unnamed for node in nodes)


def _ending(item: Copies, nodes: list[int], program: Program, unnamed: frozenset[int]) -> str | None:
    """The end of the names of one call's layers, as `_norm`; None where they are not so."""
    if any(node in unnamed for node in nodes):
        return None
    block = item.block.name.text
    ending = program.names[nodes[0]].removeprefix(f"{block}_0")
    same = all(program.names[node] == f"{block}_{number}{ending}" for number, node in enumerate(nodes))
    return ending if same else None


def last_node(statement: Statement) -> int:
    """The last node of a statement."""
    match statement:
        case Call():
            return statement.node.index
        case Nested() | Again():
            return statement.end - 1
        case Loop():
            return statement.result.node


def words_in_copies(item: Loop, place: int) -> str:
    """The name of a layer in each copy as an expression; empty where it needs none."""
    ending = item.endings[place]
    return "" if ending is None else numbered_name(item.block.name.text, ending)
