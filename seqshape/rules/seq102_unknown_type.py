"""A type that the installed Keras does not have.

A type is a public class of `keras.layers` (`GRU`), a function of `keras.ops` (`ops.expand_dims`)
or a registered custom layer (`Package>Name`). Letters' case counts.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: Gru, units: 16}  # SEQ102: did you mean `GRU`?

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16}
"""

from seqshape.faults import UnknownType
from seqshape.rules.interface import Rule, Words
from seqshape.wording import did_you_mean


def words(fault: UnknownType) -> Words:
    """The fault in a user's words."""
    prefixed = fault.type.startswith("ops.")
    known = [name for name in fault.known if name.startswith("ops.") == prefixed]
    last = fault.type.rpartition(".")[2]
    exact = next((name for name in (last, f"ops.{last}") if name in fault.known), None)
    near = f"; did you mean `{exact}`?" if exact and "." in fault.type else did_you_mean(fault.type, known)
    if not near and f"ops.{fault.type}" in fault.known:
        near = f"; did you mean `ops.{fault.type}`?"
    if ">" in fault.type:
        help_ = "name the module that registers it: `--plugin my_package.layers`"
        return Words(f"no custom layer is registered as `{fault.type}`", help=help_)
    return Words(f"unknown type `{fault.type}`{near}")


RULE = Rule("SEQ102", "error", UnknownType, words)
