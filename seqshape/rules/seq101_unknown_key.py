"""A key that the spec language does not have.

The keys of a spec, of a block, of `expect` and of `keras` are fixed. Keys of a spec that start with
`x-` are the user's own.

Bad:

    layer:  # SEQ101: did you mean `layers`?
      - {name: x, type: Input, shape: [64, 15]}
    layers:
      - {name: x, type: Input, shape: [64, 15]}

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16}
"""

from seqshape.faults import UnknownKey
from seqshape.rules.interface import Rule, Words
from seqshape.wording import did_you_mean, listed


def words(fault: UnknownKey) -> Words:
    """The fault in a user's words."""
    near = did_you_mean(fault.key, fault.known)
    message = f"unknown key `{fault.key}` in {fault.owner}{near}"
    return Words(message, help="" if near else f"{fault.owner} can have {listed(fault.known)}")


RULE = Rule("SEQ101", "error", UnknownKey, words)
