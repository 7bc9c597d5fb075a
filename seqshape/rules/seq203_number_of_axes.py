"""The layer needs another number of axes.

A recurrent layer reads a sequence: (batch, steps, features). A recurrent layer without
`return_sequences` gives its last step alone, (batch, units), and the next one has no steps to read. A
convolution over two axes reads (batch, height, width, channels), and so on.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru1, type: GRU, units: 16}
      - {name: gru2, type: GRU, units: 16}  # SEQ203: 3 axes

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru1, type: GRU, units: 16, return_sequences: true}
      - {name: gru2, type: GRU, units: 16}
"""

from seqshape.rules.attention import ATTENTIONS
from seqshape.rules.interface import Rule, Words
from seqshape.rules.refusals import flowing, keeping, lost
from seqshape.shape_faults import Refused
from seqshape.wording import count

_LEAST = dict.fromkeys(("TimeDistributed", *ATTENTIONS), 3)
"""Layers that need axes which they do not declare to Keras: batch, steps, features."""


def words(fault: Refused) -> Words | None:
    """The fault in a user's words."""
    if not fault.called or not fault.inputs or fault.earlier:
        return None
    least, most = fault.ranks if fault.ranks != (None, None) else (_LEAST.get(fault.type), None)
    met = min(fault.inputs, key=lambda each: len(each.shape)) if fault.type in _LEAST else fault.inputs[0]
    found = len(met.shape)
    if (least is None or found >= least) and (most is None or found <= most):
        return None
    if least == most:
        needs = count(least or 0, "axis", "axes")
    elif least is not None and found < least:
        needs = f"at least {count(least, 'axis', 'axes')}"
    else:
        needs = f"at most {count(most or 0, 'axis', 'axes')}"
    steps = least == 3 and found == 2
    return Words(
        f"{fault.type} needs an input with {needs}, and {flowing(met)} has {found}",
        help=keeping((met,)) or ("it reads a sequence: (batch, steps, features)" if steps else ""),
        keras=fault.message,
        related=lost((met,)),
    )


RULE = Rule("SEQ203", "error", Refused, words)
