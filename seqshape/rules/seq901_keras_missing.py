"""Keras or TensorFlow is not installed.

The tool asks the installed Keras, so it needs one.
"""

from seqshape.faults import KerasMissing
from seqshape.rules.interface import Rule, Words


def words(fault: KerasMissing) -> Words:
    """The fault in a user's words."""
    return Words(f"{fault.problem}, so no layer can be asked about", help="pip install tensorflow")


RULE = Rule("SEQ901", "error", KerasMissing, words)
