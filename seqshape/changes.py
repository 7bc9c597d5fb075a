"""The arguments of an entry with one of them changed a little, each in turn: what to ask Keras about."""

from collections.abc import Iterator
from dataclasses import replace

from seqshape.engine.catalogue import Catalogue
from seqshape.frozen import frozen
from seqshape.places import Place
from seqshape.refusing import written
from seqshape.spec import Argument, Word
from seqshape.tree import Json, Mapping, Scalar, Sequence, Value


@frozen
class Change:
    """Arguments with one value changed: which, where it stands, and all arguments with the change.

    `inside` is the argument that holds the layer which has it; empty where that is the entry's own.
    """

    text: str
    place: Place
    arguments: dict[str, Json]
    inside: str = ""


def numbers_changed(arguments: tuple[Argument, ...], data: dict[str, Json]) -> Iterator[Change]:
    """The arguments with one whole number in them changed, each in turn."""
    for argument in arguments:
        name = argument.name.text
        for text, place, new in _changed(argument.name, argument.value, data[name]):
            yield Change(text, place, {**data, name: new})


def _changed(name: Word, value: Value, data: Json) -> Iterator[tuple[str, Place, Json]]:
    """An argument's value with one number changed: its text, its place, the new value."""
    place = name.place.to(value.place)
    match value, data:
        case Scalar(), bool():
            return
        case Scalar(), int(number):
            yield f"{name.text}: {written(value)}", place, number + 1
            yield f"{name.text}: {written(value)}", place, number * 2
        case Sequence(items=items), list():
            for index, item in enumerate(items):
                for _, _, new in _changed(name, item, data[index]):
                    yield f"{name.text}: {written(value)}", place, [*data[:index], new, *data[index + 1 :]]
        case Mapping(items=pairs), dict():
            for key, item in pairs:
                if key.text in data:
                    for text, inner, new in _changed(Word(key.text, key.place), item, data[key.text]):
                        yield text, inner, {**data, key.text: new}


def flags_turned(
    type_: Word, arguments: tuple[Argument, ...], data: dict[str, Json], catalogue: Catalogue, place: Place
) -> Iterator[Change]:
    """The arguments with one that is true or false turned round, also inside layers they hold."""
    found = catalogue.find(type_.text, None)
    places = {each.name.text: each.name.place.to(each.value.place) for each in arguments}
    for parameter in found.constructor.parameters if found is not None else ():
        value = data.get(parameter.name, False)
        if parameter.flag and isinstance(value, bool):
            text = f"{parameter.name}: {str(value).lower()}"
            yield Change(text, places.get(parameter.name, place), {**data, parameter.name: not value})
    for argument in arguments:
        name, inner = argument.name.text, data[argument.name.text]
        if not isinstance(argument.value, Mapping) or not isinstance(inner, dict):
            continue
        if isinstance(word := argument.value.get("type"), Scalar):
            inside = tuple(
                Argument(Word(key.text, key.place), item)
                for key, item in argument.value
                if key.text != "type"
            )
            for change in flags_turned(
                Word(word.text, word.place), inside, inner, catalogue, argument.value.place
            ):
                yield replace(
                    change, arguments={**data, name: {**change.arguments, "type": word.text}}, inside=name
                )
