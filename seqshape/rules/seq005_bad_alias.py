"""An alias that stands for nothing, or for itself.

`*name` repeats the value that `&name` marks. The mark must come first, and a value cannot contain
itself.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: *width}  # SEQ005: nothing is marked

Good:

    x-sizes: &width 16
    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: *width}
"""

from seqshape.faults import BadAlias
from seqshape.rules.interface import Rule, Words


def words(fault: BadAlias) -> Words:
    """The fault in a user's words."""
    if fault.recursive:
        return Words(f"the value marked `&{fault.name}` contains itself")
    return Words(
        f"`*{fault.name}` repeats a value, but nothing is marked `&{fault.name}` before it",
        help="quote a text that starts with `*`; in a size, write the dim first: `H*2`",
    )


RULE = Rule("SEQ005", "error", BadAlias, words)
