"""The installed Keras is too old.

Versions before the least one named build layers in another way and cannot be asked.
"""

from seqshape.faults import KerasTooOld
from seqshape.rules.interface import Rule, Words


def words(fault: KerasTooOld) -> Words:
    """The fault in a user's words."""
    return Words(
        f"Keras {fault.found} is installed, and {fault.least} is the least that can be asked",
        help="pip install --upgrade keras tensorflow",
    )


RULE = Rule("SEQ902", "error", KerasTooOld, words)
