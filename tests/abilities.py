"""What the Keras that the tests run on can do, where an older one cannot."""

import keras

_VERSION = tuple(int(part) for part in keras.__version__.split(".")[:2])
UNREAD_INPUTS = _VERSION >= (3, 14)
"""Whether Keras makes a model with an input that no layer reads."""
ODD_SIZES = _VERSION >= (3, 15)
"""Whether Keras builds a Reshape without a look at its sizes, unknown ones among them; else it refuses."""
ATTENTION_AT_ANY_RANK = _VERSION >= (3, 15)
"""Whether Attention takes inputs of two axes, or of four; else it refuses all but three."""
HEADS_BY_NAME = _VERSION >= (3, 15)
"""Whether Keras says that it is `key_dim` that must not be 0; else it just divides by it."""
