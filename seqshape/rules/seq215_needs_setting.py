"""A layer that cannot be used before an optional argument is given.

Keras lets the argument be left out, because `adapt` could learn it from data or because another one could
stand for it; then it refuses the layer. The value in the help is one that Keras takes here.

Bad:

    layers:
      - {name: words, type: Input, shape: [12], dtype: int32}
      - {name: counts, type: CategoryEncoding}  # SEQ215: needs `num_tokens`

Good:

    layers:
      - {name: words, type: Input, shape: [12], dtype: int32}
      - {name: counts, type: CategoryEncoding, num_tokens: 1000}
"""

from seqshape.rules.interface import Rule, Words
from seqshape.shape_faults import Refused


def words(fault: Refused) -> Words | None:
    """The fault in a user's words."""
    if not fault.needed:
        return None
    first = fault.needed[0]
    names = " or ".join(f"`{each.argument}`" for each in fault.needed)
    names += "".join(f" and `{name}`" for name, _ in first.beside)
    values = (f"`{name}: {value}`" for name, value in ((first.argument, first.value), *first.beside))
    place = f" in place of `{first.replaced}`" if first.replaced else ""
    return Words(
        f"{fault.type} needs {names}{place}",
        help=f"give it, for example {', '.join(values)}",
        keras=fault.message,
    )


RULE = Rule("SEQ215", "error", Refused, words)
