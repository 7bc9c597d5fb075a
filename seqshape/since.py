"""What is otherwise in a report since an earlier one of the same file: rows, sums, findings.

Sees reports alone and asks nobody, so that it is told at once; `comparison` says what differs in the words
of two specs. Names and numbers that came by themselves make no difference, nor does the order of lines.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace

from seqshape.comparison import own_name
from seqshape.comparison.aligning import Member, aligned
from seqshape.render._since import CHANGED, NEW, Gone, RowSince, Since
from seqshape.report import Diagnostic, ReportData, Row


def since(table: ReportData | None, findings: ReportData | None, now: ReportData) -> Since:
    """What became of a report: of its rows since `table`, of its findings since `findings`.

    These are two where Keras was not asked in between. None where there was none.
    """
    new, resolved = _findings(findings, now)
    if table is None or not (table.asked and now.asked):
        return Since(new=new, resolved=resolved)
    pairs = aligned(_members(table.rows), _members(now.rows))
    partners = {one: other for one, other in pairs if one is not None and other is not None}
    rows = [RowSince(NEW)] * len(now.rows)
    for one, other in partners.items():
        rows[other] = _became(table.rows[one], now.rows[other], partners)
    gone = _gone(table.rows, pairs, len(now.rows))
    return Since(tuple(rows), tuple(gone), table.totals, new, resolved)


def _members(rows: tuple[Row, ...]) -> list[Member]:
    return [Member(own_name(row), tuple(_keys(row))) for row in rows]


def _keys(row: Row) -> Iterator[Hashable]:
    """What a row is, the most telling first."""
    shapes = _shapes(row)
    weights = tuple(weight.shape for weight in row.weights)
    yield row.block, row.label, shapes, weights
    yield row.label, shapes, weights
    yield row.label, shapes
    yield row.label
    yield row.type
    yield len(shapes)


def _shapes(row: Row) -> tuple[tuple[int | None, ...], ...]:
    return tuple(output.tensor.shape for output in row.outputs)


def _became(was: Row, row: Row, partners: dict[int, int]) -> RowSince:
    """How a row came out of the one that stands for it; `partners` are the rows by their old numbers."""
    if was == row and all(partners.get(source) == source for source in _read(row)):
        return RowSince()  # as most rows
    before = dict(_facts(was, partners.get))
    columns = frozenset(
        column for column, fact in _facts(row, lambda number: number) if before[column] != fact
    )
    return RowSince(CHANGED, columns, was) if columns else RowSince()


def _read(row: Row) -> Iterator[int]:
    """The rows that a row reads."""
    yield from row.sources
    yield from (tensor.source for each in row.fed for tensor in each.tensors)


def _facts(row: Row, now: Callable[[int], int | None]) -> Iterator[tuple[str, Hashable]]:
    """What is compared of a row, by the column that shows it; inputs by the numbers of their rows `now`."""
    yield "layer", (own_name(row), row.label, row.shares is None)
    fed = tuple(
        (each.parameter, each.listed, tuple((now(one.source), one.output) for one in each.tensors))
        for each in row.fed
    )
    yield "inputs", fed or tuple(map(now, row.sources))
    output = row.status, tuple((each.name, each.tensor.shape) for each in row.outputs)
    yield "output", output
    yield "shape", output
    yield "dtype", tuple(each.tensor.dtype for each in row.outputs)
    yield "params", (row.status, row.params)
    yield "formula", row.params
    yield "trainable", bool(row.params) and (row.trainable_params == row.params or row.trainable_params)


def _gone(rows: tuple[Row, ...], pairs: list[tuple[int | None, int | None]], size: int) -> Iterator[Gone]:
    """The old rows without a partner, each run of neighbours as one."""
    place, run = 0, list[int]()
    for one, other in (*pairs, (None, size)):
        if run and (other is not None or one != run[-1] + 1):
            yield Gone(place, tuple(_from(rows[number], run[0]) for number in run))
            run = []
        if other is not None:
            place = other + 1
        elif one is not None:
            run.append(one)


def _from(row: Row, start: int) -> Row:
    """A row of a list of its own that begins with the row number `start`."""
    return replace(row, sources=tuple(source - start for source in row.sources))


def _findings(
    before: ReportData | None, now: ReportData
) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    """The findings that are new, and those that are resolved; that a line has moved is neither."""
    if before is None:
        return (), ()
    sides = [[(item.code, item.layer, item.message) for item in each.diagnostics] for each in (before, now)]
    return (
        _beyond(now.diagnostics, sides[1], Counter(sides[0])),
        _beyond(before.diagnostics, sides[0], Counter(sides[1])),
    )


def _beyond(
    items: tuple[Diagnostic, ...], keys: list[tuple[str, str | None, str]], others: Counter[Hashable]
) -> tuple[Diagnostic, ...]:
    """The items that have no other one with the same key."""
    left = Counter(others)
    found = []
    for item, key in zip(items, keys, strict=True):
        if left[key]:
            left[key] -= 1
        else:
            found.append(item)
    return tuple(found)
