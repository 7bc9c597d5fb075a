"""Changes of a spec's words: what a repair does to it, before anybody asks how the text looks.

An entry is meant by its place. `path` leads from the entry to a value: an argument's name, then the keys
and indices inside it, for a layer that an argument holds: `("layer", "return_sequences")`.
"""

from dataclasses import dataclass
from typing import TypeAlias

from seqshape.places import Place
from seqshape.tree import Json

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class SetValue:
    """The value at `path` becomes `value`; where the last key is missing it is added."""

    entry: Place
    path: Path
    value: Json


@dataclass(frozen=True, slots=True)
class DropValue:
    """The key at `path` goes, with its value."""

    entry: Place
    path: Path


@dataclass(frozen=True, slots=True)
class Insert:
    """A new entry, with its keys in order, before another one in the same list, or right behind it."""

    beside: Place
    entry: dict[str, Json]
    behind: bool = False


@dataclass(frozen=True, slots=True)
class Remove:
    """An entry goes; who read it by being the next one reads what stands before it."""

    entry: Place


@dataclass(frozen=True, slots=True)
class Wrap:
    """The layer of an entry, its type and its arguments, becomes the `argument` of a layer of `type`."""

    entry: Place
    type: str
    argument: str


@dataclass(frozen=True, slots=True)
class SetTop:
    """A value outside of the layers: `("dims", "H")`."""

    path: Path
    value: Json


Revision: TypeAlias = SetValue | DropValue | Insert | Remove | Wrap | SetTop
