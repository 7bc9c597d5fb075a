"""A folder of different specs of sequence models, 10 to 60 layers each, the same at every run.

They are of the kinds that people write (stacks of recurrent layers, convolutions with shortcuts, attention),
with common sizes, so that two specs share many layers and no spec is another one. All are sound.
"""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

LEAST, MOST = 10, 60
STEPS = (64, 128)
WIDTHS = (32, 64, 128, 256)
RATES = (0.1, 0.2, 0.3, 0.5)


def write(folder: Path, number: int) -> None:
    """Writes so many specs into a folder."""
    folder.mkdir()
    texts: set[str] = set()
    chance = random.Random(7)
    while len(texts) < number:
        text = spec(chance)
        if text not in texts:
            texts.add(text)
            (folder / f"model_{len(texts)}.yaml").write_text(text, encoding="utf-8")


def spec(chance: random.Random) -> str:
    """A spec: a sequence goes in, parts of layers follow, an answer for the whole sequence comes out."""
    width = chance.choice(WIDTHS)
    lines = [f"{{name: x, type: Input, shape: [{chance.choice(STEPS)}, {width}]}}"]
    most = chance.randint(LEAST, MOST) - 2
    while len(lines) < most:
        width, part = chance.choice(PARTS)(chance, width)
        lines.extend(part if len(lines) + len(part) <= most else _rest(most - len(lines)))
    lines.append("{type: GlobalAveragePooling1D}")
    lines.append(f"{{type: Dense, units: {chance.choice((2, 5, 10, 100))}, activation: softmax}}")
    return "layers:\n" + "".join(f"  - {line}\n" for line in lines)


def _rest(number: int) -> Iterator[str]:
    return ("{type: LayerNormalization}" for _ in range(number))


def _recurrent(chance: random.Random, width: int) -> tuple[int, list[str]]:
    units, type_ = chance.choice(WIDTHS), chance.choice(("GRU", "LSTM", "SimpleRNN"))
    return units, [
        f"{{type: {type_}, units: {units}, return_sequences: true}}",
        f"{{type: Dropout, rate: {chance.choice(RATES)}}}",
    ]


def _both_ways(chance: random.Random, width: int) -> tuple[int, list[str]]:
    units, type_ = chance.choice(WIDTHS[:3]), chance.choice(("GRU", "LSTM"))
    inner = f"{{type: {type_}, units: {units}, return_sequences: true}}"
    return 2 * units, [f"{{type: Bidirectional, layer: {inner}}}"]


def _convolution(chance: random.Random, width: int) -> tuple[int, list[str]]:
    units, size = chance.choice(WIDTHS), chance.choice((3, 5))
    return units, [
        f"{{type: Conv1D, filters: {units}, kernel_size: {size}, padding: same}}",
        "{type: BatchNormalization}",
        "{type: ReLU}",
    ]


def _dense(chance: random.Random, width: int) -> tuple[int, list[str]]:
    units = chance.choice(WIDTHS)
    return units, [
        f"{{type: Dense, units: {units}, activation: {chance.choice(('relu', 'gelu', 'tanh'))}}}"
    ]


def _attention(chance: random.Random, width: int) -> tuple[int, list[str]]:
    name = f"n{chance.randrange(10**9)}"
    heads = chance.choice((2, 4, 8))
    return width, [
        f"{{name: {name}, type: LayerNormalization}}",
        f"{{name: {name}a, type: MultiHeadAttention, num_heads: {heads}, key_dim: 16, "
        f"inputs: {{query: {name}, value: {name}}}}}",
        f"{{type: Add, inputs: [{name}, {name}a]}}",
    ]


PARTS: tuple[Callable[[random.Random, int], tuple[int, list[str]]], ...] = (
    _recurrent,
    _both_ways,
    _convolution,
    _convolution,
    _dense,
    _attention,
)
