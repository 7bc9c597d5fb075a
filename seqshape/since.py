"""What is otherwise in a report since an earlier one of the same file: rows, sums, findings.

Sees reports alone and asks nobody, so that it is told at once; `comparison` says what differs in the words
of two specs. Names and numbers that came by themselves make no difference, nor does the order of lines.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from seqshape.comparison import own_name
from seqshape.comparison.aligning import Aligned, Member, aligned
from seqshape.frozen import frozen
from seqshape.render._since import CHANGED, NEW, Gone, RowSince, Since
from seqshape.report import Diagnostic, ReportData, Row

if TYPE_CHECKING:
    from seqshape.formulas import LayerFormulas

_NUMBERS = frozenset(("output", "params"))
"""Columns of numbers, in whose place formulas may be shown."""
_THE_SAME = RowSince()
_Layers: TypeAlias = "tuple[LayerFormulas | None, ...]"


def since(
    table: ReportData | None,
    findings: tuple[Diagnostic, ...] | None,
    now: ReportData,
    shown: frozenset[str] = _NUMBERS,
) -> Since:
    """What became of a report: of its rows since `table`, of the `findings` that were known before.

    None where there was none. Where both have formulas these are compared, and numbers in the columns
    alone that are `shown`.
    """
    new, resolved = _findings(findings, now)
    if table is None or not (table.asked and now.asked):
        return Since(new=new, resolved=resolved)
    pairs = _aligned(table.rows, now.rows)
    partners = {one: other for one, other in pairs if one is not None and other is not None}
    rows = [RowSince(NEW)] * len(now.rows)
    old, current = _formulas(table, now)
    unseen = _NUMBERS - shown if old else frozenset[str]()
    unmoved = {one for one, other in partners.items() if one == other}
    for one, other in partners.items():
        if table.rows[one] == now.rows[other] and not old and unmoved.issuperset(_read(now.rows[other])):
            rows[other] = _THE_SAME  # as most rows
            continue
        was = _Seen(table.rows[one], old[one] if old else None)
        seen = _Seen(now.rows[other], current[other] if current else None)
        rows[other] = _became(was, seen, partners, unseen)
    gone = _gone(table.rows, old, pairs, len(now.rows))
    return Since(tuple(rows), tuple(gone), table.totals, new, resolved)


def unjudged(findings: tuple[Diagnostic, ...], now: ReportData) -> tuple[Diagnostic, ...]:
    """Those of the findings that the report could not have again, whether they are so still or not."""
    left = _beyond(findings, Counter(map(_key, now.diagnostics)))
    return tuple(item for item in left if not _judged(item, now))


def _judged(finding: Diagnostic, now: ReportData) -> bool:
    """Whether a report would have this finding if it were so still.

    Words are not looked at in a file that cannot be read, and Keras is not asked while words are wrong; nor
    is anything known of a layer that was not built.
    """
    if finding.code < "SEQ1":
        return True
    if any(item.severity == "error" and item.code < "SEQ1" for item in now.diagnostics):
        return False
    if finding.code < "SEQ2":
        return True
    if not now.asked:
        return False
    if finding.layer is None:
        return all(row.status == "ok" for row in now.rows)
    wrong = {item.layer for item in now.diagnostics if item.code < "SEQ2"}
    rows = [row for row in now.rows if finding.layer in (row.path, row.title, row.name)]
    return not any(
        row.status == "skipped" or (row.status == "error" and finding.layer in wrong) for row in rows
    )


def _formulas(table: ReportData, now: ReportData) -> tuple[_Layers, _Layers]:
    """The formulas of both as they are shown, where both have some."""
    if table.formulas is None or now.formulas is None:
        return (), ()
    return table.formulas.reduced().layers, now.formulas.reduced().layers


@frozen
class _Seen:
    """A row, with its formulas where these are compared."""

    row: Row
    formulas: "LayerFormulas | None"


def _aligned(ones: tuple[Row, ...], others: tuple[Row, ...]) -> Aligned:
    """The rows of both in pairs; what lies between the first change and the last is looked at closely."""
    above = _alike(ones, others)
    below = _alike(ones[above:][::-1], others[above:][::-1])
    ends = len(ones) - below, len(others) - below
    between = aligned(_members(ones[above : ends[0]]), _members(others[above : ends[1]]))
    return [
        *((place, place) for place in range(above)),
        *((_further(one, above), _further(other, above)) for one, other in between),
        *((ends[0] + place, ends[1] + place) for place in range(below)),
    ]


def _alike(ones: tuple[Row, ...], others: tuple[Row, ...]) -> int:
    """How many rows at the start are the same, wherever they stand in the file."""
    for number, (one, other) in enumerate(zip(ones, others, strict=False)):
        if one != other and _member(one) != _member(other):
            return number
    return min(len(ones), len(others))


def _further(place: int | None, above: int) -> int | None:
    return None if place is None else place + above


def _members(rows: tuple[Row, ...]) -> list[Member]:
    return list(map(_member, rows))


def _member(row: Row) -> Member:
    return Member(own_name(row), tuple(_keys(row)))


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


def _became(was: _Seen, seen: _Seen, partners: dict[int, int], unseen: frozenset[str]) -> RowSince:
    """How a row came out of the one that stands for it, apart from columns `unseen`.

    `partners` are the rows by their old numbers.
    """
    before = dict(_facts(was, partners.get))
    now = _facts(seen, lambda number: number)
    columns = frozenset(column for column, fact in now if before[column] != fact) - unseen
    return RowSince(CHANGED, columns, was.row, was.formulas) if columns else _THE_SAME


def _read(row: Row) -> Iterator[int]:
    """The rows that a row reads."""
    yield from row.sources
    yield from (tensor.source for each in row.fed for tensor in each.tensors)


def _facts(seen: _Seen, now: Callable[[int], int | None]) -> Iterator[tuple[str, Hashable]]:
    """What is compared of a row, by the column that shows it; inputs by the numbers of their rows `now`."""
    row, formulas = seen.row, seen.formulas
    yield "layer", (own_name(row), row.label, row.shares is None)
    fed = tuple(
        (each.parameter, each.listed, tuple((now(one.source), one.output) for one in each.tensors))
        for each in row.fed
    )
    yield "inputs", fed or tuple(map(now, row.sources))
    output = row.status, tuple((each.name, each.tensor.shape) for each in row.outputs)
    yield "output", output
    yield "shape", output if formulas is None else (row.status, formulas.outputs)
    yield "dtype", tuple(each.tensor.dtype for each in row.outputs)
    yield "params", (row.status, row.params)
    yield "formula", row.params if formulas is None else formulas.counts.params
    yield "trainable", bool(row.params) and (row.trainable_params == row.params or row.trainable_params)


def _gone(
    rows: tuple[Row, ...], formulas: _Layers, pairs: list[tuple[int | None, int | None]], size: int
) -> Iterator[Gone]:
    """The old rows without a partner, each run of neighbours as one."""
    place, run = 0, list[int]()
    for one, other in (*pairs, (None, size)):
        if run and (other is not None or one != run[-1] + 1):
            first, end = run[0], run[-1] + 1
            left = tuple(_from(row, first) for row in rows[first:end])
            yield Gone(place, left, formulas[first:end])
            run = []
        if other is not None:
            place = other + 1
        elif one is not None:
            run.append(one)


def _from(row: Row, start: int) -> Row:
    """A row of a list of its own that begins with the row number `start`."""
    return replace(row, sources=tuple(source - start for source in row.sources))


def _findings(
    before: tuple[Diagnostic, ...] | None, now: ReportData
) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    """The findings that are new, and those that are resolved; that a line has moved is neither.

    Nor is what is not judged now.
    """
    if before is None:
        return (), ()
    new = _beyond(now.diagnostics, Counter(map(_key, before)))
    left = _beyond(before, Counter(map(_key, now.diagnostics)))
    return new, tuple(item for item in left if _judged(item, now))


def _key(item: Diagnostic) -> Hashable:
    return item.code, item.layer, item.message


def _beyond(items: tuple[Diagnostic, ...], others: Counter[Hashable]) -> tuple[Diagnostic, ...]:
    """The items that have no other one with the same key."""
    left = Counter(others)
    found = []
    for item in items:
        if left[key := _key(item)]:
            left[key] -= 1
        else:
            found.append(item)
    return tuple(found)
