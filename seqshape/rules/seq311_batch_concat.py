"""A Concatenate joins its inputs along the batch.

Axis 0 is the batch. Joined along it, one sample's features are put behind another sample's, and the model gives
more samples than it was given. To join features use the last axis, to join sequences axis 1.

Bad:

    layers:
      - {name: a, type: Input, shape: [32, 8]}
      - {name: b, type: Input, shape: [32, 8]}
      - {name: both, type: Concatenate, axis: 0, inputs: [a, b]}  # SEQ311: along the batch

Good:

    layers:
      - {name: a, type: Input, shape: [32, 8]}
      - {name: b, type: Input, shape: [32, 8]}
      - {name: both, type: Concatenate, axis: 1, inputs: [a, b]}
"""

from collections.abc import Iterator

from seqshape.model import Model
from seqshape.rules.concatenation import CONCATENATIONS, axis_of
from seqshape.rules.interface import Finding, ModelRule, Words


def finds(model: Model) -> Iterator[Finding]:
    """Concatenations on axis 0, however it is written."""
    for number, row in model.sound(CONCATENATIONS):
        axis = axis_of(row.type, model.arguments(number))
        rank = len(row.outputs[0].tensor.shape)
        if isinstance(axis, int) and axis in (0, -rank):
            yield Finding(
                number,
                Words(
                    f"{row.type}(axis={axis}) joins its inputs along the batch",
                    help=f"the axes of a sample are 1 to {rank - 1}",
                    place=model.place(number, "axis"),
                ),
            )


RULE = ModelRule("SEQ311", "warning", finds)
