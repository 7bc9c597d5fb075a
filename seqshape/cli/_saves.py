"""When something is saved below some folders, as the operating system tells it."""

import os
from collections.abc import Iterator

QUIET = 200
"""Milliseconds after which it is told that nothing was saved."""
_STEP, _BURST = 10, 50
"""Milliseconds without another save that end a burst of them, and the longest that one may be."""
_POLL = 100
"""Milliseconds between looks, where the system does not tell."""


class Unwatchable(Exception):
    """The system tells nothing of these folders; the message says why."""


def saves(folders: tuple[str, ...], poll: bool) -> Iterator[bool]:
    """True whenever something in one of the folders was saved, made or removed, false after a quiet moment.

    Ends where a folder is no more.

    Raises:
        Unwatchable: nobody says what is saved there.
        KeyboardInterrupt: the user ended it.

    """
    from watchfiles import watch

    polled = True if poll else None  # None leaves it to watchfiles, and to WATCHFILES_FORCE_POLLING
    try:
        for changes in watch(
            *folders,
            watch_filter=None,
            debounce=_BURST,
            step=_STEP,
            rust_timeout=QUIET,
            yield_on_timeout=True,
            force_polling=polled,
            poll_delay_ms=_POLL,
            recursive=False,
            ignore_permission_denied=True,
        ):
            yield bool(changes)
    except FileNotFoundError:
        return
    except (OSError, RuntimeError) as error:
        if all(map(os.path.isdir, folders)):
            raise Unwatchable(str(error)) from error
