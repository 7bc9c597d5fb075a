"""Arguments of a command line to the files that they mean: files, folders, globs, `-`.

Knows no YAML: whether a file that nobody named is a spec is asked of a function.
"""

import glob
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import groupby
from pathlib import Path

from seqshape.frozen import frozen
from seqshape.wording import did_you_mean

STDIN = "-"
SUFFIXES = (".yaml", ".yml")
SAVED = (".json", ".keras", ".h5", ".hdf5")
"""Suffixes of the models that Keras saves; most such files are none, and are not counted."""
_JUNK = frozenset(("node_modules", "__pycache__", "site-packages"))
_PIECES = re.compile(r"[0-9]+|.", re.DOTALL)


@frozen
class Found:
    """The files to judge, in path order, each once; `passed_over` counts those that are no specs.

    `problems` are paths with what is wrong with them, in the order of the arguments.
    """

    paths: tuple[str, ...]
    passed_over: int = 0
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class _Search:
    """What was found so far, by the file's real path."""

    is_spec: Callable[[Path], bool]
    paths: dict[str, str] = field(default_factory=dict)
    passed_over: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    """All that were asked about and are no specs, counted or not."""
    problems: list[tuple[str, str]] = field(default_factory=list)

    def take(self, path: str, asked: bool) -> None:
        """A file: judged as it is, or where it is `asked` about, if it is a spec."""
        real = os.path.realpath(path)
        if asked:
            if not os.path.isfile(real) and os.path.exists(real):  # a pipe or a device, which may never end
                return
            if real in self.paths or real in self.others:
                return
            try:
                if not self.is_spec(Path(path)):
                    self.others.add(real)
                    if not path.lower().endswith(SAVED):
                        self.passed_over.add(real)
                    return
            except OSError as error:
                self.fail(path, error)
                return
        shown = displayed(path)
        self.paths[real] = min(self.paths.get(real, shown), shown, key=in_order)
        self.passed_over.discard(real)

    def walk(self, folder: str) -> None:
        """All specs below a folder. What links lead to is entered once, and not where it lies elsewhere."""
        entered: set[str] = set()
        top = os.path.join(os.path.realpath(folder), "")
        for root, folders, files in os.walk(folder, onerror=self._unread, followlinks=True):
            real = os.path.realpath(root)
            if real in entered or not os.path.join(real, "").startswith(top):
                folders.clear()
                continue
            entered.add(real)
            folders[:] = sorted(name for name in folders if not _is_junk(root, name))
            for name in sorted(files):
                if name.lower().endswith((*SUFFIXES, *SAVED)):
                    self.take(os.path.join(root, name), asked=True)

    def fail(self, path: str, error: OSError) -> None:
        """A path that cannot be read."""
        self.problems.append((displayed(path), error.strerror or str(error)))

    def _unread(self, error: OSError) -> None:
        self.fail(str(error.filename), error)


def find(arguments: Iterable[str], is_spec: Callable[[Path], bool], specs_only: bool = False) -> Found:
    """The files that the arguments mean.

    A file that is named is judged whatever it holds, unless `specs_only`; of a folder or a glob,
    the files that `is_spec` knows as specs.
    """
    search = _Search(is_spec)
    stdin = False
    for argument in arguments:
        if argument == STDIN:
            stdin = True
        elif os.path.isdir(argument):
            search.walk(argument)
        elif os.path.lexists(argument):
            search.take(argument, asked=specs_only)
        elif glob.has_magic(argument):
            _expand(argument, search)
        else:
            search.problems.append((argument or "''", _absent(argument)))
    paths = sorted(search.paths.values(), key=in_order)
    return Found(
        ((STDIN,) if stdin else ()) + tuple(paths), len(search.passed_over), tuple(search.problems)
    )


def folders(arguments: Iterable[str]) -> tuple[str, ...]:
    """The folders in which something changes where one of the files that arguments mean does.

    Each stands there for itself, without what lies deeper. Of what is not there (yet, or any more) it is
    the nearest folder above that is.
    """
    found: dict[str, None] = {}
    for argument in arguments:
        top = argument
        while glob.has_magic(top) and not os.path.lexists(top):
            top = os.path.dirname(top)
        for path in (top or os.curdir, os.path.realpath(top)):
            found[_standing(os.path.dirname(os.path.abspath(path)))] = None
        if os.path.isdir(top or os.curdir):
            for root, inner, _ in os.walk(top or os.curdir):
                inner[:] = [name for name in inner if not _is_junk(root, name)]
                found[os.path.abspath(root)] = None
    return tuple(found)


def _standing(folder: str) -> str:
    """The folder, or the nearest one above that is there."""
    while not os.path.isdir(folder) and folder != os.path.dirname(folder):
        folder = os.path.dirname(folder)
    return folder


def displayed(path: str) -> str:
    """The path as reports show it: relative to the working directory where it lies below it."""
    absolute, here = os.path.abspath(path), os.getcwd()
    if absolute.startswith(os.path.join(here, "")):
        path = os.path.relpath(absolute, here)
    return Path(path).as_posix()


def in_order(path: str) -> tuple[list[list[tuple[int, int]]], str]:
    """The key of path order: folder by folder, and numbers by their size (`a2` before `a10`)."""
    return [[_piece(piece) for piece in _PIECES.findall(part)] for part in path.split("/")], path


def _piece(text: str) -> tuple[int, int]:
    """A number stands where its digits do."""
    return (ord("0"), int(text)) if text.isdecimal() else (ord(text), 0)


def matches(pattern: str, path: str) -> bool:
    """Whether a path fits a glob: `*` within a name, `**` any folders; without `/`, any file's name."""
    parts = path.split("/")
    if "/" not in pattern:
        return fnmatchcase(parts[-1], pattern)
    patterns = [part for part, _ in groupby(pattern.removeprefix("./").split("/"))]
    return _fits(patterns, parts)


def _fits(patterns: list[str], parts: list[str]) -> bool:
    if not patterns:
        return not parts
    if patterns[0] == "**":
        return any(_fits(patterns[1:], parts[skipped:]) for skipped in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], patterns[0]) and _fits(patterns[1:], parts[1:])


def _expand(pattern: str, search: _Search) -> None:
    """What a glob finds: as in a folder, and files of another suffix where the glob ends in one."""
    found = False
    named = set(Path(pattern).parts)
    any_name = not os.path.splitext(pattern)[1]
    for path in glob.iglob(pattern, recursive=True):
        if any(part in _JUNK and part not in named for part in Path(path).parts):
            continue
        found = True
        if os.path.isdir(path):
            search.walk(path)
        elif not any_name or path.lower().endswith((*SUFFIXES, *SAVED)):
            search.take(path, asked=True)
    if not found:
        search.problems.append((pattern, "no file matches"))


def _is_junk(root: str, name: str) -> bool:
    """Whether a folder is hidden, made by a tool, or a virtual environment."""
    return name.startswith(".") or name in _JUNK or os.path.exists(os.path.join(root, name, "pyvenv.cfg"))


def _absent(path: str) -> str:
    """Why there is nothing at a path, as far as can be seen."""
    try:
        os.stat(path)
    except PermissionError as error:
        return str(error.strerror)
    except (OSError, ValueError):
        pass
    return f"no such file or folder{_near(path)}"


def _near(path: str) -> str:
    """What stands where the path leads and has a name like its own."""
    folder, name = os.path.split(path)
    near = did_you_mean(name, _names(folder or os.curdir))
    if not near or not folder:
        return near
    return near.replace("`", f"`{Path(folder).as_posix().rstrip('/')}/", 1)


def _names(folder: str) -> Iterator[str]:
    try:
        yield from sorted(os.listdir(folder))
    except OSError:
        return
