"""A file of Keras that gives no model.

Of a `.keras` archive the member `config.json` is read, of an HDF5 file the attribute `model_config`, and
nothing else: weights are never opened. A file that has no such part holds weights alone. A damaged
archive, one with a password, with members whose paths lead out of it or with two `config.json` is not
read at all. Save the whole model with `model.save("model.keras")`.
"""

from seqshape.faults import BadContainer
from seqshape.rules.interface import Rule, Words


def words(fault: BadContainer) -> Words:
    """The fault in a user's words."""
    return Words(f"no model can be read from this {fault.kind}: {fault.problem}", help=fault.remedy)


RULE = Rule("SEQ010", "error", BadContainer, words)
