"""The file is no spec.

A spec is a mapping with the key `layers`, a list of entries.

Bad:

    - {name: x, type: Input, shape: [64, 15]}  # SEQ008: a list

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16}
"""

from seqshape.faults import NotASpec
from seqshape.rules.interface import Rule, Words


def words(fault: NotASpec) -> Words:
    """The fault in a user's words."""
    return Words(
        f"a spec is a mapping with `layers`, and this is {fault.found}",
        help="start the file with `layers:` and one entry a line below it",
    )


RULE = Rule("SEQ008", "error", NotASpec, words)
