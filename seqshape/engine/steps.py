"""What the call of a function of `keras.ops` is made of, as plain data: the operations, in order."""

from seqshape.engine.tensors import Tensor
from seqshape.frozen import frozen

GIVEN = "__given__"
"""The key of a mapping that stands for a tensor which the call is given, by its number."""
MADE = "__made__"
"""The key of a mapping that stands for an output of an earlier step: `[step, output]`."""


@frozen
class Step:
    """One operation: Keras's description of it, and of the arguments of its call, as JSON text.

    In `arguments` (`[positional, named]`) a mapping with `GIVEN` or `MADE` stands for each tensor.
    """

    config: str
    arguments: str
    outputs: tuple[Tensor, ...]


@frozen
class Steps:
    """The operations of a call; `outputs` are its results, each as the JSON text that stands for it."""

    steps: tuple[Step, ...]
    outputs: tuple[str, ...]
