"""The kinds of repair, a file each: what it would try in a case. A new file is a new kind.

A kind has `offer`; where it has much to ask, `LEAST` is what its candidates cost at least.
"""

import importlib
import pkgutil
from functools import cache

from seqshape.frozen import frozen
from seqshape.repairs.interface import Offer


@frozen
class Kind:
    """A kind of repair, and what its candidates cost at least."""

    offer: Offer
    least: float


@cache
def kinds() -> tuple[Kind, ...]:
    """Every kind, in the order of their names."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(Kind(module.offer, getattr(module, "LEAST", 0.0)) for module in modules)
