"""Which calls the faults in a spec's words make wrong, and whether the others can be judged still."""

from bisect import bisect_left

from seqshape.faults import BadSize, Fault, LayerFault, LeftOut, SharedApart, WrongKind
from seqshape.graph import Graph


def wrong_nodes(graph: Graph, faults: list[Fault]) -> frozenset[int]:
    """The nodes that a fault names, in whose entries one stands, or whose references are wrong."""
    faults = [fault for fault in faults if not isinstance(fault, LeftOut | SharedApart)]
    names = {fault.layer for fault in faults if isinstance(fault, LayerFault)}
    places = sorted({(fault.place.line, fault.place.column) for fault in faults})
    wrong = set()
    for node in graph.nodes:
        if node.name in names or not node.sound:
            wrong.add(node.index)
        place = node.entry.place
        first = bisect_left(places, (place.line, place.column))
        if first < len(places) and places[first] < (place.end_line, place.end_column):
            wrong.add(node.index)
    return frozenset(wrong)


def walkable(graph: Graph, faults: list[Fault]) -> bool:
    """Whether the layers that no fault stands in are what the user means.

    They are not where the file itself, a dim or a setting for all layers is wrong.
    """
    names = {node.name for node in graph.nodes}
    starts = sorted({(node.entry.place.line, node.entry.place.column) for node in graph.nodes})
    ends = {
        (node.entry.place.line, node.entry.place.column): (
            node.entry.place.end_line,
            node.entry.place.end_column,
        )
        for node in graph.nodes
    }

    def inside(fault: Fault) -> bool:
        place = (fault.place.line, fault.place.column)
        before = bisect_left(starts, (*place, 0)) - 1
        return before >= 0 and place < ends[starts[before]]

    return all(
        (isinstance(fault, LayerFault) and fault.layer in names)
        or inside(fault)
        or (isinstance(fault, LayerFault) and not isinstance(fault, BadSize | WrongKind))
        for fault in faults
    )
