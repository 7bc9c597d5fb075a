"""A merge stretches one input along an axis of another.

Add, Multiply and their kin take inputs with different numbers of axes: Keras gives the shorter one axes of
size 1 behind the batch, and repeats it along them. A vector that meets a sequence so is mostly a slip: a
recurrent layer without `return_sequences` gave its last step alone, and that is added to every step. Where
stretching is meant, give the vector an axis of its own, of size 1; then nothing is said.

Bad:

    layers:
      - {name: x, type: Input, shape: [32, 8]}
      - {name: last, type: GRU, units: 16, inputs: x}
      - {name: steps, type: GRU, units: 16, return_sequences: true, inputs: x}
      - {name: sum, type: Add, inputs: [last, steps]}  # SEQ301: `last` (batch, 16) along axis 1 of `steps`

Good:

    layers:
      - {name: x, type: Input, shape: [32, 8]}
      - {name: last, type: GRU, units: 16, inputs: x}
      - {name: one, type: Reshape, target_shape: [1, 16]}
      - {name: steps, type: GRU, units: 16, return_sequences: true, inputs: x}
      - {name: sum, type: Add, inputs: [one, steps]}
"""

from collections.abc import Iterator

from seqshape.model import Model
from seqshape.report import Comparison, Read
from seqshape.rules.interface import Finding, ModelRule, Words
from seqshape.rules.losses import lost
from seqshape.rules.merges import MERGES
from seqshape.wording import listed, shape


def finds(model: Model) -> Iterator[Finding]:
    """Merges of a vector with a sequence."""
    for number, row in model.sound(MERGES):
        reads = [read for _, read in model.reads(number)]
        if len(reads) < 2:
            continue
        widest = max(reads, key=lambda read: len(model.tensor(read).shape))
        rank = len(model.tensor(widest).shape)
        for read in reads:
            axes = model.tensor(read).shape
            stretched = [
                axis for axis in range(1, rank - len(axes) + 1) if model.tensor(widest).shape[axis] != 1
            ]
            if stretched and any(size != 1 for size in axes[1:]):
                yield Finding(number, _words(model, row.type, read, widest, stretched))


def _words(model: Model, type_: str, read: Read, widest: Read, stretched: list[int]) -> Words:
    short, long = model.tensor(read).shape, model.tensor(widest).shape
    axes = listed((f"axis {axis}" for axis in stretched), "and").replace("`", "")
    own = [1] * (len(long) - len(short)) + list(short[1:])
    meant = f"where that is meant, give `{read.word}` the axis: Reshape, target_shape: {own}"
    related, kept = lost(model, read)
    meant = f"{kept}; {meant}" if kept else meant
    return Words(
        f"{type_} stretches `{read.word}` {shape(short)} along {axes} of `{widest.word}` {shape(long)}",
        help=meant,
        related=related,
        compared=Comparison(((read.word, (short[0], *own)), (widest.word, long)), tuple(stretched)),
    )


RULE = ModelRule("SEQ301", "warning", finds)
