"""The inputs of an attention or a Dot do not fit each other.

Attention compares each query with each key, so both need the same width; it then weighs the values, so there
must be as many values as keys. MultiHeadAttention projects its inputs first, so only the lengths of key and
value must agree. Dot sums over one axis of each input, which must be equal.

Bad:

    layers:
      - {name: query, type: Input, shape: [8, 5]}
      - {name: value, type: Input, shape: [9, 6]}
      - {name: context, type: Attention, inputs: [query, value]}  # SEQ209: axis 2 is 5 in `query` and 6 in `value`

Good:

    layers:
      - {name: query, type: Input, shape: [8, 6]}
      - {name: value, type: Input, shape: [9, 6]}
      - {name: context, type: Attention, inputs: [query, value]}
"""

from seqshape.rules.attention import ATTENTIONS, COMPARING
from seqshape.rules.interface import Rule, Words
from seqshape.rules.refusals import compared, flowing, keeping, lost, side_by_side, since
from seqshape.shape_faults import Met, Refused

_ROLES = ("query", "value", "key")


def words(fault: Refused) -> Words | None:
    """The fault in a user's words."""
    if not fault.called:
        return None
    if fault.type == "Dot":
        return _dot(fault)
    if fault.type not in ATTENTIONS:
        return None
    roles = _roles(fault.inputs)
    query, value = roles.get("query"), roles.get("value")
    key = roles.get("key", value)
    if query is None or value is None or key is None:
        return None
    if len({len(met.shape) for met in (query, value, key)}) > 1:
        said = ", ".join(flowing(met) for met in fault.inputs)
        return Words(
            f"{fault.type} needs query, value and key with the same number of axes: {said}",
            help=keeping(fault.inputs),
            keras=fault.message,
            compared=side_by_side(fault.inputs),
            related=lost(fault.inputs),
        )
    if fault.type in COMPARING and _differ(query.shape[-1], key.shape[-1]):
        number = len(query.shape) - 1
        return _said(fault, "compares query and key, so they must be equally wide", (query, key), number)
    for number in range(1, min(len(key.shape), len(value.shape)) - 1):
        if _differ(key.shape[number], value.shape[number]):
            return _said(fault, "needs as many keys as values", (key, value), number)
    return None


def _roles(inputs: tuple[Met, ...]) -> dict[str, Met]:
    """The inputs by what they are to an attention."""
    named = {met.parameter: met for met in inputs if met.parameter in _ROLES}
    return {str(name): met for name, met in named.items()} or dict(zip(_ROLES, inputs, strict=False))


def _said(fault: Refused, why: str, pair: tuple[Met, Met], number: int) -> Words:
    return Words(
        f"{fault.type} {why}: {compared(pair, number)}",
        keras=fault.message,
        compared=side_by_side(fault.inputs, number),
        related=since(pair, number),
    )


def _dot(fault: Refused) -> Words | None:
    axes = fault.values.get("axes")
    both = list(axes) if isinstance(axes, list) else [axes, axes]
    if len(fault.inputs) != 2 or len(both) != 2:
        return None
    numbers = []
    for met, axis in zip(fault.inputs, both, strict=True):
        if not isinstance(axis, int):
            return None
        if not -len(met.shape) <= axis < len(met.shape):
            rank = len(met.shape)
            return Words(
                f"Dot sums over axis {axis}, and {flowing(met)} has {rank} axes, numbered 0 to {rank - 1}",
                help=keeping(fault.inputs),
                keras=fault.message,
                related=lost((met,)),
            )
        numbers.append(axis % len(met.shape))
    one, other = fault.inputs
    first, second = one.shape[numbers[0]], other.shape[numbers[1]]
    if not _differ(first, second):
        return None
    return Words(
        f"Dot sums over axis {numbers[0]} of `{one.label}`, which is {first}, and axis {numbers[1]} of "
        f"`{other.label}`, which is {second}: they must be equal",
        keras=fault.message,
        compared=side_by_side(fault.inputs, *dict.fromkeys(numbers)),
        related=(*since((one,), numbers[0]), *since((other,), numbers[1])),
    )


def _differ(one: int | None, other: int | None) -> bool:
    return None not in (one, other) and one != other


RULE = Rule("SEQ209", "error", Refused, words)
