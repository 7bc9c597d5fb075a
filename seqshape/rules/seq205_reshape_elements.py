"""Reshape cannot hold the elements.

A Reshape moves elements and makes none: the sizes of `target_shape` multiply to those of the input, the
batch left out. One of them may be -1, which is worked out.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: flat, type: Reshape, target_shape: [900]}  # SEQ205: 960

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: flat, type: Reshape, target_shape: [960]}
"""

from math import prod

from seqshape.rules.interface import Rule, Words
from seqshape.rules.refusals import flowing, since
from seqshape.shape_faults import Refused
from seqshape.wording import count


def words(fault: Refused) -> Words | None:
    """The fault in a user's words."""
    if fault.type != "Reshape" or not fault.called or len(fault.inputs) != 1:
        return None
    met = fault.inputs[0]
    target = fault.values.get("target_shape")
    sizes = [size for size in met.shape[1:] if size is not None]
    if len(sizes) < len(met.shape) - 1 or not isinstance(target, list):
        return None
    wanted = [size for size in target if isinstance(size, int)]
    if len(wanted) < len(target):
        return None
    known = prod(size for size in wanted if size != -1)
    held = prod(sizes)
    if len(met.shape) < 2 or held == known or (-1 in wanted and known and held % known == 0):
        return None
    holds = count(known, "element") if -1 not in wanted else f"a multiple of {count(known, 'element')}"
    written = dict(fault.arguments)["target_shape"]
    return Words(
        f"Reshape to {written} holds {holds} a sample, and {flowing(met)} has {held:,}",
        keras=fault.message,
        related=since((met,), *range(1, len(met.shape))),
    )


RULE = Rule("SEQ205", "error", Refused, words)
