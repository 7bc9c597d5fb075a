"""A type that cannot be made from data.

A spec holds data, and reading one never runs code. Layers that are made from a Python function, a
saved program or another framework's module cannot stand in it.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: half, type: Lambda, function: "lambda x: x / 2"}  # SEQ113: Python function

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: half, type: Rescaling, scale: 0.5}
"""

from seqshape.faults import NeedsCode
from seqshape.rules.interface import Rule, Words


def words(fault: NeedsCode) -> Words:
    """The fault in a user's words."""
    return Words(f"{fault.type} cannot stand in a spec: {fault.reason}", help=fault.remedy)


RULE = Rule("SEQ113", "error", NeedsCode, words)
