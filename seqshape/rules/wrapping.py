"""Layers that take another layer of one kind alone: Bidirectional, RNN and TimeDistributed, in words."""

from seqshape.rules.interface import Words
from seqshape.shape_faults import Refused, Wrapped


def wrong_kind(fault: Refused) -> Words | None:
    """What is said of a layer whose inner layer is of the wrong kind; None where it is of the right one."""
    wrapped = fault.wrapped
    if wrapped is None:
        return None
    match fault.type, wrapped.kind:
        case "Bidirectional", "cell" | "layer":
            return _backwards(wrapped, fault.message)
        case "RNN" | "StackedRNNCells", "recurrent" | "layer":
            return _no_cell(fault.type, wrapped, fault.message)
        case "TimeDistributed", "cell":
            return Words(
                "TimeDistributed calls its layer at each step alone, and "
                f"{wrapped.type} needs the states of the step before",
                help=f"RNN goes over the steps with a cell: `type: RNN, cell: {_written(wrapped.type)}`",
                keras=fault.message,
            )
    return None


def _backwards(wrapped: Wrapped, message: str) -> Words:
    if wrapped.kind == "cell":
        said = f"Bidirectional takes a recurrent layer, and {wrapped.type} is a cell, which does one step"
        cell = _written(wrapped.type)
        return Words(
            said, help=f"put the cell into RNN: `layer: {{type: RNN, cell: {cell}}}`", keras=message
        )
    said = f"Bidirectional runs a recurrent layer such as GRU both ways, and {wrapped.type} is none"
    help_ = f"put a recurrent layer there, or {wrapped.type} as an entry without Bidirectional"
    return Words(said, help=help_, keras=message)


def _no_cell(type_: str, wrapped: Wrapped, message: str) -> Words:
    if wrapped.kind == "recurrent":
        said = f"{type_} takes a cell, which does one step, and {wrapped.type} goes over all steps itself"
        cell = f", or its cell: `{wrapped.argument}: {_written(wrapped.cell)}`" if wrapped.cell else ""
        help_ = f"put {wrapped.type} as an entry without {type_}{cell}"
        return Words(said, help=help_, keras=message)
    said = f"{type_} runs a cell such as GRUCell from step to step, and {wrapped.type} is none"
    inner = _written(wrapped.type)
    help_ = f"TimeDistributed calls a layer at each step: `type: TimeDistributed, layer: {inner}`"
    return Words(said, help=help_, keras=message)


def _written(type_: str) -> str:
    return f"{{type: {type_}, …}}"
