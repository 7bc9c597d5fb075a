"""A mask has another number of steps than the sequence it is for.

A recurrent layer reads its mask step by step beside the sequence: (batch, steps). With fewer steps in the mask
it fails when it runs; Keras does not look when it builds.

Bad:

    layers:
      - {name: x, type: Input, shape: [12, 16]}
      - {name: real, type: Input, shape: [10], dtype: bool}
      - {name: gru, type: GRU, units: 4, inputs: {sequences: x, mask: real}}  # SEQ214: `real` has 10 steps and `x` 12

Good:

    layers:
      - {name: x, type: Input, shape: [12, 16]}
      - {name: real, type: Input, shape: [12], dtype: bool}
      - {name: gru, type: GRU, units: 4, inputs: {sequences: x, mask: real}}
"""

from collections.abc import Iterator

from seqshape.model import Model
from seqshape.report import Comparison
from seqshape.rules.interface import Finding, ModelRule, Words


def finds(model: Model) -> Iterator[Finding]:
    """Recurrent layers, alone or in a Bidirectional, with a mask given by name."""
    for number, row in model.sound():
        masks = [fed.tensors[0] for fed in row.fed if fed.parameter == "mask" and fed.tensors]
        if not masks:
            continue
        type_ = model.catalogue.find(row.type, None)
        if type_ is None or not type_.call.takes("initial_state"):
            continue
        reads = list(model.reads(number))
        sequence, mask = reads[0][1], masks[0]
        steps, found = model.tensor(sequence).shape[1:2], model.tensor(mask).shape[1:2]
        if len(steps) == len(found) == 1 and None not in (*steps, *found) and steps != found:
            shapes = tuple((read.word, model.tensor(read).shape) for read in (sequence, mask))
            yield Finding(
                number,
                Words(
                    f"the mask `{mask.word}` has {found[0]} steps and `{sequence.word}` {steps[0]}",
                    compared=Comparison(shapes, (1,)),
                ),
            )


RULE = ModelRule("SEQ214", "error", finds)
