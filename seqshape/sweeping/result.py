"""What a sweep found, as plain values: everything that its renderers show, and no words for it."""

from collections.abc import Iterator
from math import prod

from seqshape.frozen import frozen
from seqshape.report import Diagnostic, Totals

Sizes = tuple[tuple[str, int | None], ...]
"""A combination: each size by name, None for an unknown one."""
Values = tuple[tuple[str, tuple[int | None, ...]], ...]
"""The values of each size."""

QUANTITIES = {"params": "Parameters", "bytes": "Bytes of weights", "macs": "Multiply-accumulates"}
"""What can be asked of a combination as one number."""


@frozen
class Work:
    """What one sample takes in a combination.

    `number` is None where it depends on a size that is not known, and `formula` then what is known of it,
    or empty. Not `counted` where nothing in the model is; `late` where counting took too long. `left_out`
    are the layers without anything to count, `unknown` those about which nothing or not all is known: then
    the number is a part.
    """

    number: int | None
    formula: str = ""
    counted: bool = True
    left_out: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    late: bool = False


@frozen
class Combination:
    """What Keras says of the spec with some sizes.

    `totals` are None where there is an error, whose first one is the `fault`. `work` is None where it was
    not asked for, or there is an error. `outputs` are the model's, each with its reference and shape.
    """

    sizes: Sizes
    totals: Totals | None
    outputs: tuple[tuple[str, tuple[int | None, ...]], ...]
    fault: Diagnostic | None
    traced: bool
    work: Work | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.fault is None

    def quantity(self, name: str) -> int | None:
        """One of `QUANTITIES`; None where it is not known or not counted."""
        if self.totals is None:
            return None
        if name == "macs":
            whole = self.work is not None and self.work.counted and not self.work.unknown
            return self.work.number if self.work is not None and whole else None
        return self.totals.params if name == "params" else self.totals.weight_bytes

    @property
    def formula(self) -> str:
        """The multiply-accumulates over sizes that are not known; empty where that is not all of them."""
        whole = self.work is not None and self.work.counted and not self.work.unknown
        return self.work.formula if self.work is not None and whole else ""


@frozen
class Sweep:
    """All combinations that were asked about, in order; not `complete` where somebody ended it before."""

    seqshape: str
    keras: str | None
    path: str
    name: str | None
    values: Values
    combinations: tuple[Combination, ...]
    complete: bool = True
    worked: bool = True
    """Whether multiply-accumulates were asked for."""

    @property
    def ok(self) -> bool:
        """Whether all combinations were asked about and hold."""
        return self.complete and all(each.ok for each in self.combinations)

    @property
    def total(self) -> int:
        """How many combinations there are."""
        return prod(len(values) for _, values in self.values)

    @property
    def swept(self) -> tuple[str, ...]:
        """The sizes that have several values."""
        return tuple(name for name, values in self.values if len(values) > 1)

    def uncounted(self) -> tuple[str, ...]:
        """The layers of which not all multiply-accumulates are known, in any combination."""
        return tuple(dict.fromkeys(path for work in self._works() for path in work.unknown))

    def left_out(self) -> tuple[str, ...]:
        """The layers in which nothing is counted."""
        return tuple(dict.fromkeys(path for work in self._works() for path in work.left_out))

    def _works(self) -> Iterator[Work]:
        return (each.work for each in self.combinations if each.work is not None)
