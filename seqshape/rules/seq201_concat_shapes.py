"""Concatenate: the inputs differ on another axis than the one they are joined on.

Joining along one axis needs every other axis to be equal. The axis that differs is often lost or made
one or two layers before: by a recurrent layer without `return_sequences`, a Reshape, a stride.

Bad:

    layers:
      - {name: a, type: Input, shape: [32, 16]}
      - {name: b, type: Input, shape: [16, 1]}
      - {name: both, type: Concatenate, axis: 2, inputs: [a, b]}  # SEQ201: axis 1 is 32 in `a` and 16 in `b`

Good:

    layers:
      - {name: a, type: Input, shape: [32, 16]}
      - {name: b, type: Input, shape: [32, 1]}
      - {name: both, type: Concatenate, axis: 2, inputs: [a, b]}
"""

from seqshape.rules.concatenation import joined_axis
from seqshape.rules.interface import Rule, Words
from seqshape.rules.refusals import compared, side_by_side, since
from seqshape.shape_faults import Refused


def words(fault: Refused) -> Words | None:
    """The fault in a user's words."""
    axis = joined_axis(fault)
    if axis is None or len({len(met.shape) for met in fault.inputs}) != 1:
        return None
    shapes = [met.shape for met in fault.inputs]
    for number in range(len(shapes[0])):
        sizes = {shape[number] for shape in shapes} - {None}
        if number != axis and len(sizes) > 1:
            return Words(
                f"{fault.type}(axis={axis}) needs its inputs equal on every other axis: "
                f"{compared(fault.inputs, number)}",
                keras=fault.message,
                compared=side_by_side(fault.inputs, number),
                related=since(fault.inputs, number),
            )
    return None


RULE = Rule("SEQ201", "error", Refused, words)
