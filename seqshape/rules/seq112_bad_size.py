"""A size that cannot be worked out.

A size is a whole number, `null`, a name from `dims`, or an expression over them with `+ - * // ( )`.

Bad:

    dims: {H: 16}
    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 2*HH}  # SEQ112: did you mean `H`?

Good:

    dims: {H: 16}
    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 2*H}
"""

from seqshape.faults import BadSize
from seqshape.rules.interface import Rule, Words
from seqshape.tree import shorten
from seqshape.wording import did_you_mean


def words(fault: BadSize) -> Words:
    """The fault in a user's words."""
    if not fault.layer and not fault.word and fault.problem.startswith("a dim"):
        return Words(f"`{shorten(fault.text)}` cannot name a dim: {fault.problem}")
    near = did_you_mean(fault.word, fault.known) if fault.word else ""
    return Words(f"`{shorten(fault.text)}` is no size: {fault.problem}{near}")


RULE = Rule("SEQ112", "error", BadSize, words)
