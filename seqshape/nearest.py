"""The nearest right word to a wrong one."""

from collections.abc import Iterable

_MOST_LETTERS = 80


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was most likely meant; None where none is near.

    Letters' case and underscores count little: `batchnormalization` is near to
    `BatchNormalization`, `returnSequences` to `return_sequences`.
    """
    import difflib

    if len(word) > _MOST_LETTERS:
        return None
    folded: dict[str, str] = {}
    for candidate in known:
        folded.setdefault(_fold(candidate), candidate)
    found = difflib.get_close_matches(_fold(word), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def _fold(word: str) -> str:
    return word.replace("_", "").casefold()
