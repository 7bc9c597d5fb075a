"""Concatenate: the inputs have different numbers of axes, or the axis does not exist.

All inputs need the same number of axes, and the axis that they are joined on must be one of them. Axis 0
is the batch.

Bad:

    layers:
      - {name: a, type: Input, shape: [32, 16]}
      - {name: b, type: Input, shape: [16]}
      - {name: both, type: Concatenate, inputs: [a, b]}  # SEQ202: 3 axes

Good:

    layers:
      - {name: a, type: Input, shape: [32, 16]}
      - {name: b, type: Input, shape: [32, 1]}
      - {name: both, type: Concatenate, inputs: [a, b]}
"""

from seqshape.rules.concatenation import CONCATENATIONS, axis_of, joined_axis
from seqshape.rules.interface import Rule, Words
from seqshape.rules.refusals import keeping, lost, side_by_side
from seqshape.shape_faults import Refused
from seqshape.wording import count, shape


def words(fault: Refused) -> Words | None:
    """The fault in a user's words."""
    if fault.type not in CONCATENATIONS or not fault.called or len(fault.inputs) < 2:
        return None
    ranks = [len(met.shape) for met in fault.inputs]
    if len(set(ranks)) > 1:
        said = ", ".join(
            f"`{met.label}` {shape(met.shape)} has {count(len(met.shape), 'axis', 'axes')}"
            for met in fault.inputs
        )
        message = f"{fault.type} needs inputs with the same number of axes: {said}"
        return Words(
            message,
            help=keeping(fault.inputs),
            keras=fault.message,
            compared=side_by_side(fault.inputs),
            related=lost(fault.inputs),
        )
    if joined_axis(fault) is None:
        axis = axis_of(fault.type, fault.values)
        return Words(
            f"{fault.type}(axis={axis}): its inputs have {count(ranks[0], 'axis', 'axes')}"
            + (f", numbered 0 to {ranks[0] - 1}" if ranks[0] else ""),
            keras=fault.message,
        )
    return None


RULE = Rule("SEQ202", "error", Refused, words)
