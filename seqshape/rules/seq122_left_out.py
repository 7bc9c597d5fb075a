"""A file of Keras 2 has arguments that the installed Keras takes no more.

The layers are judged without them. Most say nothing about shapes and weights (`rng_type`, or the
generator that a random layer no longer has); where one does, the layer may differ from what was saved.
A switch that was on (`time_major: true`) is an error instead: it changed what the layer did.

Bad:

    {"class_name": "Sequential", "keras_version": "2.15.0", "config": {"name": "sequential", "layers": [
      {"class_name": "InputLayer", "config": {"name": "x", "batch_input_shape": [null, 8, 8, 3]}},
      {"class_name": "RandomFlip", "config": {"name": "flip", "rng_type": "stateful"}}]}}  # SEQ122: `rng_type`

Good:

    {"class_name": "Sequential", "keras_version": "2.15.0", "config": {"name": "sequential", "layers": [
      {"class_name": "InputLayer", "config": {"name": "x", "batch_input_shape": [null, 8, 8, 3]}},
      {"class_name": "RandomFlip", "config": {"name": "flip", "mode": "horizontal"}}]}}
"""

from seqshape.faults import LeftOut
from seqshape.rules.interface import Rule, Words


def words(fault: LeftOut) -> Words:
    """The fault in a user's words."""
    more = f", nor {fault.more} more arguments in the file" if fault.more > 1 else ""
    more = ", nor one more argument in the file" if fault.more == 1 else more
    return Words(
        f"the installed Keras takes no `{fault.argument}` for {fault.type}{more}: the layer is judged without it",
        help="where it matters, say it in the model's program with what Keras has now",
    )


RULE = Rule("SEQ122", "warning", LeftOut, words)
