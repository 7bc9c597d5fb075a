"""A name in `inputs` or `call` that the layer's call does not have.

Where `inputs` is a mapping, its keys are the parameters of the layer's `call` (for a function of
`keras.ops`, of the function), and so are the keys of `call`.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: att, type: Attention, inputs: {inputs: [x, x]}, call: {use_casual_mask: true}}  # SEQ114: did you mean `use_causal_mask`?

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: att, type: Attention, inputs: [x, x], call: {use_causal_mask: true}}
"""

from seqshape.faults import UnknownCallArgument
from seqshape.rules.interface import Rule, Words
from seqshape.wording import did_you_mean, listed


def words(fault: UnknownCallArgument) -> Words:
    """The fault in a user's words."""
    near = did_you_mean(fault.argument, fault.known)
    message = f"the call of {fault.type} has no parameter `{fault.argument}`{near}"
    return Words(message, help="" if near else f"it has {listed(fault.known, 'and')}")


RULE = Rule("SEQ114", "error", UnknownCallArgument, words)
