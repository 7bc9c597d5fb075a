"""The file is no text.

A spec is text in UTF-8 (or UTF-16 and UTF-32 with a byte order mark), without control characters.
A file that some editor saved in another encoding is converted once and saved as UTF-8.

Bad:

    layers:
      - {name: x\a, type: Input, shape: [64, 15]}  # SEQ002: U+0007

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16}
"""

from seqshape.faults import NotText
from seqshape.rules.interface import Rule, Words


def words(fault: NotText) -> Words:
    """The fault in a user's words."""
    return Words(f"this file is no text: {fault.problem}", help="save the file as UTF-8")


RULE = Rule("SEQ002", "error", NotText, words)
