"""The catalogue in the user's cache folder. Missing, damaged or unwritable: as if it were not there."""

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from seqshape.engine.catalogue import Catalogue, Function, Parameter, Signature, Type

_MAKERS = ("describe.py", "saved.py", "catalogue.py", "catalogue_store.py")
"""The files that decide what a catalogue holds: another text of theirs, another catalogue."""


def cache_folder() -> Path:
    """The user's cache folder of this tool; `SEQSHAPE_CACHE_DIR` names another one."""
    if folder := os.environ.get("SEQSHAPE_CACHE_DIR"):
        return Path(folder)
    import platformdirs

    return Path(platformdirs.user_cache_dir("seqshape", appauthor=False))


def _file(folder: Path, keras: str, tensorflow: str) -> Path:
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    makers = b"".join(Path(__file__).with_name(name).read_bytes() for name in _MAKERS)
    made_by = hashlib.sha256(makers).hexdigest()[:12]
    return folder / f"catalogue-{made_by}-keras-{keras}-tensorflow-{tensorflow}-python-{python}.json"


def load(folder: Path, keras: str, tensorflow: str) -> Catalogue | None:
    """The catalogue of these versions; None where it is not there or not whole."""
    try:
        digest, _, text = _file(folder, keras, tensorflow).read_bytes().partition(b"\n")
        if digest.decode() != hashlib.sha256(text).hexdigest():
            return None
        data = json.loads(text)
        return _from_json(data, keras, tensorflow)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def save(folder: Path, catalogue: Catalogue) -> None:
    """Keeps the catalogue; a folder that cannot be written is no error."""
    import tempfile

    text = json.dumps(_to_json(catalogue), separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    temporary = None
    try:
        target = _file(folder, catalogue.keras, catalogue.tensorflow)
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".catalogue-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{digest}\n{text}")
        os.replace(temporary, target)
    except OSError:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _to_json(catalogue: Catalogue) -> dict[str, Any]:
    def signature(value: Signature) -> list[Any]:
        return [[[p.name, p.required, p.hidden, p.flag] for p in value.parameters], value.open, value.many]

    def table(types: dict[str, Type]) -> dict[str, Any]:
        return {
            name: [signature(type_.constructor), signature(type_.call), type_.needs_code]
            for name, type_ in types.items()
        }

    return {
        "types": table(catalogue.types),
        "families": {name: table(types) for name, types in catalogue.families.items()},
        "operations": {
            name: [function.name, function.several] for name, function in catalogue.operations.items()
        },
        "usual": catalogue.usual,
        "class_names": catalogue.class_names,
    }


def _from_json(data: Any, keras: str, tensorflow: str) -> Catalogue:
    def signature(value: Any) -> Signature:
        parameters, is_open, many = value
        return Signature(
            tuple(
                Parameter(str(name), bool(required), bool(hidden), bool(flag))
                for name, required, hidden, flag in parameters
            ),
            bool(is_open),
            bool(many),
        )

    def table(types: Any) -> dict[str, Type]:
        return {
            str(name): Type(str(name), signature(constructor), signature(call), str(code))
            for name, (constructor, call, code) in types.items()
        }

    return Catalogue(
        keras,
        tensorflow,
        table(data["types"]),
        {str(name): table(value) for name, value in data["families"].items()},
        operations={
            str(name): Function(str(function), bool(several))
            for name, (function, several) in data["operations"].items()
        },
        usual={str(name): tuple(values) for name, values in data["usual"].items()},
        class_names={str(name): str(public) for name, public in data["class_names"].items()},
    )
