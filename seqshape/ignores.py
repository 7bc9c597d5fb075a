"""Which diagnostics an `ignore` keeps silent, and which ignores do nothing."""

from collections.abc import Iterator

from seqshape import rules
from seqshape.codes import can_be_silenced
from seqshape.faults import Fault, UnknownCode, UselessIgnore
from seqshape.places import Place
from seqshape.report import Diagnostic, Row
from seqshape.spec import Block, Entry, Spec, Word


def heard(diagnostics: tuple[Diagnostic, ...], spec: Spec, rows: tuple[Row, ...]) -> tuple[Diagnostic, ...]:
    """The diagnostics that no `ignore` silences, with those about the ignores themselves.

    An ignore is useless where all that it stands for was judged to the end, and silent.
    """
    ignores = list(_ignores(spec))
    if not ignores:
        return diagnostics
    known = tuple(code for code in rules.codes() if can_be_silenced(code))
    useless = dict.fromkeys(ignores)
    heard: list[Diagnostic] = []
    for item in diagnostics:
        silent = [
            (word, place)
            for word, place in ignores
            if word.text == item.code and can_be_silenced(item.code) and _within(item.place, place)
        ]
        for each in silent:
            useless.pop(each, None)
        if not silent:
            heard.append(item)
    faults: list[Fault] = [
        UselessIgnore(word.place, word.text)
        if word.text in known
        else UnknownCode(word.place, word.text, known)
        for word, place in useless
        if word.text not in known or _judged(rows, place)
    ]
    return tuple(
        sorted(
            [*heard, *rules.judge(faults)], key=lambda item: (item.place.line, item.place.column, item.code)
        )
    )


def _ignores(spec: Spec) -> Iterator[tuple[Word, Place | None]]:
    """Each ignored code with the stretch that it is ignored in, None for the whole file."""
    for word in spec.ignore:
        yield word, None
    todo: list[Entry | Block] = list(spec.entries)
    for entry in todo:
        for word in entry.ignore:
            yield word, entry.place
        if isinstance(entry, Block):
            todo.extend(entry.entries)


def _judged(rows: tuple[Row, ...], place: Place | None) -> bool:
    """Whether every call in a stretch was traced, and none failed or was skipped."""
    inside = [row for row in rows if _within(row.place, place)]
    return bool(inside) and all(row.status == "ok" and row.traced for row in inside)


def _within(inner: Place, outer: Place | None) -> bool:
    if outer is None:
        return True
    start = (outer.line, outer.column)
    return start <= (inner.line, inner.column) < (outer.end_line, outer.end_column)
