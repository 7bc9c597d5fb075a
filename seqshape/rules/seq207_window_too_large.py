"""A window is larger than the axis it moves over.

Without padding, a convolution or pooling with a window of k on an axis of n gives n - k + 1 steps (fewer
with strides), and none where the window is larger than the axis.

Bad:

    layers:
      - {name: x, type: Input, shape: [5, 3]}
      - {name: conv, type: Conv1D, filters: 4, kernel_size: 8}  # SEQ207: larger

Good:

    layers:
      - {name: x, type: Input, shape: [5, 3]}
      - {name: conv, type: Conv1D, filters: 4, kernel_size: 8, padding: same}
"""

import re

from seqshape.rules.interface import Rule, Words
from seqshape.rules.refusals import inputs_text, since
from seqshape.shape_faults import Refused

_SHRUNK = re.compile(r"output size would be|negative dimension size", re.IGNORECASE)

_MOVING = ("conv", "pool", "patches")


def words(fault: Refused) -> Words | None:
    """The fault in a user's words."""
    moves = any(word in fault.type.lower() for word in _MOVING)
    if not fault.called or not moves or not _SHRUNK.search(fault.message):
        return None
    return Words(
        f"the window of {fault.type} is larger than an axis it moves over: {inputs_text(fault)}",
        help="use a smaller window, or `padding: same`",
        keras=fault.message,
        related=since(fault.inputs[:1], *range(1, len(fault.inputs[0].shape) - 1)) if fault.inputs else (),
    )


RULE = Rule("SEQ207", "error", Refused, words)
