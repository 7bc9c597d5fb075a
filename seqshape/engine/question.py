"""The one question the tool asks, and its answers: plain data on both sides.

A question is one call of a layer: what the layer is, what goes in, and the calls of the same
layer that came before. No object of Keras stands in a question or an answer, so both can be
compared, remembered and sent.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from seqshape.engine.tensors import Output, Tensor, Weight
from seqshape.frozen import frozen
from seqshape.tree import Json


@frozen
class Given:
    """What one parameter of the call is given; `parameter` is None for the first."""

    parameter: str | None
    tensors: tuple[Tensor, ...]
    listed: bool


@frozen
class Call:
    """One call of a layer.

    `layer` is JSON text of a mapping: `{"type": "GRU", "units": 16}`, or `{"reuse": "gru"}` for a
    layer of the question's `shared`; both may stand in it at any depth.
    """

    layer: str
    given: tuple[Given, ...] = ()
    keywords: str = "{}"

    def data(self) -> Json:
        """The call as JSON has it."""
        given: list[Json] = [
            [each.parameter, [tensor.data() for tensor in each.tensors], each.listed] for each in self.given
        ]
        return [self.layer, given, self.keywords]


@frozen
class World:
    """Keras's global settings; None leaves Keras's own."""

    floatx: str | None = None
    image_data_format: str | None = None
    dtype_policy: str | None = None


@frozen
class Question:
    """A call, after the `earlier` calls of the layers it shares.

    `shared` gives, by name, the layers that several calls use. `trace` asks that the call be traced
    where it is built. `key` is a digest of the whole question: equal questions, and only those, have
    equal keys.
    """

    call: Call
    shared: tuple[tuple[str, str], ...] = ()
    earlier: "Question | None" = field(default=None, repr=False, compare=False)
    world: World = World()
    trace: bool = False
    key: str = field(init=False)

    def __post_init__(self) -> None:
        before = None if self.earlier is None else self.earlier.key
        shared = () if self.earlier is not None else self.shared
        object.__setattr__(self, "key", _key(before, shared, self.call, self.world, self.trace))


@lru_cache(maxsize=8192)  # large models repeat themselves, and so do the specs of a folder
def _key(
    before: str | None, shared: tuple[tuple[str, str], ...], call: Call, world: World, trace: bool
) -> str:
    """The digest of a question whose earlier calls have the digest `before`."""
    settings: list[Json] = [world.floatx, world.image_data_format, world.dtype_policy]
    text = json.dumps([before, [list(pair) for pair in shared], call.data(), settings, trace])
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An output whose shape by Keras's rule is another than what the call gives."""

    name: str
    built: tuple[int | None, ...]
    traced: tuple[int | None, ...]


@frozen
class Facts:
    """What Keras says of a call it accepts. `weights` are those that no earlier call had.

    `traced` says that the call itself was run on symbolic tensors, not its shape rules alone;
    `disagreements` are the outputs to which it gives other shapes than the rules.
    """

    outputs: tuple[Output, ...]
    weights: tuple[Weight, ...]
    traced: bool = False
    disagreements: tuple[Disagreement, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why Keras does not accept a call.

    `stage` is what it failed at: `settings` (the world), `type` (there is no class `message`), `make`
    (the constructor), `package` (a package of Python that it needs), `call` (its shape rules), `trace`
    (the call itself) or `given up` (no answer in time). `arguments` are the settings, or the
    constructor's arguments, whose values are refused, each with Keras's message about it. `ranks` are the
    least and most axes that the layer says it takes. `type` is that of the object that was refused, which
    may be inside a layer.
    """

    stage: str
    message: str
    arguments: tuple[tuple[str, str], ...] = ()
    ranks: tuple[int | None, int | None] = (None, None)
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """What a call multiplies: the products of matrices and convolutions in it, as multiply-accumulates.

    `uncounted` names work of that kind which is in the call and not in `products`.
    """

    products: int
    uncounted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """Random numbers, as the function `how` of `keras.random` draws them.

    `one` and `other` are the bounds between which they are, or their mean and their deviation.
    """

    how: str
    one: float
    other: float


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a weight is filled with at first.

    `type` is Keras's name of the initializer, empty where the layer has one of its own; `settings` is JSON
    text of its arguments, `about` a sentence of Keras's on it. `drawn` says where its numbers are drawn
    from; None where that is not seen. `values` are pairs of a number and how often it is there.
    """

    weight: str
    type: str = ""
    settings: str = "{}"
    about: str = ""
    drawn: Drawn | None = None
    values: tuple[tuple[float, int], ...] = ()


def agree(one: tuple[int | None, ...], other: tuple[int | None, ...]) -> bool:
    """Whether two shapes can be the same; an unknown axis can be any."""
    return len(one) == len(other) and all(
        None in (here, there) or here == there for here, there in zip(one, other, strict=True)
    )


class OutOfTime(Exception):
    """No question is answered any more: the time for asking is over."""


Answer: TypeAlias = Facts | Refusal
Ask: TypeAlias = Callable[[Question], Answer]
AskCost: TypeAlias = Callable[[Question], Cost | Refusal]
"""Asks what a call multiplies; every axis that goes in must have a size."""
