"""Which weights of two models stand for each other: as the user says, by name, by order, by entries.

Pure: weights come in as names and shapes.
"""

from collections.abc import Callable, Iterable, Sequence

from seqshape.frozen import frozen
from seqshape.report import Row
from seqshape.wording import did_you_mean

_SEPARATOR = "."


class WrongMap(ValueError):
    """What was said to be mapped is not there, or does not fit."""


@frozen
class Held:
    """A weight: its number among all of the model, the path of its entry, its own name."""

    number: int
    layer: str
    name: str
    shape: tuple[int, ...]

    @property
    def title(self) -> str:
        """`gru.kernel`."""
        return f"{self.layer}{_SEPARATOR}{self.name}"


@frozen
class Mapping:
    """The weights that stand for each other. `how` says what they were mapped by.

    `left` are those of each model that match nothing.
    """

    pairs: tuple[tuple[Held, Held], ...]
    how: str
    left: tuple[tuple[Held, ...], tuple[Held, ...]] = ((), ())


def held(rows: Iterable[Row]) -> tuple[Held, ...]:
    """All weights of a model in order."""
    weights = ((row.path, weight) for row in rows for weight in row.weights)
    return tuple(
        Held(number, path, weight.name, weight.shape) for number, (path, weight) in enumerate(weights)
    )


def mapped(
    ones: tuple[Held, ...],
    others: tuple[Held, ...],
    chosen: tuple[tuple[str, str], ...],
    partners: dict[str, str],
) -> Mapping:
    """The pairs of weights; `chosen` are a user's names, `partners` entries that stand for each other.

    Raises:
        WrongMap: a name of `chosen` is none, or the two do not fit.

    """
    pairs: list[tuple[Held, Held]] = []
    for one, other in chosen:
        pairs.extend(_chosen(one, other, ones, others, pairs))
    here = tuple(each for each in ones if each not in {one for one, _ in pairs})
    there = tuple(each for each in others if each not in {other for _, other in pairs})
    for how, match in (("name", _by_name), ("order", _by_order)):
        if (found := match(here, there)) is not None:
            return Mapping((*pairs, *found), how)
    found = list(_by_partner(here, there, partners))
    one_left = tuple(each for each in here if each not in {one for one, _ in found})
    other_left = tuple(each for each in there if each not in {other for _, other in found})
    rest = _by_order(one_left, other_left)
    if rest is not None:
        return Mapping((*pairs, *found, *rest), "entry")
    return Mapping((*pairs, *found), "entry", (one_left, other_left))


def _by_name(ones: tuple[Held, ...], others: tuple[Held, ...]) -> list[tuple[Held, Held]] | None:
    """All of them by entry and place, where both have the same entries with the same shapes."""
    here, there = _by_layer(ones), _by_layer(others)
    if set(here) != set(there):
        return None
    found: list[tuple[Held, Held]] = []
    for layer, weights in here.items():
        if (matched := _by_order(weights, there[layer])) is None:
            return None
        found.extend(matched)
    return found


def _by_order(ones: Sequence[Held], others: Sequence[Held]) -> list[tuple[Held, Held]] | None:
    """All of them one after the other, where their shapes are the same."""
    if [each.shape for each in ones] != [each.shape for each in others]:
        return None
    return list(zip(ones, others, strict=True))


def _by_partner(
    ones: tuple[Held, ...], others: tuple[Held, ...], partners: dict[str, str]
) -> Iterable[tuple[Held, Held]]:
    """Those of the entries that stand for each other: in order, else those with one name and shape."""
    there = _by_layer(others)
    for layer, weights in _by_layer(ones).items():
        partner = there.get(partners.get(layer, ""), [])
        if (found := _by_order(weights, partner)) is None:
            named = {(each.name, each.shape): each for each in partner}
            keys = [(each.name, each.shape) for each in weights]
            found = [(each, named[key]) for each, key in zip(weights, keys, strict=True) if key in named]
        yield from found


def _by_layer(weights: tuple[Held, ...]) -> dict[str, list[Held]]:
    found: dict[str, list[Held]] = {}
    for each in weights:
        found.setdefault(each.layer, []).append(each)
    return found


def _chosen(
    one: str,
    other: str,
    ones: tuple[Held, ...],
    others: tuple[Held, ...],
    taken: list[tuple[Held, Held]],
) -> list[tuple[Held, Held]]:
    here, there = _named(one, ones, "A"), _named(other, others, "B")
    found = _by_order(here, there)
    if found is None:
        shapes = [", ".join(str(each.shape) for each in side) for side in (here, there)]
        raise WrongMap(f"`{one}` has weights of {shapes[0]}, `{other}` of {shapes[1]}")
    both = ((here, 0, one), (there, 1, other))
    for weights, side, word in both:
        if any(pair[side] in weights for pair in taken):
            raise WrongMap(f"`{word}` is mapped twice")
    return found


def _named(word: str, weights: tuple[Held, ...], side: str) -> list[Held]:
    """The weights of an entry, or the one weight, that a word names.

    Raises:
        WrongMap: it names neither.

    """
    matches: tuple[Callable[[Held], bool], ...] = (
        lambda each: each.layer == word,
        lambda each: each.title == word,
    )
    for match in matches:
        if found := [each for each in weights if match(each)]:
            return found
    known = dict.fromkeys((*(each.layer for each in weights), *(each.title for each in weights)))
    raise WrongMap(f"{side} has no entry or weight `{word}` with weights{did_you_mean(word, known)}")
