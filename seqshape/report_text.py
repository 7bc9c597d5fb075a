"""Reports as bytes and back, so that they can be kept from run to run.

What is read back is judged part by part, as anybody could have written it: bytes that are no report
through and through are none at all. Formulas are not written; a report that has some has no bytes.
"""

import json
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from seqshape.engine.tensors import Output, Tensor, Weight
from seqshape.places import Place
from seqshape.report import (
    SEVERITIES,
    Cause,
    Comparison,
    Diagnostic,
    Fed,
    Fix,
    Read,
    Related,
    Row,
)
from seqshape.reporting import Report

if TYPE_CHECKING:
    from seqshape.edits import Edit

FORM = 1
"""Of the text: another form, another number."""
_LONGEST = 256 * 1024**2
"""Bytes of text; what claims to be longer is not of this tool's making."""
_FAST = 1
"""Level of compression: a report is written more often than it takes much room."""
T = TypeVar("T")


class NoReport(ValueError):
    """The bytes are no report."""


def packed(report: Report) -> bytes | None:
    """A report as bytes; None where it cannot be had again from them exactly."""
    if report.formulas is not None:
        return None
    outputs: dict[tuple[Output, ...], int] = {}
    weights: dict[tuple[Weight, ...], int] = {}
    rows = [
        [
            *(row.name, row.type, row.label, row.block, _places(row.place), row.status),
            *(row.inputs, row.words, row.sources),
            outputs.setdefault(row.outputs, len(outputs)),
            weights.setdefault(row.weights, len(weights)),
            row.shares,
            [
                [fed.parameter, [[each.word, each.source, each.output] for each in fed.tensors], fed.listed]
                for fed in row.fed
            ],
            row.traced,
            row.again,
        ]
        for row in report.rows
    ]
    data = [
        FORM,
        [report.seqshape, report.keras, report.path, report.name, report.asked],
        [[[each.name, each.tensor.data()] for each in tensors] for tensors in outputs],
        [
            [[each.name, each.shape, each.dtype, each.itemsize, each.trainable] for each in arrays]
            for arrays in weights
        ],
        rows,
        [_finding(item) for item in report.diagnostics],
        list(report.lines.items()),
        list(report.blocks.items()),
    ]
    try:
        text = json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode()
    except UnicodeEncodeError:  # halves of characters, which could become whole ones
        return None
    return zlib.compress(text, _FAST) if len(text) <= _LONGEST else None


def unpacked(data: bytes) -> Report:
    """The report that bytes are.

    Raises:
        NoReport: they are none.

    """
    try:
        unpacking = zlib.decompressobj()
        text = unpacking.decompress(data, _LONGEST)
        if not unpacking.eof or unpacking.unused_data:
            raise NoReport("cut off, or too long")
        form, head, outputs, weights, rows, diagnostics, lines, blocks = json.loads(text)
        if form != FORM:
            raise NoReport("of another form")
        seqshape, keras, path, name, asked = head
        shown = _all(lambda tensors: _all(_output, tensors), outputs)
        arrays = _all(lambda each: _all(_weight, each), weights)
        count = len(_list(rows))
        return Report(
            _word(seqshape),
            _word_or_none(keras),
            _word(path),
            _word_or_none(name),
            tuple([_row(row, shown, arrays, count) for row in rows]),
            _all(_diagnostic, diagnostics),
            {_whole(number): _word(line) for number, line in _list(lines)},
            _flag(asked),
            {_word(block): _all(_word, words) for block, words in _list(blocks)},
        )
    except (zlib.error, ValueError, TypeError, IndexError, RecursionError, MemoryError) as error:
        raise NoReport(str(error)) from error


def _places(place: Place) -> tuple[int, int, int, int]:
    return place.line, place.column, place.end_line, place.end_column


def _finding(item: Diagnostic) -> list[Any]:
    compared, cause = item.compared, item.cause
    return [
        *(item.code, item.severity, item.message, item.layer, _places(item.place), item.help, item.keras),
        [[each.message, _places(each.place)] for each in item.related],
        None if compared is None else [compared.shapes, compared.marked],
        None if cause is None else [cause.layer, cause.argument, _places(cause.place)],
        [
            [fix.title, [[_places(edit.place), edit.text] for edit in fix.edits], fix.remaining]
            for fix in item.fixes
        ],
        item.search,
    ]


def _row(
    data: Any, outputs: tuple[tuple[Output, ...], ...], weights: tuple[tuple[Weight, ...], ...], rows: int
) -> Row:
    name, type_, label, block, place, status, inputs, words, sources, *rest = data
    shown, arrays, shares, fed, traced, again = rest
    row = Row(
        _word(name),
        _word(type_),
        _word(label),
        _word_or_none(block),
        _place(place),
        _word(status),
        _all(_word, inputs),
        _all(_word, words),
        _all(_whole, sources),
        outputs[_whole(shown)],
        weights[_whole(arrays)],
        _word_or_none(shares),
        _all(_fed, fed),
        _flag(traced),
        None if again is None else _whole(again),
    )
    read = (each.source for one in row.fed for each in one.tensors)
    if any(source >= rows for source in (*row.sources, *read, row.again or 0)):
        raise NoReport("no such row")
    return row


def _fed(data: Any) -> Fed:
    parameter, tensors, listed = data
    return Fed(_word_or_none(parameter), _all(_read, tensors), _flag(listed))


def _read(data: Any) -> Read:
    word, source, output = data
    return Read(_word(word), _whole(source), _whole(output))


def _output(data: Any) -> Output:
    name, (shape, dtype, mask, sparse) = data
    masked = None if mask is None else _all(_size, mask)
    return Output(_word(name), Tensor(_all(_size, shape), _word(dtype), masked, _flag(sparse)))


def _weight(data: Any) -> Weight:
    name, shape, dtype, itemsize, trainable = data
    return Weight(_word(name), _all(_whole, shape), _word(dtype), _whole(itemsize), _flag(trainable))


def _diagnostic(data: Any) -> Diagnostic:
    code, severity, message, layer, place, help_, keras, related, compared, cause, fixes, search = data
    if severity not in SEVERITIES:
        raise NoReport("no severity")
    return Diagnostic(
        _word(code),
        severity,
        _word(message),
        _word_or_none(layer),
        _place(place),
        _word(help_),
        _word(keras),
        _all(_related, related),
        None if compared is None else _comparison(compared),
        None if cause is None else _cause(cause),
        _all(_fix, fixes),
        _word(search),
    )


def _related(data: Any) -> Related:
    message, place = data
    return Related(_word(message), _place(place))


def _comparison(data: Any) -> Comparison:
    shapes, marked = data
    compared = Comparison(_all(_named, shapes), _all(_whole, marked))
    if any(axis >= max(len(axes) for _, axes in compared.shapes) for axis in compared.marked):
        raise NoReport("no such axis")
    return compared


def _named(data: Any) -> tuple[str, tuple[int | str | None, ...]]:
    name, axes = data
    return _word(name), _all(lambda axis: axis if isinstance(axis, str) else _size(axis), axes)


def _cause(data: Any) -> Cause:
    layer, argument, place = data
    return Cause(_word(layer), _word(argument), _place(place))


def _fix(data: Any) -> Fix:
    title, edits, remaining = data
    return Fix(_word(title), _all(_edit, edits), _whole(remaining))


def _edit(data: Any) -> "Edit":
    from seqshape.edits import Edit  # most reports have none

    place, text = data
    return Edit(_place(place), _word(text))


def _place(data: Any) -> Place:
    line, column, end_line, end_column = data
    return Place(_whole(line), _whole(column), _whole(end_line), _whole(end_column))


def _list(data: Any) -> list[Any]:
    if type(data) is not list:
        raise NoReport("no list")
    return data


def _all(part: Callable[[Any], T], data: Any) -> tuple[T, ...]:
    return tuple([part(each) for each in _list(data)])


def _whole(data: Any) -> int:
    if type(data) is not int or data < 0:
        raise NoReport("no whole number")
    return data


def _size(data: Any) -> int | None:
    return None if data is None else _whole(data)


def _word(data: Any) -> str:
    if type(data) is not str:
        raise NoReport("no text")
    return data


def _word_or_none(data: Any) -> str | None:
    return None if data is None else _word(data)


def _flag(data: Any) -> bool:
    if type(data) is not bool:
        raise NoReport("neither true nor false")
    return data
