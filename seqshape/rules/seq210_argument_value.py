"""Keras refuses the value of an argument.

The constructor of the layer does not take the value: a number out of range, an unknown activation, a
text where a number belongs.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16, activation: tahn}  # SEQ210: did you mean `tanh`?

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16, activation: tanh}
"""

import re

from seqshape.rules.interface import Rule, Words
from seqshape.rules.reshaping import advice, told, unread_sizes
from seqshape.rules.wrapping import wrong_kind
from seqshape.shape_faults import Refused
from seqshape.wording import suggested

_NONE = re.compile(r"\bNone\b")
_NUMBER = re.compile(r"[-+]?\d+(\.\d*)?")
_DIMS = re.compile(r"\b[A-Z][A-Z0-9_]*\b")
_OTHER = re.compile(r"[a-z]|[^\w\s\[\]\",+*/()-]")


def words(fault: Refused) -> Words | None:
    """The fault in a user's words."""
    if fault.called and fault.type == "Reshape":
        return _of_reshape(fault)
    if fault.stage != "make" or fault.needed or wrong_kind(fault) is not None:
        return None
    written = dict(fault.arguments).get(fault.argument or "")
    if fault.argument is None or written is None:
        return Words(f"{fault.type} cannot be made with these arguments", keras=fault.message)
    if fault.meant:
        said = f"{fault.type} does not take `{fault.argument}: {written}`{suggested(fault.meant)}"
        return Words(said, keras=fault.message)
    help_ = ""
    if written.startswith("(") and written.endswith(")"):
        help_ = "a list stands in square brackets: `[64, 15]`"
    elif (
        _NUMBER.fullmatch(str(fault.values.get(fault.argument))) and written == fault.values[fault.argument]
    ):
        help_ = f"`{written}` in quotes is a text; without them it is a number"
    elif _NONE.search(written):
        help_ = "Python's `None` is `null` in a spec"
    elif fault.type == "Input" and "batch" in written:
        help_ = "leave the batch axis out: the shape of an Input starts behind it"
    elif _DIMS.search(written) and not _OTHER.search(written):
        help_ = f"if `{written}` is meant as a size, declare its names in `dims`"
    return Words(
        f"{fault.type} does not take `{fault.argument}: {written}`", help=help_, keras=fault.message
    )


def _of_reshape(fault: Refused) -> Words | None:
    """A size that Keras does not look at before the call."""
    target = fault.values.get("target_shape")
    unread = next(unread_sizes(target), None)
    if unread is None:
        return None
    said = f"Reshape does not take `{told(unread)}` in `target_shape`"
    help_ = advice(unread) if isinstance(target, list) else "`target_shape` is a list of sizes"
    return Words(said, help=help_, keras=fault.message)


RULE = Rule("SEQ210", "error", Refused, words)
