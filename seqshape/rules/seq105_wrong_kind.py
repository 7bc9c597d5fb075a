"""A value of another kind than its key takes.

`layers` is a list, a name is a word, `call` is a mapping: what a key takes is fixed by the spec
language. What an argument of a layer takes is Keras's to say (SEQ210).

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16, call: [training]}  # SEQ105: `call`

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16}
"""

from seqshape.faults import WrongKind
from seqshape.rules.interface import Rule, Words


def words(fault: WrongKind) -> Words:
    """The fault in a user's words."""
    return Words(f"`{fault.key}` takes {fault.expected}, and this is {fault.found}")


RULE = Rule("SEQ105", "error", WrongKind, words)
