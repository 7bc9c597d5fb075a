"""A layer inside another one is of a kind that the other cannot run.

Bidirectional runs a recurrent layer (GRU, LSTM, RNN) both ways. RNN runs a cell (GRUCell, LSTMCell), which
does one step and keeps states; GRU and LSTM have their cells inside. TimeDistributed calls a layer that
needs nothing from the step before.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: both, type: Bidirectional, layer: {type: GRUCell, units: 16}}  # SEQ216: GRUCell is a cell

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: both, type: Bidirectional, layer: {type: RNN, cell: {type: GRUCell, units: 16}}}
"""

from seqshape.rules.interface import Rule, Words
from seqshape.rules.wrapping import wrong_kind
from seqshape.shape_faults import Refused


def words(fault: Refused) -> Words | None:
    """The fault in a user's words."""
    return wrong_kind(fault)


RULE = Rule("SEQ216", "error", Refused, words)
