"""A tree to a `Spec`: every wrong word becomes a fault, and reading goes on.

Works out the sizes, gives every entry its name, and keeps all places. Knows nothing of Keras:
whether a type exists or an argument is its own is judged by `words`.
"""

import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Map
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

from seqshape import sizes
from seqshape.expectation_reader import ENTRY_KEYS as EXPECT_ENTRY
from seqshape.expectation_reader import SPEC_KEYS as EXPECT_SPEC
from seqshape.expectation_reader import ExpectationReader
from seqshape.faults import (
    Fault,
    MissingKey,
    NotASpec,
    StrayWord,
    TakenName,
    UnknownKey,
    WrongKind,
)
from seqshape.nearest import nearest
from seqshape.places import TOP, Place
from seqshape.size_reader import SizeReader, is_model
from seqshape.spec import Argument, Block, Entry, Expectation, Flow, Settings, Spec, Word
from seqshape.spec_comments import with_comments
from seqshape.tree import Mapping, Scalar, Sequence, Value, describe, is_broken
from seqshape.yaml_reader import Document

_OWN = "x-"
"""What the keys begin with that are the user's own."""
SPEC_KEYS = ("name", "dims", "layers", "outputs", "expect", "keras", "ignore")
ENTRY_KEYS = ("type", "name", "inputs", "call", "reuse", "expect", "ignore")
BLOCK_KEYS = ("name", "layers", "repeat", "inputs", "expect", "ignore")
MODEL_KEYS = ("layers", "name")
SETTINGS = ("floatx", "image_data_format", "dtype_policy")
_NO_EXPECTATION = Expectation()


def read(document: Document, overrides: Map[str, int | None]) -> tuple[Spec, tuple[Fault, ...]]:
    """The spec of a document and the faults in its words; `overrides` replace sizes of dims."""
    reader = _Reader(overrides)
    spec = reader.spec(document.root)
    spec = replace(spec, asides=document.asides)
    return with_comments(spec, document.spoken), tuple(reader.faults)


@lru_cache(maxsize=1024)  # a large spec has few types
def snake_case(type_name: str) -> str:
    """A type's name as Keras writes it in automatic names: `TimeDistributed`, `time_distributed`."""
    word = re.sub(r"\W+", "", re.split(r"[.>]", type_name)[-1])
    word = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", word)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", word).lower()


class _Reader:
    def __init__(self, overrides: Map[str, int | None]) -> None:
        self.faults: list[Fault] = []
        self._sizes = SizeReader(overrides, self.faults)

    def spec(self, root: Value | None) -> Spec:
        if not isinstance(root, Mapping):
            found = "an empty file" if root is None else describe(root)
            self.faults.append(NotASpec(root.place if root is not None else TOP, found))
            return Spec(None)
        for key, _ in root:
            if key.text not in SPEC_KEYS and not key.text.startswith(_OWN):
                self.faults.append(UnknownKey(key.place, "", key.text, "a spec", SPEC_KEYS))
        layers = root.get("layers")
        if layers is None and any(nearest(key.text, SPEC_KEYS) == "layers" for key, _ in root):
            return Spec(None)
        if layers is None:
            self.faults.append(NotASpec(_start(root.place), "a mapping without `layers`"))
            return Spec(None)
        self._sizes.read_dims(root.get("dims"))
        entries = self._entries(layers, "")
        return Spec(
            name=self._text(root.get("name"), "", "name"),
            dims=self._sizes.dims,
            unknown_dims=tuple(self._sizes.unknown),
            entries=entries,
            outputs=self._references(root.get("outputs"), "", "outputs"),
            expect=self._expect(root.get("expect"), "", EXPECT_SPEC),
            settings=self._settings(root.get("keras")),
            ignore=self._words(root.get("ignore"), "", "ignore"),
            dim_texts=self._sizes.texts,
            own=tuple((key.text, value) for key, value in root if key.text.startswith(_OWN)),
        )

    # Small parts.

    def _wrong(self, value: Value, layer: str, key: str, expected: str) -> None:
        if not is_broken(value):
            self.faults.append(WrongKind(value.place, layer, key, expected, describe(value)))

    def _text(self, value: Value | None, layer: str, key: str) -> str | None:
        word = self._word(value, layer, key)
        return None if word is None else word.text

    def _word(self, value: Value | None, layer: str, key: str) -> Word | None:
        """A value that must be a word. A number is taken as the text it was written as."""
        if value is None:
            return None
        if isinstance(value, Scalar) and value.text and value.value is not None:
            return Word(value.text, value.place)
        self._wrong(value, layer, key, "a word")
        return None

    def _words(self, value: Value | None, layer: str, key: str) -> tuple[Word, ...]:
        if value is None:
            return ()
        items: Iterable[Value] = value.items if isinstance(value, Sequence) else (value,)
        words = (self._word(item, layer, key) for item in items)
        return tuple(word for word in words if word is not None)

    def _references(self, value: Value | None, layer: str, key: str) -> tuple[Word, ...]:
        if isinstance(value, Mapping):
            self._wrong(value, layer, key, "a reference or a list of references")
            return ()
        return self._words(value, layer, key)

    def _expect(self, value: Value | None, layer: str, known: tuple[str, ...]) -> Expectation:
        if value is None:  # as nearly always
            return _NO_EXPECTATION
        return ExpectationReader(self._sizes.dims, self.faults).read(value, layer, known)

    def _settings(self, value: Value | None) -> Settings:
        if value is None:
            return Settings()
        if not isinstance(value, Mapping):
            self._wrong(value, "", "keras", "a mapping")
            return Settings()
        found: dict[str, Word | None] = {}
        for key, item in value:
            if key.text in SETTINGS:
                found[key.text] = self._word(item, "", key.text)
            else:
                self.faults.append(UnknownKey(key.place, "", key.text, "`keras`", SETTINGS))
        return Settings(**found)

    # Entries.

    def _entries(
        self, value: Value, owner: str, outer: Map[str, str] = MappingProxyType({})
    ) -> tuple[Entry | Block, ...]:
        """The entries of a list; `outer` gives the types of the names that they see round them."""
        if not isinstance(value, Sequence):
            self._wrong(value, owner, "layers", "a list of entries")
            return ()
        if not value.items:
            self._wrong(value, owner, "layers", "a list with at least one entry")
        taken: dict[str, int] = {}
        words = [_explicit_name(item) for item in value.items]
        for index, word in enumerate(words):
            if word is not None:
                taken.setdefault(word.text, index)
        entries: list[Entry | Block] = []
        types = dict(outer)
        counts: dict[str, int] = {}
        for index, (item, word) in enumerate(zip(value.items, words, strict=True)):
            if not isinstance(item, Mapping):
                self._wrong(item, owner, "layers", "an entry: a mapping with `type`")
                continue
            type_ = _type_of(item, types)
            name = word or self._name(item, type_, taken, counts)
            before = len(self.faults)
            if (first := taken.setdefault(name.text, index)) != index:
                self.faults.append(TakenName(name.place, name.text, value.items[first].place))
            if _is_block(item):
                entries.append(self._block(item, name, types))
            else:
                entries.append(self._entry(item, name, before, named=word is not None))
            types[name.text] = type_
        return tuple(entries)

    def _name(self, item: Mapping, type_: str, taken: Map[str, int], counts: dict[str, int]) -> Word:
        """The next free automatic name of an entry that has none of its own."""
        given = item.get("name")
        if given is not None:
            self._wrong(given, "", "name", "a word")
        base = snake_case(type_) or "layer"
        number = counts.get(base, 0)
        while (name := base if number == 0 else f"{base}_{number}") in taken:
            number += 1
        counts[base] = number + 1
        type_place = item.get("type") or item.get("reuse") or item.get("layers")
        return Word(name, type_place.place if isinstance(type_place, Scalar) else _start(item.place))

    def _entry(self, item: Mapping, name: Word, before: int, *, named: bool) -> Entry:
        """The entry; it is sound where no fault has come since there were `before`."""
        type_, reuse = self._kind(item, name)
        arguments: list[Argument] = []
        models: list[Block] = []
        own: dict[str, Value] = {}
        for key, value in item:
            if key.text in ENTRY_KEYS:
                own[key.text] = value
                continue
            if reuse is not None:
                reason = "an entry with `reuse` has `inputs` and nothing else of a layer"
                self.faults.append(StrayWord(key.place, name.text, key.text, reason))
            else:
                sized = value if key.text == "vocabulary" else self._sizes.sized(value, name.text)
                arguments.append(Argument(Word(key.text, key.place), sized))
                models.extend(self._model(mapping, name) for mapping in _models(sized))
        return Entry(
            name=name,
            type=type_,
            reuse=reuse,
            inputs=self._inputs(own.get("inputs"), name.text),
            call=self._call(own.get("call"), name.text),
            arguments=tuple(arguments),
            expect=self._expect(own.get("expect"), name.text, EXPECT_ENTRY),
            ignore=self._words(own.get("ignore"), name.text, "ignore"),
            place=item.place,
            sound=len(self.faults) == before,
            models=tuple(models),
            named=named,
        )

    def _kind(self, item: Mapping, name: Word) -> tuple[Word | None, Word | None]:
        """The entry's `type` and `reuse`, of which it must have one."""
        type_value, reuse_value = item.get("type"), item.get("reuse")
        if type_value is not None and reuse_value is not None:
            reason = "`reuse` calls an earlier layer again, which has its type already"
            self.faults.append(StrayWord(item.key_place("type"), name.text, "type", reason))
        if type_value is None and reuse_value is None:
            slip = next((key for key, _ in item if _means_type(key.text)), None)
            if slip is not None:
                self.faults.append(UnknownKey(slip.place, name.text, slip.text, "an entry", ENTRY_KEYS))
            else:
                self.faults.append(MissingKey(_start(item.place), name.text, "type", "an entry"))
        reuse = self._word(reuse_value, name.text, "reuse")
        return (None if reuse else self._word(type_value, name.text, "type")), reuse

    def _block(self, item: Mapping, name: Word, types: Map[str, str]) -> Block:
        for key, _ in item:
            if key.text not in BLOCK_KEYS:
                self.faults.append(UnknownKey(key.place, name.text, key.text, "a block", BLOCK_KEYS))
        layers = item.get("layers")
        assert layers is not None
        return Block(
            name=name,
            repeat=self._repeat(item.get("repeat"), name.text),
            inputs=self._inputs(item.get("inputs"), name.text),
            entries=self._entries(layers, name.text, types),
            expect=self._expect(item.get("expect"), name.text, EXPECT_ENTRY),
            ignore=self._words(item.get("ignore"), name.text, "ignore"),
            place=item.place,
            repeat_text=_expression(item.get("repeat")),
            named=_explicit_name(item) is not None,
        )

    def _model(self, item: Mapping, name: Word) -> Block:
        """A block that stands in an argument of the entry `name`; the entries in it see only each other."""
        for key, _ in item:
            if key.text not in MODEL_KEYS:
                owner = "a block that stands for a layer"
                self.faults.append(UnknownKey(key.place, name.text, key.text, owner, MODEL_KEYS))
        layers = item.get("layers")
        assert layers is not None
        for key in _judging(layers):
            reason = (
                f"inside a layer nothing is judged by itself; `{key.text}` belongs to the entry round it"
            )
            self.faults.append(StrayWord(key.place, name.text, key.text, reason))
        entries = self._entries(layers, name.text)
        return Block(name, None, None, entries, Expectation(), (), item.place)

    def _repeat(self, value: Value | None, layer: str) -> int | None:
        if value is None:
            return None
        before = len(self.faults)
        number = isinstance(value, Scalar) and isinstance(value.value, str | int)
        size = self._sizes.size(value, layer, "repeat") if number else None
        if size is not None and size >= 1:
            return size
        if len(self.faults) == before:
            self._wrong(value, layer, "repeat", "a whole number of copies, at least 1")
        return 1

    def _inputs(self, value: Value | None, layer: str) -> tuple[Flow, ...] | None:
        match value:
            case None:
                return None
            case Scalar():
                return (Flow(None, self._words(value, layer, "inputs"), listed=False),)
            case Sequence():
                return (Flow(None, self._words(value, layer, "inputs"), listed=True),)
            case Mapping():
                return tuple(
                    Flow(
                        Word(key.text, key.place),
                        self._references(item, layer, key.text),
                        listed=isinstance(item, Sequence),
                    )
                    for key, item in value
                )

    def _call(self, value: Value | None, layer: str) -> tuple[Argument, ...]:
        if value is None:
            return ()
        if not isinstance(value, Mapping):
            self._wrong(value, layer, "call", "a mapping of call arguments")
            return ()
        return tuple(
            Argument(Word(key.text, key.place), self._sizes.sized(item, layer)) for key, item in value
        )


def _models(value: Value) -> Iterator[Mapping]:
    """The blocks in an argument's value."""
    if isinstance(value, Sequence):
        for item in value.items:
            yield from _models(item)
    elif isinstance(value, Mapping):
        if is_model(value):
            yield value
        else:
            for _, item in value:
                yield from _models(item)


def _judging(layers: Value) -> Iterator[Scalar]:
    """The keys `expect` and `ignore` of the entries in a list, and in the blocks of it."""
    for item in layers.items if isinstance(layers, Sequence) else ():
        if isinstance(item, Mapping):
            yield from (key for key, _ in item if key.text in ("expect", "ignore"))
            if (inner := item.get("layers")) is not None and _is_block(item):
                yield from _judging(inner)


def _expression(value: Value | None) -> str:
    """The expression over dims that a size is; empty where it is none."""
    return value.text.strip() if isinstance(value, Scalar) and sizes.names(value.text) else ""


def _start(place: Place) -> Place:
    """The first character of a place."""
    return Place(place.line, place.column, place.line, place.column + 1)


def _means_type(word: str) -> bool:
    return word not in ENTRY_KEYS and nearest(word, ENTRY_KEYS) == "type"


def _is_block(item: Mapping) -> bool:
    """Whether an entry is a block; beside a `type`, `layers` is an argument of that type."""
    return item.get("layers") is not None and item.get("type") is None and item.get("reuse") is None


def _explicit_name(item: Value) -> Word | None:
    value = item.get("name") if isinstance(item, Mapping) else None
    if isinstance(value, Scalar) and value.text and value.value is not None:
        return Word(value.text, value.place)
    return None


def _type_of(item: Mapping, types: Map[str, str]) -> str:
    """The entry's type, or that of the layer it reuses; `block` for a block."""
    if _is_block(item):
        return "block"
    reuse = item.get("reuse")
    if isinstance(reuse, Scalar):
        return types.get(reuse.text, "layer")
    value = item.get("type")
    return value.text if isinstance(value, Scalar) else "layer"
