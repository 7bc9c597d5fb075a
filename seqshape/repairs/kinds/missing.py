"""An argument that the layer lacks, with a value that Keras takes there."""

import json
from collections.abc import Iterator
from dataclasses import replace

from seqshape.graph import owner_of
from seqshape.repairs import costs
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.naming import setting
from seqshape.repairs.what_if import Overlay
from seqshape.revisions import DropValue
from seqshape.shape_faults import Refused


def offer(case: Case) -> Iterator[Candidate]:
    """What asking has shown to be missing."""
    if not isinstance(case.fault, Refused):
        return
    owner = owner_of(case.node, case.graph)
    for needed in case.fault.needed:
        layer = case.what_if.layer(owner)
        found = setting(case, owner, layer, (needed.argument,), json.loads(needed.value), costs.GUESSED)
        if needed.replaced:
            kept = {key: value for key, value in layer.items() if key != needed.replaced}
            place = owner.entry.place
            found = replace(
                found,
                revisions=(DropValue(place, (needed.replaced,)), *found.revisions),
                overlay=Overlay(layers={place: {**kept, needed.argument: json.loads(needed.value)}}),
            )
        yield found
