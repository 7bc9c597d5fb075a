"""It fits only if two unknown axes happen to be equal.

Keras lets an axis of unknown size fit anything, so a model with two of them can build and fail at the first
batch in which they differ. Each unknown axis was given a size of its own here, and the call refused them;
with equal sizes it runs. If they are always equal, say so with a dim that both Inputs name.

Bad:

    layers:
      - {name: a, type: Input, shape: [null, 8]}
      - {name: b, type: Input, shape: [null, 8]}
      - {name: both, type: Concatenate, inputs: [a, b]}  # SEQ309: axis 1 of `a` and axis 1 of `b`

Good:

    dims: {T: null}
    layers:
      - {name: a, type: Input, shape: [T, 8]}
      - {name: b, type: Input, shape: [T, 8]}
      - {name: both, type: Concatenate, inputs: [a, b]}
"""

from seqshape.report import Related
from seqshape.rules.interface import Rule, Words
from seqshape.rules.refusals import side_by_side
from seqshape.shape_faults import EqualByLuck, Unknown


def words(fault: EqualByLuck) -> Words:
    """The fault in a user's words."""
    pair = (fault.one, fault.other)
    related = tuple(
        Related(f"{_named(unknown)} comes in (line {unknown.place.line})", unknown.place)
        for unknown in pair
        if not unknown.batch
    )
    return Words(
        f"{fault.type} fits only if {_named(fault.one)} and {_named(fault.other)} happen to be equal",
        help=_help(fault),
        keras=fault.message,
        compared=side_by_side(fault.inputs),
        related=related,
    )


def _named(unknown: Unknown) -> str:
    """The axis of an Input, with the dim that stands there."""
    if unknown.dim is None or not unknown.where:
        return unknown.label
    return f"{unknown.where[0]} ({unknown.label})"


def _help(fault: EqualByLuck) -> str:
    if fault.one.batch or fault.other.batch:
        return "the batch may have any size"
    dims = [unknown.dim for unknown in (fault.one, fault.other) if unknown.dim is not None]
    if len(dims) == 2:
        return f"if they are always equal, write `{dims[0]}` for both"
    if dims:
        return f"if they are always equal, write `{dims[0]}` for the other one too"
    return "if they are always equal, say so with a dim: `dims: {T: null}`, and `T` in the shapes of both"


RULE = Rule("SEQ309", "warning", EqualByLuck, words)
