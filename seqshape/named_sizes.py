"""The numbers in the arguments of a spec's entries, by name: `gru.units`, `x.shape[1]`, `block.repeat`.

Each can be put in as a dim of its own, and then all that holds for dims holds for it.
"""

from collections.abc import Collection, Iterator
from collections.abc import Mapping as Map
from dataclasses import replace

from seqshape.places import Place
from seqshape.spec import Argument, Block, Entry, Spec
from seqshape.tree import Mapping, Scalar, Sequence, Style, Value
from seqshape.yaml_reader import Document

_DATA = "vocabulary"
"""The argument whose numbers are no sizes, however many there are."""


def arguments_sizes(spec: Spec, document: Document) -> dict[str, tuple[Place, int | None]]:
    """The numbers in a spec's arguments by entry and argument, each with its place and its value.

    They are named as formulas name them. The entries of a repeated block stand once, under its name;
    `block.repeat` is how often it stands. What is unknown is there where it is the axis of a shape.
    """
    mappings = {} if document.root is None else dict(_mappings(document.root))
    found: dict[str, tuple[Place, int | None]] = {}
    for name, scalar in _of_entries(spec.entries, "", mappings):
        assert scalar.value is None or isinstance(scalar.value, int)
        found.setdefault(name, (scalar.place, scalar.value))
    return found


def _mappings(value: Value) -> Iterator[tuple[Place, Mapping]]:
    todo = [value]
    while todo:
        match todo.pop():
            case Mapping() as mapping:
                yield mapping.place, mapping
                todo.extend(item for _, item in mapping)
            case Sequence(items=items):
                todo.extend(items)


def _of_entries(
    entries: tuple[Entry | Block, ...], prefix: str, mappings: Map[Place, Mapping]
) -> Iterator[tuple[str, Scalar]]:
    for entry in entries:
        path = f"{prefix}{entry.name.text}"
        if isinstance(entry, Block):
            copies = mappings[entry.place].get("repeat") if entry.place in mappings else None
            if isinstance(copies, Scalar) and entry.repeat is not None:
                yield f"{path}.repeat", replace(copies, value=entry.repeat)
            yield from _of_entries(entry.entries, f"{path}.", mappings)
            continue
        yield from _of_arguments(entry.arguments, path)
        yield from _of_arguments(entry.call, f"{path}.call")
        for inner in entry.models:
            yield from _of_entries(inner.entries, f"{path}.", mappings)


def _of_arguments(arguments: tuple[Argument, ...], path: str) -> Iterator[tuple[str, Scalar]]:
    for argument in arguments:
        if argument.name.text != _DATA:
            yield from _numbers(argument.value, f"{path}.{argument.name.text}", listed=False)


def _numbers(value: Value, name: str, *, listed: bool) -> Iterator[tuple[str, Scalar]]:
    match value:
        case Scalar(value=bool() | float() | str()):
            return
        case Scalar():
            if listed or value.value is not None:
                yield name, value
        case Sequence(items=items):
            for index, item in enumerate(items):
                yield from _numbers(item, f"{name}[{index}]", listed=True)
        case Mapping(items=pairs) if value.get("layers") is None or value.get("type") is not None:
            for key, item in pairs:
                if key.text != _DATA:
                    yield from _numbers(item, f"{name}.{key.text}", listed=False)


def with_dims(document: Document, places: Map[Place, str], sizes: Map[str, int | None]) -> Document:
    """The document with names of dims in the place of some scalars, and these dims, with their `sizes`.

    A document whose `dims` are no mapping is left as it is.
    """
    root = document.root
    given = root.get("dims") if isinstance(root, Mapping) else None
    if not isinstance(root, Mapping) or not isinstance(given, Mapping | None) or not places:
        return document
    changed = _replaced(root, places)
    assert isinstance(changed, Mapping)
    own = () if given is None else given.items
    added = tuple(
        (_plain(name, name, root.place), _number(size, root.place)) for name, size in sizes.items()
    )
    dims = Mapping((*own, *added), root.place if given is None else given.place)
    items = (pair for pair in changed if pair[0].text != "dims")
    return replace(document, root=Mapping(((_plain("dims", "dims", root.place), dims), *items), root.place))


def _replaced(value: Value, places: Map[Place, str]) -> Value:
    match value:
        case Scalar():
            name = places.get(value.place)
            return value if name is None else _plain(name, name, value.place)
        case Sequence(items=items):
            return Sequence(tuple(_replaced(item, places) for item in items), value.place)
        case Mapping(items=pairs):
            return Mapping(tuple((key, _replaced(item, places)) for key, item in pairs), value.place)


def _plain(value: str, text: str, place: Place) -> Scalar:
    return Scalar(value, text, Style.PLAIN, place)


def _number(size: int | None, place: Place) -> Scalar:
    return Scalar(size, "null" if size is None else str(size), Style.PLAIN, place)


def free_name(path: str, taken: Collection[str]) -> str:
    """A dim's name for a size, which no dim of the spec has."""
    name = "Size_" + "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in path)
    while name in taken:
        name += "_"
    return name
