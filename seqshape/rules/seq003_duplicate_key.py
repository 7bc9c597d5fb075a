"""A key stands twice.

In one mapping each key can stand once. YAML libraries often keep the last one in silence, and the
value that a reader sees first is not the one that counts.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16, units: 32}  # SEQ003: `units` stands twice

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16}
"""

from seqshape.faults import DuplicateKey
from seqshape.report import Related
from seqshape.rules.interface import Rule, Words


def words(fault: DuplicateKey) -> Words:
    """The fault in a user's words."""
    related = (Related(f"`{fault.key}` stands here first", fault.first),)
    return Words(f"the key `{fault.key}` stands twice", help="keep one of them", related=related)


RULE = Rule("SEQ003", "error", DuplicateKey, words)
