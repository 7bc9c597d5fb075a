"""What became of a report since an earlier one of the same file, as renderers mark it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seqshape.frozen import frozen
from seqshape.report import Diagnostic, Row, Totals

if TYPE_CHECKING:
    from seqshape.formulas import LayerFormulas

NEW, CHANGED, GONE = "+", "~", "-"


@frozen
class RowSince:
    """What became of one row: `mark` is empty where nothing did.

    `columns` are those of the table in which it is otherwise now, `was` is the row as it was before, with
    its `formulas` where formulas are compared.
    """

    mark: str = ""
    columns: frozenset[str] = frozenset()
    was: Row | None = None
    formulas: "LayerFormulas | None" = None


@dataclass(frozen=True, slots=True)
class Gone:
    """Rows that are no more, one behind the other: they stood before the row with this number.

    `formulas` has an item for each of them, none where they are not compared.
    """

    place: int
    rows: tuple[Row, ...]
    formulas: "tuple[LayerFormulas | None, ...]" = ()


@dataclass(frozen=True, slots=True)
class Since:
    """What became of a report: a value for each of its rows, none where the rows are not compared.

    `totals` are those from before. `new` diagnostics are the report's own, `resolved` ones are no more.
    """

    rows: tuple[RowSince, ...] = ()
    gone: tuple[Gone, ...] = ()
    totals: Totals | None = None
    new: tuple[Diagnostic, ...] = ()
    resolved: tuple[Diagnostic, ...] = ()

    @property
    def marks(self) -> bool:
        """Whether anything of the table is marked."""
        return bool(self.gone) or any(row.mark for row in self.rows)


NOTHING = Since()
"""Where nothing is compared."""
