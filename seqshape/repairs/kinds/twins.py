"""The Inputs of a shared layer's calls alike: as it was built for one of them, so the other one comes."""

from collections.abc import Iterator
from dataclasses import replace

from seqshape.graph import Node, owner_of
from seqshape.repairs import costs
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.naming import setting
from seqshape.shape_faults import Refused
from seqshape.tree import Json

_OF_DATA = 0.4
"""More for the sizes of data, which mostly are as they are."""
_EARLIER = 0.1
"""More for those of the call for which the layer was built."""


def offer(case: Case) -> Iterator[Candidate]:
    """Each Input of the call that fails with the shape of one of the first call, and the reverse."""
    fault = case.fault
    if not isinstance(fault, Refused) or not fault.earlier:
        return
    own = _inputs(case, case.node)
    first = _inputs(case, owner_of(case.node, case.graph))
    distances = dict(case.before)
    for ours, theirs, more in ((own, first, 0.0), (first, own, _EARLIER)):
        for node in (each for each in ours if each not in theirs):
            for other in (each for each in theirs if each not in ours):
                cost = costs.NUMBER + _OF_DATA + more + costs.STEP * distances.get(node.index, 0)
                yield from _as(case, node, other, cost)


def _inputs(case: Case, node: Node) -> list[Node]:
    """The Inputs that a call alone hangs on, not its layer's earlier calls."""
    found: dict[int, None] = {}
    todo = [node.index]
    for index in todo:
        sources = [link.source for feed in case.graph.nodes[index].feeds for link in feed.links]
        fresh = [each for each in dict.fromkeys(sources) if each >= 0 and each not in found]
        found |= dict.fromkeys(fresh)
        todo += fresh
    return [case.graph.nodes[index] for index in found if not case.graph.nodes[index].feeds]


def _as(case: Case, node: Node, other: Node, cost: float) -> Iterator[Candidate]:
    """An Input with another one's shape, where both say as many sizes in the same words."""
    layer, like = case.what_if.layer(node), case.what_if.layer(other)
    for name in ("shape", "batch_shape"):
        now, then = layer.get(name), like.get(name)
        if isinstance(now, list) and isinstance(then, list) and now != then and len(now) == len(then):
            shape: list[Json] = list(then)
            yield replace(setting(case, node, layer, (name,), shape, cost), path=())
