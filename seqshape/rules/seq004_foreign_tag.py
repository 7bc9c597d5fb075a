"""A YAML tag that a spec cannot have.

A spec holds data and nothing else. The tags of YAML's core schema (`!!str`, `!!int`, `!!float`,
`!!bool`, `!!null`, `!!seq`, `!!map`) say how a value is read; any other tag would ask for an
object to be made, and is never obeyed.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: !size 16}  # SEQ004: !size

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16}
"""

from seqshape.faults import ForeignTag
from seqshape.rules.interface import Rule, Words


def words(fault: ForeignTag) -> Words:
    """The fault in a user's words."""
    tag = fault.tag.replace("tag:yaml.org,2002:", "!!")
    if fault.problem:
        return Words(f"the tag `{tag}` does not fit its value: {fault.problem}")
    return Words(f"a spec cannot hold the tag `{tag}`", help="leave the tag out")


RULE = Rule("SEQ004", "error", ForeignTag, words)
