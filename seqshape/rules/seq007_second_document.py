"""The file holds several YAML documents.

A spec is one document: a line `---` starts it at most once. Only the first one is read.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
    ---  # SEQ007: second
    layers: []

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16}
"""

from seqshape.faults import SecondDocument
from seqshape.rules.interface import Rule, Words


def words(fault: SecondDocument) -> Words:
    """The fault in a user's words."""
    return Words("a second YAML document starts here", help="keep one spec a file")


RULE = Rule("SEQ007", "error", SecondDocument, words)
