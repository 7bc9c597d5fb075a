"""The states that a recurrent layer starts from: the right ones, as many and as wide as it keeps.

What it keeps is asked. Where the layer that they come from does not return its states it is made to; two
that are half as wide, as of a Bidirectional encoder, are concatenated; others are projected.
"""

from collections.abc import Iterator

from seqshape.engine.question import Facts
from seqshape.engine.tensors import Output
from seqshape.graph import Node, owner_of
from seqshape.repairs import costs
from seqshape.repairs.expressions import as_multiple
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.naming import written_at
from seqshape.repairs.references import base_of, fresh, path_of, plan_of
from seqshape.repairs.values import whole_number
from seqshape.repairs.what_if import Layer, Overlay
from seqshape.revisions import Insert, Revision, SetValue
from seqshape.states import STATES, states_of
from seqshape.tree import Json

Shape = tuple[int | None, ...]
State = tuple[str, Shape]
"""A state by its name or its reference, with its shape."""


def offer(case: Case) -> Iterator[Candidate]:
    """Other states for the failing layer, where it is given any."""
    node = case.node
    feed = next(
        (each for each in node.feeds if each.parameter is not None and each.parameter.text == STATES), None
    )
    if feed is None or not feed.links:
        return
    needed = _needed(case, node)
    if not needed:
        return
    makers = dict.fromkeys(owner_of(case.graph.nodes[link.source], case.graph) for link in feed.links)
    if len(makers) == 1:
        yield from _same_type(case, node, next(iter(makers)))
    sources = list(dict.fromkeys((link.source, base_of(link)) for link in feed.links))
    for source, base in sources:
        yield from _from(case, node, source, base, needed)
    given = [(link.word.text, _shape(case, link.source, link.output)) for link in feed.links]
    if all(shape is not None for _, shape in given):
        yield from _of_given(case, node, [(word, shape or ()) for word, shape in given], needed)


def _same_type(case: Case, node: Node, maker: Node) -> Iterator[Candidate]:
    """The failing layer as one of the type that the states come from: it keeps as many."""
    type_, layer = maker.entry.type, case.what_if.layer(node)
    found = case.catalogue.find(type_.text, None) if type_ is not None else None
    if type_ is None or found is None or type_.text == layer["type"] or node.entry.type is None:
        return
    if not all(name == "type" or found.constructor.takes(name) for name in layer):
        return
    place = node.entry.place
    yield Candidate(
        title=f"make `{node.title}` {type_.text}, as `{maker.title}`",
        cost=costs.SIBLING,
        revisions=(SetValue(place, ("type",), type_.text),),
        overlay=Overlay(layers={place: {**layer, "type": type_.text}}),
        layer=node.title,
        argument="type",
        place=node.entry.type.place,
        subject=(place, "type"),
    )


def _needed(case: Case, node: Node) -> tuple[State, ...]:
    """The states that the layer keeps, whatever it is given as states now."""
    plan = tuple(each for each in plan_of(node) if each.parameter != STATES)
    return states_of(node, case.what_if.given(node, plan) or (), case.what_if.flow)


def _shape(case: Case, source: int, output: str | None) -> Shape | None:
    made = case.what_if.outputs_of(source)
    for number, each in enumerate(made):
        if output in (each.name, str(number)) or (output is None and len(made) == 1):
            return each.tensor.shape
    return None


def _from(case: Case, node: Node, source: int, base: str, needed: tuple[State, ...]) -> Iterator[Candidate]:
    """The states of one layer that is read already; it is made to return them where it does not."""
    maker = case.graph.nodes[source]
    made = case.what_if.outputs_of(source)
    before: tuple[Revision, ...] = ()
    cost = costs.OUTPUT
    if len(made) == 1:
        returned = _returning(case, maker)
        if returned is None:
            return
        before, made = returned
        cost += costs.FLAG
    states = [(f"{base}.{each.name}", each.tensor.shape) for each in made[1:] if "output" not in each.name]
    yield from _of_given(case, node, states, needed, before, cost)


def _returning(case: Case, maker: Node) -> tuple[tuple[Revision, ...], tuple[Output, ...]] | None:
    """The changes that make a layer return its states, and what it gives then."""
    layer = case.what_if.layer(maker)
    path: tuple[str, ...] = ("return_state",)
    inner = layer.get("layer")
    changed: Layer = {**layer, "return_state": True}
    if isinstance(inner, dict):
        path = ("layer", "return_state")
        changed = {**layer, "layer": {**inner, "return_state": True}}
    answer = case.what_if.flow.alone(maker, case.inputs(maker), changed)
    if not isinstance(answer, Facts) or len(answer.outputs) < 2:
        return None
    revisions: list[Revision] = [SetValue(maker.entry.place, path, True)]
    revisions += readers(case, maker, answer.outputs[0].name)
    return tuple(revisions), answer.outputs


def readers(case: Case, maker: Node, output: str) -> Iterator[Revision]:
    """What lets those that read a layer's only output read it by name, once there are several."""
    for reader in case.graph.nodes:
        for number, feed in enumerate(reader.feeds):
            for position, link in enumerate(feed.links):
                state = feed.parameter is not None and feed.parameter.text == STATES
                if link.source == maker.index and link.output is None and not state:
                    reference = f"{maker.name if reader.entry.inputs is None else base_of(link)}.{output}"
                    yield SetValue(reader.entry.place, path_of(reader, number, position), reference)


def _of_given(
    case: Case,
    node: Node,
    states: list[State],
    needed: tuple[State, ...],
    before: tuple[Revision, ...] = (),
    cost: float = costs.OUTPUT,
) -> Iterator[Candidate]:
    """Ways to make what is needed out of states: as they are, concatenated in pairs, projected."""
    ends = [shape[-1] for _, shape in states if shape]
    if len(ends) != len(states) or not states:
        return
    told = f"start `{node.title}` from"
    wide = [shape[-1] for _, shape in needed]
    groups = list(_groups(states, [name for name, _ in needed]))
    for number, group in enumerate(groups):
        words = [word for word, _ in group]
        if [shape[-1] for _, shape in group] == wide:
            half = 0.8 if len(groups) > 1 else 0.0
            title = f"{told} {' and '.join(f'`{word}`' for word in words)}"
            yield _candidate(node, title, cost + half + 0.1 * number, words, before, ())
    if len(groups) == 2 and [_kind(word) for word, _ in groups[0]] == [
        _kind(word) for word, _ in groups[1]
    ]:
        yield from _both(case, node, groups, needed, before, cost)
    if len(groups) == 1 and [shape[-1] for _, shape in groups[0]] != wide:
        new: list[dict[str, Json]] = [
            {
                "name": fresh(f"{word.replace('.', '_')}_projected", case.graph),
                "type": "Dense",
                "units": case.expressions.spoken(size, ("units",)),
                "inputs": word,
            }
            for (word, _), size in zip(groups[0], wide, strict=True)
        ]
        title = f"{told} {'states' if len(new) > 1 else 'a state'} projected to {wide[0]}"
        words = [str(each["name"]) for each in new]
        yield _candidate(node, title, cost + costs.PROJECTION - 1, words, before, new)


def _groups(states: list[State], needed: list[str]) -> Iterator[list[State]]:
    """As many states as are needed and of the same kinds: `h` and `c` of each direction."""
    kinds = [_kind(name) for name in needed]
    found = [_kind(word) for word, _ in states]
    other = set(kinds).isdisjoint(found)  # of another kind of layer: their order is all there is
    for first in range(0, len(states) - len(needed) + 1, len(needed)):
        if other or found[first : first + len(needed)] == kinds:
            yield states[first : first + len(needed)]


def _kind(word: str) -> str:
    """Which of a layer's states a word names: `h` of `enc.forward_h`."""
    return word.rpartition(".")[2].rpartition("_")[2]


def _both(
    case: Case,
    node: Node,
    groups: list[list[State]],
    needed: tuple[State, ...],
    before: tuple[Revision, ...],
    cost: float,
) -> Iterator[Candidate]:
    """Both directions' states as one: side by side, where the layer is as wide or is made so, or added."""
    pairs = list(zip(*groups, strict=True))
    wide = [(one[-1] or 0) + (other[-1] or 0) for (_, one), (_, other) in pairs]
    fits = wide == [shape[-1] for _, shape in needed]
    layer = case.what_if.layer(node)
    for type_, told, price in (("Concatenate", "concatenated", 0.5), ("Add", "added", 0.9)):
        new: list[dict[str, Json]] = [
            {"name": fresh(_joined(one, other), case.graph), "type": type_, "inputs": [one, other]}
            for (one, _), (other, _) in pairs
        ]
        words = [str(each["name"]) for each in new]
        title = f"start `{node.title}` from both directions' states, {told}"
        if type_ == "Concatenate" and not fits:
            if len(set(wide)) != 1 or not whole_number(layer.get("units")):
                continue
            units = as_multiple(wide[0], written_at(node.entry, ("units",)))
            wider = SetValue(node.entry.place, ("units",), units)
            title = f"{title}, and set `units: {units}` on it"
            yield _candidate(node, title, cost + price, words, (*before, wider), new)
        elif fits == (type_ == "Concatenate"):
            yield _candidate(node, title, cost + price, words, before, new)


def _joined(one: str, other: str) -> str:
    """A name for two states side by side: `enc_h` for `enc.forward_h` and `enc.backward_h`."""
    return one.replace(".forward_", "_").replace(".backward_", "_").replace(".", "_")


def _candidate(
    node: Node,
    title: str,
    cost: float,
    words: list[str],
    before: tuple[Revision, ...],
    new: list[dict[str, Json]] | tuple[()],
) -> Candidate:
    place = node.entry.place
    value: Json = words[0] if len(words) == 1 else list[Json](words)
    inserted = tuple(Insert(place, each) for each in new)
    return Candidate(
        title=title,
        cost=cost,
        revisions=(*before, *inserted, SetValue(place, ("inputs", STATES), value)),
        overlay=Overlay(),
        layer=node.title,
        argument="inputs",
        place=place,
        subject=(place, STATES, tuple(words)),
        asked=False,
    )
