"""Where this tool keeps what it remembers."""

import os
from pathlib import Path


def cache_folder() -> Path:
    """The user's cache folder of this tool; `SEQSHAPE_CACHE_DIR` names another one."""
    if folder := os.environ.get("SEQSHAPE_CACHE_DIR"):
        return Path(folder)
    import platformdirs

    return Path(platformdirs.user_cache_dir("seqshape", appauthor=False))
