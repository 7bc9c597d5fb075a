"""An argument that the layer does not have.

Every key of an entry that the spec language does not know is an argument of the layer's
constructor, by Keras's own name, checked against the installed Keras's signature.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, unit: 16, units: 16}  # SEQ103: did you mean `units`?

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16}
"""

from seqshape.faults import UnknownArgument
from seqshape.rules.interface import Rule, Words
from seqshape.spec_reader import BLOCK_KEYS, ENTRY_KEYS
from seqshape.wording import did_you_mean, listed


def words(fault: UnknownArgument) -> Words:
    """The fault in a user's words."""
    known = (*fault.known, *(ENTRY_KEYS if fault.beside else ()))
    message = f"unknown argument `{fault.argument}` for {fault.type}"
    if fault.argument.endswith((")", "]")):
        return Words(message, help="a list stands in square brackets: `[32, 30]`")
    if fault.argument in fault.call and fault.beside:
        first = fault.call[0]
        given = f"{first}: …, " if first != fault.argument else ""
        help_ = f"it belongs to the call: `inputs: {{{given}{fault.argument}: …}}`, or under `call` where it is no tensor"
        return Words(message, help=help_)
    if fault.beside and fault.argument in BLOCK_KEYS:
        repeat = "repeat: …, " if fault.argument == "repeat" else ""
        help_ = (
            f"it belongs to a block, which has no `type`: `{{{repeat}layers: [{{type: {fault.type}, …}}]}}`"
        )
        return Words(message, help=help_)
    near = did_you_mean(fault.argument, known)
    return Words(message + near, help="" if near else f"{fault.type} takes {listed(fault.known, 'and')}")


RULE = Rule("SEQ103", "error", UnknownArgument, words)
