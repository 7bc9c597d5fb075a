"""Runs what asks Keras, for so long and with so much memory and no more.

A thread of its own does it: Keras keeps its counters and scopes per thread, so names come out the same
whatever was asked before, and what never ends can be left.
"""

import ctypes
import sys
import threading
import time
from collections.abc import Callable

ROOM = 2 * 1024**3
"""Bytes of memory that one question may take before it is given up."""
_GLANCE = 0.25
"""Seconds between looks at a question that goes on."""


class GivenUp(BaseException):
    """Raised in the thread of a question that took too long."""


def bounded(run: Callable[[], None], patience: float, room: int = ROOM) -> str:
    """Runs a function for at most `patience` seconds; why it was given up, empty where it came to an end.

    It may take `room` bytes of memory.

    It is ended at its next Python instruction, by `GivenUp`; every other exception is its own to catch.
    """
    thread = threading.Thread(target=run, daemon=True)
    end, most = time.monotonic() + patience, _peak() + room
    thread.start()
    thread.join(_GLANCE)
    while thread.is_alive():
        reason = ""
        if time.monotonic() > end:
            reason = f"there is no answer within {patience:g} seconds"
        elif _peak() > most:
            reason = f"it takes more than {room / 1024**3:.3g} GiB of memory"
        if reason:
            stop = ctypes.py_object(GivenUp)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), stop)
            thread.join(1.0)
            return reason
        thread.join(_GLANCE)
    return ""


def _peak() -> int:
    """The most bytes of memory that the process has had; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
