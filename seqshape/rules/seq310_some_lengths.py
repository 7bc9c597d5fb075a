"""It fits only for some sizes of an unknown axis.

A Reshape may need a length that divides, a window may be longer than a short sequence, a skip connection
round a pooling may need even lengths. The model builds, and fails at the first batch of another length.
Lengths of 1 and 2, odd and even ones were tried.

Bad:

    layers:
      - {name: x, type: Input, shape: [null, 8]}
      - {name: conv, type: Conv1D, filters: 4, kernel_size: 5}  # SEQ310: axis 1 of `x` is at least

Good:

    layers:
      - {name: x, type: Input, shape: [null, 8]}
      - {name: conv, type: Conv1D, filters: 4, kernel_size: 5, padding: same}
"""

from seqshape.report import Related
from seqshape.rules.interface import Rule, Words
from seqshape.shape_faults import SomeLengths
from seqshape.wording import aside, listed


def words(fault: SomeLengths) -> Words:
    """The fault in a user's words."""
    unknown = fault.unknown
    axis = unknown.label
    if unknown.where:
        axis = f"{unknown.where[0]} ({unknown.label})" if unknown.dim is not None else unknown.where[0]
    if fault.only is not None:
        what, help_ = f"fits only where {axis} is {fault.only}", f"write {fault.only} for the unknown size"
        if unknown.batch:
            help_ = (
                "the batch may have any size; an axis of size 1 may be missing (ops.expand_dims, axis: 1)"
            )
    elif fault.multiple is not None:
        what = f"does not fit every size of {axis}: multiples of {fault.multiple} fit"
        help_ = "leave out a smaller last batch" if unknown.batch else "pad the inputs to such a size"
    elif fault.least is not None:
        what, help_ = f"fits only where {axis} is at least {fault.least}", "pad shorter inputs"
    else:
        refused = listed((str(size) for size in fault.refused), "and").replace("`", "")
        what, help_ = f"does not fit every size of {axis}: {refused} do not fit", ""
    related = Related(f"{axis} comes in{aside(unknown.place)}", unknown.place)
    return Words(
        f"{fault.type} {what}",
        help=help_,
        keras=f"with sizes that were tried: {fault.message}",
        related=() if unknown.batch else (related,),
    )


RULE = Rule("SEQ310", "warning", SomeLengths, words)
