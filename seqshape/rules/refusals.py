"""What the rules about refused layers share."""

from seqshape.shape_faults import Met, Refused
from seqshape.wording import axis, shape


def flowing(met: Met) -> str:
    """An input as a user reads it: `` `gru` (batch, 16) ``."""
    return f"`{met.label}` {shape(met.shape)}"


def inputs_text(fault: Refused) -> str:
    """All inputs of the refused call, the parameter before each that has one."""
    return ", ".join(
        f"{met.parameter}: {flowing(met)}" if met.parameter is not None else flowing(met)
        for met in fault.inputs
    )


def compared(fault: Refused, number: int) -> str:
    """The sizes of one axis side by side: ``axis 1 is 32 in `a` and 16 in `b` ``."""
    sizes: dict[str, list[str]] = {}
    for met in fault.inputs:
        if number < len(met.shape):
            sizes.setdefault(axis(met.shape[number], number), []).append(f"`{met.label}`")
    parts = [f"{size} in {', '.join(labels)}" for size, labels in sizes.items()]
    return f"axis {number} is " + " and ".join(parts)
