"""A layer that is applied to each step of a sequence, TimeDistributed round it; or one that need not be."""

from collections.abc import Iterator

from seqshape.graph import Node
from seqshape.repairs import costs
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.what_if import Layer, Overlay
from seqshape.revisions import DropValue, Revision, SetValue, Wrap
from seqshape.tree import Json

_WRAPPER, _ARGUMENT = "TimeDistributed", "layer"
_FAR = 4
_USED = 0.5
"""Less where the spec has the wrapper elsewhere."""
_RECURRENT = 1.0
"""More for a layer that goes through the steps itself."""


def offer(case: Case) -> Iterator[Candidate]:
    """The failing layer and those right before it, each wrapped, or bare where it is."""
    used = any(
        node.entry.type is not None and node.entry.type.text == _WRAPPER for node in case.graph.nodes
    )
    for node, distance, layer in case.layers(_FAR):
        if len(node.feeds) != 1 or len(node.feeds[0].links) != 1:
            continue
        cost = costs.STEP * distance
        inner = layer.get(_ARGUMENT)
        if layer["type"] == _WRAPPER:
            if isinstance(inner, dict) and isinstance(inner.get("type"), str):
                yield _bare(node, inner, costs.UNWRAP + cost)
            continue
        if str(layer["type"]).startswith("ops."):
            continue
        found = case.catalogue.find(str(layer["type"]), None)
        if found is not None and found.constructor.takes("return_sequences"):
            cost += _RECURRENT
        yield _wrapped(node, layer, costs.WRAP + cost - (_USED if used else 0))


def _wrapped(node: Node, layer: Layer, cost: float) -> Candidate:
    place = node.entry.place
    inner: dict[str, Json] = dict(layer)
    return Candidate(
        title=f"wrap `{node.title}` in {_WRAPPER}, to apply it to each step",
        cost=cost,
        revisions=(Wrap(place, _WRAPPER, _ARGUMENT),),
        overlay=Overlay(layers={place: {"type": _WRAPPER, _ARGUMENT: inner}}),
        layer=node.title,
        argument="type",
        place=place,
        subject=(place, "wrap"),
    )


def _bare(node: Node, inner: Layer, cost: float) -> Candidate:
    place = node.entry.place
    revisions: list[Revision] = [DropValue(place, (_ARGUMENT,))]
    revisions += (SetValue(place, (name,), value) for name, value in inner.items())
    return Candidate(
        title=f"take the {_WRAPPER} away from `{node.title}`",
        cost=cost,
        revisions=tuple(revisions),
        overlay=Overlay(layers={place: inner}),
        layer=node.title,
        argument="type",
        place=place,
        subject=(place, "wrap"),
    )
