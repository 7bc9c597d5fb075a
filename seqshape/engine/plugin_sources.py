"""The sources that decide what a plugin's layers do, as one digest, found without running any of them.

A plugin's package with every file in it, or its module, and what these import that is not installed. A
plugin that reaches for more than that, as for a file or a variable, has no digest.
"""

import ast
import hashlib
import importlib.machinery
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from seqshape.frozen import frozen

MOST_FILES = 500
MOST_BYTES = 4 * 1024**2
_REACHING = frozenset(
    (
        "open", "exec", "eval", "compile", "__import__", "import_module", "environ", "environb", "getenv",
        "urlopen", "get_file", "read_text", "read_bytes", "fromfile", "genfromtxt", "loadtxt", "load_model",
        "load_weights", "GFile", "Popen", "socket",
    )
)  # fmt: skip
"""Names in a source that say that it depends on more than sources."""
_INSTALLED = ("site-packages", "dist-packages")


class NoSources(Exception):
    """What a plugin depends on cannot be known; the message says why."""


@frozen
class Sources:
    """The digest of the files, and the files."""

    digest: str
    files: frozenset[Path]


def sources(modules: Sequence[str], folder: Path) -> Sources:
    """The files behind plugins; what is not installed is looked for in `folder`.

    Raises:
        NoSources: they cannot be known.

    """
    found: dict[Path, bytes] = {}
    digest = hashlib.sha256()
    waiting = [_top(module) for module in modules]
    if any(_files(name, folder) is None for name in waiting):
        raise NoSources("a plugin's source is not found")
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen or name in sys.stdlib_module_names:
            continue
        seen.add(name)
        own = _files(name, folder)
        if own is None or (name not in map(_top, modules) and _is_installed(own[0])):
            continue
        for file in own:
            found[file] = _read(file)
            if len(found) > MOST_FILES or sum(map(len, found.values())) > MOST_BYTES:
                raise NoSources("a plugin's package is too large to be read at every run")
            if file.suffix == ".py":
                waiting.extend(_imports(found[file]))
    for file, text in sorted(found.items(), key=lambda item: (item[0].name, item[1])):
        digest.update(f"{file.name}:{len(text)}:".encode() + text)
    return Sources(digest.hexdigest(), frozenset(found))


def strangers(modules: Iterable[str], known: frozenset[Path]) -> Iterator[str]:
    """Of modules that were imported those whose source is neither installed nor among the known files."""
    library = Path(os.__file__).resolve().parent
    for name in modules:
        file = getattr(sys.modules.get(name), "__file__", None)
        if file is None:
            continue
        path = Path(file).resolve()
        if path not in known and not _is_installed(path) and library not in path.parents:
            yield name


def _top(module: str) -> str:
    return module.partition(".")[0]


def _is_installed(path: Path) -> bool:
    return any(part in _INSTALLED for part in path.parts)


def _files(name: str, folder: Path) -> list[Path] | None:
    """The files of a module or a whole package, as it would be imported; None where there is none."""
    spec = None
    for finder in sys.meta_path:
        spec = spec or finder.find_spec(name, None)
    spec = spec or importlib.machinery.PathFinder.find_spec(name, [str(folder)])
    if spec is None:
        return None
    if spec.submodule_search_locations is not None:
        return [file for place in spec.submodule_search_locations for file in _inside(Path(place))]
    if spec.origin is None or not spec.has_location:
        return None
    return [Path(spec.origin).resolve()]


def _inside(package: Path) -> Iterator[Path]:
    """The files in a package's folder, no more than one too many."""
    count = 0
    for folder, folders, names in os.walk(package):
        folders[:] = sorted(each for each in folders if each != "__pycache__")
        for name in sorted(names):
            count += 1
            if count > MOST_FILES + 1:
                return
            yield Path(folder, name).resolve()


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise NoSources(f"{file.name} is too large to be read at every run")
        return file.read_bytes()
    except OSError as error:
        raise NoSources(f"{file.name} cannot be read") from error


def _imports(source: bytes) -> Iterator[str]:
    """The modules that a source imports, by the first part of their names, wherever it does.

    Raises:
        NoSources: it is no Python, or depends on more than sources.

    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise NoSources("a plugin's source is no Python") from error
    for node in ast.walk(tree):
        word = getattr(node, "id", None) or getattr(node, "attr", None)
        if word in _REACHING:
            raise NoSources(f"a plugin's source has `{word}`, so it may depend on more than its source")
        if isinstance(node, ast.Import):
            yield from (_top(alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            if _REACHING & {alias.name for alias in node.names}:
                raise NoSources("a plugin's source may depend on more than its source")
            yield _top(node.module)
