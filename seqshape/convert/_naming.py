"""Names for the layers of a program, each unique in its model."""

from seqshape.convert import NotWritable
from seqshape.convert._layers import Layers
from seqshape.convert._names import base_of, type_of
from seqshape.convert._numbering import Numbering
from seqshape.convert._program import Again, Call, Copies, Item, Nested, calls_of
from seqshape.engine.writing import Undescribed
from seqshape.frozen import frozen
from seqshape.spec import Block, Entry


@frozen
class _Open:
    """A layer that has no name of its own: the one that it has where Keras's would be another layer's too.

    `taken` are the names of its model.
    """

    call: Call
    base: str
    name: str
    taken: dict[str, Item]


class Namer:
    """Names the layers of a program, each unique in its model.

    A layer of a repeated block that has no name of its own has the one that Keras gives it by itself,
    behind all names of that kind before it.
    """

    def __init__(self, layers: Layers) -> None:
        self.names: dict[int, str] = {}
        self.models: dict[str, str] = {}
        self._layers = layers
        self._open: dict[int, _Open] = {}

    def name(self, items: tuple[Item, ...]) -> None:
        """Names all layers and models.

        Raises:
            NotWritable: two would have one name, or Keras does not make a layer.

        """
        self._model(items)
        while self._open:
            numbering = Numbering(self._layers, follows=True)
            try:
                numbering.run(calls_of(items), self.names, self._open)
            except Undescribed as error:
                entry = next(iter(self._open.values())).call.node.entry
                raise NotWritable(
                    entry.place, entry.name.text, f"Keras cannot write it: {error}"
                ) from error
            found = numbering.names
            failed = {
                (id(each.taken), each.base)
                for index, each in self._open.items()
                if found.get(index, "") in ("", *each.taken)
            }
            if not failed:
                self.names.update({index: found[index] for index in self._open})
                return
            for index, each in list(self._open.items()):
                if (id(each.taken), each.base) in failed:
                    del self._open[index]
                    self._take(each.call, each.name, each.taken)
                    self.names[index] = each.name

    def _model(self, items: tuple[Item, ...]) -> None:
        """Names all that lies in one model, then the models nested in it."""
        self._collect(items, "", False, {})

    def _collect(
        self,
        items: tuple[Item, ...],
        prefix: str,
        repeated: bool,
        taken: dict[str, Item],
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
                        self._open[item.node.index] = _Open(item, base, name, taken)
                    else:
                        self._take(item, name, taken)
                        self.names[item.node.index] = name
                case Nested():
                    self._take(item, name, taken)
                    self.models[item.path] = name
                    self._model(item.items)
                case Again():
                    continue
                case Copies(block):
                    many = repeated or block.repeat is not None
                    whole = block.repeat is not None and _is_alone(block)
                    for copy, each in enumerate(item.copies):
                        label = prefix + item.label(copy)
                        self._collect(each, f"{label}_", many, taken, label if whole else None)

    def _take(self, item: Item, name: str, taken: dict[str, Item]) -> None:
        entry = _entry(item)
        if "/" in name or (not name.isascii() and any("\ud800" <= each <= "\udfff" for each in name)):
            reason = f"Keras takes no layer with the name {name!a}; give it another one"
            raise NotWritable(entry.name.place, "", reason)
        if taken.setdefault(name, item) is not item:
            reason = f"two layers would be called `{name}` in one Keras model; give one another name"
            raise NotWritable(entry.name.place, entry.name.text, reason)


def _entry(item: Item) -> Entry | Block:
    return item.node.entry if isinstance(item, Call) else item.block


def _is_alone(block: Block) -> bool:
    """Whether a copy of a block is one entry that has no name beside the copy's own."""
    return block.named and len(block.entries) == 1 and not block.entries[0].named
