"""A reference to an entry that does not exist.

A reference is the name of an earlier entry, with a dot and an output's name behind it where the layer
has several. Letters' case counts.

Bad:

    layers:
      - {name: chars, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16, inputs: char}  # SEQ107: did you mean `chars`?

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16}
"""

from seqshape.faults import UnknownReference
from seqshape.nearest import nearest
from seqshape.rules.interface import Rule, Words
from seqshape.wording import did_you_mean


def words(fault: UnknownReference) -> Words:
    """The fault in a user's words."""
    near = did_you_mean(fault.reference, fault.known)
    head, dot, output = fault.reference.rpartition(".")
    if not near and dot and (entry := nearest(head, fault.known)) is not None:
        near = f"; did you mean `{entry}.{output}`?"
    return Words(f"there is no entry `{fault.reference}`{near}")


RULE = Rule("SEQ107", "error", UnknownReference, words)
