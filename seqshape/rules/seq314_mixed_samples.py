"""An attention reads something without steps, and mixes the samples of a batch.

Attention and AdditiveAttention take (batch, steps, features). Given (batch, features) Keras builds them all the same,
and takes the batch for the steps: each sample then attends to the others, and what the model says of one hangs
on which others come along. Mostly a recurrent layer gave its last step alone. A vector that is to ask, or to be
asked, is one step: Reshape, target_shape: [1, features].

Bad:

    layers:
      - {name: x, type: Input, shape: [30, 12]}
      - {name: enc, type: GRU, units: 8}
      - {name: y, type: Input, shape: [20, 12]}
      - {name: dec, type: GRU, units: 8, return_sequences: true}
      - {name: context, type: Attention, inputs: [dec, enc]}  # SEQ314: `enc` (batch, 8)

Good:

    layers:
      - {name: x, type: Input, shape: [30, 12]}
      - {name: enc, type: GRU, units: 8, return_sequences: true}
      - {name: y, type: Input, shape: [20, 12]}
      - {name: dec, type: GRU, units: 8, return_sequences: true}
      - {name: context, type: Attention, inputs: [dec, enc]}
"""

from collections.abc import Iterator

from seqshape.model import Model
from seqshape.rules.attention import COMPARING
from seqshape.rules.interface import Finding, ModelRule, Words
from seqshape.rules.losses import lost
from seqshape.wording import shape


def finds(model: Model) -> Iterator[Finding]:
    """Attentions that read a vector in place of a sequence."""
    for number, row in model.sound(COMPARING):
        reads = [read for _, read in model.reads(number)]
        flat = next((read for read in reads if len(model.tensor(read).shape) == 2), None)
        if flat is None:
            continue
        axes = model.tensor(flat).shape
        related, kept = lost(model, flat)
        meant = f"where it is meant as one step: Reshape, target_shape: [1, {axes[1] or -1}]"
        yield Finding(
            number,
            Words(
                f"`{row.title}` mixes the samples of a batch: {row.type} reads steps, "
                f"and `{flat.word}` {shape(axes)} has none",
                help=f"{kept}; {meant}" if kept else meant,
                related=related,
            ),
        )


RULE = ModelRule("SEQ314", "warning", finds)
