"""The bench as data: broken specs with their causes and accepted repairs, and sound specs near to them.

A broken spec says at its end, under `x-repair`, what its author wanted, which settings are at fault, and
which changes of its text a good engineer would accept, the best first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from seqshape.report import Cause

BROKEN = Path(__file__).parent / "broken"
SOUND = Path(__file__).parent / "sound"
_MARK = "\nx-repair:\n"
_NEEDED = {"story", "cause", "accepted"}
_KEYS = {*_NEEDED, "faults"}


@dataclass(frozen=True, slots=True)
class Repair:
    """An accepted repair: what it does, and the whole text that it leaves."""

    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """A broken spec. `causes` are pairs of entry and argument, any of which is right.

    Of `faults` faults that do not hang together the accepted repairs are of the first.
    """

    kind: str
    name: str
    path: Path
    text: str
    story: str
    causes: tuple[tuple[str, str], ...]
    accepted: tuple[Repair, ...]
    faults: int

    def names(self, cause: Cause) -> bool:
        """Whether a cause is one of the right ones.

        An entry in a block may be named by its path, and of an argument in a wrapper
        (`layer.return_sequences`) the first or the last word is enough.
        """
        return any(
            cause.layer.rpartition(".")[2] == layer
            and cause.argument in {argument, argument.partition(".")[0], argument.rpartition(".")[2]}
            for layer, argument in self.causes
        )


def broken() -> tuple[Case, ...]:
    """All broken specs, by kind and name."""
    return tuple(case_of(path) for path in sorted(BROKEN.glob("*/*.yaml")))


def sound() -> tuple[Path, ...]:
    """The files of the correct specs."""
    return tuple(sorted(SOUND.glob("*.yaml")))


def case_of(path: Path) -> Case:
    """The case in a file.

    Raises:
        ValueError: what stands under `x-repair` is not as it must be.

    """
    head, mark, tail = path.read_text(encoding="utf-8").rpartition(_MARK)
    if not mark:
        raise ValueError(f"{path}: no `x-repair` at the end")
    text, said = head + "\n", yaml.safe_load(tail)
    if not isinstance(said, dict) or not said.keys() >= _NEEDED or not said.keys() <= _KEYS:
        raise ValueError(f"{path}: `x-repair` has {', '.join(said or ())}")
    causes = tuple(
        (layer, argument) for layer, _, argument in (word.partition(".") for word in said["cause"])
    )
    accepted = tuple(_repairs(path, text, said["accepted"]))
    if not causes or not accepted or not all(argument for _, argument in causes):
        raise ValueError(f"{path}: a cause and an accepted repair are needed")
    faults = said.get("faults", 1)
    return Case(path.parent.name, path.stem, path, text, said["story"], causes, accepted, faults)


def _repairs(path: Path, text: str, said: list[dict[str, Any]]) -> Iterator[Repair]:
    for each in said:
        try:
            yield Repair(each["what"], changed(text, [(old, new) for old, new in each["changes"]]))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path}: {each.get('what')}: {error}") from error


def changed(text: str, changes: list[tuple[str, str]]) -> str:
    """The text with every `old` replaced by its `new`.

    Raises:
        ValueError: an `old` does not stand in the text exactly once, or two of them overlap.

    """
    pieces, end = [], 0
    for old, new in sorted(changes, key=lambda change: text.find(change[0])):
        if text.count(old) != 1:
            raise ValueError(f"{old!r} stands {text.count(old)} times in the text")
        start = text.index(old)
        if start < end:
            raise ValueError(f"{old!r} overlaps with another change")
        pieces += [text[end:start], new]
        end = start + len(old)
    return "".join((*pieces, text[end:]))
