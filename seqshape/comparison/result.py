"""What two models differ in: plain values, all that is shown of a comparison.

`one` is always A, the first model, `other` is B.
"""

from seqshape.comparison.numbers import Numeric
from seqshape.frozen import frozen
from seqshape.report import ReportData, Row
from seqshape.tree import Json

CAUSES = ("type", "name", "argument", "call", "inputs", "shares")
"""What a person wrote otherwise; all else follows from that."""


@frozen
class Change:
    """One thing in which two entries differ.

    `what` is one of `CAUSES`, or `output`, `weight`, `status`; `name` is the argument's, the output's or
    the weight's. `written` says on which sides an argument stands in the file; it is Keras's default else.
    """

    what: str
    name: str
    one: Json
    other: Json
    written: tuple[bool, bool] = (True, True)


@frozen
class Pair:
    """Two entries that stand for each other, or one that has no partner. `moved` among the others."""

    one: Row | None
    other: Row | None
    changes: tuple[Change, ...] = ()
    moved: bool = False

    @property
    def kind(self) -> str:
        """`same`, `changed`, `affected` (by a change elsewhere), `added` or `removed`."""
        if self.one is None:
            return "added"
        if self.other is None:
            return "removed"
        if any(change.what in CAUSES for change in self.changes):
            return "changed"
        return "affected" if self.changes else "same"

    @property
    def row(self) -> Row:
        """The entry of B, of A where B has none."""
        found = self.other or self.one
        assert found is not None
        return found


@frozen
class Total:
    """A sum over all layers of both."""

    name: str
    one: int
    other: int

    @property
    def difference(self) -> int:
        """What B has more."""
        return self.other - self.one

    @property
    def percent(self) -> float | None:
        """The difference in per cent of A; None where A has none."""
        return 100 * self.difference / self.one if self.one else None


@frozen
class Comparison:
    """Two reports held against each other.

    `outputs` are what the models give, by the names of A's entries, where that differs. `numeric` is None
    where nobody asked.
    """

    one: ReportData
    other: ReportData
    pairs: tuple[Pair, ...]
    outputs: Change | None = None
    settings: tuple[Change, ...] = ()
    numeric: Numeric | None = None

    @property
    def differing(self) -> tuple[Pair, ...]:
        """The pairs in which something differs."""
        return tuple(pair for pair in self.pairs if pair.kind != "same")

    @property
    def same(self) -> bool:
        """Whether nothing differs, as far as both could be judged."""
        return not (self.differing or self.outputs or self.settings) and self.complete

    @property
    def complete(self) -> bool:
        """Whether Keras took both models."""
        return self.one.ok and self.other.ok

    @property
    def totals(self) -> tuple[Total, ...]:
        """The sums over both."""
        one, other = self.one.totals, self.other.totals
        names = ("params", "trainable_params", "non_trainable_params", "weight_bytes")
        return tuple(Total(name, getattr(one, name), getattr(other, name)) for name in names)

    def number(self, kind: str) -> int:
        """How many pairs are of a kind."""
        return sum(pair.kind == kind for pair in self.pairs)
