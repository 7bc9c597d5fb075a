"""A layer that is used again meets an input that it was not built for.

A layer's weights are made at its first call. At a later call the axis that they meet, mostly the last one,
must have the same size. Some layers fix the number of axes at their first call too.

Bad:

    layers:
      - {name: a, type: Input, shape: [8]}
      - {name: b, type: Input, shape: [6]}
      - {name: dense, type: Dense, units: 4, inputs: a}
      - {name: again, reuse: dense, inputs: b}  # SEQ211: was built for `a` (batch, 8)

Good:

    layers:
      - {name: a, type: Input, shape: [8]}
      - {name: b, type: Input, shape: [8]}
      - {name: dense, type: Dense, units: 4, inputs: a}
      - {name: again, reuse: dense, inputs: b}
"""

from seqshape.rules.interface import Rule, Words
from seqshape.rules.refusals import flowing, inputs_text, side_by_side, since
from seqshape.shape_faults import Refused


def words(fault: Refused) -> Words | None:
    """The fault in a user's words."""
    if not fault.called or not fault.earlier:
        return None
    before = ", ".join(flowing(met) for met in fault.earlier)
    differing = [
        number
        for one, other in zip(fault.earlier, fault.inputs, strict=False)
        for number in range(1, len(one.shape))
        if len(one.shape) == len(other.shape) and one.shape[number] != other.shape[number]
    ]
    return Words(
        f"this {fault.type} was built for {before}, and here it is given {inputs_text(fault)}",
        help="give each its own layer where the weights need not be shared",
        keras=fault.message,
        compared=side_by_side((*fault.earlier, *fault.inputs), *dict.fromkeys(differing)),
        related=since(fault.inputs, *dict.fromkeys(differing)),
    )


RULE = Rule("SEQ211", "error", Refused, words)
