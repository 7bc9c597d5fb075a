"""Entries that feed each other in a ring.

Data flows one way through a Keras model. A state that goes back into the layer that made it is the
recurrent layer's own work.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 16]}
      - {name: sum, type: Add, inputs: [x, gru]}  # SEQ109: ring
      - {name: gru, type: GRU, units: 16, return_sequences: true, inputs: sum}

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16}
"""

from seqshape.faults import Cycle
from seqshape.rules.interface import Rule, Words


def words(fault: Cycle) -> Words:
    """The fault in a user's words."""
    if len(fault.ring) == 1:
        return Words(f"`{fault.layer}` reads itself", help="let it read an earlier entry")
    way = " → ".join(f"`{name}`" for name in (*reversed(fault.ring), fault.ring[-1]))
    return Words(f"these entries feed each other in a ring: {way}", help="cut one of the references")


RULE = Rule("SEQ109", "error", Cycle, words)
