"""An expected dtype does not hold.

The dtype is that of the layer's first output.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16, expect: {dtype: float16}}  # SEQ404: float32

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16, expect: {dtype: float32}}
"""

from seqshape.rules.interface import Rule, Words
from seqshape.shape_faults import DtypeDiffers
from seqshape.tree import shorten


def words(fault: DtypeDiffers) -> Words:
    """The fault in a user's words."""
    return Words(f"`{fault.layer}` has the dtype {fault.found}, expected is {shorten(fault.expected)}")


RULE = Rule("SEQ404", "error", DtypeDiffers, words)
