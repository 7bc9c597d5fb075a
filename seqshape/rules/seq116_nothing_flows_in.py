"""An entry that has nothing to read.

An entry without `inputs` reads the one before it. The first entry has none before it, so it is an
`Input`.

Bad:

    layers:
      - {name: gru, type: GRU, units: 16}  # SEQ116: nothing

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16}
"""

from seqshape.faults import NothingFlowsIn
from seqshape.rules.interface import Rule, Words


def words(fault: NothingFlowsIn) -> Words:
    """The fault in a user's words."""
    return Words(
        f"`{fault.layer}` has nothing to read",
        help="put an `Input` before it: `{type: Input, shape: [64, 15]}`, the batch axis left out",
    )


RULE = Rule("SEQ116", "error", NothingFlowsIn, words)
