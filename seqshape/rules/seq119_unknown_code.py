"""An `ignore` of a code that does not exist, or cannot be silenced.

Codes look like SEQ201. SEQ0xx and SEQ1xx are about the file and its words; while one of them stands,
Keras is not asked, so that silence would hide everything else.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16, ignore: [SEQ4401]}  # SEQ119: did you mean `SEQ401`?

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16}
"""

from seqshape.faults import UnknownCode
from seqshape.rules.interface import Rule, Words
from seqshape.wording import did_you_mean


def words(fault: UnknownCode) -> Words:
    """The fault in a user's words."""
    if fault.code[:4] in ("SEQ0", "SEQ1"):
        return Words(f"`{fault.code}` cannot be silenced: Keras is not asked while it stands")
    return Words(f"there is no code `{fault.code}`{did_you_mean(fault.code, fault.known)}")


RULE = Rule("SEQ119", "error", UnknownCode, words)
