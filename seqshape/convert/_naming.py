"""Names for the layers of a program, each unique in its model."""

from collections.abc import Iterator

from seqshape.convert import NotWritable
from seqshape.convert._names import base_of, number_of, numbered, omissible, type_of, with_number
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
        self._collect(items, "", False, omissible(_entries(items)), taken, automatic)
        self._number(items, automatic, taken)

    def _collect(
        self,
        items: tuple[Item, ...],
        prefix: str,
        repeated: bool,
        free: frozenset[int],
        taken: dict[str, Item],
        automatic: list[tuple[Call, str, str]],
    ) -> None:
        types: dict[str, str] = {}
        for number, item in enumerate(items):
            entry = _entry(item)
            base = base_of(entry, types)
            types[entry.name.text] = type_of(entry, types)
            match item:
                case Call() if item.node.entry.reuse is not None:
                    continue
                case Call():
                    name = prefix + item.node.name
                    if repeated and number in free:
                        automatic.append((item, base, name))
                    else:
                        self._take(item, name, taken)
                        self.names[item.node.index] = name
                case Nested():
                    name = prefix + entry.name.text
                    self._take(item, name, taken)
                    self.models[item.path] = name
                    self.model(item.items)
                case Again():
                    continue
                case Copies(block):
                    inner = omissible(block.entries)
                    many = repeated or block.repeat is not None
                    for copy, each in enumerate(item.copies):
                        label = f"{prefix}{item.label(copy)}_"
                        self._collect(each, label, many, inner, taken, automatic)

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


def _entries(items: tuple[Item, ...]) -> list[Entry | Block]:
    return [_entry(item) for item in items]
