"""The catalogue in the user's cache folder. Missing, damaged or unwritable: as if it were not there."""

from pathlib import Path
from typing import Any

from seqshape.engine import cache_files
from seqshape.engine.catalogue import Catalogue, Function, Parameter, Signature, Type

_MAKERS = (
    "describe.py", "known_words.py", "refusals.py", "saved.py", "catalogue.py", "catalogue_store.py",
)  # fmt: skip
"""The files that decide what a catalogue holds: another text of theirs, another catalogue."""


def load(folder: Path, keras: str, tensorflow: str) -> Catalogue | None:
    """The catalogue of these versions; None where it is not there or not whole."""
    try:
        return _from_json(cache_files.read(_file(folder, keras, tensorflow)), keras, tensorflow)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def save(folder: Path, catalogue: Catalogue) -> None:
    """Keeps the catalogue; a folder that cannot be written is no error."""
    cache_files.write(_file(folder, catalogue.keras, catalogue.tensorflow), _to_json(catalogue))


def _file(folder: Path, keras: str, tensorflow: str) -> Path:
    return cache_files.file_of(folder, "catalogue", _MAKERS, keras, tensorflow)


def _to_json(catalogue: Catalogue) -> dict[str, Any]:
    numbers: dict[Signature, int] = {}  # most types share theirs with another

    def number(signature: Signature) -> int:
        return numbers.setdefault(signature, len(numbers))

    def table(types: dict[str, Type]) -> dict[str, Any]:
        return {
            name: [number(type_.constructor), number(type_.call), type_.needs_code, type_.remedy]
            for name, type_ in types.items()
        }

    data: dict[str, Any] = {
        "types": table(catalogue.types),
        "families": {name: table(types) for name, types in catalogue.families.items()},
        "aliases": catalogue.aliases,
        "operations": {
            name: [function.name, function.several] for name, function in catalogue.operations.items()
        },
        "usual": catalogue.usual,
        "class_names": catalogue.class_names,
        "words": catalogue.words,
    }
    data["signatures"] = [
        [[[p.name, p.required, p.hidden, p.flag] for p in each.parameters], each.open, each.many]
        for each in numbers
    ]
    return data


def _from_json(data: Any, keras: str, tensorflow: str) -> Catalogue:
    known: dict[tuple[Any, ...], Parameter] = {}  # `name`, `dtype`, `axis`: most stand in many signatures

    def parameter(value: Any) -> Parameter:
        if (found := known.get(key := tuple(value))) is None:
            name, required, hidden, flag = value
            found = known[key] = Parameter(str(name), bool(required), bool(hidden), bool(flag))
        return found

    def signature(value: Any) -> Signature:
        parameters, is_open, many = value
        return Signature(tuple(map(parameter, parameters)), bool(is_open), bool(many))

    signatures = [signature(value) for value in data["signatures"]]

    def table(types: Any) -> dict[str, Type]:
        return {
            str(name): Type(str(name), signatures[constructor], signatures[call], str(code), str(remedy))
            for name, (constructor, call, code, remedy) in types.items()
        }

    return Catalogue(
        keras,
        tensorflow,
        table(data["types"]),
        {str(name): table(value) for name, value in data["families"].items()},
        {str(name): str(value) for name, value in data["aliases"].items()},
        operations={
            str(name): Function(str(function), bool(several))
            for name, (function, several) in data["operations"].items()
        },
        usual={str(name): tuple(values) for name, values in data["usual"].items()},
        class_names={str(name): str(public) for name, public in data["class_names"].items()},
        words={str(name): tuple(map(str, words)) for name, words in data["words"].items()},
    )
