"""The fixes that were listed for a text, by their numbers, so that `--apply 2` makes what stood under 2.

Searching again might find others, where the time runs out or the user stops it. Kept in the cache folder;
what is missing or damaged is as if it had not been listed.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from seqshape import installed
from seqshape.edits import Edit
from seqshape.engine import cache_files
from seqshape.places import Place
from seqshape.report import Fix
from seqshape.version import __version__

_FILE = "listings.json"
_MOST = 32
"""Texts whose fixes are kept, the latest."""


def key(data: bytes, sizes: dict[str, int | None], plugins: tuple[str, ...]) -> str:
    """What the fixes of a text hang on: the text, the sizes for this run, and who judges it."""
    judges = (__version__, installed.version("keras"), installed.version("tensorflow"), plugins)
    about = json.dumps([sorted(sizes.items()), judges])
    return hashlib.sha256(about.encode() + b"\0" + data).hexdigest()


def keep(folder: Path, name: str, fixes: tuple[Fix, ...]) -> None:
    """Keeps the fixes that were listed; a folder that cannot be written is no error."""
    file = folder / _FILE
    others = [entry for entry in _entries(file) if entry[0] != name]
    cache_files.write(file, [*others[1 - _MOST :], [name, [_to_json(fix) for fix in fixes]]])


def listed(folder: Path, name: str) -> tuple[Fix, ...] | None:
    """The fixes that were listed last; None where none were, as far as is known."""
    for key_, fixes in reversed(_entries(folder / _FILE)):
        if key_ == name:
            try:
                return tuple(_from_json(fix) for fix in fixes)
            except (TypeError, ValueError):
                return None
    return None


def _entries(file: Path) -> list[Any]:
    found = cache_files.read(file)
    entries = found if isinstance(found, list) else []
    return [entry for entry in entries if isinstance(entry, list) and len(entry) == 2]


def _to_json(fix: Fix) -> list[Any]:
    edits = [
        [edit.place.line, edit.place.column, edit.place.end_line, edit.place.end_column, edit.text]
        for edit in fix.edits
    ]
    return [fix.title, fix.remaining, edits]


def _from_json(data: Any) -> Fix:
    title, remaining, edits = data
    return Fix(title, tuple(Edit(Place(*place), text) for *place, text in edits), remaining)
