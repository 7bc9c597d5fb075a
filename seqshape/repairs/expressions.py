"""Sizes as the spec says them: `2*H` for 32, where that is what the number is there.

A repair that must give an axis the size of another one keeps the relation between them: it says the dim or
the expression that the other one is made by. What a spec says in numbers stays a number.
"""

from collections.abc import Iterable, Iterator, Mapping

from seqshape import sizes
from seqshape.frozen import frozen
from seqshape.graph import Graph, Node
from seqshape.places import Place
from seqshape.repairs.values import whole_number
from seqshape.revisions import Path
from seqshape.tree import Json, Scalar, Sequence, Value
from seqshape.tree import Mapping as Words

_MOST_TIMES = 4


@frozen
class Expressions:
    """What a spec's dims, and the expressions in its arguments, are as numbers.

    `said` gives the texts of a number, `near` those by which sizes are made that do not fit, by the size,
    and `names` the arguments that are said so anywhere.
    """

    said: Mapping[int, frozenset[str]]
    near: Mapping[int, frozenset[str]]
    names: frozenset[str]

    def spoken(self, value: Json, path: Path, now: Value | None = None) -> Json:
        """A value for the end of a way as the spec would say it; `now` is what is written there."""
        if not self.said:
            return value
        if isinstance(value, list):
            items = now.items if isinstance(now, Sequence) and len(now.items) == len(value) else ()
            return [
                self.spoken(item, path, items[number] if items else None)
                for number, item in enumerate(value)
            ]
        if not whole_number(value):
            return value
        written = now.text if isinstance(now, Scalar) and _is_expression(now) else ""
        if written and isinstance(now, Scalar) and now.value == value:
            return written
        if now is not None and not written:
            return value  # a number stands there, and becomes another
        name = next((step for step in reversed(path) if isinstance(step, str)), "")
        size = int(str(value))
        chosen = self.near.get(size, frozenset())
        if not chosen and (written or name in self.names):
            chosen = self.said.get(size, frozenset())
        return next(iter(chosen)) if len(chosen) == 1 else value


def expressions(
    graph: Graph,
    dims: Mapping[str, int | None],
    made: Iterable[tuple[int, Place]],
    wanted: Iterable[tuple[object, str]] = (),
) -> Expressions:
    """The expressions of a spec.

    `made` are sizes that do not fit, with the arguments that make them; `wanted` are those that are
    expected, as they are written.
    """
    said: dict[int, set[str]] = {}
    near: dict[int, set[str]] = {}
    names: set[str] = set()
    found = tuple(_expressions(graph.nodes)) if dims else ()
    for argument, scalar in found:
        said.setdefault(int(str(scalar.value)), set()).add(scalar.text)
        names.add(argument)
    for name, number in dims.items():
        if number is not None:
            said.setdefault(number, set()).add(name)
    for size, place in made:
        inside = {scalar.text: int(str(scalar.value)) for _, scalar in found if scalar.place in place}
        times = [_times(size, text, number) for text, number in inside.items()]
        equal = [text for text, number in inside.items() if number == size]
        near.setdefault(size, set()).update(equal or (times[0] if len(times) == 1 else ()))
    for expected, text in wanted if dims else ():
        if isinstance(expected, int) and sizes.names(text):
            near.setdefault(expected, set()).add(text)
    return Expressions(_frozen(said), _frozen(near), frozenset(names))


def as_multiple(value: int, now: Value | None) -> Json:
    """A size as a few times what is written now, where that is an expression; else as it is."""
    if not isinstance(now, Scalar) or not _is_expression(now):
        return value
    return next(iter(_times(value, now.text, int(str(now.value)))), value)


def _times(size: int, text: str, number: int) -> tuple[str, ...]:
    """A size as a few times what makes it: `2*H`, for both directions of a layer with `units: H`."""
    if number < 2 or size % number or not 1 < size // number <= _MOST_TIMES:
        return ()
    return (f"{size // number}*{text}" if text.isidentifier() else f"{size // number}*({text})",)


def _frozen(texts: Mapping[int, set[str]]) -> dict[int, frozenset[str]]:
    return {size: frozenset(each) for size, each in texts.items()}


def _expressions(nodes: tuple[Node, ...]) -> Iterator[tuple[str, Scalar]]:
    """Every expression in the arguments of entries, with the name that it stands under."""
    for node in nodes:
        todo: list[tuple[str, Value]] = [(each.name.text, each.value) for each in node.entry.arguments]
        while todo:
            name, value = todo.pop()
            match value:
                case Scalar():
                    if _is_expression(value):
                        yield name, value
                case Sequence(items=items):
                    todo += [(name, item) for item in items]
                case Words(items=pairs):
                    todo += [(key.text, item) for key, item in pairs]


def _is_expression(value: Scalar) -> bool:
    """Whether a size is said by dims."""
    return whole_number(value.value) and bool(sizes.names(value.text))
