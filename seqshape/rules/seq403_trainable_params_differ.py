"""An expected number of trainable parameters, or a budget, does not hold.

A count is exact (`1839`, `2M`) or a budget (`{max: 2M}`, `{min: 1k, max: 5e6}`); k, M and B are powers
of ten.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16, expect: {trainable_params: 1536}}  # SEQ403: 1,584

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16, expect: {trainable_params: 1584}}
"""

from seqshape.rules.counts import count_words
from seqshape.rules.interface import Rule, Words
from seqshape.shape_faults import CountDiffers


def words(fault: CountDiffers) -> Words | None:
    """The fault in a user's words."""
    if fault.quantity != "trainable_params":
        return None
    return count_words(fault, "trainable parameters")


RULE = Rule("SEQ403", "error", CountDiffers, words)
