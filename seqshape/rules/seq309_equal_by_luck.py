"""It fits only if unknown axes happen to be equal.

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
from seqshape.wording import aside

_MOST = 6
"""Axes that are named."""


def words(fault: EqualByLuck) -> Words:
    """The fault in a user's words."""
    related = tuple(
        Related(f"{_named(unknown)} comes in{aside(unknown.place)}", unknown.place)
        for unknown in fault.axes[:_MOST]
        if not unknown.batch
    )
    return Words(
        f"{fault.type} fits only if {_all_named(fault.axes)} happen to be equal",
        help=_help(fault.axes),
        keras=f"with sizes that were tried: {fault.message}",
        compared=side_by_side(fault.inputs),
        related=related,
    )


def _all_named(axes: tuple[Unknown, ...]) -> str:
    """`a, b and c`; many are cut."""
    names = [_named(unknown) for unknown in axes]
    if len(names) > _MOST:
        names = [*names[: _MOST - 1], f"{len(names) - _MOST + 1} others"]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _named(unknown: Unknown) -> str:
    """The axis of an Input, with the dim that stands there."""
    if unknown.dim is None or not unknown.where:
        return unknown.label
    return f"{unknown.where[0]} ({unknown.label})"


def _help(axes: tuple[Unknown, ...]) -> str:
    if any(unknown.batch for unknown in axes):
        return "the batch may have any size; an axis of size 1 may be missing (ops.expand_dims, axis: 1)"
    dims = [unknown.dim for unknown in axes if unknown.dim is not None]
    if len(dims) == len(axes):
        return f"if they are always equal, write `{dims[0]}` for {'both' if len(axes) == 2 else 'all'}"
    if dims:
        return f"if they are always equal, write `{dims[0]}` for the others too"
    return (
        "if they are always equal, say so with a dim: `dims: {T: null}`, and `T` in the shapes of "
        f"{'both' if len(axes) == 2 else 'all'}"
    )


RULE = Rule("SEQ309", "warning", EqualByLuck, words)
