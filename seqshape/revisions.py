"""Changes of a spec's words: what a repair does to it, before anybody asks how the text looks.

An entry is meant by its place. `path` leads from the entry to a value: an argument's name, then the keys
and indices inside it, for a layer that an argument holds: `("layer", "return_sequences")`.
"""

from typing import TypeAlias

from seqshape.frozen import frozen
from seqshape.places import Place
from seqshape.tree import Json

Path: TypeAlias = tuple[str | int, ...]


@frozen
class SetValue:
    """The value at `path` becomes `value`; where the last key is missing it is added."""

    entry: Place
    path: Path
    value: Json


@frozen
class DropValue:
    """The key at `path` goes, with its value."""

    entry: Place
    path: Path


@frozen
class Insert:
    """A new entry, with its keys in order, before another one in the same list, or right behind it."""

    beside: Place
    entry: dict[str, Json]
    behind: bool = False


@frozen
class Remove:
    """An entry goes; who read it by being the next one reads what stands before it."""

    entry: Place


@frozen
class Wrap:
    """The layer of an entry, its type and its arguments, becomes the `argument` of a layer of `type`."""

    entry: Place
    type: str
    argument: str


@frozen
class SetTop:
    """A value outside of the layers: `("dims", "H")`."""

    path: Path
    value: Json


Revision: TypeAlias = SetValue | DropValue | Insert | Remove | Wrap | SetTop
