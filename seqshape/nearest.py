"""The right words that are nearest to a wrong one.

Letters' case and underscores count little: `batchnormalization` is near to `BatchNormalization`,
`returnSequences` to `return_sequences`. What is cut short is near too, and what is written by its
initials: `LayerNorm`, `MHA`.
"""

import re
from collections.abc import Callable, Iterable

_MOST_LETTERS = 80
_LEAST_START = 3
"""Letters that a word needs for what it begins to be meant."""
_LEAST_LEFT = 4
"""Letters that must be left of a word that lost some: `attn`."""
_LEAST_PART = 5
_CLOSE, _NEAR = 0.75, 0.6
"""How like two words are, of 1, where one is a slip of the other; where nothing better is found."""
_INITIAL = re.compile(r"[A-Z](?=[a-z])|[A-Z0-9]")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was most likely meant; None where none is near."""
    return next(iter(ranked(word, known, 1)), None)


def ranked(word: str, known: Iterable[str], most: int) -> tuple[str, ...]:
    """The known words that were most likely meant, the likeliest first."""
    if len(word) > _MOST_LETTERS:
        return ()
    folded: dict[str, str] = {}
    for candidate in known:
        folded.setdefault(_fold(candidate), candidate)
    short = _fold(word)
    found = [short] if short in folded else []
    if len(short) >= _LEAST_START:
        found += _shortest(folded, lambda each: each.startswith(short))
    if word.isupper() and len(word) > 1:
        found += [each for each, candidate in folded.items() if _initials(candidate).startswith(word)]
    alike = _alike(short, folded)
    found += [each for each, likeness in alike.items() if likeness >= _CLOSE]
    if len(short) >= _LEAST_PART:
        found += _shortest(folded, lambda each: short in each)
    if len(short) >= _LEAST_LEFT:
        found += _shortest(folded, lambda each: each[:1] == short[:1] and _left_of(short, each))
    found += alike
    return tuple(folded[each] for each in list(dict.fromkeys(found))[:most])


def _shortest(words: Iterable[str], fits: Callable[[str], bool]) -> list[str]:
    """The words that fit, the shortest first."""
    return sorted(filter(fits, words), key=len)


def _left_of(short: str, word: str) -> bool:
    """Whether a word without some of its letters is the short one."""
    letters = iter(word)
    return all(letter in letters for letter in short)


def _alike(short: str, words: Iterable[str]) -> dict[str, float]:
    """The words that are like the short one, and how like, the likest first."""
    import difflib

    matcher = difflib.SequenceMatcher()
    matcher.set_seq2(short)
    found: dict[str, float] = {}
    for word in words:
        matcher.set_seq1(word)
        if min(matcher.real_quick_ratio(), matcher.quick_ratio()) >= _NEAR <= (ratio := matcher.ratio()):
            found[word] = ratio
    return dict(sorted(found.items(), key=lambda each: -each[1]))


def _initials(word: str) -> str:
    """`MHA` of `MultiHeadAttention`; empty for what begins with a small letter."""
    return "".join(_INITIAL.findall(word)) if word[:1].isupper() else ""


def _fold(word: str) -> str:
    return word.replace("_", "").casefold()
