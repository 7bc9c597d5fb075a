"""What the Keras that the tests run on can do, where an older one cannot."""

import keras

UNREAD_INPUTS = tuple(int(part) for part in keras.__version__.split(".")[:2]) >= (3, 14)
"""Whether Keras makes a model with an input that no layer reads."""
