"""One attribute of the root of an HDF5 file, read in Python alone: Keras keeps a model's JSON there.

Takes what h5py writes for a text: a superblock of any version, both kinds of object header, and the text
in the attribute or in a global heap. No group, link or dataset is ever opened, so weights cost nothing.
The C library is not used, since it can be made to crash, and no loop here runs longer than it says.
"""

import io
import struct
from collections.abc import Iterator
from math import prod
from typing import BinaryIO

from seqshape.frozen import frozen

SIGNATURE = b"\x89HDF\r\n\x1a\n"
_FIRST_OFFSET = 512
"""The signature stands at 0, 512, 1024, 2048 and so on."""
_ATTRIBUTE, _CONTINUED, _MANY_ATTRIBUTES = 0x0C, 0x10, 0x15
_TEXT, _TEXT_ELSEWHERE = 3, 9
_MOST_BLOCKS = 64
_MOST_HEADER = 1024 * 1024
"""Bytes of an object header, in all of its blocks."""
_MOST_OBJECTS = 4096
"""Objects of a global heap that are passed over."""


class Damaged(ValueError):
    """The file breaks the rules of HDF5, or uses a part of them that is not read here."""


@frozen
class _File:
    """An open file, where its addresses count from, and the widths of its addresses and lengths."""

    file: BinaryIO
    base: int
    address_size: int
    length_size: int

    def read(self, address: int, size: int) -> bytes:
        """Exactly `size` bytes.

        Raises:
            Damaged: they are not there.

        """
        try:
            self.file.seek(self.base + address)
            data = self.file.read(size)
        except (OSError, ValueError, OverflowError) as error:
            raise Damaged("it ends before it should") from error
        if len(data) < size:
            raise Damaged("it ends before it should")
        return data


class _Bytes:
    """Reads numbers off a stretch of bytes."""

    def __init__(self, data: bytes) -> None:
        self._file = io.BytesIO(data)

    def take(self, size: int) -> bytes:
        """The next `size` bytes.

        Raises:
            Damaged: there are fewer.

        """
        data = self._file.read(size)
        if len(data) < size:
            raise Damaged("a part of it is shorter than it says")
        return data

    def number(self, size: int) -> int:
        """The next number of `size` bytes."""
        return int.from_bytes(self.take(size), "little")

    def rest(self) -> bytes:
        """All that follows."""
        return self._file.read()


def offset(file: BinaryIO) -> int | None:
    """Where the signature of HDF5 stands in a file that can seek; None where it does not."""
    size = file.seek(0, io.SEEK_END)
    at = 0
    while at + len(SIGNATURE) <= size:
        file.seek(at)
        if file.read(len(SIGNATURE)) == SIGNATURE:
            return at
        at = max(at * 2, _FIRST_OFFSET)
    return None


def attribute(file: BinaryIO, start: int, name: str, most: int) -> bytes | None:
    """At most `most` bytes of the root's text attribute `name`; None where there is none.

    `start` is where the signature stands.

    Raises:
        Damaged: the file cannot be read.

    """
    try:
        opened, root = _superblock(file, start)
        for kind, message in _messages(opened, root):
            if kind == _ATTRIBUTE and (found := _text(opened, message, name.encode(), most)) is not None:
                return found
            if kind == _MANY_ATTRIBUTES and _has_heap(opened, message):
                raise Damaged("its root has so many attributes that they are kept in a heap")
    except struct.error as error:
        raise Damaged("it ends before it should") from error
    return None


def _superblock(file: BinaryIO, start: int) -> tuple[_File, int]:
    """The file with its widths, and the address of the root's object header."""
    data = _Bytes(_File(file, start, 8, 8).read(len(SIGNATURE), 16))
    version = data.number(1)
    if version in (0, 1):
        data.take(4)
        address_size, length_size = data.number(1), data.number(1)
        skipped = 24 + (4 if version == 1 else 0)
    elif version in (2, 3):
        address_size, length_size = data.number(1), data.number(1)
        skipped = 12
    else:
        raise Damaged(f"its version {version} is not known")
    if address_size not in (2, 4, 8) or length_size not in (2, 4, 8):
        raise Damaged("its addresses have no size that is known")
    addresses = _Bytes(_File(file, start, 8, 8).read(skipped, 6 * address_size))
    base = addresses.number(address_size)
    addresses.take(2 * address_size)
    if version < 2:  # the driver's address, and the name of the root's own entry
        addresses.take(2 * address_size)
    return _File(file, base or start, address_size, length_size), addresses.number(address_size)


def _messages(file: _File, address: int) -> Iterator[tuple[int, bytes]]:
    """The messages of an object header: the kind of each, and what it holds."""
    first = file.read(address, 16)
    blocks: list[tuple[int, int]]
    ordered = False
    if modern := first.startswith(b"OHDR"):
        flags = first[5]
        ordered = bool(flags & 0x04)
        at = address + 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
        width = 1 << (flags & 0x03)
        blocks = [(at + width, int.from_bytes(file.read(at, width), "little"))]
    elif first[0] == 1:
        blocks = [(address + 16, int.from_bytes(first[8:12], "little"))]
    else:
        raise Damaged("its root is nowhere")
    total = 0
    for number, (start, size) in enumerate(blocks):
        total += size
        if number >= _MOST_BLOCKS or total > _MOST_HEADER:
            raise Damaged("the header of its root has no end")
        block = file.read(start, size)
        if modern and number:
            block = block[4:-4]  # a signature before, a checksum behind
        for kind, message in _split(block, modern, ordered):
            if kind == _CONTINUED:
                where = _Bytes(message)
                blocks.append((where.number(file.address_size), where.number(file.length_size)))
            else:
                yield kind, message


def _split(block: bytes, modern: bool, ordered: bool) -> Iterator[tuple[int, bytes]]:
    head = struct.Struct("<BHB2x" if modern and ordered else "<BHB" if modern else "<HHB3x")
    at = 0
    while at + head.size <= len(block):
        kind, size, _ = head.unpack_from(block, at)
        at += head.size
        yield kind, block[at : at + size]
        at += size


def _text(file: _File, message: bytes, name: bytes, most: int) -> bytes | None:
    """The text in an attribute's message; None where it has another name."""
    data = _Bytes(message)
    version = data.number(1)
    flags = data.number(1)
    sizes = [data.number(2) for _ in range(3)]
    if version == 3:
        data.take(1)
    elif version not in (1, 2):
        return None
    parts = []
    for size in sizes:
        padded = size + (-size % 8 if version == 1 else 0)
        parts.append(data.take(padded)[:size])
    if parts[0].rstrip(b"\0") != name:
        return None
    type_ = _Bytes(parts[1])
    kind = type_.number(1) & 0x0F
    is_text = kind == _TEXT or (kind == _TEXT_ELSEWHERE and type_.number(1) & 0x0F == 1)
    if flags & 0x01 or not is_text or _elements(file, parts[2]) != 1:
        raise Damaged(f"its attribute `{name.decode()}` is no text")
    if kind == _TEXT:
        return data.rest()[: most + 1].rstrip(b"\0")
    length = data.number(4)
    heap, index = data.number(file.address_size), data.number(4)
    return _object(file, heap, index, length, most)


def _elements(file: _File, dataspace: bytes) -> int:
    """How many values an attribute has."""
    data = _Bytes(dataspace)
    version, rank = data.number(1), data.number(1)
    data.take(6 if version == 1 else 2)
    return prod(data.number(file.length_size) for _ in range(rank))


def _object(file: _File, heap: int, index: int, length: int, most: int) -> bytes:
    """A text of `length` bytes in a global heap, at most one byte more than `most` of it."""
    if file.read(heap, 4) != b"GCOL":
        raise Damaged("the text of an attribute is not where it should be")
    head = struct.Struct("<HHI")
    at = heap + 8 + file.length_size
    for _ in range(_MOST_OBJECTS):
        number, _, _ = head.unpack(file.read(at, head.size))
        size = int.from_bytes(file.read(at + head.size, file.length_size), "little")
        at += head.size + file.length_size
        if number == index:
            return file.read(at, min(length, size, most + 1)).rstrip(b"\0")
        if number == 0:
            break
        at += size + -size % 8
    raise Damaged("the text of an attribute is not where it should be")


def _has_heap(file: _File, message: bytes) -> bool:
    """Whether attributes stand outside the header."""
    data = _Bytes(message)
    data.take(1)
    if data.number(1) & 0x01:
        data.take(2)
    address = data.take(file.address_size)
    return address != b"\xff" * file.address_size
