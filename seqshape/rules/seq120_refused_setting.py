"""A global setting that Keras refuses.

`keras` at the top of a spec gives Keras's own global settings for it: `floatx`, `image_data_format`
and `dtype_policy`. What they can be is Keras's to say.

Bad:

    keras: {floatx: float12}  # SEQ120: did you mean `float16`?
    layers:
      - {name: x, type: Input, shape: [64, 15]}

Good:

    keras: {floatx: bfloat16}
    layers:
      - {name: x, type: Input, shape: [64, 15]}
"""

from seqshape.rules.interface import Rule, Words
from seqshape.shape_faults import RefusedSetting
from seqshape.wording import suggested


def words(fault: RefusedSetting) -> Words:
    """The fault in a user's words."""
    near = suggested(fault.meant)
    return Words(f"Keras does not take `{fault.setting}: {fault.value}`{near}", keras=fault.message)


RULE = Rule("SEQ120", "error", RefusedSetting, words)
