"""Names that a spec gives by itself, and the names of layers once the copies of blocks lie in one model.

A copy's layers have the copy's name before their own: `encoder_0_attention`. Where an entry of a
repeated block has no name of its own, its copies are numbered as Keras numbers them, through the model.
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
    entries: Iterable[Entry | Block], outer: Mapping[str, str] = MappingProxyType({})
) -> frozenset[int]:
    """The entries of a list whose names a spec gives by itself, where all these are left out."""
    bases: list[str] = []
    names: list[str] = []
    types = dict(outer)
    for entry in entries:
        bases.append(base_of(entry, types))
        names.append(entry.name.text)
        types[entry.name.text] = type_of(entry, types)
    open_ = {
        number for number, (base, name) in enumerate(zip(bases, names, strict=True)) if numbered(name, base)
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
