"""An expected size of the weights in bytes does not hold.

A count is exact (`1839`, `2M`) or a budget (`{max: 2M}`, `{min: 1k, max: 5e6}`); k, M and B are powers
of ten.

Bad:

    expect: {weight_bytes: {max: 4k}}  # SEQ405: 6,336
    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16}

Good:

    expect: {weight_bytes: {max: 8k}}
    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16}
"""

from seqshape.rules.counts import count_words
from seqshape.rules.interface import Rule, Words
from seqshape.shape_faults import CountDiffers


def words(fault: CountDiffers) -> Words | None:
    """The fault in a user's words."""
    if fault.quantity != "weight_bytes":
        return None
    return count_words(fault, "bytes of weights")


RULE = Rule("SEQ405", "error", CountDiffers, words)
