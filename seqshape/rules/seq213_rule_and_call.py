"""Keras's shape rule and the call itself give different shapes.

Keras works out a layer's output shape by a rule, and the call gives what it gives. Where the two differ, every
layer that reads it is built for a shape that never comes. It is a defect of Keras, or of a custom layer's
`compute_output_shape`; where nothing reads the output, it does no harm.

Bad:

    layers:
      - {name: query, type: Input, shape: [8, 16]}
      - {name: value, type: Input, shape: [9, 16]}
      - name: attention  # SEQ213: `scores` is (batch, 2, 8, 8)
        type: MultiHeadAttention
        num_heads: 2
        key_dim: 4
        inputs: {query: query, value: value}
        call: {return_attention_scores: true}

Good:

    layers:
      - {name: query, type: Input, shape: [8, 16]}
      - {name: value, type: Input, shape: [8, 16]}
      - name: attention
        type: MultiHeadAttention
        num_heads: 2
        key_dim: 4
        inputs: {query: query, value: value}
        call: {return_attention_scores: true}
"""

from seqshape.report import Comparison
from seqshape.rules.interface import Rule, Words
from seqshape.shape_faults import RuleDiffers, Shape
from seqshape.wording import shape


def words(fault: RuleDiffers) -> Words:
    """The fault in a user's words."""
    what = "its output" if fault.output == "output" else f"its output `{fault.output}`"
    ruled, called = fault.ruled, fault.called
    return Words(
        f"{fault.type}: {what} is {shape(ruled)} by Keras's rule, and {shape(called)} when it is called",
        help="Keras builds what reads it for the first shape, and the second comes",
        compared=Comparison((("Keras's rule", ruled), ("the call", called)), _marked(ruled, called)),
    )


def _marked(one: Shape, other: Shape) -> tuple[int, ...]:
    pairs = enumerate(zip(one, other, strict=False))
    return tuple(number for number, (here, there) in pairs if here != there)


RULE = Rule("SEQ213", "warning", RuleDiffers, words)
