"""A list of sizes as a whole: an axis more or less, another order, another size for all of them alike."""

from collections.abc import Iterator
from itertools import combinations, islice, pairwise, permutations
from math import prod

from seqshape.repairs import costs
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.naming import setting
from seqshape.repairs.values import inner_layers, whole_number
from seqshape.repairs.what_if import Layer
from seqshape.revisions import Path
from seqshape.shape_faults import Refused
from seqshape.tree import Json

_FAR = 12
_MOST_AXES = 5
_MOST = 30
_BEHIND_FEATURES = 0.5
"""More for an axis behind the features of a map."""
_MERGED = costs.NUMBER - 0.2
"""For the axes that flow in, some of them as one."""
_DATA = 0.8
"""More for the shape of an Input, where it is not the number of axes that is refused."""


def offer(case: Case) -> Iterator[Candidate]:
    """Other lists for each list of sizes."""
    said = _said(case)
    for node, distance, layer in case.layers(_FAR):
        shapes = [tensor.shape for each in case.inputs(node) for tensor in each.tensors]
        data = _DATA if not node.feeds and not _of_ranks(case) else 0.0
        for path, sizes in _lists(layer):
            least: dict[tuple[int | None, ...], float] = {}
            for value, cost in _others(sizes, shapes):
                turned = sorted(map(str, value)) == sorted(map(str, sizes))
                cost += 0 if turned else data
                least[tuple(value)] = min(cost, least.get(tuple(value), cost))
            for as_another in said.get((str(layer["type"]), path[-1]), ()):
                if len(as_another) == len(sizes):
                    least[as_another] = min(costs.NUMBER + data, least.get(as_another, costs.NUMBER + data))
            least.pop(tuple(sizes), None)
            if not node.feeds and distance == 0:  # nothing says how many axes the data has
                least = {value: cost for value, cost in least.items() if len(value) == len(sizes)}
            for value_, cost in sorted(least.items(), key=lambda pair: pair[1])[:_MOST]:
                yield setting(case, node, layer, path, list[Json](value_), cost + costs.STEP * distance)


def _said(case: Case) -> dict[tuple[str, str | int], dict[tuple[int | None, ...], None]]:
    """The lists that each argument of each type is said to be, anywhere in the spec."""
    found: dict[tuple[str, str | int], dict[tuple[int | None, ...], None]] = {}
    for node in case.graph.nodes:
        if node.entry.type is not None:
            layer = case.what_if.layer(node)
            for path, sizes in _lists(layer):
                found.setdefault((str(layer["type"]), path[-1]), {})[tuple(sizes)] = None
    return found


def _of_ranks(case: Case) -> bool:
    """Whether the number of axes is what is refused."""
    fault = case.fault
    if not isinstance(fault, Refused):
        return False
    least, most = fault.ranks
    ranks = [len(met.shape) for met in fault.inputs]
    return any((least or 0) > rank or (most is not None and rank > most) for rank in ranks)


def _lists(layer: Layer) -> Iterator[tuple[Path, list[int | None]]]:
    for way, inner in inner_layers(layer):
        for name, value in inner.items():
            if isinstance(value, list) and len(value) <= _MOST_AXES:
                sizes = [item for item in value if item is None or isinstance(item, int)]
                if len(sizes) == len(value) and all(item is None or whole_number(item) for item in sizes):
                    yield (*way, name), sizes


def _others(
    sizes: list[int | None], shapes: list[tuple[int | None, ...]]
) -> Iterator[tuple[list[int | None], float]]:
    """Other lists in place of one, each with its cost."""
    known = [size for size in sizes if size is not None]
    if any(size < 0 for size in known):
        yield [size if size is None or size >= 0 else None for size in sizes], costs.NUMBER
    if len(sizes) > 1 and len(known) == len(sizes) and len(set(known)) == 1:
        for size in (*range(1, 6), known[0] * 2, known[0] // 2):
            if size > 0:
                yield [size] * len(sizes), costs.GUESSED
    yield from _same_elements(known, shapes)
    if sorted(known) == list(range(1, len(sizes) + 1)):
        for length in range(max(2, len(sizes) - 1), min(len(sizes) + 2, _MOST_AXES)):
            for order in permutations(range(1, length + 1)):
                yield list(order), costs.AXIS if length == len(sizes) else costs.SHAPE
        return
    has_features = len(sizes) > 2  # what a map lacks is an axis in front of it
    yield [*sizes, 1], costs.SHAPE + (_BEHIND_FEATURES if has_features else 0)
    for index in reversed(range(len(sizes))):
        unit = sizes[index] == 1
        # the first axis too many is most often that of the samples
        yield [*sizes[:index], *sizes[index + 1 :]], costs.SHAPE + (0 if unit else 0.5 if index else 0.4)
    yield [None, *sizes], costs.SHAPE + (0.2 if has_features else 0.4)
    yield [1, *sizes], costs.SHAPE + 0.3
    for turned in islice(permutations(sizes), 1, 7):
        yield list(turned), costs.SHAPE + 0.2
    for shape in shapes:
        inner = [size for size in shape[1:] if size is not None]
        if prod(inner) == prod(known) or len(inner) != len(shape) - 1:
            continue
        for length in range(1, min(len(inner), _MOST_AXES + 1)):
            for cuts in combinations(range(1, len(inner)), length - 1):
                ends = (0, *cuts, len(inner))
                merged = [prod(inner[one:other]) for one, other in pairwise(ends)]
                yield list(merged), _MERGED if length == len(sizes) else costs.SHAPE + 0.3


def _same_elements(
    known: list[int], shapes: list[tuple[int | None, ...]]
) -> Iterator[tuple[list[int | None], float]]:
    """Lists of as many elements as flow in: equal sizes stay equal, or one is a size that is met."""
    for shape in shapes:
        total = prod(size or 0 for size in shape[1:])
        for size in dict.fromkeys(known):
            often = known.count(size)
            rest = prod(each for each in known if each != size)
            if often > 1 and rest and total % rest == 0:
                root = _root(total // rest, often)
                if root**often * rest == total and root != size:
                    yield [root if each == size else each for each in known], costs.NUMBER + 0.1
        if len(known) == 2 and total:
            for size in dict.fromkeys(each for each in shape[1:] if each):
                if total % size == 0:
                    yield [size, total // size], costs.SHAPE + 0.3
                    yield [total // size, size], costs.SHAPE + 0.35
        for index in range(len(known)):
            kept = [*known[:index], *known[index + 1 :]]
            for solved in range(len(kept)):
                rest = prod(kept[:solved] + kept[solved + 1 :])
                if total and rest and total % rest == 0 and len(kept) > 1:
                    yield [*kept[:solved], total // rest, *kept[solved + 1 :]], costs.SHAPE + 0.3


def _root(number: int, degree: int) -> int:
    """The largest whole number whose power is at most a number, of any length."""
    low, high = 0, 1 << (number.bit_length() // degree + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**degree <= number else (low, middle)
    return low
