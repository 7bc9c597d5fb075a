"""Names and what they stand for, in a spec and in each copy of a block."""

from bisect import bisect_left
from dataclasses import dataclass, field

from seqshape.frozen import frozen
from seqshape.graph import Feed
from seqshape.spec import Block, Entry, Exact, Word

_NEIGHBOURS = 200
"""How many names before a wrong reference are looked at for the nearest right one."""
_MOST_PARTS = 200
"""Parts of a dotted reference that are tried as one name."""


@dataclass(slots=True, eq=False)
class Scope:
    """The names in one copy of a block (or in the spec), each with what it stands for."""

    outer: "Scope | None"
    path: str | None
    label: str = ""
    """What a reference from outside calls it."""
    names: dict[str, "int | Scope"] = field(default_factory=dict)
    order: list[tuple[int, str]] = field(default_factory=list)
    """The names again, each after the index of the node that it stands for."""
    flow: "tuple[Feed, ...] | None" = None
    position: int = 0
    """Index of the node that stands first in this copy."""
    last: "int | None" = None
    """Index of the node whose output is the block's."""
    sound: bool = True
    members: "list[tuple[Entry | Block, int | tuple[Scope, ...]]]" = field(default_factory=list)
    """The entries in order, each with its node, or with the copies of the block that it is or calls."""
    called: "Scope | None" = None
    """The first copy of all whose layers this one calls again."""
    stack: "list[Scope]" = field(default_factory=list)
    """All copies of the block that this is one of."""

    @property
    def depth(self) -> int:
        """How many scopes stand round this one."""
        return 0 if self.outer is None else self.outer.depth + 1

    def name(self, word: str, target: "int | Scope") -> None:
        """Gives a name its meaning; the first one to have it keeps it."""
        self.names.setdefault(word, target)
        last = target.last if isinstance(target, Scope) else target
        self.order.append((last or 0, word))

    def known(self, index: int) -> tuple[str, ...]:
        """The names that node `index` could have meant: the ones nearest before it."""
        names = [word for _, word in self.order[: bisect_left(self.order, (index, ""))][-_NEIGHBOURS:]]
        if self.path is not None:
            names.append("input")
        if self.outer is not None:
            names.extend(self.outer.known(index))
        return tuple(dict.fromkeys(names))


def copies(word: Word, scope: Scope) -> "tuple[Scope, ...]":
    """The copies of the block that a reference names, in order; empty where it names no block.

    The name of a repeated block means all of its copies, that of a copy (`block_0`) that one alone.
    """
    found = find(word, scope)
    if not isinstance(found, Found) or found.rest or not isinstance(found.target, Scope):
        return ()
    target = found.target
    one_alone = word.exact is not None or word.text.rpartition(".")[2] == target.label
    return (target,) if one_alone else tuple(target.stack)


@frozen
class Found:
    """What a reference names, and what it says behind that: the name or number of an output."""

    target: "int | Scope"
    rest: str


def find(word: Word, scope: Scope) -> "Found | tuple[tuple[Feed, ...], str] | None":
    """What a reference names: an exact name wins over the dotted reading; the rest is an output."""
    if word.exact is not None:
        return _find_exactly(word.exact, scope)
    text = word.text
    parts = tuple(text.split("."))
    current: Scope | None = scope
    while current is not None:
        if parts[0] == "input" and current.path is not None and text not in current.names:
            return (current.flow or ()), ".".join(parts[1:])
        if (found := _find_in(parts, current)) is not None:
            return found
        current = current.outer
    return None


def _find_exactly(exact: Exact, scope: Scope) -> "Found | tuple[tuple[Feed, ...], str] | None":
    """What a reference means that is not to be read."""
    if not exact.names:
        return (scope.flow or ()), exact.output
    target: int | Scope | None = scope
    for name in exact.names:
        target = target.names.get(name) if isinstance(target, Scope) else None
    return None if target is None else Found(target, exact.output)


def _find_in(parts: tuple[str, ...], scope: Scope) -> Found | None:
    """What the parts of a reference name in one scope, the longest name first."""
    for length in range(min(len(parts), _MOST_PARTS), 0, -1):
        target, rest = scope.names.get(".".join(parts[:length])), parts[length:]
        if isinstance(target, Scope) and rest and (inner := _find_in(rest, target)) is not None:
            return inner
        if target is not None:
            return Found(target, ".".join(rest))
    return None
