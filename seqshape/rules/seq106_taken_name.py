"""A name that an earlier entry has.

References go by name, so each name stands for one entry. Inside a block names are the block's own.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: x, type: GRU, units: 16}  # SEQ106: `x`

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16}
"""

from seqshape.faults import TakenName
from seqshape.report import Related
from seqshape.rules.interface import Rule, Words


def words(fault: TakenName) -> Words:
    """The fault in a user's words."""
    related = (Related(f"`{fault.layer}` is here", fault.first),)
    return Words(f"an earlier entry is named `{fault.layer}`", help="rename one of them", related=related)


RULE = Rule("SEQ106", "error", TakenName, words)
