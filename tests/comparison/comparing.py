"""Two texts compared, for the tests."""

from seqshape.comparison import compared
from seqshape.comparison.numbers import Numeric
from seqshape.comparison.numeric import Asked, numeric
from seqshape.comparison.result import Comparison, Pair
from seqshape.comparison.side import Side
from seqshape.engine import Engine
from seqshape.judged import judged


def side(text: str, engine: Engine, path: str = "a.yaml") -> Side:
    """A text as one side of a comparison."""
    found = judged(path, text.encode(), engine=engine, thorough=True, expecting=False)
    return Side(found.report, found.spec, found.calls, engine, found.subject)


def spec(*entries: str) -> str:
    """A spec of entries in flow style."""
    return "layers:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries)


def difference(one: str, other: str, engine: Engine) -> Comparison:
    """What differs between two texts."""
    return compared(side(one, engine), side(other, engine, "b.yaml"))


def run(one: str, other: str, engine: Engine, asked: Asked | None = None) -> Numeric:
    """What running both says, once."""
    sides = side(one, engine), side(other, engine, "b.yaml")
    return numeric(*sides, compared(*sides), asked or Asked(tries=1, runs=1))


def changes(pair: Pair) -> dict[str, tuple[object, object]]:
    """What a person wrote otherwise in a pair, by what it is."""
    written = ("type", "name", "argument", "call", "inputs", "shares")
    return {
        change.name or change.what: (change.one, change.other)
        for change in pair.changes
        if change.what in written
    }


def only(found: Comparison) -> tuple[str, dict[str, tuple[object, object]]]:
    """The one entry that was changed, added or removed, and its changes."""
    (pair,) = (pair for pair in found.differing if pair.kind != "affected")
    return f"{pair.kind} {pair.row.path}", changes(pair)
