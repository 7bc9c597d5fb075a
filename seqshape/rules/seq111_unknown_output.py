"""A reference to an output that the layer does not have.

Which outputs a layer has follows from its arguments: a GRU has `state` only with `return_state: true`.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: enc, type: GRU, units: 16, return_state: true}
      - {name: dense, type: Dense, units: 8, inputs: enc.state_h}  # SEQ111: did you mean `enc.state`?

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: enc, type: GRU, units: 16, return_state: true}
      - {name: dense, type: Dense, units: 8, inputs: enc.state}
"""

from seqshape.faults import UnknownOutput
from seqshape.nearest import nearest
from seqshape.rules.interface import Rule, Words
from seqshape.wording import listed


def words(fault: UnknownOutput) -> Words:
    """The fault in a user's words."""
    base = fault.reference.removesuffix(f".{fault.output}")
    near = nearest(fault.output, fault.outputs)
    meant = f"; did you mean `{base}.{near}`?" if near is not None else ""
    has = listed(fault.outputs, "and")
    return Words(f"`{base}` has no output `{fault.output}`{meant}", help=f"its outputs: {has}")


RULE = Rule("SEQ111", "error", UnknownOutput, words)
