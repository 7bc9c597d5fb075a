"""A weight needs an axis whose size is unknown.

A layer's weights are made once, so the axis that they meet, mostly the last one, must have a known size.
The number of steps of a sequence may stay unknown.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, null]}
      - {name: dense, type: Dense, units: 8}  # SEQ206: axis 2

Good:

    layers:
      - {name: x, type: Input, shape: [null, 15]}
      - {name: dense, type: Dense, units: 8}
"""

import re

from seqshape.rules.interface import Rule, Words
from seqshape.rules.refusals import flowing, since
from seqshape.shape_faults import Refused

_UNDEFINED = re.compile(
    r"fully[- ]defined|should be defined|must be defined|needs? to be defined|'NoneType' and 'int'"
)


def words(fault: Refused) -> Words | None:
    """The fault in a user's words."""
    if not fault.called or not _UNDEFINED.search(fault.message):
        return None
    for met in fault.inputs:
        for number in reversed(range(1, len(met.shape))):
            if met.shape[number] is None:
                return Words(
                    f"the weights of {fault.type} need a known size, and axis {number} of "
                    f"{flowing(met)} is unknown",
                    help="give that axis a size where it comes in, in the shape of the Input",
                    keras=fault.message,
                    related=since((met,), number),
                )
    return None


RULE = Rule("SEQ206", "error", Refused, words)
