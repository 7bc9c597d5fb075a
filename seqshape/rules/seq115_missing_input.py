"""The layer's call needs more inputs.

Some layers are called with several inputs by name: MultiHeadAttention with `query` and `value`, a cell
with its states, `ops.add` with `x1` and `x2`. They are given as a mapping. A list is one argument.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: sum, type: ops.add, inputs: [x, x]}  # SEQ115: `x2`

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: sum, type: ops.add, inputs: {x1: x, x2: x}}
"""

from seqshape.faults import MissingInput
from seqshape.rules.interface import Rule, Words
from seqshape.wording import listed


def words(fault: MissingInput) -> Words:
    """The fault in a user's words."""
    message = f"the call of {fault.type} needs {listed(fault.missing, 'and')} too"
    names = [name for name in (*fault.given, *fault.missing) if name]
    mapping = ", ".join(f"{name}: …" for name in dict.fromkeys(names))
    help_ = f"tensors go by name: `inputs: {{{mapping}}}`"
    if fault.type.startswith("ops."):
        help_ += f"; what is no tensor stands beside `type`: `{fault.missing[0]}: …`"
    return Words(message, help=help_)


RULE = Rule("SEQ115", "error", MissingInput, words)
