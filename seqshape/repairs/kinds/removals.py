"""An entry less: what reads it reads what it read."""

from collections.abc import Iterator

from seqshape.graph import Node
from seqshape.repairs import costs
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.references import base_of, path_of, plain
from seqshape.repairs.what_if import Overlay
from seqshape.revisions import Remove, Revision, SetValue
from seqshape.spec import Expectation

_FAR = 8
_OF_SIZE = 0.4
"""More where nothing but an unknown size is wrong."""


def offer(case: Case) -> Iterator[Candidate]:
    """Every entry before the failure that reads one tensor, and is called once."""
    for node, distance in case.near(_FAR):
        entry = node.entry
        single = len(node.feeds) == 1 and len(node.feeds[0].links) == 1 and plain(node)
        if not single or node.group is not None or entry.reuse is not None or entry.expect != Expectation():
            continue
        readers = _rewired(case, node)
        if readers is None:
            continue
        cost = costs.REMOVE_WEIGHTS if case.weighty(node) else costs.REMOVE
        if case.lacks_sizes:
            cost += _OF_SIZE  # the axes that it brings together are as unknown without it
        yield Candidate(
            title=f"remove `{node.title}`",
            cost=cost + costs.STEP * distance,
            revisions=(Remove(entry.place), *readers),
            overlay=Overlay(passed=frozenset((entry.place,))),
            layer=node.title,
            argument="type",
            place=entry.place,
            subject=(entry.place, "remove"),
        )


def _rewired(case: Case, node: Node) -> tuple[Revision, ...] | None:
    """What readers by name read in its place; None where one of them cannot be told so in its own words."""
    link = node.feeds[0].links[0]
    after = link.word.text
    found: dict[tuple[object, ...], Revision] = {}
    for reader in case.graph.nodes:
        for number, feed in enumerate(reader.feeds):
            for position, each in enumerate(feed.links):
                if each.source != node.index:
                    continue
                if reader.block != node.block or base_of(each) != node.name:
                    return None
                implicit = reader.entry.inputs is None
                if implicit and node.entry.inputs is None:
                    continue  # it reads the entry before it, whichever that is
                path = path_of(reader, number, position)
                found[reader.entry.place, path] = SetValue(reader.entry.place, path, after)
    if any(other.word.text == node.name for other in case.graph.outputs):
        return None
    return tuple(found.values())
