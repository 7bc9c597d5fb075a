"""A type that cannot be made from data.

A spec holds data, and reading one never runs code. Layers that are made from a Python function, a
saved program or another framework's module cannot stand in it. In a model that Keras saved they are told
and not run; all layers that do not hang on them are judged.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: half, type: Lambda, function: "lambda x: x / 2"}  # SEQ113: Python function

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: half, type: Rescaling, scale: 0.5}
"""

from seqshape.faults import NeedsCode
from seqshape.rules.interface import Rule, Words

_REPLACE = (
    "replace it in the model's program by functions of `keras.ops`, or by a layer of your own that is "
    "registered and whose module is named with --plugin, and save the model again"
)


def words(fault: NeedsCode) -> Words:
    """The fault in a user's words."""
    if fault.saved:
        message = f"{fault.type} cannot be judged without running its code, and no code of a file is run"
        return Words(message, help=_REPLACE)
    return Words(f"{fault.type} cannot stand in a spec: {fault.reason}", help=fault.remedy)


RULE = Rule("SEQ113", "error", NeedsCode, words)
