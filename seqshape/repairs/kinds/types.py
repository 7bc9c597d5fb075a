"""Another type for an entry: the same layer for another number of axes, or another way to merge."""

import re
from collections.abc import Iterator

from seqshape.repairs import costs
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.what_if import Layer, Overlay
from seqshape.revisions import DropValue, Revision, SetValue
from seqshape.spec import Entry
from seqshape.tree import Json

_FAR = 6
_AXES = re.compile(r"[123]D\b")
_MERGES = ("Concatenate", "Add")
"""What branches are merged with most."""


def offer(case: Case) -> Iterator[Candidate]:
    """Other types for the failing entry and those before it."""
    for node, distance, layer in case.layers(_FAR):
        type_ = str(layer["type"])
        several = sum(len(feed.links) for feed in node.feeds) > 1
        cost = costs.STEP * distance
        for ending in ("1D", "2D", "3D"):
            sibling = _AXES.sub(ending, type_)
            if sibling != type_ and case.catalogue.find(sibling, None) is not None:
                yield _candidate(case, node.title, node.entry, layer, sibling, costs.SIBLING + cost)
        if type_ in _MERGES and several:
            for other in _MERGES:
                if other != type_:
                    yield _candidate(case, node.title, node.entry, layer, other, costs.MERGE + cost)


def _candidate(case: Case, title: str, entry: Entry, layer: Layer, type_: str, cost: float) -> Candidate:
    found = case.catalogue.find(type_, None)
    kept: dict[str, Json] = {"type": type_}
    revisions: list[Revision] = [SetValue(entry.place, ("type",), type_)]
    for name, value in layer.items():
        if name == "type":
            continue
        if found is None or not found.constructor.takes(name):
            revisions.append(DropValue(entry.place, (name,)))
            continue
        kept[name] = value
        if isinstance(value, list) and len(set(map(str, value))) == 1:
            kept[name] = value[0]
            revisions.append(SetValue(entry.place, (name,), value[0]))
    place = entry.type.place if entry.type is not None else entry.place
    return Candidate(
        title=f"make `{title}` {_article(type_)} {type_}",
        cost=cost,
        revisions=tuple(revisions),
        overlay=Overlay(layers={entry.place: kept}),
        layer=title,
        argument="type",
        place=place,
        subject=(entry.place, "type"),
    )


def _article(word: str) -> str:
    return "an" if word[:1] in "AEIOU" else "a"
