"""An element-wise merge whose inputs do not fit.

Add, Multiply and their kin work element by element. Two sizes of an axis fit where they are equal or one
of them is 1; axes are compared from the last one.

Bad:

    layers:
      - {name: a, type: Input, shape: [32, 16]}
      - {name: b, type: Input, shape: [32, 8]}
      - {name: sum, type: Add, inputs: [a, b]}  # SEQ204: 16 and 8

Good:

    layers:
      - {name: a, type: Input, shape: [32, 16]}
      - {name: b, type: Input, shape: [32, 16]}
      - {name: sum, type: Add, inputs: [a, b]}
"""

from seqshape.rules.interface import Rule, Words
from seqshape.rules.refusals import inputs_text
from seqshape.shape_faults import Refused

_LAYERS = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")
_OPS = ("add", "subtract", "multiply", "divide", "maximum", "minimum")
_MERGES = frozenset((*_LAYERS, *(f"ops.{name}" for name in _OPS)))


def words(fault: Refused) -> Words | None:
    """The fault in a user's words."""
    if fault.type not in _MERGES or not fault.called or len(fault.inputs) < 2:
        return None
    longest = max(len(met.shape) for met in fault.inputs)
    for back in range(1, longest + 1):
        sizes = [met.shape[-back] for met in fault.inputs if len(met.shape) >= back]
        known = dict.fromkeys(size for size in sizes if size not in (None, 1))
        if len(known) > 1:
            met_sizes = " and ".join(str(size) for size in known)
            return Words(
                f"{fault.type} works element by element, and {met_sizes} do not fit on axis "
                f"-{back}: {inputs_text(fault)}",
                keras=fault.message,
            )
    return None


RULE = Rule("SEQ204", "error", Refused, words)
