"""A reference to an entry that stands later.

Entries are read from the top: one can read only what stands above it.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16, inputs: dense}  # SEQ108: `dense` stands later
      - {name: dense, type: Dense, units: 8, inputs: x}

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16}
"""

from seqshape.faults import ForwardReference
from seqshape.report import Related
from seqshape.rules.interface import Rule, Words


def words(fault: ForwardReference) -> Words:
    """The fault in a user's words."""
    related = (Related(f"`{fault.reference}` is here", fault.target),)
    return Words(
        f"`{fault.reference}` stands later than `{fault.layer}`, which reads it",
        help=f"move `{fault.reference}` above `{fault.layer}`",
        related=related,
    )


RULE = Rule("SEQ108", "error", ForwardReference, words)
