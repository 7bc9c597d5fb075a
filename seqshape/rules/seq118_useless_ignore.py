"""An `ignore` that silences nothing.

Ignores are kept honest: one that silences nothing may stand for a mistake that was mended since.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16, ignore: [SEQ201]}  # SEQ118: SEQ201

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16}
"""

from seqshape.faults import UselessIgnore
from seqshape.rules.interface import Rule, Words


def words(fault: UselessIgnore) -> Words:
    """The fault in a user's words."""
    return Words(f"nothing here is silenced by `{fault.code}`", help="leave the ignore out")


RULE = Rule("SEQ118", "note", UselessIgnore, words)
