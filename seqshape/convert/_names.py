"""Names that a spec gives by itself, and the names of layers once the copies of blocks lie in one model.

A copy's layers have the copy's name before their own: `encoder_0_attention`. Where an entry of a
repeated block has no name of its own, its copies are numbered as Keras numbers them, through the model;
but a single one in a block that has a name is called as the copy is: `encoder_0`.
"""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from seqshape.spec import Block, Entry
from seqshape.spec_reader import snake_case

_ROUNDS = 20
"""Rounds in which names are found to be none that a spec gives; after these, none of the rest is one."""


def base_of(entry: Entry | Block, types: Mapping[str, str]) -> str:
    """What the entry's automatic name begins with; `types` are those of the names before it."""
    if isinstance(entry, Block):
        return "block"
    if entry.type is not None:
        return snake_case(entry.type.text) or "layer"
    known = types.get(entry.reuse.text, "layer") if entry.reuse is not None else "layer"
    return snake_case(known) or "layer"


def type_of(entry: Entry | Block, types: Mapping[str, str]) -> str:
    """The entry's type, or that of the layer that it calls again."""
    if isinstance(entry, Block):
        return "block"
    if entry.type is not None:
        return entry.type.text
    return types.get(entry.reuse.text, "layer") if entry.reuse is not None else "layer"


def omissible(
    entries: Iterable[Entry | Block],
    outer: Mapping[str, str] = MappingProxyType({}),
    *,
    repeated: bool = False,
) -> frozenset[int]:
    """The entries of a list whose names a spec gives by itself, where all these are left out.

    In a `repeated` block a name says what the layers of the copies are called, and is never left out;
    nor is that of any block.
    """
    bases: list[str] = []
    names: list[str] = []
    own: list[bool] = []
    types = dict(outer)
    for entry in entries:
        bases.append(base_of(entry, types))
        names.append(entry.name.text)
        own.append(entry.named and (repeated or isinstance(entry, Block)))
        types[entry.name.text] = type_of(entry, types)
    open_ = {
        number
        for number, (base, name) in enumerate(zip(bases, names, strict=True))
        if numbered(name, base) and not own[number]
    }
    for _ in range(_ROUNDS):
        taken = {name for number, name in enumerate(names) if number not in open_}
        counts: dict[str, int] = {}
        wrong = set()
        for number in sorted(open_):
            count = counts.get(bases[number], 0)
            while (name := with_number(bases[number], count)) in taken:
                count += 1
            counts[bases[number]] = count + 1
            if name != names[number]:
                wrong.add(number)
        if not wrong:
            return frozenset(open_)
        open_ -= wrong
    return frozenset()


def numbered(name: str, base: str) -> bool:
    """Whether a name is `base`, or `base` with a number behind it."""
    return name == base or re.fullmatch(re.escape(base) + r"_[1-9][0-9]{0,17}", name) is not None


def with_number(base: str, number: int) -> str:
    """`dense`, `dense_1`, `dense_2`, as Keras numbers."""
    return base if number == 0 else f"{base}_{number}"


def number_of(name: str, base: str) -> int:
    """The number behind a name that `numbered` accepts."""
    return 0 if name == base else int(name[len(base) + 1 :])
