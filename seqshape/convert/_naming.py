"""Names for the layers of a program, each unique in its model."""

from collections.abc import Iterator

from seqshape.convert import NotWritable
from seqshape.convert._names import base_of, number_of, numbered, type_of, with_number
from seqshape.convert._program import Again, Call, Copies, Item, Nested
from seqshape.spec import Block, Entry


class Namer:
    """Names the layers of a program, each unique in its model."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self.models: dict[str, str] = {}

    def model(self, items: tuple[Item, ...]) -> None:
        """Names all that lies in one model, then the models nested in it."""
        taken: dict[str, Item] = {}
        automatic: list[tuple[Call, str, str]] = []
        self._collect(items, "", False, taken, automatic)
        self._number(items, automatic, taken)

    def _collect(
        self,
        items: tuple[Item, ...],
        prefix: str,
        repeated: bool,
        taken: dict[str, Item],
        automatic: list[tuple[Call, str, str]],
        alone: str | None = None,
    ) -> None:
        """Names items; `alone` is the name of one that is a whole copy and has none of its own."""
        types: dict[str, str] = {}
        for item in items:
            entry = _entry(item)
            base = base_of(entry, types)
            types[entry.name.text] = type_of(entry, types)
            name = alone or prefix + entry.name.text
            match item:
                case Call() if item.node.entry.reuse is not None:
                    continue
                case Call():
                    if repeated and not entry.named and alone is None:
                        automatic.append((item, base, name))
                    else:
                        self._take(item, name, taken)
                        self.names[item.node.index] = name
                case Nested():
                    self._take(item, name, taken)
                    self.models[item.path] = name
                    self.model(item.items)
                case Again():
                    continue
                case Copies(block):
                    many = repeated or block.repeat is not None
                    whole = block.repeat is not None and _is_alone(block)
                    for copy, each in enumerate(item.copies):
                        label = prefix + item.label(copy)
                        own = label if whole else None
                        self._collect(each, f"{label}_", many, taken, automatic, own)

    def _take(self, item: Item, name: str, taken: dict[str, Item]) -> None:
        entry = _entry(item)
        if "/" in name or (not name.isascii() and any("\ud800" <= each <= "\udfff" for each in name)):
            reason = f"Keras takes no layer with the name {name!a}; give it another one"
            raise NotWritable(entry.name.place, "", reason)
        if taken.setdefault(name, item) is not item:
            reason = f"two layers would be called `{name}` in one Keras model; give one another name"
            raise NotWritable(entry.name.place, entry.name.text, reason)

    def _number(
        self, items: tuple[Item, ...], automatic: list[tuple[Call, str, str]], taken: dict[str, Item]
    ) -> None:
        """Numbers the layers without names of their own as Keras does; where that fails, names them too."""
        given = {call.node.index: base for call, base, _ in automatic}
        found: dict[int, str] = {}
        counts: dict[str, int] = {}
        for call in _own(items):
            index = call.node.index
            if (base := given.get(index)) is not None:
                found[index] = with_number(base, counts.get(base, 0))
                counts[base] = counts.get(base, 0) + 1
            elif index in self.names and call.node.entry.type is not None:
                name, own = self.names[index], base_of(call.node.entry, {})
                if numbered(name, own):
                    counts[own] = max(counts.get(own, 0), number_of(name, own) + 1)
        failed = {base for index, base in given.items() if found[index] in taken}
        for call, base, name in automatic:
            if base in failed:
                self._take(call, name, taken)
                self.names[call.node.index] = name
            else:
                self.names[call.node.index] = found[call.node.index]


def _own(items: tuple[Item, ...]) -> Iterator[Call]:
    """The calls of one model, without those of models nested in it."""
    for item in items:
        if isinstance(item, Call):
            yield item
        elif isinstance(item, Copies):
            for copy in item.copies:
                yield from _own(copy)


def _entry(item: Item) -> Entry | Block:
    return item.node.entry if isinstance(item, Call) else item.block


def _is_alone(block: Block) -> bool:
    """Whether a copy of a block is one entry that has no name beside the copy's own."""
    return block.named and len(block.entries) == 1 and not block.entries[0].named


def automatic(items: tuple[Item, ...], names: dict[int, str]) -> frozenset[int]:
    """The nodes whose layers have the names that Keras gives, after all that stands before them."""
    found: set[int] = set()
    counts: dict[str, int] = {}
    for call in _own(items):
        entry, index = call.node.entry, call.node.index
        if entry.type is None or index not in names:
            continue
        base = base_of(entry, {})
        if names[index] == with_number(base, counts.get(base, 0)):
            found.add(index)
        if numbered(names[index], base):
            counts[base] = max(counts.get(base, 0), number_of(names[index], base) + 1)
    for model in _models(items):
        found |= automatic(model.items, names)
    return frozenset(found)


def _models(items: tuple[Item, ...]) -> Iterator[Nested]:
    """The models nested in one, not those nested in these."""
    for item in items:
        if isinstance(item, Nested):
            yield item
        elif isinstance(item, Copies):
            for copy in item.copies:
                yield from _models(copy)
