"""What a spec says, with the place of every word: the typed form of a file.

Nothing here is known to Keras yet: types, arguments and references are words.
"""

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeAlias

from seqshape.frozen import frozen
from seqshape.places import Place
from seqshape.tree import Json, Mapping, Scalar, Sequence, Value

Axis: TypeAlias = int | None | Literal["any"]
"""An expected axis: a size, None for an unknown one, `any` for whatever it may be."""


@dataclass(frozen=True, slots=True)
class Exact:
    """What a reference means that no person wrote, whatever characters the names have.

    `names` lead from an entry of the level where the reference stands into the blocks inside it; there
    are none for what flows into the level. `output` is the number of the output, empty for the only one.
    """

    names: tuple[str, ...]
    output: str = ""


@frozen
class Word:
    """A word and its place. A reference that is not to be read as words has its meaning in `exact`."""

    text: str
    place: Place
    exact: Exact | None = None


@frozen
class Argument:
    """A constructor or call argument; sizes in its value are worked out."""

    name: Word
    value: Value


@frozen
class Flow:
    """What one parameter of a layer's call is given.

    `parameter` is None for the first one, which `inputs` fills where it is no mapping; `listed`
    says that the references are passed as one list.
    """

    parameter: Word | None
    references: tuple[Word, ...]
    listed: bool


@dataclass(frozen=True, slots=True)
class Budget:
    """An expected count: exact, or a range of which either end may be open."""

    quantity: str
    exact: int | None
    least: int | None
    most: int | None
    place: Place


@dataclass(frozen=True, slots=True)
class ExpectedShape:
    """An expected shape of an output (None: of the only one), or of a reference of the spec.

    `texts` are the axes as they were written.
    """

    output: Word | None
    axes: tuple[Axis, ...]
    place: Place
    texts: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must hold of a layer or of the whole spec."""

    shapes: tuple[ExpectedShape, ...] = ()
    budgets: tuple[Budget, ...] = ()
    dtype: Word | None = None


@frozen
class Entry:
    """One layer, or one more call of an earlier layer or block (`reuse`).

    `models` are the blocks that stand in its arguments where Keras expects a layer: each has the place of
    the mapping with `layers` that it was read from. Not `sound` where its words are wrong. `named` says
    that the name is the user's own, not an automatic one.
    """

    name: Word
    type: Word | None
    reuse: Word | None
    inputs: tuple[Flow, ...] | None
    call: tuple[Argument, ...]
    arguments: tuple[Argument, ...]
    expect: Expectation
    ignore: tuple[Word, ...]
    place: Place
    sound: bool
    models: tuple["Block", ...] = ()
    named: bool = True


@frozen
class Block:
    """A group of entries; `repeat` is None for a single one, else the number of copies.

    `repeat_text` is the expression over dims that the number is worked out from, empty where it is none.
    `named` says that the name is the user's own, not an automatic one.
    """

    name: Word
    repeat: int | None
    inputs: tuple[Flow, ...] | None
    entries: tuple["Entry | Block", ...]
    expect: Expectation
    ignore: tuple[Word, ...]
    place: Place
    repeat_text: str = ""
    named: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """Keras's global settings for a spec; None leaves Keras's own."""

    floatx: Word | None = None
    image_data_format: Word | None = None
    dtype_policy: Word | None = None


@dataclass(frozen=True, slots=True)
class Spec:
    """A whole file.

    `dims` holds each dim's size after overrides, None for an unknown one; `unknown_dims` are those that
    are unknown themselves, not for a dim that they are worked out from. `dim_texts` are the expressions
    that dims are worked out from. `own` are the keys of the user. `lost` says what of a saved model a spec
    has no place for, `asides` what of a file is for its readers alone. The names of a saved model are
    Keras's own: where they are `exact`, none is wrong for what it looks like. A `frozen` model trains no
    weight, whatever its layers say.
    """

    name: str | None
    dims: dict[str, int | None] = field(default_factory=dict)
    unknown_dims: tuple[str, ...] = ()
    entries: tuple[Entry | Block, ...] = ()
    outputs: tuple[Word, ...] = ()
    expect: Expectation = Expectation()
    settings: Settings = Settings()
    ignore: tuple[Word, ...] = ()
    dim_texts: dict[str, str] = field(default_factory=dict)
    own: tuple[tuple[str, Value], ...] = ()
    lost: tuple[str, ...] = ()
    exact: bool = False
    frozen: bool = False
    asides: tuple[str, ...] = ()


def plain_arguments(
    arguments: tuple[Argument, ...],
    paths: Map[str, str] = MappingProxyType({}),
    models: Map[Place, Json] = MappingProxyType({}),
) -> dict[str, Json]:
    """Arguments as JSON.

    `paths` gives the whole path for each word of a nested `reuse`, `models` what stands for the block
    at each place.
    """
    return {argument.name.text: _plain(argument.value, paths, models) for argument in arguments}


def _plain(value: Value, paths: Map[str, str], models: Map[Place, Json]) -> Json:
    match value:
        case Scalar():
            return value.value
        case Sequence():
            return [_plain(item, paths, models) for item in value.items]
        case Mapping() if value.place in models:
            return models[value.place]
        case Mapping():
            reuse = value.get("reuse")
            if len(value.items) == 1 and isinstance(reuse, Scalar) and reuse.text in paths:
                return {"reuse": paths[reuse.text]}
            return {key.text: _plain(item, paths, models) for key, item in value.items}
