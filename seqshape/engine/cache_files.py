"""JSON files in the user's cache folder. Missing, damaged or unwritable: as if they were not there.

A file's name says for which versions it holds, and by which text of this tool it was made.
"""

import hashlib
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from seqshape import whole_file

KINDS = ("catalogue", "documentation", "samples")
"""What files are kept."""


def file_of(folder: Path, what: str, makers: tuple[str, ...], keras: str, tensorflow: str) -> Path:
    """The file that keeps `what` for these versions.

    It is one of `KINDS`. `makers` are the files of this package that decide what it holds: another text of
    theirs, another file.
    """
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    text = b"".join(Path(__file__).with_name(name).read_bytes() for name in makers)
    made_by = hashlib.sha256(text).hexdigest()[:12]
    return folder / f"{what}-{made_by}-keras-{keras}-tensorflow-{tensorflow}-python-{python}.json"


def read(file: Path) -> Any:
    """What a file holds; None where it is not there or not whole."""
    try:
        digest, _, text = file.read_bytes().partition(b"\n")
        if digest.decode() != hashlib.sha256(text).hexdigest():
            return None
        return json.loads(text)
    except (OSError, ValueError, RecursionError):
        return None


def write(file: Path, data: Any) -> None:
    """Keeps the data as a whole; a folder that cannot be written is no error."""
    text = json.dumps(data, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        whole_file.write(file, f"{digest}\n{text}".encode())


def all_in(folder: Path) -> tuple[Path, ...]:
    """The files in a cache folder that this module keeps, for any versions."""
    return tuple(sorted(each for what in KINDS for each in folder.glob(f"{what}-*-keras-*.json")))


def clear(folder: Path) -> None:
    """Removes them.

    Raises:
        OSError: one cannot be removed.

    """
    for each in all_in(folder):
        each.unlink(missing_ok=True)
