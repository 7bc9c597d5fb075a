"""A mask is dropped before a layer that would have used it.

Embedding with `mask_zero` and Masking say which steps are padding. Recurrent layers and attention skip those
steps, if the mask reaches them. A layer that does not pass masks on, a convolution or most functions of
`keras.ops`, ends it without an error.

Bad:

    layers:
      - {name: tokens, type: Input, shape: [20], dtype: int32}
      - {name: embedded, type: Embedding, input_dim: 1000, output_dim: 16, mask_zero: true}
      - {name: conv, type: Conv1D, filters: 16, kernel_size: 3, padding: same}
      - {name: gru, type: GRU, units: 8}  # SEQ306: the mask of `embedded` ends at `conv`

Good:

    layers:
      - {name: tokens, type: Input, shape: [20], dtype: int32}
      - {name: embedded, type: Embedding, input_dim: 1000, output_dim: 16, mask_zero: true}
      - {name: gru, type: GRU, units: 8}
"""

from collections.abc import Iterator

from seqshape.frozen import frozen
from seqshape.model import Model
from seqshape.report import Related
from seqshape.rules.attention import ATTENTIONS
from seqshape.rules.interface import Finding, ModelRule, Words
from seqshape.wording import aside

USING = ATTENTIONS | {"Bidirectional", "GlobalAveragePooling1D"}
_CHANGING = frozenset(("Permute", "ops.transpose", "Reshape", "ops.reshape", "Dot", "ops.matmul"))
"""Layers whose axis 1 is not the steps that it was."""


@frozen
class _Ended:
    """A mask that ended: the row that made it, the one it ended at, and the size of its steps."""

    made: int
    ended: int
    steps: int | None


def finds(model: Model) -> Iterator[Finding]:
    """Layers that take a mask and read a sequence whose mask was dropped."""
    if all(output.tensor.mask is None for row in model.rows for output in row.outputs):
        return
    made: dict[tuple[int, int], int] = {}
    ended: dict[tuple[int, int], _Ended] = {}
    told: set[int] = set()
    for number, row in model.sound():
        keys = [(read.source, read.output) for _, read in model.reads(number)]
        lost = next((ended[key] for key in keys if key in ended), None)
        if lost is not None and lost.ended not in told and _uses_masks(model, number):
            if not _is_given(model, number):
                told.add(lost.ended)
                yield Finding(number, _words(model, lost, row.type))
            lost = None
        makers = [made[key] for key in keys if key in made]
        for output, found in enumerate(row.outputs):
            shape = found.tensor.shape
            if found.tensor.mask is not None:
                made[number, output] = makers[0] if makers else number
            elif makers and not _uses_masks(model, number) and _has_steps(model, number, shape, keys):
                ended[number, output] = _Ended(makers[0], number, shape[1])
            elif lost is not None and len(shape) >= 3 and shape[1] == lost.steps:
                ended[number, output] = lost


def _has_steps(
    model: Model, number: int, shape: tuple[int | None, ...], keys: list[tuple[int, int]]
) -> bool:
    """Whether the steps that the mask was about come out again."""
    masks = [model.rows[source].outputs[output].tensor.mask for source, output in keys]
    steps = next((mask[1] for mask in masks if mask is not None and len(mask) > 1), 0)
    return len(shape) >= 3 and shape[1] == steps and model.rows[number].type not in _CHANGING


def _uses_masks(model: Model, number: int) -> bool:
    """Whether the layer would leave padded steps out: recurrent ones, attention, a mean over steps."""
    type_ = model.rows[number].type
    found = model.catalogue.find(type_, None)
    recurrent = found is not None and found.constructor.takes("return_sequences")
    return (recurrent and not type_.startswith("ops.")) or type_ in USING


def _is_given(model: Model, number: int) -> bool:
    """Whether the call is given a mask by name."""
    return any((fed.parameter or "").endswith("mask") for fed in model.rows[number].fed)


def _words(model: Model, lost: _Ended, type_: str) -> Words:
    maker, end = model.rows[lost.made], model.rows[lost.ended]
    return Words(
        f"{type_} would skip padded steps, and the mask of `{maker.title}` ends at `{end.title}` ({end.label})",
        help="put the layer that ends the mask behind this one, or do without the mask",
        related=(
            Related(f"`{maker.title}`{aside(maker.place, maker.label)} makes the mask", maker.place),
            Related(f"`{end.title}`{aside(end.place, end.label)} passes none on", end.place),
        ),
    )


RULE = ModelRule("SEQ306", "warning", finds)
