"""An open file to the bytes of the text in it: the file as it is, or the JSON in a Keras file.

A `.keras` archive gives its `config.json`, an HDF5 file its attribute `model_config`, told apart by how
the file starts and not by its name. Weights are never read, and nothing is unpacked to disk. Knows
nothing of what the text says.
"""

import io
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from seqshape.frozen import frozen
from seqshape.places import TOP

if TYPE_CHECKING:
    import zipfile

    from seqshape.faults import BadContainer, OverLimit

ARCHIVE, HDF5 = "Keras archive", "HDF5 file"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_CONFIG = "config.json"
_ATTRIBUTE = "model_config"
_MOST_DIRECTORY = 1024 * 1024
"""Bytes of an archive's directory that are read: some ten thousand members."""
_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 0x1
_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:")
SAVE_WHOLE = (
    "save the whole model with `model.save('model.keras')`, or its layers alone with `model.to_json()`"
)
_SAVE_AGAIN = "copy or save the file again"


@frozen
class Contents:
    """The bytes of a text, at most one more than were asked for; `fault` where they cannot be had.

    `packed` says that they come out of a file in which Keras keeps a model.
    """

    data: bytes
    fault: "BadContainer | OverLimit | None" = None
    packed: bool = False


class _Unreadable(Exception):
    """A container that gives no text: what is wrong, and what to do."""

    def __init__(self, problem: str, remedy: str = _SAVE_AGAIN) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


def contents(file: BinaryIO, most: int) -> Contents:
    """The bytes of a file's text. A file that cannot seek, such as a pipe, is read whole, within `most`.

    Raises:
        OSError: the file cannot be read.

    """
    if not file.seekable():
        data = file.read(most + 1)
        if len(data) > most:
            return Contents(b"", _too_large(most))
        file = io.BytesIO(data)
    file.seek(0)
    if file.read(4) in _ZIP:
        return _unpacked(ARCHIVE, file, most)
    from seqshape import hdf5

    if (start := hdf5.offset(file)) is not None:
        return _unpacked(HDF5, file, most, start)
    file.seek(0)
    return Contents(file.read(most + 1))


def contents_of(path: str | os.PathLike[str], most: int) -> Contents:
    """The bytes of the text of the file at a path, as `contents` has them.

    Raises:
        OSError: the file cannot be read.

    """
    with Path(path).open("rb") as file:
        return contents(file, most)


def _unpacked(kind: str, file: BinaryIO, most: int, start: int = 0) -> Contents:
    try:
        data = _attribute(file, start, most) if kind == HDF5 else _member(file, most)
    except _Unreadable as error:
        from seqshape.faults import BadContainer

        return Contents(b"", BadContainer(TOP, kind, error.problem, error.remedy))
    return Contents(data, packed=True) if len(data) <= most else Contents(b"", _too_large(most))


def _too_large(most: int) -> "OverLimit":
    from seqshape.faults import OverLimit

    return OverLimit(TOP, "bytes", "bytes in the file", most)


def _attribute(file: BinaryIO, start: int, most: int) -> bytes:
    """The text of a model that is kept in an HDF5 file.

    Raises:
        _Unreadable: there is none, or the file is damaged.

    """
    from seqshape import hdf5

    try:
        text = hdf5.attribute(file, start, _ATTRIBUTE, most)
    except hdf5.Damaged as error:
        raise _Unreadable(f"it is damaged: {error}") from error
    if text is None:
        problem = "it has no `model_config`: it holds weights alone, or is no file of Keras"
        raise _Unreadable(problem, SAVE_WHOLE)
    return text


class _Bounded(io.RawIOBase):
    """A file of which no more than some bytes are read at once, whatever its own words claim."""

    def __init__(self, file: BinaryIO, most: int) -> None:
        self._file = file
        self._most = most

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._file.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def read(self, size: int = -1, /) -> bytes:
        if size is None or size < 0 or size > self._most:
            size = self._most
        return self._file.read(size)


def _member(file: BinaryIO, most: int) -> bytes:
    """`config.json` of an archive, at most one byte more than `most` of it.

    Raises:
        _Unreadable: there is none, or the archive is damaged or not one that Keras writes.

    """
    import struct
    import zipfile
    import zlib

    damaged = (
        zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, OverflowError, RuntimeError,
        ValueError, NotImplementedError,
    )  # fmt: skip
    try:
        with zipfile.ZipFile(_Bounded(file, _MOST_DIRECTORY)) as archive:
            info = _config(archive)
            with archive.open(info) as member:
                return member.read(most + 1)
    except damaged as error:
        raise _Unreadable("it is damaged or cut off") from error


def _config(archive: "zipfile.ZipFile") -> "zipfile.ZipInfo":
    """The entry of `config.json`, in a directory that tells no lies that matter.

    Raises:
        _Unreadable: there is not one such entry, or an entry has a name that no archive of Keras has.

    """
    members = archive.infolist()
    for each in members:
        if _ABSOLUTE.match(each.orig_filename) or ".." in re.split(r"[/\\]", each.orig_filename):
            problem = f"its member `{each.orig_filename[:80]}` has a path that leads out of it"
            raise _Unreadable(problem, "take the file from another source: Keras writes no such member")
    found = [each for each in members if each.filename == _CONFIG]
    if not found:
        problem = "it has no `config.json`: it holds weights alone, or is no file of Keras"
        raise _Unreadable(problem, SAVE_WHOLE)
    if len(found) > 1:
        problem = f"it has {len(found)} members `config.json`, and nothing says which one is meant"
        raise _Unreadable(problem, "take the file from another source: Keras writes one")
    if found[0].flag_bits & _ENCRYPTED:
        raise _Unreadable("its `config.json` is encrypted", "save it without a password")
    if found[0].compress_type not in (_STORED, _DEFLATED):
        problem = "its `config.json` is compressed in a way that Keras does not write"
        raise _Unreadable(problem, "pack it again without compression")
    return found[0]
