"""TimeDistributed(Dense) is Dense here: the same shape, the same weights, the same function.

A Dense multiplies the last axis by its kernel, whatever axes stand before it. On a sequence it does so at
each step, with the same weights: that is what TimeDistributed does with it, more slowly.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 16]}
      - {name: logits, type: TimeDistributed, layer: {type: Dense, units: 15}}  # SEQ303: is Dense(15)

Good:

    layers:
      - {name: x, type: Input, shape: [64, 16]}
      - {name: logits, type: Dense, units: 15}
"""

from collections.abc import Iterator

from seqshape.model import Model
from seqshape.rules.interface import Finding, ModelRule, Words


def finds(model: Model) -> Iterator[Finding]:
    """Every TimeDistributed round a Dense."""
    for number, row in model.sound(("TimeDistributed",)):
        if row.shares is not None:
            continue
        layer = model.arguments(number).get("layer")
        if isinstance(layer, dict) and layer.get("type") == "Dense":
            units = layer.get("units")
            yield Finding(
                number,
                Words(
                    f"TimeDistributed(Dense) is Dense({units}) here: the same shape, weights and function",
                    help="a Dense works on the last axis, at each step alike; it needs no TimeDistributed",
                ),
            )


RULE = ModelRule("SEQ303", "note", finds)
