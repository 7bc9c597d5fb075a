"""Keras refuses the value of an argument.

The constructor of the layer does not take the value: a number out of range, an unknown activation, a
text where a number belongs.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16, activation: tahn}  # SEQ210: tahn

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16, activation: tanh}
"""

from seqshape.faults import Refused
from seqshape.rules.interface import Rule, Words
from seqshape.sizes import names


def words(fault: Refused) -> Words | None:
    """The fault in a user's words."""
    if fault.stage != "make":
        return None
    written = dict(fault.arguments).get(fault.argument or "")
    if fault.argument is None or written is None:
        return Words(f"{fault.type} cannot be made with these arguments", keras=fault.message)
    help_ = ""
    if any(name[:1].isupper() for name in names(written)):
        help_ = f"if `{written}` is meant as a size, declare its names in `dims`"
    return Words(
        f"{fault.type} does not take `{fault.argument}: {written}`", help=help_, keras=fault.message
    )


RULE = Rule("SEQ210", "error", Refused, words)
