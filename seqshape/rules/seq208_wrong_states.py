"""The initial states are not those that the layer keeps.

A recurrent layer starts from as many states as its cell keeps, each as wide as the layer: a GRU or
SimpleRNN one, (batch, units); an LSTM two, h and c. A Bidirectional layer has those of its forward layer and
then those of its backward layer. Keras does not look at them when it builds: too many are dropped in
silence, and a wrong width fails when the model first runs. An encoder that is Bidirectional ends in states
for both directions; a decoder twice as wide starts from the two joined.

Bad:

    layers:
      - {name: source, type: Input, shape: [20, 8]}
      - {name: target, type: Input, shape: [10, 8]}
      - {name: encoder, type: GRU, units: 16, return_state: true, inputs: source}
      - {name: decoder, type: GRU, units: 32, inputs: {sequences: target, initial_state: encoder.state}}  # SEQ208: 1 state of 32

Good:

    layers:
      - {name: source, type: Input, shape: [20, 8]}
      - {name: target, type: Input, shape: [10, 8]}
      - {name: encoder, type: GRU, units: 32, return_state: true, inputs: source}
      - {name: decoder, type: GRU, units: 32, inputs: {sequences: target, initial_state: encoder.state}}
"""

from seqshape.rules.interface import Rule, Words
from seqshape.rules.refusals import flowing, since
from seqshape.shape_faults import Shape, WrongStates
from seqshape.wording import count, listed, shape


def words(fault: WrongStates) -> Words:
    """The fault in a user's words."""
    found = ", ".join(flowing(met) for met in fault.given)
    names = ", ".join(name for name, _ in fault.needed)
    message = f"{fault.type} starts from {_needed(fault)} ({names}), and `initial_state` gives {found}"
    last = {len(met.shape) - 1 for met in fault.given}
    same = len(fault.given) == len(fault.needed)
    related = since(fault.given, *sorted(last)) if same else ()
    return Words(message, help=_help(fault), related=related)


def _needed(fault: WrongStates) -> str:
    """What the layer keeps: `2 states of 512 = 2 × 256`."""
    shapes = tuple(dict.fromkeys(found for _, found in fault.needed))
    number = count(len(fault.needed), "state")
    if len(shapes) > 1 or len(shapes[0]) != 2:
        return f"{number}: {', '.join(shape(found) for _, found in fault.needed)}"
    width = shapes[0][-1]
    parts = (
        _parts(width, {met.shape[-1] for met in fault.given if met.shape}) if _both_ways(fault) else None
    )
    return f"{number} of {width}" + (f" = {parts} × {(width or 0) // parts}" if parts else "")


def _both_ways(fault: WrongStates) -> bool:
    """Whether states of a Bidirectional are given."""
    return any(way in met.label for met in fault.given for way in ("forward", "backward"))


def _parts(width: int | None, found: set[int | None]) -> int | None:
    """How many of the given states side by side are as wide as what is needed."""
    one = next(iter(found)) if len(found) == 1 else None
    if not width or not one or width == one or width % one:
        return None
    return width // one


def _help(fault: WrongStates) -> str:
    widths: set[int | None] = {met.shape[-1] for met in fault.given if met.shape}
    needed: list[Shape] = [found for _, found in fault.needed]
    same = [met.label for met in fault.given if met.shape in needed and not met.label.endswith("output")]
    if len(fault.given) > len(needed) and len(same) >= len(needed):
        return f"give {listed(same[: len(needed)], 'and')} alone; the others are not read as states"
    if _both_ways(fault) and _parts(needed[0][-1], widths) == 2:
        return "join the states of both directions with a Concatenate each, forward with backward"
    return ""


RULE = Rule("SEQ208", "error", WrongStates, words)
