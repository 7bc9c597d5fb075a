"""A layer needs a package of Python that is not installed.

Keras has the layer, and makes it only where that package can be imported (`STFTSpectrogram` needs
`scipy`). Install it beside Keras.
"""

from seqshape.faults import PackageMissing
from seqshape.rules.interface import Rule, Words


def words(fault: PackageMissing) -> Words:
    """The fault in a user's words."""
    return Words(
        f"{fault.type} needs a package of Python that is not installed here",
        help="install it where Keras is installed, or leave the layer out of the spec",
        keras=fault.message,
    )


RULE = Rule("SEQ905", "error", PackageMissing, words)
