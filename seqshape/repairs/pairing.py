"""Several changes as one: the same in all entries or inner layers that are alike, or two different ones."""

from dataclasses import replace

from seqshape.engine.question import Facts
from seqshape.graph import Node, owner_of
from seqshape.repairs import costs
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.kinds.insertions import Between, inserted
from seqshape.repairs.naming import setting
from seqshape.repairs.references import plain
from seqshape.repairs.values import at, inner_layers, with_value, without
from seqshape.repairs.what_if import Layer, Outcome, Overlay
from seqshape.revisions import DropValue, SetValue
from seqshape.tree import Json

_MOST_ALIKE = 6
_STEPS = "return_sequences"


def all_alike(case: Case, candidate: Candidate) -> Candidate | None:
    """The same change in all entries before the failure that are alike; None where there is but one."""
    if not candidate.path:
        return None
    layers = list(case.layers(100))
    own = next((layer for node, _, layer in layers if node.title == candidate.layer), None)
    if own is None:
        return None
    titles = [candidate.title]
    overlay, revisions = candidate.overlay, candidate.revisions
    for node, _, layer in layers:
        if node.title == candidate.layer or layer["type"] != own["type"] or len(titles) > _MOST_ALIKE:
            continue
        if at(layer, candidate.path) == at(own, candidate.path):
            more = _same_change(case, candidate, node, layer)
            overlay, revisions = overlay | more.overlay, (*revisions, *more.revisions)
            titles.append(node.title)
    if len(titles) == 1:
        return None
    named = ", ".join(f"`{title}`" for title in (candidate.layer, *titles[1:]))
    head = candidate.title.removesuffix(f"`{candidate.layer}`")
    return replace(
        candidate,
        title=f"{head}{named}",
        cost=candidate.cost + costs.EACH_MORE * (len(titles) - 1),
        overlay=overlay,
        revisions=revisions,
    )


def inside_alike(case: Case, candidate: Candidate) -> Candidate | None:
    """The same change in all layers of a type that one entry holds; None where there is but one."""
    *way, name = candidate.path or ("",)
    own = candidate.overlay.layers.get(candidate.subject[0]) if way else None  # type: ignore[call-overload]
    if own is None or len(candidate.revisions) != 1 or not isinstance(candidate.revisions[0], SetValue):
        return None
    node = next(node for node, _, _ in case.layers(case.goal.node) if node.title == candidate.layer)
    before = at(case.what_if.layer(node), tuple(way))
    if not isinstance(before, dict):
        return None
    overlay, revisions = own, list(candidate.revisions)
    for other, inner in inner_layers(own):
        if other and inner["type"] == before["type"] and inner.get(str(name)) == before.get(str(name)):
            overlay = with_value(overlay, (*other, name), candidate.value)
            revisions.append(SetValue(node.entry.place, (*other, name), candidate.value))
    if len(revisions) == 1:
        return None
    return replace(
        candidate,
        title=f"{candidate.title}, in all {len(revisions)} layers that it holds",
        cost=candidate.cost + costs.EACH_MORE * (len(revisions) - 1),
        overlay=Overlay(layers={node.entry.place: overlay}),
        revisions=tuple(revisions),
    )


def with_axes_of_its_own(case: Case, candidate: Candidate, outcome: Outcome) -> Candidate | None:
    """A change with a Reshape for the one input that would be stretched along more axes after it.

    Whoever multiplies a map by a vector for each channel says so; None where nothing would be stretched.
    """
    node, given = case.node, outcome.given or ()
    if candidate.overlay.plans or len(given) != 1 or not given[0].listed or not plain(node):
        return None
    shapes = [tensor.shape for tensor in given[0].tensors]
    most = max(map(len, shapes), default=0)
    short = [number for number, shape in enumerate(shapes) if len(shape) < most]
    if len(shapes) < 2 or len(short) != 1 or most < 3 or not isinstance(outcome.answer, Facts):
        return None
    sizes = shapes[short[0]][1:]
    before = case.what_if.given(node) or ()
    were = [tensor.shape for each in before for tensor in each.tensors]
    if any(shape != old for shape, old in zip(shapes, were, strict=False) if len(shape) == most):
        return None  # the map is what it is: it is the vector that must be as wide
    if _could_keep_steps(case, node.feeds[0].links[short[0]].source):
        return None
    if None in sizes or any(len(output.tensor.shape) != most for output in outcome.answer.outputs):
        return None
    target: list[Json] = [*[1] * (most - 1 - len(sizes)), *sizes]
    between = Between({"type": "Reshape", "target_shape": target}, costs.EACH_MORE)
    return together(candidate, inserted(case, node, 0, short[0], between))


def _could_keep_steps(case: Case, index: int) -> bool:
    """Whether a layer gave its last step alone on the one way to a node."""
    while index >= 0:
        node = case.graph.nodes[index]
        for _, layer in inner_layers(case.what_if.layer(owner_of(node, case.graph))):
            found = case.catalogue.find(str(layer["type"]), None)
            if found is not None and found.constructor.flag(_STEPS) and not layer.get(_STEPS):
                return True
        sources = [link.source for feed in node.feeds for link in feed.links]
        index = sources[0] if len(sources) == 1 else -1
    return False


def _same_change(case: Case, candidate: Candidate, node: Node, layer: Layer) -> Candidate:
    """What a candidate does to its entry, done to another one."""
    if not isinstance(candidate.revisions[0], DropValue):
        return setting(case, node, layer, candidate.path, candidate.value, 0)
    place, path = node.entry.place, candidate.path
    return replace(
        candidate,
        revisions=(DropValue(place, path),),
        overlay=Overlay(layers={place: without(layer, path)}),
    )


def together(one: Candidate, other: Candidate) -> Candidate | None:
    """Two changes at once; None where one would undo the other."""
    overlay = one.overlay | other.overlay
    if one.subject[0] == other.subject[0]:
        apart = one.path[: len(other.path)] != other.path[: len(one.path)]
        changes = (*one.revisions, *other.revisions)
        if not apart or not all(isinstance(each, SetValue) for each in changes) or len(changes) != 2:
            return None
        (place,) = one.overlay.layers
        overlay = Overlay(layers={place: with_value(one.overlay.layers[place], other.path, other.value)})
    return replace(
        one,
        title=f"{one.title}; {other.title}",
        cost=one.cost + other.cost,
        revisions=(*one.revisions, *other.revisions),
        overlay=overlay,
        subject=(*one.subject, *other.subject),
    )
