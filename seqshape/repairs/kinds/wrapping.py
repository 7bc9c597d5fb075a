"""A layer that is applied to each step of a sequence, TimeDistributed round it; or one that need not be."""

from collections.abc import Iterator

from seqshape.graph import Node
from seqshape.repairs import costs
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.values import inner_layers
from seqshape.repairs.what_if import Layer, Overlay
from seqshape.revisions import DropValue, Revision, SetValue, Wrap
from seqshape.wording import listed

_WRAPPER, _ARGUMENT = "TimeDistributed", "layer"
_FAR = 4
_USED = 0.5
"""Less where the spec has the wrapper elsewhere."""
_EACH_MORE = 0.1
"""More for each further layer that must be wrapped with the first one."""
_MOST = 12
_BEYOND = 3
"""How many layers more are wrapped than take no data with an axis more."""
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
        if _recurrent(case, layer):
            cost += _RECURRENT
        price = costs.WRAP + cost - (_USED if used else 0)
        yield _wrapped([node], [layer], price)
        if distance == 0:
            yield from _stacks(case, node, layer, price)


def _recurrent(case: Case, layer: Layer) -> bool:
    """Whether a layer, or one in it, goes through the steps itself."""
    found = (case.catalogue.find(str(inner["type"]), None) for _, inner in inner_layers(layer))
    return any(each is not None and each.constructor.takes("return_sequences") for each in found)


def _stacks(case: Case, node: Node, layer: Layer, cost: float) -> Iterator[Candidate]:
    """The failing layer with those behind it, as far as they too are to be applied to each step.

    That is at least as far as they refuse what comes with an axis more.
    """
    tensors = [tensor for each in case.inputs(node) for tensor in each.tensors]
    nodes, layers, beyond = [node], [layer], 0
    while len(tensors) == 1 and len(nodes) < _MOST:
        made = case.what_if.alone({"type": _WRAPPER, _ARGUMENT: dict(layer)}, tensors[0])
        following = _following(case, node)
        if len(made) != 1 or following is None:
            return
        node, layer = following, case.what_if.layer(following)
        tensors = [made[0].tensor]
        if layer["type"] == _WRAPPER or _recurrent(case, layer):
            return
        beyond += bool(case.what_if.alone(layer, tensors[0]))
        if beyond > _BEYOND:
            return
        nodes, layers = [*nodes, node], [*layers, layer]
        yield _wrapped(nodes, layers, cost + _EACH_MORE * (len(nodes) - 1))


def _following(case: Case, node: Node) -> Node | None:
    """The one entry that reads a node and nothing else, with a layer of its own; None where none is so."""
    readers = [
        each
        for each in case.graph.nodes
        if any(link.source == node.index for feed in each.feeds for link in feed.links)
    ]
    if len(readers) != 1 or sum(len(feed.links) for feed in readers[0].feeds) != 1:
        return None
    entry = readers[0].entry
    own = entry.type is not None and entry.reuse is None and readers[0].group is None
    return readers[0] if own and entry.type is not None and not entry.type.text.startswith("ops.") else None


def _wrapped(nodes: list[Node], layers: list[Layer], cost: float) -> Candidate:
    places = [node.entry.place for node in nodes]
    named = listed((node.title for node in nodes), "and")
    return Candidate(
        title=f"wrap {named} in {_WRAPPER}, to apply {'it' if len(nodes) == 1 else 'them'} to each step",
        cost=cost,
        revisions=tuple(Wrap(place, _WRAPPER, _ARGUMENT) for place in places),
        overlay=Overlay(
            layers={
                place: {"type": _WRAPPER, _ARGUMENT: dict(layer)}
                for place, layer in zip(places, layers, strict=True)
            }
        ),
        layer=nodes[0].title,
        argument="type",
        place=places[0],
        subject=(places[0], "wrap"),
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
