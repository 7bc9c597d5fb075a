"""Everything but a question that its answer depends on, as one digest, found without importing Keras.

The sources of this package, Python, the installed Keras and TensorFlow with what they compute on, their
settings, and the plugins. Where one of these cannot be known, there is no digest, and no answer is
remembered.
"""

import hashlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from seqshape.frozen import frozen
from seqshape.tree import Json

JUDGES = ("keras", "tensorflow")
"""The packages whose own code answers: what is imported must be what is installed under the name."""
_SUFFIX = ".dist-info"
_VARIANTS = ("tensorflow", "tensorflow_cpu", "tensorflow_intel", "tensorflow_macos", "tensorflow_rocm")
_COUNTED = ("keras", *_VARIANTS, "numpy", "ml_dtypes", "optree", "pyyaml")
_LOUDNESS = "TF_CPP_"
"""Variables that begin so decide what TensorFlow prints, and nothing else."""


class Unknown(Exception):
    """What an answer depends on cannot be known here; the message says what."""


@frozen
class Surroundings:
    """The digest, and the source files of the plugins that are part of it."""

    digest: str
    files: frozenset[Path] = frozenset()


def surroundings(plugins: Sequence[str], folder: Path) -> Surroundings:
    """What answers depend on in a process that has not imported Keras yet.

    `folder` is where plugins are looked for that are not installed.

    Raises:
        Unknown: that cannot be known.

    """
    installed = _installed()
    parts: list[Json] = [
        _own_sources(),
        [*sys.version_info[:2], sys.implementation.name, sys.platform, _machine()],
        [f"{name}-{version}" for name, (version, _) in sorted(installed.items()) if name in _COUNTED],
        [_exactly(name, installed) for name in JUDGES],
        _settings(),
    ]
    if not plugins:
        return Surroundings(_digest(parts))
    from seqshape.engine.plugin_sources import NoSources, sources

    try:
        found = sources(plugins, folder)
    except NoSources as error:
        raise Unknown(str(error)) from error
    everything = sorted(f"{name}-{version}" for name, (version, _) in installed.items())
    parts.append([list(plugins), found.digest, list(everything)])
    return Surroundings(_digest(parts), found.files)


def _digest(parts: list[Json]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _own_sources() -> str:
    """A digest of this package's own sources: another text of theirs may ask Keras in another way."""
    digest = hashlib.sha256()
    try:
        names = sorted(name for name in os.listdir(Path(__file__).parent) if name.endswith(".py"))
        for name in names:
            text = Path(__file__).with_name(name).read_bytes()
            digest.update(f"{name}:{len(text)}:".encode() + text)
    except OSError as error:
        raise Unknown("seqshape's own sources cannot be read") from error
    return digest.hexdigest()


def sources_as_they_stand() -> str | None:
    """A digest of where all sources of this package stand, how long they are and when they were written.

    That is what Python itself goes by for their bytecode, and is found in a tenth of the time that
    reading them takes. None where it cannot be known.
    """
    found: list[Json] = []
    folders = [str(Path(__file__).parents[1])]
    try:
        for folder in folders:
            for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
                if entry.name.endswith(".py"):
                    status = entry.stat()
                    found.append([entry.path, status.st_size, status.st_mtime_ns, status.st_ctime_ns])
                elif entry.name != "__pycache__" and entry.is_dir():
                    folders.append(entry.path)
    except OSError:
        return None
    return _digest(found)


def _machine() -> str:
    return os.uname().machine if hasattr(os, "uname") else os.environ.get("PROCESSOR_ARCHITECTURE", "")


def _installed() -> dict[str, tuple[str, Path]]:
    """By package the version and the folder of its metadata, of all that can be imported."""
    found: dict[str, tuple[str, Path]] = {}
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in names:
            if name.endswith(_SUFFIX):
                package, _, version = name[: -len(_SUFFIX)].partition("-")
                found.setdefault(package.lower(), (version, Path(folder or ".", name)))
    return found


def _exactly(name: str, installed: dict[str, tuple[str, Path]]) -> Json:
    """What tells the code of a package beyond its version: nothing, where that came from a registry.

    Raises:
        Unknown: another code than what was installed would be imported, as of an editable installation.

    """
    variants = _VARIANTS if name == "tensorflow" else (name,)
    metadata = next((installed[each][1] for each in variants if each in installed), None)
    if metadata is None:
        raise Unknown(f"there is no metadata of an installed `{name}`")
    loaders = (finder.find_spec(name, None) for finder in sys.meta_path)
    origin = next((spec.origin for spec in loaders if spec is not None), None)
    if origin is None or Path(origin).parent.parent.resolve() != metadata.parent.resolve():
        raise Unknown(f"`{name}` is not imported from where it is installed")
    if not (metadata / "direct_url.json").exists():
        return None
    try:  # one version of a folder or a repository can have several texts: the record has their digests
        return hashlib.sha256((metadata / "RECORD").read_bytes()).hexdigest()
    except OSError as error:
        raise Unknown(f"`{name}` has no record of its files") from error


def _settings() -> Json:
    """The settings of Keras and TensorFlow: the user's file, and the variables that they read."""
    home = os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")
    texts: list[Json] = []
    for folder in (home, "/tmp/.keras"):  # the second is Keras's own choice where a home is read-only
        try:
            texts.append(hashlib.sha256(Path(folder, "keras.json").read_bytes()).hexdigest())
        except OSError:
            texts.append(None)
    variables: list[Json] = [
        f"{name}={value}"
        for name, value in sorted(os.environ.items())
        if name.startswith(("KERAS_", "TF_"))
        and not name.startswith(_LOUDNESS)
        and name not in ("KERAS_HOME", "KERAS_BACKEND")  # told by its file; always TensorFlow
    ]
    return [texts, variables]
