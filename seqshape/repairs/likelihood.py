"""How likely a change is what the user meant, by what the rest of the spec says: nothing is asked for it.

Entries of one type are mostly set alike, data has the shape that it has, a setting that nobody wrote was
not misspelt, and a size of 1 seldom is one.
"""

import json
from collections import Counter
from dataclasses import replace
from math import log2

from seqshape.repairs import costs
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.values import at, inner_layers, is_axis, one_for_all, whole_number
from seqshape.repairs.what_if import Layer
from seqshape.revisions import Path, SetValue
from seqshape.tree import Json

_LIKE_OTHERS = 0.5
"""Less where the other entries of the type have the new value."""
_UNLIKE_OTHERS = 0.8
"""More where they have the old one."""
_UNLIKE_FLAG = 0.1
"""The same for what is true or false: the last of a stack is often another than those before."""
_LIKENESS = 3
"""How many times more an entry of the type counts for each argument that it has in common."""
_UNWRITTEN = 0.5
"""More for a number that the entry does not give."""
_ROUND = 0.1
"""Less for each further time that 2 goes into a number."""
_MOST_ROUND = 0.2
_ONE = 0.6
"""More for a size that becomes 1 and usually is not."""
_FAR = 0.15
"""More for each doubling or halving of a number beyond the first."""
_MOST_FAR = 0.6
_RECURS = 0.05
"""Less for each other place where the number stands."""
_MOST_RECURRING = 4
_SAID = 0.15
"""Less for each other layer of which the same argument is said to be the number."""
_MOST_SAID = 2


class Likelihood:
    """What a spec says of changes to it."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._own: dict[str, Layer] = {}
        self._kinds: dict[str, dict[str, tuple[Layer, int]]] = {}  # equal layers of a type, and how many
        self._numbers: Counter[int] = Counter()
        self._said: Counter[tuple[object, Json]] = Counter()
        for node in case.graph.nodes:
            if node.entry.type is not None:
                layer = case.what_if.layer(node)
                self._own.setdefault(node.title, layer)
                kinds = self._kinds.setdefault(node.entry.type.text, {})
                text = json.dumps(layer)
                kinds[text] = (layer, kinds.get(text, (layer, 0))[1] + 1)
                for _, inner in inner_layers(layer):
                    self._count(inner)

    def _count(self, layer: Layer) -> None:
        """Counts the numbers in a layer's arguments, and which argument says which."""
        for name, value in layer.items():
            items = value if isinstance(value, list) else [value]
            self._numbers.update(int(str(item)) for item in items if whole_number(item))
            if whole_number(one := one_for_all(value)):
                self._said[name, one] += 1

    def weighed(self, candidate: Candidate) -> Candidate:
        """The candidate with what speaks for and against it in its cost."""
        if not candidate.path:
            return candidate
        return replace(candidate, cost=candidate.cost + self._weight(candidate))

    def _weight(self, candidate: Candidate) -> float:
        own = self._own.get(candidate.layer)
        if own is None:
            return 0.0
        type_, new = str(own["type"]), one_for_all(candidate.value)
        inner = at(own, candidate.path[:-1])
        inner_type = str(inner["type"]) if isinstance(inner, dict) and "type" in inner else type_
        usual = self._case.usual(inner_type, str(candidate.path[-1]))
        old = self._value(own, candidate, usual)
        if type_ in ("Input", "InputLayer"):  # what flows in need not be alike
            return costs.DATA if whole_number(new) else 0.0
        weight = self._alike(candidate, own, old, new, usual)
        written = at(own, candidate.path) is not None
        said = self._said[candidate.path[-1], new] if whole_number(new) else 0
        if not written and whole_number(new) and not said:
            weight += _UNWRITTEN
        weight -= _SAID * min(said, _MOST_SAID)
        if whole_number(new) and whole_number(old) and isinstance(new, int) and isinstance(old, int):
            weight += self._of_number(old, new, usual, candidate.path)
        return weight

    def _value(self, layer: Layer, candidate: Candidate, usual: Json) -> Json:
        found = at(layer, candidate.path)
        return one_for_all(usual if found is None else found)

    def _alike(self, candidate: Candidate, own: Layer, old: Json, new: Json, usual: Json) -> float:
        """What the others of the type say, the more the more they are like it otherwise."""
        changed = {revision.entry for revision in candidate.revisions if isinstance(revision, SetValue)}
        others = [
            (
                self._value(layer, candidate, usual),
                count * _LIKENESS ** _agreeing(own, layer, candidate.path[0]),
            )
            for layer, often in self._kinds.get(str(own["type"]), {}).values()
            if (count := often - (layer == own))
        ]
        several = sum(count for _, count in self._kinds[str(own["type"])].values()) > 2
        if not others or len(changed) > 1:
            return 0.0
        total: int = sum(weight for _, weight in others)
        same_new = sum(weight for value, weight in others if value == new) / total
        same_old = sum(weight for value, weight in others if value == old) / total
        unlike = _UNLIKE_FLAG if isinstance(new, bool) else _UNLIKE_OTHERS
        return float(unlike * same_old * several - _LIKE_OTHERS * same_new)

    def _of_number(self, old: int, new: int, usual: Json, path: Path) -> float:
        if is_axis(path):
            return 0.0
        weight = 0.0
        if new == 1 and usual != 1:
            weight += _ONE
        if old > 0 and new > 0:
            weight += min(_FAR * max(abs(log2(new) - log2(old)) - 1, 0), _MOST_FAR)
            rounder = _twos(new) - _twos(old)
            weight -= max(-_MOST_ROUND, min(_ROUND * rounder, _MOST_ROUND))
        weight -= _RECURS * min(self._numbers[new], _MOST_RECURRING)
        return weight


def _agreeing(one: Layer, other: Layer, but: str | int) -> int:
    """How many arguments two layers of a type say alike, beside one."""
    return sum(name not in ("type", but) and other.get(name) == value for name, value in one.items())


def _twos(number: int) -> int:
    """How often 2 goes into a number above 0."""
    return (number & -number).bit_length() - 1
