"""What the rules about refused layers share."""

from collections.abc import Iterable

from seqshape.report import Comparison, Related
from seqshape.shape_faults import Met, Origin, Refused
from seqshape.wording import aside, axis, count, shape


def flowing(met: Met) -> str:
    """An input as a user reads it: `` `gru` (batch, 16) ``."""
    return f"`{met.label}` {shape(met.shape)}"


def inputs_text(fault: Refused) -> str:
    """All inputs of the refused call, the parameter before each that has one."""
    return ", ".join(
        f"{met.parameter}: {flowing(met)}" if met.parameter is not None else flowing(met)
        for met in fault.inputs
    )


def compared(inputs: tuple[Met, ...], number: int) -> str:
    """The sizes of one axis side by side: ``axis 1 is 32 in `a` and 16 in `b` ``."""
    sizes: dict[str, list[str]] = {}
    for met in inputs:
        if number < len(met.shape):
            sizes.setdefault(axis(met.shape[number], number), []).append(f"`{met.label}`")
    parts = [f"{size} in {', '.join(labels)}" for size, labels in sizes.items()]
    return f"axis {number} is " + " and ".join(parts)


def side_by_side(inputs: Iterable[Met], *marked: int) -> Comparison:
    """The inputs one under the other, with the axes that disagree."""
    return Comparison(tuple((met.label, met.shape) for met in inputs), marked)


def since(inputs: Iterable[Met], *numbers: int) -> tuple[Related, ...]:
    """Where the sizes of these axes were made, an input after another."""
    found = (
        _since(met, number, met.origins[number])
        for met in inputs
        for number in numbers
        if 0 <= number < len(met.origins)
    )
    return tuple(dict.fromkeys(related for related in found if related is not None))


def _since(met: Met, number: int, origin: Origin | None) -> Related | None:
    if origin is None:
        return None
    what = f"axis {number} of `{met.label}` is {axis(met.shape[number], number)} since {_where(origin)}"
    return Related(what, origin.place)


def lost(inputs: Iterable[Met]) -> tuple[Related, ...]:
    """Where axes ended that an input lacks."""
    return tuple(
        Related(
            f"`{met.label}` has {count(len(met.shape), 'axis', 'axes')} since {_where(met.lost)}",
            met.lost.place,
        )
        for met in inputs
        if met.lost is not None
    )


def keeping(inputs: Iterable[Met]) -> str:
    """What to set so that an axis is kept: ``set `return_sequences: true` on `gru1` ``."""
    for met in inputs:
        if met.lost is not None and met.lost.lost and met.lost.argument:
            name, _, value = met.lost.argument.partition(": ")
            turned = "false" if value == "true" else "true"
            where = f"in the `{met.lost.inside}` of" if met.lost.inside else "on"
            return f"`{name}: {turned}` {where} `{met.lost.layer}` keeps the axis"
    return ""


def _where(origin: Origin) -> str:
    """An entry and its argument: `` `gru1` (GRU, line 9): return_sequences: false ``."""
    where = f"`{origin.layer}`{aside(origin.place, origin.type)}"
    return f"{where}: {origin.argument}" if origin.argument else where
