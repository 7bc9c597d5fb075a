"""Keras refuses the layer, for a reason that no other code names.

Keras's own message stands below the finding.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: image, type: ops.expand_dims, axis: 9}  # SEQ299: ops.expand_dims does not take `x` (batch, 64, 15)

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: image, type: ops.expand_dims, axis: 3}
"""

import re

from seqshape.rules.interface import Rule, Words
from seqshape.rules.refusals import inputs_text
from seqshape.shape_faults import Refused
from seqshape.wording import shape

_VALUES = re.compile(
    r"symbolic `tf\.Tensor` as a Python `bool`|'SymbolicTensor' object cannot be interpreted"
)
"""What TensorFlow says where a function looks at values that are not there yet."""
_QUANTIZED = re.compile(r"does not have a `_(\w+)_call` method")


def words(fault: Refused) -> Words:
    """The fault in a user's words."""
    fed = inputs_text(fault)
    if not fed:
        return Words(f"{fault.type} cannot be built", keras=fault.message)
    if quantized := _QUANTIZED.search(fault.message):
        return Words(
            f"{fault.type} has no {quantized.group(1)} form in Keras, which its dtype policy asks for",
            help="give it another one, such as `dtype: float32`",
            keras=fault.message,
        )
    if _VALUES.search(fault.message):
        return Words(
            f"{fault.type} works on values alone: TensorFlow cannot run it in a model, where they are not known",
            help="work it out before the model, or write it with other functions of keras.ops",
            keras=fault.message,
        )
    help_ = ""
    for met in fault.inputs:
        if met.alone and not met.label.endswith("*"):
            help_ = f"`[{met.label}]` is a list of one; write `{met.label}` to pass the tensor itself"
    masked = [met for met in fault.inputs if met.mask is not None and fault.stage == "trace"]
    if masked and not help_:
        said = ", ".join(f"`{met.label}` carries a mask {shape(met.mask or ())}" for met in masked)
        help_ = f"{said}, and the mask may be what does not fit"
    return Words(f"{fault.type} does not take {fed}", help=help_, keras=fault.message)


RULE = Rule("SEQ299", "error", Refused, words)
