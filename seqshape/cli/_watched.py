"""The files that are watched: what they hold now, each read again only where it may have changed."""

import os
import time
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from seqshape.cli._reading import read_regular
from seqshape.frozen import frozen
from seqshape.paths import displayed, find

if TYPE_CHECKING:
    from seqshape.containers import Contents

_SETTLED = 2 * 10**9
"""Nanoseconds after which a file that changes again has another time: clocks of file systems are coarse."""
_Stamp: TypeAlias = tuple[int, int, int]


@frozen
class Snapshot:
    """What the files hold at one moment, by path, in path order.

    `problems` are paths, each with what is to be said of it. `gone` are the files and folders that
    were named, were there once, and are not.
    """

    files: "dict[str, Contents]"
    problems: tuple[tuple[str, str], ...] = ()
    gone: tuple[str, ...] = ()
    passed_over: int = field(default=0, compare=False)

    def unfinished(self, before: "Snapshot") -> bool:
        """Whether this may be half of a save: files that were there are gone, or hold nothing."""
        return any(
            (now := self.files.get(path)) is None or (now.data == b"" and now != held)
            for path, held in before.files.items()
        )

    def differing(self, before: "Snapshot") -> tuple[str, ...]:
        """The paths that hold something else, are new, or are gone, in path order."""
        paths = dict.fromkeys((*self.files, *before.files))
        return tuple(path for path in paths if self.files.get(path) != before.files.get(path))


class Watched:
    """The files that the arguments of `check` mean, looked at again and again.

    At most `most` bytes of each are read.
    """

    def __init__(self, arguments: tuple[str, ...], most: int) -> None:
        self._arguments = arguments
        self._files = frozenset(filter(os.path.isfile, arguments))
        self._there: set[str] = set()
        self._most = most
        self._read: dict[str, tuple[_Stamp, bool, Contents]] = {}
        self._specs: dict[str, tuple[Contents, bool]] = {}
        self._seen: set[str] = set()

    def look(self) -> Snapshot:
        """What the files hold now."""
        self._seen.clear()
        gone = [path for path in self._arguments if path in self._there and not os.path.exists(path)]
        folders = [path for path in self._files if os.path.isdir(path)]
        self._there.update(filter(os.path.exists, self._arguments))
        left = (path for path in self._arguments if path not in gone and path not in folders)
        found = find(left, self._is_spec)
        files: dict[str, Contents] = {}
        problems = [(path, f"{path} is a folder now") for path in map(displayed, folders)]
        problems.extend((path, f"{path}: {said}") for path, said in found.problems)
        for path in found.paths:
            try:
                files[path] = self._contents(path)
            except OSError as error:
                problems.append((path, f"{path}: {error.strerror or error}"))
        for path in self._read.keys() - self._seen:
            del self._read[path]
        return Snapshot(files, tuple(problems), tuple(map(displayed, gone)), found.passed_over)

    def untouched(self, path: str) -> bool:
        """Whether a file is what it was when it was looked at last."""
        held = self._read.get(path)
        return held is not None and held[0] == _stamp(path)

    def _contents(self, path: str) -> "Contents":
        """A file's contents, from memory where its time is old and the same.

        Raises:
            OSError: it cannot be read.

        """
        self._seen.add(path)
        stamp = _stamp(path)
        held = self._read.get(path)
        if held is not None and stamp == held[0] and held[1]:
            return held[2]
        settled = stamp is not None and stamp[0] < time.time_ns() - _SETTLED
        self._read.pop(path, None)
        data = read_regular(path, self._most)
        if stamp is not None:
            self._read[path] = stamp, settled, data
        return data

    def _is_spec(self, path: Path) -> bool:
        from seqshape.recognition import is_spec

        name = str(path)
        contents = self._contents(name)
        held = self._specs.get(name)
        if held is None or held[0] is not contents:
            held = self._specs[name] = contents, is_spec(contents)
        return held[1]


def _stamp(path: str) -> _Stamp | None:
    """What changes with a file; None where there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
