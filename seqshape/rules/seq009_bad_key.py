"""A key that is no word.

Keys are words. A merge key (`<<`) takes a mapping, or a list of mappings.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16, <<: 16}  # SEQ009: `<<`

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16}
"""

from seqshape.faults import BadKey
from seqshape.rules.interface import Rule, Words


def words(fault: BadKey) -> Words:
    """The fault in a user's words."""
    return Words(fault.problem)


RULE = Rule("SEQ009", "error", BadKey, words)
