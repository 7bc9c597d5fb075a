"""What a model takes in memory: its weights, their training, and what its layers give.

What optimizers keep beside a weight is asked of Keras's own.
"""

from math import prod

from seqshape.dtypes import itemsize
from seqshape.engine import Engine
from seqshape.engine.tensors import Tensor, Weight
from seqshape.explanation import Memory, Slots
from seqshape.report import Row, elements

OPTIMIZERS = (
    ("SGD", "SGD", "{}"),
    ("SGD with momentum", "SGD", '{"momentum": 0.9}'),
    ("RMSprop", "RMSprop", "{}"),
    ("Adam", "Adam", "{}"),
    ("AdamW", "AdamW", "{}"),
    ("Adafactor", "Adafactor", "{}"),
    ("Lion", "Lion", "{}"),
)
"""The optimizers that are asked about: what each is called, its class, its arguments."""


def sample_bytes(tensor: Tensor, length: int | None) -> int | None:
    """Bytes of what a tensor holds for one sample; None where a size is not known."""
    sizes = [length if size is None else size for size in tensor.shape[1:]]
    known = [size for size in sizes if size is not None]
    return prod(known) * itemsize(tensor.dtype) if len(known) == len(sizes) else None


def memory(rows: tuple[Row, ...], engine: Engine, length: int | None) -> Memory:
    """What the weights, their training and what the layers give take in memory."""
    weights = [weight for row in rows for weight in row.weights]
    trained = [weight for weight in weights if weight.trainable]
    given = [sample_bytes(output.tensor, length) for row in rows if row.fed for output in row.outputs]
    return Memory(
        sum(elements(weight) * weight.itemsize for weight in weights),
        sum(elements(weight) * weight.itemsize for weight in trained),
        tuple(Slots(name, _slots(trained, cls, settings, engine)) for name, cls, settings in OPTIMIZERS),
        None if None in given else sum(size for size in given if size is not None),
    )


def _slots(weights: list[Weight], optimizer: str, settings: str, engine: Engine) -> int | None:
    often: dict[tuple[tuple[int, ...], str], int] = {}
    for weight in weights:
        often[weight.shape, weight.dtype] = often.get((weight.shape, weight.dtype), 0) + 1
    found = 0
    for (shape, dtype), times in often.items():
        size = engine.slots(optimizer, settings, shape, dtype)
        if size is None:
            return None
        found += size * times
    return found
