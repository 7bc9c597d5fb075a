"""Which diagnostics an `ignore` keeps silent, and which ignores do nothing."""

from collections.abc import Iterator

from seqshape import rules
from seqshape.faults import Fault, UnknownCode, UselessIgnore
from seqshape.places import Place
from seqshape.report import Diagnostic
from seqshape.spec import Block, Entry, Spec, Word

FIRST_SILENCED = "SEQ200"
"""What is wrong with the file or its words cannot be silenced: nothing would be judged then."""
LAST_SILENCED = "SEQ899"
"""Nor can what is wrong with the environment, for the same reason."""


def can_be_silenced(code: str) -> bool:
    """Whether a code may be left out: not where it says that a file, or its layers, are not judged."""
    return FIRST_SILENCED <= code <= LAST_SILENCED


def heard(diagnostics: tuple[Diagnostic, ...], spec: Spec, asked: bool) -> tuple[Diagnostic, ...]:
    """The diagnostics that no `ignore` silences, with those about the ignores themselves.

    Whether an ignore is useless is known where Keras was asked.
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
        for word, _ in useless
        if asked or word.text not in known
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


def _within(inner: Place, outer: Place | None) -> bool:
    if outer is None:
        return True
    start = (outer.line, outer.column)
    return start <= (inner.line, inner.column) < (outer.end_line, outer.end_column)
