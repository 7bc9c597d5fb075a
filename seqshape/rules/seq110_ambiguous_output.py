"""A reference that does not say which output it means.

A recurrent layer with `return_state` gives its states beside its output, and so has several outputs. In
Keras the list of all of them goes on to the next layer, which fails with a message about shapes.
Here a reference says which one it means, or `.*` for all of them.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: enc, type: GRU, units: 16, return_state: true}
      - {name: dense, type: Dense, units: 8, inputs: enc}  # SEQ110: `enc.output` or `enc.state`

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: enc, type: GRU, units: 16, return_state: true}
      - {name: dense, type: Dense, units: 8, inputs: enc.state}
"""

from seqshape.faults import AmbiguousOutput
from seqshape.rules.interface import Rule, Words
from seqshape.wording import listed


def words(fault: AmbiguousOutput) -> Words:
    """The fault in a user's words."""
    base = fault.reference
    choices = listed([f"{base}.{name}" for name in fault.outputs])
    many = len(fault.outputs)
    return Words(f"`{base}` has {many} outputs; say which: {choices}", help=f"`{base}.*` is all of them")


RULE = Rule("SEQ110", "error", AmbiguousOutput, words)
