"""A key or argument that must be there.

Every entry has a `type` (or `reuse`, or `layers` for a block), and the arguments for which Keras has
no default.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU}  # SEQ104: `units`

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16}
"""

from seqshape.faults import MissingKey
from seqshape.rules.interface import Rule, Words


def words(fault: MissingKey) -> Words:
    """The fault in a user's words."""
    if fault.key == "type":
        return Words(
            f"`{fault.layer}` has no `type`",
            help="give it a `type`, or `reuse` to call an earlier layer again, or `layers` for a block",
        )
    return Words(f"{fault.owner} needs `{fault.key}`", help=f"add `{fault.key}: …` to the entry")


RULE = Rule("SEQ104", "error", MissingKey, words)
