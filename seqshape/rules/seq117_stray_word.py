"""A key that this entry cannot have.

An `Input` reads nothing. An entry with `reuse` calls an earlier layer again, so it has `inputs` and
nothing else of a layer.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: y, type: Input, shape: [64, 15], inputs: x}  # SEQ117: `inputs`

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16}
"""

from seqshape.faults import StrayWord
from seqshape.rules.interface import Rule, Words


def words(fault: StrayWord) -> Words:
    """The fault in a user's words."""
    return Words(f"`{fault.key}` cannot stand in `{fault.layer}`: {fault.reason}")


RULE = Rule("SEQ117", "error", StrayWord, words)
