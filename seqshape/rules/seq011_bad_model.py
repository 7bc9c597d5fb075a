"""The words of a saved model do not fit together.

The JSON that Keras saves names every layer and every call. A model whose layers are made in the Python
code of its own class is not in it, nor is what flows into a Sequential that was saved before it was
built. A file that was edited may name layers that it does not have.

Bad:

    {"class_name": "Sequential", "config": {"name": "sequential", "layers": [  # SEQ011: before it was built
      {"class_name": "GRU", "config": {"name": "gru", "units": 16}}]}}

Good:

    {"class_name": "Sequential", "config": {"name": "sequential", "layers": [
      {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [null, 64, 15]}},
      {"class_name": "GRU", "config": {"name": "gru", "units": 16}}]}}
"""

from seqshape.faults import BadModel
from seqshape.rules.interface import Rule, Words


def words(fault: BadModel) -> Words:
    """The fault in a user's words."""
    return Words(fault.problem, help=fault.remedy)


RULE = Rule("SEQ011", "error", BadModel, words)
