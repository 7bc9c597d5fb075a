"""What the rules about joining inputs along an axis share."""

from seqshape.shape_faults import Refused

CONCATENATIONS = frozenset(("Concatenate", "ops.concatenate", "ops.append"))


def joined_axis(fault: Refused) -> int | None:
    """The axis that the inputs are joined on, counted from 0; None where it is not one of theirs."""
    if fault.type not in CONCATENATIONS or not fault.called or len(fault.inputs) < 2:
        return None
    ranks = {len(met.shape) for met in fault.inputs}
    axis = fault.values.get("axis", -1)
    if not isinstance(axis, int):
        return None
    rank = min(ranks)
    if not -rank <= axis < rank:
        return None
    return axis % rank
