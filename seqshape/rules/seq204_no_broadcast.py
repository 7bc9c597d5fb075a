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

from collections.abc import Iterator

from seqshape.report import Comparison, Related
from seqshape.rules.interface import Rule, Words
from seqshape.rules.merges import MERGES, OPERATIONS
from seqshape.rules.refusals import inputs_text, keeping, lost, side_by_side, since
from seqshape.shape_faults import Met, Refused


def words(fault: Refused) -> Words | None:
    """The fault in a user's words."""
    if fault.type not in MERGES | OPERATIONS or not fault.called or len(fault.inputs) < 2:
        return None
    longest = max(len(met.shape) for met in fault.inputs)
    for back in range(1, longest + 1):
        sizes = [met.shape[-back] for met in fault.inputs if len(met.shape) >= back]
        known = dict.fromkeys(size for size in sizes if size not in (None, 1))
        if len(known) > 1:
            met_sizes = " and ".join(str(size) for size in known)
            return Words(
                f"{fault.type} works element by element, and {met_sizes} do not fit on "
                f"{_axis(fault.inputs, back)}: {inputs_text(fault)}",
                keras=fault.message,
                help=keeping(fault.inputs),
                compared=_side_by_side(fault.inputs, back),
                related=(*lost(fault.inputs), *_since(fault.inputs, back)),
            )
    return None


def _side_by_side(inputs: tuple[Met, ...], back: int) -> Comparison:
    """The inputs under one another; the axis is marked where it has one number in all of them."""
    ranks = {len(met.shape) for met in inputs}
    marked = (ranks.pop() - back,) if len(ranks) == 1 else ()
    return side_by_side(inputs, *marked)


def _axis(inputs: tuple[Met, ...], back: int) -> str:
    """The axis, counted from the front where that is the same in all inputs."""
    ranks = {len(met.shape) for met in inputs}
    return f"axis {ranks.pop() - back}" if len(ranks) == 1 else f"axis -{back}"


def _since(inputs: tuple[Met, ...], back: int) -> Iterator[Related]:
    for met in inputs:
        if len(met.shape) >= back:
            yield from since((met,), len(met.shape) - back)


RULE = Rule("SEQ204", "error", Refused, words)
