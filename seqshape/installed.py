"""Versions of installed packages, read from their metadata without importing them."""

import os
import sys


def version(package: str) -> str | None:
    """The version of an installed package; None where it is not installed.

    Looks at the names of the metadata folders (`keras-3.15.1.dist-info`) on the import path;
    `importlib.metadata`, five times slower to import, is asked only where that finds nothing.
    """
    prefix, suffix = package.lower() + "-", ".dist-info"
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in names:
            if name.endswith(suffix) and name.lower().startswith(prefix):
                return name[len(prefix) : -len(suffix)]
    import importlib.metadata

    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
