"""An argument less: the layer takes Keras's usual value in its place."""

from collections.abc import Iterator

from seqshape.repairs import costs
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.naming import place_of, text
from seqshape.repairs.values import inner_layers, without
from seqshape.repairs.what_if import Overlay
from seqshape.revisions import DropValue

_FAR = 8


def offer(case: Case) -> Iterator[Candidate]:
    """Every argument that need not be given, of the layers before the failure."""
    for node, distance, layer in case.layers(_FAR):
        for way, inner in inner_layers(layer):
            found = case.catalogue.find(str(inner["type"]), None)
            needed = set(found.constructor.required()) if found is not None else set(inner)
            for name in inner:
                if name == "type" or name in needed:
                    continue
                path = (*way, name)
                place = node.entry.place
                yield Candidate(
                    title=f"leave `{text(inner[name], name)}` out of `{node.title}`",
                    cost=costs.DROPPED + costs.STEP * distance,
                    revisions=(DropValue(place, path),),
                    overlay=Overlay(layers={place: without(layer, path)}),
                    layer=node.title,
                    argument=name,
                    place=place_of(node.entry, path),
                    subject=(place, path),
                    path=path,
                    value=case.usual(str(inner["type"]), name),
                )
