"""An entry without weights in the place of another one: the pooling that the other branches have.

What stands at the same place elsewhere in the spec, behind a layer of the same type, is what was likely
meant here; where the entry itself is refused, or leaves a size unknown that must be known, also what else
could follow there.
"""

import json
from collections.abc import Iterator

from seqshape.graph import Node
from seqshape.repairs import costs
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.kinds.insertions import layers_between
from seqshape.repairs.naming import with_arguments
from seqshape.repairs.references import plain
from seqshape.repairs.what_if import Layer, Overlay
from seqshape.revisions import DropValue, Revision, SetValue

_FAR = 3


def offer(case: Case) -> Iterator[Candidate]:
    """Other layers for the entries before the failure that read one tensor and have no weights."""
    behind = _behind(case)
    for node, distance in case.near(_FAR):
        if not _replaceable(case, node):
            continue
        own = json.dumps(case.what_if.layer(node))
        cost = costs.STEP * distance
        found: dict[str, float] = dict.fromkeys(behind.get(_before(case, node), ()), costs.AS_ELSEWHERE)
        own_fault = distance == 0 or (distance == 1 and case.lacks_sizes)
        if own_fault and len(case.what_if.layer(node)) == 1:
            for layer, price in _other(case, node):
                found.setdefault(json.dumps(layer), price)
        for text, price in found.items():
            if text != own:
                yield _candidate(node, json.loads(text), price + cost)


def _replaceable(case: Case, node: Node) -> bool:
    entry = node.entry
    single = len(node.feeds) == 1 and len(node.feeds[0].links) == 1 and plain(node)
    made_here = entry.reuse is None and node.group is None and entry.type is not None
    failed = not case.what_if.outputs_of(node.index)
    plain_type = not failed or len(case.what_if.layer(node)) == 1  # what was not built may have weights
    return single and made_here and plain_type and not case.weighty(node)


def _behind(case: Case) -> dict[str, dict[str, None]]:
    """The layers without weights that each type of layer is followed by, as JSON."""
    found: dict[str, dict[str, None]] = {}
    for node in case.graph.nodes:
        if _replaceable(case, node) and case.what_if.outputs_of(node.index):
            found.setdefault(_before(case, node), {})[json.dumps(case.what_if.layer(node))] = None
    return found


def _before(case: Case, node: Node) -> str:
    """The type of what a node reads, empty for what flows into a block."""
    source = node.feeds[0].links[0].source
    return str(case.what_if.layer(case.graph.nodes[source])["type"]) if source >= 0 else ""


def _other(case: Case, node: Node) -> Iterator[tuple[Layer, float]]:
    """Layers that need no arguments, for what a refused one is given."""
    for given in case.inputs(node):
        for tensor in given.tensors:
            shape = tuple(size for size in tensor.shape[1:] if size is not None)
            if len(shape) == len(tensor.shape) - 1:
                for between in layers_between(shape, [], []):
                    if len(between.layer) == 1:
                        yield between.layer, between.cost + costs.IN_PLACE


def _candidate(node: Node, layer: Layer, cost: float) -> Candidate:
    entry = node.entry
    assert entry.type is not None
    revisions: list[Revision] = [SetValue(entry.place, (name,), value) for name, value in layer.items()]
    revisions += (
        DropValue(entry.place, (argument.name.text,))
        for argument in entry.arguments
        if argument.name.text not in layer
    )
    return Candidate(
        title=f"make `{node.title}` {with_arguments(layer)}",
        cost=cost,
        revisions=tuple(revisions),
        overlay=Overlay(layers={entry.place: layer}),
        layer=node.title,
        argument="type",
        place=entry.type.place,
        subject=(
            entry.place,
            "type",
            "pooling" if str(layer["type"]).startswith("Global") else layer["type"],
        ),
    )
