"""The kinds of repair, a file each: what it would try in a case. A new file is a new kind."""

import importlib
import pkgutil
from functools import cache

from seqshape.repairs.interface import Offer


@cache
def offers() -> tuple[Offer, ...]:
    """What every kind offers, in the order of their names."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__))
    return tuple(importlib.import_module(f"{__name__}.{name}").offer for name in names)
