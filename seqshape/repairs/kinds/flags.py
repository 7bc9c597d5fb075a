"""A setting that is true or false, turned round: `return_sequences`, `keepdims`, `return_state`."""

from collections.abc import Iterator

from seqshape.repairs import costs
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.naming import setting
from seqshape.repairs.values import inner_layers
from seqshape.repairs.what_if import Layer
from seqshape.revisions import Path

_FAR = 40
_BASE = "Layer"
"""The type that all layers are derived from: what it takes says nothing of shapes."""


def offer(case: Case) -> Iterator[Candidate]:
    """Every such setting of the layers before the failure, also of the layers that they hold."""
    for node, distance, layer in case.layers(_FAR):
        for path, value in _flags(case, layer):
            cost = costs.FLAG + costs.STEP * distance
            yield setting(case, node, layer, path, value, cost)


def _flags(case: Case, layer: Layer) -> Iterator[tuple[Path, bool]]:
    """The settings of a type with the other value, but for what all layers take and this is not given."""
    for way, inner in inner_layers(layer):
        found = case.catalogue.find(str(inner["type"]), None)
        for parameter in found.constructor.parameters if found is not None else ():
            value = inner.get(parameter.name, case.usual(str(inner["type"]), parameter.name))
            of_all = case.catalogue.takes(_BASE, parameter.name) and parameter.name not in inner
            if parameter.flag and isinstance(value, bool) and not of_all:
                yield (*way, parameter.name), not value
