"""A whole number in a layer's arguments, solved for: which `units`, `axis` or `strides` make it fit.

What a number does is asked: it is changed a little, and the axes that move at the place of failure say how
far it must go for them to be what they meet.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from math import prod

from seqshape.engine.question import Facts, Refusal
from seqshape.graph import Node
from seqshape.repairs import costs
from seqshape.repairs.interface import PROBED, Candidate, Case
from seqshape.repairs.naming import setting
from seqshape.repairs.values import at, inner_layers, is_axis, one_for_all, whole_number, with_value
from seqshape.repairs.what_if import Layer, Outcome, Overlay
from seqshape.revisions import Path
from seqshape.tree import Json

_FAR = 16
_NUMBER = re.compile(r"\bint(eger)?s?\b", re.IGNORECASE)
"""How Keras says of an argument that it is a number."""
_SMALL = 6
"""Numbers up to this one are tried wherever a small one stands."""
_FLOWS_IN = 0.3
"""More for a number that is a size of what flows in already."""
_MOST = 24
"""Numbers that are tried in one place."""

Shapes = tuple[tuple[int | None, ...], ...]


def offer(case: Case) -> Iterator[Candidate]:
    """Numbers that may fit, for each that stands in an entry or that Keras takes where none does."""
    return fitting(case, data=False)


def fitting(case: Case, *, data: bool) -> Iterator[Candidate]:
    """Numbers that may fit: the sizes of `data`, or those of layers."""
    base = case.outcome(Overlay())
    met = case.shapes(base)
    counts: dict[tuple[str, str | int], bool] = {}
    for node, distance, layer in case.layers(_FAR):
        if data == bool(node.feeds):
            continue
        flowing = {size for each in case.inputs(node) for tensor in each.tensors for size in tensor.shape}
        for path, now in _numbers(case, node, layer, counts):
            own = distance == 0
            values = _values(case, node, layer, path, now, base, met, own)
            for value, solved in islice(values, _MOST):
                axis = is_axis(path)
                if data and not solved:
                    continue  # nobody guesses them
                written = at(layer, path) is not None
                cost = costs.NUMBER if solved else costs.GUESSED
                if axis:
                    cost = costs.AXIS if written else costs.NUMBER
                cost += _FLOWS_IN if own and now in flowing else 0
                cost += 0.03 * min(abs(value - now), 5) / 5 + costs.STEP * distance
                found = setting(case, node, layer, path, value, cost)
                yield replace(found, guess=not solved and not axis)


def _numbers(
    case: Case, node: Node, layer: Layer, counts: dict[tuple[str, str | int], bool]
) -> Iterator[tuple[Path, int]]:
    """The numbers in the arguments of a layer and of those that it holds, and the usual ones not given.

    Data has no others than those that are given. Whether a number `counts` where nothing is given is asked
    once for a type, and kept there.
    """
    for way, inner in inner_layers(layer):
        for name, value in inner.items():
            yield from _leaves(value, (*way, name))
        page = case.pages().get(str(inner["type"])) if node.feeds else None
        for argument in page.arguments if page is not None else ():
            if argument.name in inner:
                continue
            usual = one_for_all(argument.default)
            if whole_number(usual):
                yield (*way, argument.name), int(str(usual))
            elif argument.told and argument.default is None and _NUMBER.search(argument.about):
                key = (str(inner["type"]), argument.name)
                path = (*way, argument.name)  # nothing is given, and a number could be
                if key not in counts:
                    counts[key] = _counts(case, node, with_value(layer, path, 1))
                if counts[key]:
                    yield path, 0


def _counts(case: Case, node: Node, layer: Layer) -> bool:
    """Whether Keras makes a layer, and what comes out of it, if anything does, is something else."""
    answer = case.what_if.answer(node, layer)
    if isinstance(answer, Facts):
        return answer.outputs != case.what_if.outputs_of(node.index)
    return not (isinstance(answer, Refusal) and answer.stage == "make")


def _leaves(value: Json, path: Path) -> Iterator[tuple[Path, int]]:
    if isinstance(value, int) and not isinstance(value, bool):
        yield path, value
    elif isinstance(value, list):
        if whole_number(one_for_all(value)) and len(value) > 1 and not is_axis(path):
            return  # all alike: `lists` changes them together
        for index, item in enumerate(value):
            yield from _leaves(item, (*path, index))


def _values(
    case: Case,
    node: Node,
    layer: Layer,
    path: Path,
    now: int,
    base: Outcome,
    met: Shapes,
    own: bool,
) -> Iterator[tuple[int, bool]]:
    """Numbers to try but for the one that is there, the likeliest first; and whether each is solved."""
    found: dict[int, None] = {}
    if not own or case.goal.expected is not None:
        found |= dict.fromkeys(_solved(case, node, layer, path, now, base, met))
        if not found and not _moves(case, node, layer, path, now, met):
            return
    if own:
        found |= dict.fromkeys(_fitting(case, node, layer, path))
    solved = set(found)
    if -_SMALL <= now <= 2 * _SMALL:
        rank = max((len(shape) for shape in met), default=3)
        least = -rank if now < 0 else 0
        found |= dict.fromkeys(sorted(range(least, _SMALL + 1), key=lambda each: abs(each - now)))
    found |= dict.fromkeys((now * 2, now // 2, now + 1, now - 1))
    for value in found:
        if value != now and (value > 0 or now <= 0 or value == 0):
            yield value, value in solved


def _moves(case: Case, node: Node, layer: Layer, path: Path, now: int, met: Shapes) -> bool:
    """Whether what meets at the failure is another where the number is."""
    for other in (now + 1, now * 2):
        overlay = Overlay(layers={node.entry.place: with_value(layer, path, other)})
        outcome = case.outcome(overlay)
        if outcome.given is not None and case.shapes(outcome) != met:
            return True
    return not met


def _solved(
    case: Case, node: Node, layer: Layer, path: Path, now: int, base: Outcome, met: Shapes
) -> Iterator[int]:
    """Numbers for which an axis that moves with them is what it meets."""
    outcome = case.outcome(Overlay(layers={node.entry.place: with_value(layer, path, now + 1)}))
    moved = case.shapes(outcome)
    if outcome.given is None or len(moved) < len(met):
        return
    wanted = _wanted(case, met)
    for before, after in zip(met, moved, strict=False):
        if len(before) != len(after):
            continue
        for one, other in zip(before, after, strict=True):
            if one is None or other is None or one == other:
                continue
            for target in wanted:
                if (target - one) % (other - one) == 0:
                    yield now + (target - one) // (other - one)


def _wanted(case: Case, met: Shapes) -> tuple[int, ...]:
    """Sizes that an axis may have to be: those it meets, those expected, and what a list of sizes holds."""
    found: dict[int, None] = {}
    if case.goal.expected is not None:
        found |= dict.fromkeys(axis for axis in case.goal.expected.expected if isinstance(axis, int))
    for shape in met:
        found |= dict.fromkeys(size for size in shape[1:] if size is not None)
    layer = case.what_if.layer(case.node)
    for value in layer.values():
        if whole_number(value):
            found[abs(int(str(value)))] = None
        elif isinstance(value, list) and value and all(map(whole_number, value)):
            sizes = [int(str(item)) for item in value]
            for total in (prod(sizes), *(prod(sizes) // size for size in sizes if size)):
                found[abs(total)] = None
    return tuple(size for size in found if size > 0)


def _fitting(case: Case, node: Node, layer: Layer, path: Path) -> Iterator[int]:
    """Sizes for an argument of the failing call itself: those that flow in, and what is left of them."""
    shapes = [tensor.shape for each in case.inputs(node) for tensor in each.tensors]
    siblings = at(layer, path[:-1]) if isinstance(path[-1], int) else None
    for shape in shapes:
        known = [size for size in shape[1:] if size is not None]
        total = prod(known)
        if isinstance(siblings, list):
            others = [
                int(str(item))
                for index, item in enumerate(siblings)
                if index != path[-1] and whole_number(item)
            ]
            rest = prod(others)
            if rest > 0 and total % rest == 0 and total // rest < PROBED * PROBED:
                yield total // rest
        yield from dict.fromkeys((*known, total))
