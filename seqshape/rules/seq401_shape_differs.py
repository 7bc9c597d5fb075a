"""An expected shape does not hold.

`expect` says what must hold. `batch` and `null` stand for an unknown axis, `any` for whatever it may be.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16, expect: {shape: [batch, 64, 16]}}  # SEQ401: (batch, 16)

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16, return_sequences: true, expect: {shape: [batch, 64, 16]}}
"""

from seqshape.report import Comparison
from seqshape.rules.interface import Rule, Words
from seqshape.shape_faults import ShapeDiffers
from seqshape.wording import axis, count, shape


def words(fault: ShapeDiffers) -> Words:
    """The fault in a user's words."""
    what = f"`{fault.layer}.{fault.output}`" if fault.output else f"`{fault.layer}`"
    message = f"{what} has the shape {shape(fault.found)}, expected is {shape(fault.expected)}"
    both = (("found", fault.found), ("expected", fault.expected))
    if len(fault.found) != len(fault.expected):
        axes = count(len(fault.found), "axis", "axes")
        return Words(
            message,
            help=f"it has {axes}, and {len(fault.expected)} expected",
            compared=Comparison(both, ()),
        )
    differing = [
        f"axis {number} is {axis(found, number)}, expected {axis(expected, number)}"
        for number, (found, expected) in enumerate(zip(fault.found, fault.expected, strict=True))
        if expected not in ("any", found)
    ]
    return Words(message, help="; ".join(differing), compared=Comparison(both, _marked(fault)))


def _marked(fault: ShapeDiffers) -> tuple[int, ...]:
    pairs = enumerate(zip(fault.found, fault.expected, strict=True))
    return tuple(number for number, (found, expected) in pairs if expected not in ("any", found))


RULE = Rule("SEQ401", "error", ShapeDiffers, words)
