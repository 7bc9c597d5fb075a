"""A softmax that is always 1, or two that follow each other.

Softmax shares 1 out along an axis, mostly the last one. Over an axis of size 1 it gives 1, whatever comes in:
for one number use sigmoid, and for weights over the steps of a sequence a softmax over the axis of the steps.
A softmax or sigmoid of what is a probability already flattens it, and training crawls.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 16]}
      - {name: one, type: Dense, units: 1, activation: softmax}  # SEQ304: always 1
      - {name: scores, type: Dense, units: 8, activation: softmax, inputs: x}
      - {name: probs, type: Softmax}  # SEQ304: a softmax of a softmax

Good:

    layers:
      - {name: x, type: Input, shape: [64, 16]}
      - {name: one, type: Dense, units: 1, activation: sigmoid}
      - {name: scores, type: Dense, units: 8, inputs: x}
      - {name: probs, type: Softmax}
"""

from collections.abc import Iterator

from seqshape.model import Model
from seqshape.places import Place
from seqshape.report import Related
from seqshape.rules.interface import Finding, ModelRule, Words
from seqshape.tree import Json
from seqshape.wording import aside

_SQUASHING = ("softmax", "sigmoid")
_RECURRENT = "recurrent_activation"


def finds(model: Model) -> Iterator[Finding]:
    """Softmaxes over one number, and probabilities that are squashed again."""
    squashed: dict[int, str] = {}
    for number, row in model.sound():
        name, axis, place, alone = _activation(model, number)
        if name is None:
            continue
        squashed[number] = name
        shape = row.outputs[0].tensor.shape
        there = isinstance(axis, int) and -len(shape) <= axis < len(shape)
        if name == "softmax" and isinstance(axis, int) and there and shape[axis] == 1:
            yield Finding(number, _one(axis % len(shape), len(shape), place))
        before = next((read for _, read in model.reads(number)), None)
        if alone and before is not None and before.source in squashed:
            maker = model.rows[before.source]
            first = squashed[before.source]
            where = f"`{maker.title}`{aside(maker.place, maker.label)} ends in a {first}"
            yield Finding(
                number,
                Words(
                    f"a {name} of a {first}: `{before.word}` holds probabilities already",
                    help="leave one of the two out",
                    related=(Related(where, maker.place),),
                    place=place,
                ),
            )


def _one(axis: int, rank: int, place: Place) -> Words:
    other = ", or softmax over another axis (type: Softmax, axis: 1)" if rank > 2 and axis != 1 else ""
    return Words(
        f"softmax over axis {axis}, which has size 1, is always 1",
        help=f"use sigmoid for one number{other}",
        place=place,
    )


def _activation(model: Model, number: int) -> tuple[str | None, Json, Place, bool]:
    """The row's last activation, its axis, its place, and whether it is all that the row does."""
    row = model.rows[number]
    arguments = model.arguments(number)
    path: tuple[str, ...] = ()
    type_ = row.type
    if type_ == "TimeDistributed" and isinstance(layer := arguments.get("layer"), dict):
        arguments, path, type_ = layer, ("layer",), str(layer.get("type"))
    if type_ in ("Softmax", "ops.softmax", "ops.sigmoid"):
        axis = arguments.get("axis", -1)
        if path and isinstance(axis, int) and axis >= 0:
            axis += 1  # the wrapped layer sees no steps
        return type_.removeprefix("ops.").lower(), axis, row.place, True
    name = arguments.get("activation")
    if name not in _SQUASHING or _RECURRENT in arguments or _is_recurrent(model, type_):
        return None, None, row.place, False
    return str(name), -1, model.place(number, *path, "activation"), type_ == "Activation"


def _is_recurrent(model: Model, type_: str) -> bool:
    """Whether the layer's activation is one of its steps, not of its output alone."""
    found = model.catalogue.find(type_, None)
    return found is not None and found.constructor.takes("return_sequences")


RULE = ModelRule("SEQ304", "warning", finds)
