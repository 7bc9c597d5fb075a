"""Blocks unrolled: every entry in the order of its calls, each in a scope of names.

What a reference names is not resolved here, but for `reuse` of a block: that decides which calls there are.
"""

from dataclasses import dataclass, replace

from seqshape.faults import Fault, OverLimit, StrayWord
from seqshape.graph import SOURCES
from seqshape.limits import Limits
from seqshape.scopes import Scope, copies
from seqshape.spec import Block, Entry, Expectation, Word


class TooMany(Exception):
    """Unrolling went past a limit."""

    def __init__(self, fault: OverLimit) -> None:
        super().__init__()
        self.fault = fault


def _size(entries: tuple[Entry | Block, ...], most: int) -> int:
    """The number of calls after unrolling, those of a block that is called again not counted.

    Counting stops past `most`.
    """
    total = 0
    for entry in entries:
        if isinstance(entry, Block):
            total += max(1, _size(entry.entries, most)) * (entry.repeat or 1)
        else:
            total += 1
        if total > most:
            break
    return total


@dataclass(slots=True)
class Draft:
    """A node before its references are resolved.

    `before` is the entry it follows, in its scope; `again` the node whose layer it calls because the
    block that it stands in is called again.
    """

    entry: Entry
    scope: Scope
    before: "int | Scope | None"
    again: int | None = None


@dataclass(slots=True)
class BlockDraft:
    """A copy of a block before its references are resolved; `previous` is the copy that feeds it."""

    block: Block
    copy: Scope
    before: "int | Scope | None"
    previous: "Scope | None"


class Unroller:
    """Everything in order: `drafts` of calls and of copies of blocks, `entries` the calls alone.

    `blocks` are the copies, each with the index of the node behind its last.
    """

    def __init__(self, limits: Limits) -> None:
        self.drafts: list[Draft | BlockDraft] = []
        self.entries: list[Entry] = []
        self.blocks: list[tuple[Block, Scope, int]] = []
        self.faults: list[Fault] = []
        self._limits = limits

    def unroll_all(self, entries: tuple[Entry | Block, ...], top: Scope) -> None:
        """Unrolls a whole spec; far too many copies are told before any is made.

        Raises:
            TooMany: there are more calls, or deeper blocks, than the limits allow.

        """
        most, total = self._limits.layers, 0
        for entry in entries:
            total += _size((entry,), most)
            if total > most:
                raise TooMany(OverLimit(entry.place, "layers", "layers after unrolling", most))
        self.unroll(entries, top)

    def unroll(self, entries: tuple[Entry | Block, ...], scope: Scope) -> None:
        """Gives each call its index and each name its meaning.

        Raises:
            TooMany: there are more calls, or deeper blocks, than the limits allow.

        """
        before: int | Scope | None = None
        for entry in entries:
            if isinstance(entry, Block):
                before = self._put(entry, self._stack(entry, scope, before), scope)
            elif entry.reuse is not None and (called := copies(entry.reuse, scope)):
                block = self._called_again(entry, called, _label(entry.reuse))
                before = self._put(entry, self._stack(block, scope, before, called), scope)
            else:
                before = self._put(entry, self._draft(entry, scope, before), scope)

    def _put(self, entry: Entry | Block, made: int | tuple[Scope, ...], scope: Scope) -> int | Scope:
        """Gives an entry's name its meaning."""
        target = made if isinstance(made, int) else made[-1]
        scope.last = target if isinstance(target, int) else target.last
        scope.name(entry.name.text, target)
        scope.members.append((entry, made))
        return target

    def _draft(
        self, entry: Entry, scope: Scope, before: "int | Scope | None", again: int | None = None
    ) -> int:
        most = self._limits.layers
        if len(self.entries) >= most:
            raise TooMany(OverLimit(entry.place, "layers", "layers after unrolling", most))
        self.entries.append(entry)
        self.drafts.append(Draft(entry, scope, before, again))
        return len(self.entries) - 1

    def _stack(
        self,
        block: Block,
        scope: Scope,
        before: "int | Scope | None",
        called: tuple[Scope, ...] = (),
    ) -> tuple[Scope, ...]:
        """The copies of a block in order; they call the layers of the copies `called` again, if any."""
        if scope.depth >= self._limits.depth:
            what = "levels of blocks in blocks"
            raise TooMany(OverLimit(block.place, "depth", what, self._limits.depth))
        stack: list[Scope] = []
        for number in range(block.repeat or 1):
            name = block.name.text if block.repeat is None else f"{block.name.text}_{number}"
            path = f"{scope.path}.{name}" if scope.path else name
            copy = Scope(scope, path, label=name, position=len(self.entries), stack=stack)
            self.drafts.append(BlockDraft(block, copy, before, stack[-1] if stack else None))
            if called:
                copy.called = called[number].called or called[number]
                self._again(called[number], copy, block)
            else:
                self.unroll(block.entries, copy)
            self.blocks.append((block, copy, len(self.entries)))
            scope.name(name, copy)
            stack.append(copy)
        return tuple(stack)

    def _called_again(self, entry: Entry, called: tuple[Scope, ...], word: str) -> Block:
        """An entry that calls a block again, as a block: all copies, or the one that `word` names."""
        if entry.call:
            reason = "a block takes `inputs` and no other arguments of a call"
            self.faults.append(StrayWord(entry.call[0].name.place, entry.name.text, "call", reason))
        repeat = None if len(called) == 1 and called[0].label == word else len(called)
        return Block(entry.name, repeat, entry.inputs, (), entry.expect, entry.ignore, entry.place)

    def _again(self, called: Scope, copy: Scope, block: Block) -> None:
        """Fills the copy of a block with calls of the layers that an earlier one made.

        They stand where the block is called again; what the entries expect holds for their own calls.
        """
        before: int | Scope | None = None
        for member, made in called.members:
            if isinstance(made, tuple):
                inner = (
                    member
                    if isinstance(member, Block)
                    else self._called_again(member, made, member.name.text)
                )
                inner = replace(inner, expect=Expectation(), place=block.place)
                target = self._put(member, self._stack(inner, copy, before, made), copy)
            elif isinstance(member, Block) or _is_one_of(member, SOURCES):
                target = self._put(member, made, copy)  # data that comes in is the same data
            else:
                entry = _called(member, block)
                target = self._put(member, self._draft(entry, copy, before, made), copy)
            before = target


def _label(word: Word) -> str:
    """What a reference calls the copy of a block that it may name alone."""
    return word.text.rpartition(".")[2] if word.exact is None else word.exact.names[-1]


def _is_one_of(entry: Entry, types: frozenset[str]) -> bool:
    return entry.type is not None and entry.type.text in types


def _called(entry: Entry, block: Block) -> Entry:
    """An entry of a block, as a call of the same layer at the place where the block is called again."""
    name = Word(entry.name.text, block.name.place)
    again = replace(
        entry, name=name, expect=Expectation(), ignore=entry.ignore + block.ignore, place=block.place
    )
    if entry.type is not None and entry.type.text.startswith("ops."):  # a function has nothing to share
        return again
    return replace(again, type=None, reuse=name, arguments=(), models=())
