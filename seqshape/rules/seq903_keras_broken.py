"""Importing Keras failed.

The installation is damaged, or a library that it needs is missing. What it wrote stands below.
"""

from seqshape.faults import KerasBroken
from seqshape.rules.interface import Rule, Words


def words(fault: KerasBroken) -> Words:
    """The fault in a user's words."""
    said = "\n".join(part for part in (fault.problem, fault.chatter.strip()) if part)
    return Words("Keras cannot be imported", help="pip install --force-reinstall tensorflow", keras=said)


RULE = Rule("SEQ903", "error", KerasBroken, words)
