"""Rows to lines of a table: blocks nested, runs of equal layers and blocks folded into one.

Knows nothing of widths or colours.
"""

from collections.abc import Hashable, Iterator

from seqshape.frozen import frozen
from seqshape.report import Row

FEWEST = 3
"""Equal neighbours that are worth folding."""


@frozen
class Line:
    """One line of a table: a row, or the head of a block (`row` None).

    `last` names the last of the folded neighbours, `count` how many there are; `times` is how
    often the line stands in the whole, with the folds of the blocks round it. A head has the `path` of its
    block. A row's `index` is its place among all rows.
    """

    name: str
    last: str | None
    depth: int
    count: int
    times: int
    row: Row | None
    path: str = ""
    index: int = 0


@frozen
class _Group:
    """A block's copy with what stands in it, or a single row."""

    name: str
    start: int
    end: int
    row: Row | None
    children: tuple["_Group", ...] = ()
    path: str = ""


def lines(rows: tuple[Row, ...], fold: bool, beside: tuple[Hashable, ...] = ()) -> Iterator[Line]:
    """The lines of a table of these rows, in order.

    `beside` is what else is shown of each row: rows for which it differs are not folded.
    """
    top = _grouped(rows, 0, len(rows), "")
    yield from _lines(top, _Shown(rows, beside), 0, 1, fold)


@frozen
class _Shown:
    """All that is shown of the rows."""

    rows: tuple[Row, ...]
    beside: tuple[Hashable, ...]


def _grouped(rows: tuple[Row, ...], start: int, end: int, path: str) -> tuple[_Group, ...]:
    """The rows from `start` to `end`, which stand in the block `path`, as groups."""
    groups: list[_Group] = []
    index = start
    while index < end:
        inner = _inner(rows[index], path)
        if inner is None:
            groups.append(_Group(rows[index].name, index, index + 1, rows[index]))
            index += 1
            continue
        stop = index
        while stop < end and _inner(rows[stop], path) == inner:
            stop += 1
        name = inner.removeprefix(f"{path}.") if path else inner
        groups.append(_Group(name, index, stop, None, _grouped(rows, index, stop, inner), inner))
        index = stop
    return tuple(groups)


def _inner(row: Row, path: str) -> str | None:
    """The path of the block just inside `path` that a row stands in; None for the row itself."""
    if row.block is None or row.block == path:
        return None
    rest = row.block[len(path) + 1 :] if path else row.block
    head = rest.split(".", 1)[0]
    return f"{path}.{head}" if path else head


def _lines(groups: tuple[_Group, ...], shown: _Shown, depth: int, times: int, fold: bool) -> Iterator[Line]:
    index = 0
    signatures = [_signature(group, shown) for group in groups] if fold else []
    while index < len(groups):
        group = groups[index]
        count = _run(signatures, index) if fold else 1
        if count < FEWEST:
            count = 1
        last = groups[index + count - 1].name if count > 1 else None
        yield Line(group.name, last, depth, count, times * count, group.row, group.path, group.start)
        yield from _lines(group.children, shown, depth + 1, times * count, fold)
        index += count


def _run(signatures: list[Hashable], index: int) -> int:
    """How many groups from `index` on are equal."""
    end = index + 1
    while end < len(signatures) and signatures[end] == signatures[index]:
        end += 1
    return end - index


def _signature(group: _Group, shown: _Shown) -> Hashable:
    """What makes two groups equal: types, shapes, weights, and where inputs come from.

    Inputs from inside the group, or from the row just before it, are counted from its start, so
    that a chain of equal copies is a run.
    """
    within = range(group.start, group.end)
    rows = tuple(_row_signature(shown.rows[index], group) for index in within)
    return rows, tuple(shown.beside[index] for index in within) if shown.beside else ()


def _row_signature(row: Row, group: _Group) -> Hashable:
    sources = tuple(
        source - group.start if source >= group.start - 1 else ("outside", source) for source in row.sources
    )
    block = row.block.count(".") if row.block is not None else None
    if row.status != "ok":
        return row.path  # what failed is shown by its name
    return (row.label, row.status, row.outputs, row.weights, row.shares, sources, block)
