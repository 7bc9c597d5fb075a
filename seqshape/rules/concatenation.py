"""What the rules about joining inputs along an axis share."""

from seqshape.shape_faults import Refused
from seqshape.tree import Json

_DEFAULTS = {"Concatenate": -1, "ops.concatenate": 0}
CONCATENATIONS = frozenset(_DEFAULTS)


def axis_of(type_: str, arguments: dict[str, Json]) -> Json:
    """The axis as the entry has it, else Keras's own."""
    return arguments.get("axis", _DEFAULTS.get(type_))


def joined_axis(fault: Refused) -> int | None:
    """The axis that the inputs are joined on, counted from 0; None where it is not one of theirs."""
    if fault.type not in CONCATENATIONS or not fault.called or len(fault.inputs) < 2:
        return None
    ranks = {len(met.shape) for met in fault.inputs}
    axis = axis_of(fault.type, fault.values)
    if not isinstance(axis, int):
        return None
    rank = min(ranks)
    if not -rank <= axis < rank:
        return None
    return axis % rank
