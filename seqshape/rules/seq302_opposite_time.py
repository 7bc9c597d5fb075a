"""Two sequences in opposite order of time meet.

A recurrent layer with `go_backwards` and `return_sequences` gives its steps from the last to the first. Where
they are added to, joined with or attended beside steps in forward order, the first meets the last.
Bidirectional turns the backward steps round; with layers of your own, do that with `ops.flip`.

Bad:

    layers:
      - {name: x, type: Input, shape: [32, 8]}
      - {name: forward, type: GRU, units: 16, return_sequences: true, inputs: x}
      - {name: backward, type: GRU, units: 16, return_sequences: true, go_backwards: true, inputs: x}
      - {name: both, type: Concatenate, inputs: [forward, backward]}  # SEQ302: `backward` runs backwards

Good:

    layers:
      - {name: x, type: Input, shape: [32, 8]}
      - {name: forward, type: GRU, units: 16, return_sequences: true, inputs: x}
      - {name: backward, type: GRU, units: 16, return_sequences: true, go_backwards: true, inputs: x}
      - {name: turned, type: ops.flip, axis: 1}
      - {name: both, type: Concatenate, inputs: [forward, turned]}
"""

from collections.abc import Iterator

from seqshape.frozen import frozen
from seqshape.model import Model
from seqshape.report import Read, Related, Row
from seqshape.rules.attention import ATTENTIONS
from seqshape.rules.concatenation import CONCATENATIONS, axis_of
from seqshape.rules.interface import Finding, ModelRule, Words
from seqshape.rules.merges import MERGES, OPERATIONS
from seqshape.wording import aside

_TURNING = frozenset(("Permute", "ops.transpose", "ops.swapaxes", "ops.moveaxis", "Reshape", "ops.reshape"))
"""Layers after which axis 1 is not the steps that it was."""

_STEPLESS = frozenset(("RepeatVector",))
"""Layers that make steps without an order."""


@frozen
class _Order:
    """How the steps of a tensor run, and the row that turned them last; both None where it is mixed."""

    backwards: bool | None
    turned: int | None


def finds(model: Model) -> Iterator[Finding]:
    """Calls whose inputs run in opposite directions."""
    if not any(model.arguments(number).get("go_backwards") for number, _ in model.sound()):
        return
    orders: dict[tuple[int, int], _Order] = {}
    for number, row in model.sound():
        reads = [read for _, read in model.reads(number)]
        known = [
            (read, order) for read in reads if (order := orders.get((read.source, read.output))) is not None
        ]
        sides = {order.backwards for _, order in known}
        opposite = {True, False} <= sides
        if opposite and _pairs_steps(model, number, known):
            yield Finding(number, _words(model, row, known))
        for output, found in enumerate(row.outputs):
            order = _Order(None, None) if opposite else _order(model, number, known, found.tensor.shape)
            if order is not None:
                orders[number, output] = order


def _order(
    model: Model, number: int, known: list[tuple[Read, _Order]], after: tuple[int | None, ...]
) -> _Order | None:
    """How the steps run that come out; None where there are none. What is new runs forwards."""
    row = model.rows[number]
    if len(after) < 3 or after[1] == 1 or row.type in _STEPLESS:
        return None
    if any(order.backwards is None for _, order in known):
        return _Order(None, None)
    if not known or not row.fed:
        order: _Order | None = _Order(False, None)
    else:
        read, first = known[0]
        order = _passed(model.tensor(read).shape, after, first, row.type in _TURNING)
    if order is not None and _reverses(model, number, len(after)):
        return _Order(not order.backwards, number)
    return order


def _passed(
    before: tuple[int | None, ...], after: tuple[int | None, ...], order: _Order, turning: bool
) -> _Order | None:
    """The order behind a layer that has one before it."""
    if turning:
        return _Order(None, None) if order.backwards else _Order(False, None)
    kept = after[1] == before[1]
    if len(after) < len(before) or (not kept and len(after) != len(before)):
        return _Order(False, None)
    return order


def _reverses(model: Model, number: int, rank: int) -> bool:
    arguments = model.arguments(number)
    if model.rows[number].type == "ops.flip":
        axis = arguments.get("axis")
        axes = axis if isinstance(axis, list) else [axis]
        return axis is None or 1 in axes or 1 - rank in axes
    return bool(arguments.get("go_backwards")) and bool(arguments.get("return_sequences"))


def _pairs_steps(model: Model, number: int, known: list[tuple[Read, _Order]]) -> bool:
    """Whether the steps of the inputs meet one by one: in a merge, or attending where there are as many."""
    type_ = model.rows[number].type
    if type_ in ATTENTIONS:
        steps = {model.tensor(read).shape[1] for read, _ in known}
        return len(steps) == 1 and None not in steps
    if type_ in CONCATENATIONS:  # put one behind the other, no step meets another
        axis = axis_of(type_, model.arguments(number))
        rank = len(model.rows[number].outputs[0].tensor.shape)
        return isinstance(axis, int) and axis % rank != 1
    return type_ in MERGES | OPERATIONS


def _words(model: Model, row: Row, known: list[tuple[Read, _Order]]) -> Words:
    backwards = [(read, order) for read, order in known if order.backwards]
    forwards = [read for read, order in known if not order.backwards]
    turning = dict.fromkeys(order.turned for _, order in known if order.turned is not None)
    related = tuple(
        Related(
            f"`{turner.title}`{aside(turner.place, turner.label)} turns the order of its steps round",
            turner.place,
        )
        for turner in (model.rows[number] for number in turning)
    )
    read = backwards[0][0]
    return Words(
        f"in {row.type} the first steps meet the last: `{read.word}` runs backwards and "
        f"`{forwards[0].word}` forwards",
        help=f"turn `{read.word}` round first (type: ops.flip, axis: 1), or use Bidirectional",
        related=related,
    )


RULE = ModelRule("SEQ302", "warning", finds)
