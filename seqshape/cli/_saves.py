"""When something is saved below some folders: as the operating system tells it, or by looking."""

import os
import time
from collections.abc import Callable, Iterator

QUIET = 200
"""Milliseconds after which it is told that nothing was saved."""
_STEP, _BURST = 5, 50
"""Milliseconds without another save that end a burst of them, and the longest that one may be."""
_POLL, _SHARE = 0.1, 10
"""Seconds between two looks; and how much longer than a look that is at the least."""


class Unwatchable(Exception):
    """The system tells nothing of these folders; the message says why."""


def saves(folders: tuple[str, ...]) -> Iterator[bool]:
    """True whenever something in one of the folders was saved, made or removed, false after a quiet moment.

    Of a folder that is not there, or may not be read, nothing is told. Ends where one goes meanwhile.

    Raises:
        Unwatchable: the system does not tell what is saved there.
        KeyboardInterrupt: the user ended it.

    """
    from watchfiles import watch

    try:
        for changes in watch(
            *folders,
            watch_filter=None,
            debounce=_BURST,
            step=_STEP,
            rust_timeout=QUIET,
            yield_on_timeout=True,
            recursive=False,
            ignore_permission_denied=True,
        ):
            yield bool(changes)
    except (OSError, RuntimeError) as error:
        if all(map(os.path.isdir, folders)):
            raise Unwatchable(str(error)) from error


def looked_for(look: Callable[[], object]) -> Iterator[bool]:
    """As `saves`, for whatever `look` gives: whether that is another than a moment before.

    watchfiles could look too, at times of whole seconds alone: of two saves in one it sees the first.
    """
    before = look()
    yield True
    while True:
        start = time.monotonic()
        now = look()
        yield now != before
        before = now
        time.sleep(max(_POLL, _SHARE * (time.monotonic() - start)))
