"""One entry more between a layer and what it reads: Flatten, a pooling, RepeatVector, a projection, a crop.

Which sizes it must have follows from the shape that comes and from those that it is to meet.
"""

import json
from collections.abc import Iterator
from itertools import accumulate, permutations
from math import isqrt, prod
from operator import mul

from seqshape.engine.tensors import Tensor
from seqshape.frozen import frozen
from seqshape.graph import Node
from seqshape.repairs import costs
from seqshape.repairs.interface import PROBED, Candidate, Case
from seqshape.repairs.naming import with_arguments
from seqshape.repairs.references import fresh, path_of, plain, plan_of, with_tap
from seqshape.repairs.what_if import Layer, Overlay, Tap
from seqshape.revisions import Insert, Revision, SetValue
from seqshape.shape_faults import Refused
from seqshape.spec_reader import snake_case
from seqshape.tree import Json

_FAR = 6
_MOST_MADE = 6
_EACH_STEP = 0.2
"""More for what is done at each step alike."""
_EXPECTED, _GIVEN = 0.1, 0.4
"""More for as many steps as an expectation has, or an Input."""
_IN_STACK = 0.15
"""More for fewer axes between two layers of one type: a stack of them is of one piece."""
_SCRAMBLED = 0.2
"""More for a Reshape that neither splits axes nor joins them: it cuts across, as for a Permute."""
_ONCE = 0.3
"""More for one step: the other side's axis of size 1 can go."""
_AXES_OF_MAPS = 4
_MAPS = 6
"""Square maps that a vector is tried as."""
_POOLED = {2: "1D", 3: "2D", 4: "3D"}
"""By the number of axes without the batch, what the types for them end in."""

Shape = tuple[int, ...]


@frozen
class Between:
    """A layer to put in, and what that costs."""

    layer: Layer
    cost: float


def offer(case: Case) -> Iterator[Candidate]:
    """Layers between the failing call, or one before it, and each tensor that it reads."""
    expected = case.goal.expected
    for node, distance in case.near(_FAR):
        if not plain(node) or (distance and len(node.feeds) == 0):
            continue
        given = case.inputs(node)
        tensors = [
            (feed, position, tensor)
            for feed, each in enumerate(given)
            for position, tensor in enumerate(each.tensors)
        ]
        targets: list[Shape] = []
        if expected is not None:
            targets.append(tuple(axis for axis in expected.expected[1:] if isinstance(axis, int)))
        for feed, position, tensor in tensors:
            shape = tuple(size for size in tensor.shape[1:] if size is not None)
            if len(shape) != len(tensor.shape) - 1:
                continue
            others = [
                tuple(size for size in other.shape[1:] if size is not None)
                for at, index, other in tensors
                if (at, index) != (feed, position)
            ]
            invented = _invented(case, node)
            offered = [*layers_between(shape, [*others, *targets], _made(case, shape))]
            if not distance:
                offered += (
                    *_beside(case, node, feed, position),
                    *_repeated(case, shape),
                    *_maps(case, shape),
                )
            for each in offered:
                between = without_invented(each, invented)
                if between is not None:
                    yield inserted(case, node, feed, position, between, distance)


def _invented(case: Case, node: Node) -> frozenset[int]:
    """The sizes that stand for unknown axes of what a call reads."""
    return frozenset(
        size
        for feed, given in zip(node.feeds, case.inputs(node), strict=False)
        for link, tensor in zip(feed.links, given.tensors, strict=False)
        for size in unknown_sizes(case, link.source, tensor)
    )


def unknown_sizes(case: Case, source: int, tensor: Tensor) -> frozenset[int]:
    """The sizes that stand for unknown axes of what a node gives."""
    outputs = case.rows[source].outputs if source >= 0 else ()
    shapes = [each.tensor.shape for each in outputs if len(each.tensor.shape) == len(tensor.shape)]
    return frozenset(
        known
        for shape in shapes
        for size, known in list(zip(shape, tensor.shape, strict=True))[1:]
        if size is None and known is not None
    )


def without_invented(between: Between, invented: frozenset[int]) -> Between | None:
    """A layer without the sizes that stand for unknown ones: -1 in a Reshape; None where it needs them."""
    if not invented:
        return between
    layer = between.layer
    target = layer.get("target_shape")
    if isinstance(target, list):
        unknown = [any(int(str(size)) % each == 0 for each in invented) for size in target]
        sizes: list[Json] = [-1 if one else size for size, one in zip(target, unknown, strict=True)]
        return Between({**layer, "target_shape": sizes}, between.cost) if sum(unknown) < 2 else None
    return between if max(_numbers(layer), default=0) < PROBED else None


def _numbers(value: Json) -> Iterator[int]:
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _numbers(item)
    elif isinstance(value, int):
        yield value


def _repeated(case: Case, shape: Shape) -> Iterator[Between]:
    """A vector given at each step: as often as something expected has steps, or what flows in has."""
    if len(shape) != 1:
        return
    expected = [
        axes for node in case.graph.nodes for axes in (each.axes for each in node.entry.expect.shapes)
    ]
    expected += (each.axes for each in case.spec.expect.shapes)
    found: dict[int, float] = {}
    for axes in expected:
        if len(axes) > 2 and isinstance(axes[1], int):
            found.setdefault(axes[1], _EXPECTED)
    shapes = [
        (node, output.tensor.shape)
        for node in case.graph.nodes
        for output in case.what_if.outputs_of(node.index)
    ]
    steps = {made[1] for _, made in shapes if len(made) > 2}  # of a vector it is a size of another kind
    for node, made in shapes:
        size = (*made, None, None)[1]
        if not node.feeds and size in steps and size is not None and size < PROBED:
            found.setdefault(size, _GIVEN)
    for size, cost in found.items():
        yield Between({"type": "RepeatVector", "n": size}, costs.INSERT + cost)


def _beside(case: Case, node: Node, feed: int, position: int) -> Iterator[Between]:
    """What the other inputs went through last, where that has no weights: as for them, so for this one."""
    links = [
        (link, (number, at)) for number, each in enumerate(node.feeds) for at, link in enumerate(each.links)
    ]
    own = next(link.source for link, slot in links if slot == (feed, position))
    for link, slot in links:
        if link.source < 0:
            continue
        other = case.graph.nodes[link.source]
        one = len(other.feeds) == 1 and len(other.feeds[0].links) == 1 and other.entry.reuse is None
        if slot != (feed, position) and link.source != own and one and not case.weighty(other):
            layer = case.what_if.layer(other)
            if json.dumps(layer) != json.dumps(case.what_if.layer(case.graph.nodes[own])):
                yield Between(layer, costs.INSERT)


def inserted(
    case: Case, node: Node, feed: int, position: int, between: Between, distance: int = 0
) -> Candidate:
    """A layer between a call and one of the tensors that it reads."""
    entry = node.entry
    type_ = str(between.layer["type"])
    stacked = _IN_STACK * (_loses(type_) and _in_stack(case, node, feed, position))
    layer = {name: case.expressions.spoken(value, (name,)) for name, value in between.layer.items()}
    link = node.feeds[feed].links[position]
    named = entry.inputs is not None
    new: dict[str, Json] = {}
    revisions: list[Revision] = []
    if named:
        name = fresh(snake_case(type_.removeprefix("ops.")), case.graph)
        new = {"name": name, **layer, "inputs": link.word.text}
        revisions.append(SetValue(entry.place, path_of(node, feed, position), name))
    else:
        new = {"name": fresh(snake_case(type_.removeprefix("ops.")), case.graph), **layer}
    title = f"insert {with_arguments(layer)} before `{node.title}`"
    if sum(len(each.links) for each in node.feeds) > 1:
        title = f"insert {with_arguments(layer)} between `{link.word.text}` and `{node.title}`"
    return Candidate(
        title=title,
        cost=between.cost + stacked + costs.STEP * distance,
        revisions=(Insert(entry.place, new), *revisions),
        overlay=Overlay(
            plans={
                entry.place: with_tap(
                    plan_of(node), feed, position, Tap(feed, position, through=(json.dumps(between.layer),))
                )
            }
        ),
        layer=node.title,
        argument="inputs",
        place=link.word.place if named else entry.place,
        subject=(entry.place, feed, position, _family(type_)),
    )


def _loses(type_: str) -> bool:
    """Whether an inserted layer leaves a vector."""
    return type_ == "Flatten" or type_.startswith("Global")


def _in_stack(case: Case, node: Node, feed: int, position: int) -> bool:
    """Whether a call reads a map from a layer of its own type there; of steps each may be treated alike."""
    if len(case.inputs(node)[feed].tensors[position].shape) < _AXES_OF_MAPS:
        return False
    source = node.feeds[feed].links[position].source
    own, other = node.entry.type, case.graph.nodes[source].entry.type if source >= 0 else None
    return own is not None and other is not None and own.text == other.text


def _family(type_: str) -> str:
    """What an inserted layer does: poolings over all steps are one thing."""
    return "pooling" if type_.startswith("Global") else type_


def _made(case: Case, shape: Shape) -> list[Shape]:
    """Shapes of as many elements that other layers give: what was flattened may be wanted back."""
    found: dict[Shape, None] = {}
    for node in case.graph.nodes:
        for output in case.what_if.outputs_of(node.index):
            sizes = tuple(size for size in output.tensor.shape[1:] if size is not None)
            if sizes != shape and len(sizes) > 1 and prod(sizes) == prod(shape):
                found[sizes] = None
    return list(found)[:_MOST_MADE]


def layers_between(shape: Shape, targets: list[Shape], made: list[Shape]) -> Iterator[Between]:
    """Layers that a tensor of this shape, without its batch, may go through to meet others."""
    ending = _POOLED.get(len(shape), "")
    if len(shape) > 1:
        yield Between({"type": "Flatten"}, costs.INSERT)
    if ending:
        yield Between({"type": f"GlobalAveragePooling{ending}"}, costs.INSERT + 0.1)
        yield Between({"type": f"GlobalMaxPooling{ending}"}, costs.INSERT + 0.15)
    if len(shape) > 2:
        each = _POOLED.get(len(shape) - 1, "")
        pools = (f"GlobalAveragePooling{each}", f"GlobalMaxPooling{each}") if each else ()
        for number, type_ in enumerate(("Flatten", *pools)):
            wrapped: Layer = {"type": "TimeDistributed", "layer": {"type": type_}}
            yield Between(wrapped, costs.INSERT + _EACH_STEP + 0.05 * number)
    for target in dict.fromkeys(targets):
        yield from _towards(shape, target, ending)
    for sizes in made:
        cost = costs.RESHAPING - 0.1 + _SCRAMBLED * _scrambles(shape, sizes)
        yield Between({"type": "Reshape", "target_shape": list(sizes)}, cost)
    yield from _reshaping(shape)


def _towards(shape: Shape, target: Shape, ending: str) -> Iterator[Between]:
    """Layers that bring a shape nearer to another one."""
    if len(shape) == 1 and len(target) > 1:
        once = _ONCE if target[0] == 1 else 0.0
        yield Between({"type": "RepeatVector", "n": target[0]}, costs.INSERT + once)
    if target and shape[-1:] != target[-1:]:
        yield Between({"type": "Dense", "units": target[-1]}, costs.PROJECTION)
    if target != shape and prod(target) == prod(shape):
        cost = costs.RESHAPING + _SCRAMBLED * _scrambles(shape, target)
        yield Between({"type": "Reshape", "target_shape": list(target)}, cost)
    if len(target) != len(shape) or not ending:
        return
    if shape[-1] != target[-1]:
        yield Between(
            {"type": f"Conv{ending}", "filters": target[-1], "kernel_size": 1}, costs.PROJECTION + 0.05
        )
    steps = list(zip(shape[:-1], target[:-1], strict=True))
    if all(one == other for one, other in steps):
        return
    differences = [one - other for one, other in steps]
    if all(difference >= 0 for difference in differences):
        yield Between({"type": f"Cropping{ending}", "cropping": _sides(differences)}, costs.RESIZING)
    if all(difference <= 0 for difference in differences):
        padding = _sides([-difference for difference in differences])
        yield Between({"type": f"ZeroPadding{ending}", "padding": padding}, costs.RESIZING)
    if factors := _factors(steps):
        yield Between({"type": f"MaxPooling{ending}", "pool_size": factors}, costs.RESIZING)
        yield Between({"type": f"AveragePooling{ending}", "pool_size": factors}, costs.RESIZING + 0.05)
        strided: Layer = {
            "type": f"Conv{ending}",
            "filters": target[-1],
            "kernel_size": 1,
            "strides": factors,
        }
        yield Between(strided, costs.PROJECTION if shape[-1] != target[-1] else costs.RESIZING + 0.1)
        if any(one % other for one, other in steps):
            yield Between({**strided, "padding": "same"}, costs.PROJECTION + 0.1)
    factors = _factors([(other, one) for one, other in steps])
    if all(one * factor == other for (one, other), factor in zip(steps, _many(factors), strict=False)):
        yield Between({"type": f"UpSampling{ending}", "size": factors}, costs.RESIZING)


def _scrambles(shape: Shape, target: Shape) -> bool:
    """Whether a Reshape between the two cuts across axes."""
    one, other = ({*accumulate(each[:-1], mul)} for each in (shape, target))
    return not (one <= other or other <= one)


def _maps(case: Case, shape: Shape) -> Iterator[Between]:
    """A vector as a square map, where the failing call reads maps; those with the roundest depth first."""
    least = case.fault.ranks[0] if isinstance(case.fault, Refused) else None
    if len(shape) != 1 or least != _AXES_OF_MAPS:
        return
    sides = (side for side in range(2, isqrt(shape[0]) + 1) if shape[0] % side**2 == 0)
    found = [(shape[0] // side**2, side) for side in sides]
    found.sort(key=lambda pair: -(pair[0] & -pair[0]))
    for number, (depth, side) in enumerate(found[:_MAPS]):
        yield Between(
            {"type": "Reshape", "target_shape": [side, side, depth]}, costs.RESHAPING - 0.1 + 0.01 * number
        )


def _many(factors: Json) -> list[int]:
    if factors is None:
        return [0]
    return [int(str(each)) for each in factors] if isinstance(factors, list) else [int(str(factors))] * 3


def _sides(differences: list[int]) -> Json:
    """What to cut or pad at the start and the end of each axis: one number where that is enough."""
    pairs: list[Json] = [[each // 2, each - each // 2] for each in differences]
    if all(each % 2 == 0 for each in differences) and len(set(differences)) == 1:
        return differences[0] // 2
    return pairs[0] if len(pairs) == 1 else pairs


def _factors(steps: list[tuple[int, int]]) -> Json:
    """How many times larger the first of each pair is, rounded up; None where one is smaller."""
    if any(one < other or other < 1 for one, other in steps):
        return None
    factors = [-(-one // other) for one, other in steps]
    if max(factors) == 1 or any(
        -(-one // factor) != other for (one, other), factor in zip(steps, factors, strict=True)
    ):
        factors = [one // other for one, other in steps]
        if max(factors) == 1:
            return None
    return factors[0] if len(set(factors)) == 1 else list[Json](factors)


def _reshaping(shape: Shape) -> Iterator[Between]:
    """Layers that add, drop, merge or turn round axes."""
    rank = len(shape)
    for axis, size in enumerate(shape):
        if size == 1:
            yield Between({"type": "ops.squeeze", "axis": axis + 1 - rank - 1}, costs.RESHAPING)
    yield Between({"type": "Reshape", "target_shape": [*shape, 1]}, costs.RESHAPING)
    yield Between({"type": "ops.expand_dims", "axis": -1}, costs.RESHAPING + 0.1)
    yield Between({"type": "Reshape", "target_shape": [1, *shape]}, costs.RESHAPING + 0.1)
    yield Between({"type": "ops.expand_dims", "axis": 1}, costs.RESHAPING + 0.15)
    if rank > 2:
        for split in range(1, rank - 1):
            yield Between(
                {"type": "Reshape", "target_shape": [*shape[:split], prod(shape[split:])]}, costs.RESHAPING
            )
        yield Between({"type": "Reshape", "target_shape": [prod(shape[:-1]), shape[-1]]}, costs.RESHAPING)
    if 1 < rank <= 3:
        for order in list(permutations(range(1, rank + 1)))[1:]:
            yield Between({"type": "Permute", "dims": list[Json](order)}, costs.RESHAPING)
