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
from dataclasses import dataclass

from seqshape.model import Model
from seqshape.report import Read, Related, Row
from seqshape.rules.concatenation import CONCATENATIONS
from seqshape.rules.interface import Finding, ModelRule, Words

_TURNING = frozenset(("Permute", "ops.transpose", "ops.swapaxes", "ops.moveaxis", "Reshape", "ops.reshape"))
"""Layers after which axis 1 is not the steps that it was."""


@dataclass(frozen=True, slots=True)
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
        if opposite and not _joins_steps(model, number):
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
    if any(order.backwards is None for _, order in known):
        return _Order(None, None)
    if not known or not row.fed:
        order = _Order(False, None) if len(after) > 2 or (len(after) == 2 and not row.fed) else None
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
    if len(after) < 2:
        return None
    if turning:
        return _Order(None, None) if order.backwards else _Order(False, None)
    kept = after[1] == before[1]
    if len(after) < len(before) or (not kept and (len(after) != len(before) or len(after) < 3)):
        return _Order(False, None) if len(after) > 2 else None
    return order


def _reverses(model: Model, number: int, rank: int) -> bool:
    arguments = model.arguments(number)
    if model.rows[number].type == "ops.flip":
        axis = arguments.get("axis")
        axes = axis if isinstance(axis, list) else [axis]
        return axis is None or 1 in axes or 1 - rank in axes
    return bool(arguments.get("go_backwards")) and bool(arguments.get("return_sequences"))


def _joins_steps(model: Model, number: int) -> bool:
    """Whether one sequence is put behind the other, so that no step meets another."""
    if model.rows[number].type not in CONCATENATIONS:
        return False
    axis = model.arguments(number).get("axis", -1)
    rank = len(model.rows[number].outputs[0].tensor.shape)
    return isinstance(axis, int) and axis % rank == 1


def _words(model: Model, row: Row, known: list[tuple[Read, _Order]]) -> Words:
    backwards = [(read, order) for read, order in known if order.backwards]
    forwards = [read for read, order in known if not order.backwards]
    turning = dict.fromkeys(order.turned for _, order in known if order.turned is not None)
    related = tuple(
        Related(
            f"`{turner.name}` ({turner.label}, line {turner.place.line}) turns the order of its steps round",
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
