"""What a call reads: its inputs swapped, one of them less, another layer in place of one."""

from collections.abc import Iterator
from itertools import combinations

from seqshape.graph import Node
from seqshape.repairs import costs
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.references import path_of, plain, plan_of, with_tap
from seqshape.repairs.what_if import Overlay, Planned, Tap
from seqshape.revisions import Revision, SetValue
from seqshape.tree import Json

_FAR = 6
_MOST_SOURCES = 40
_UNREAD = 0.9
"""Less for a layer that nothing else reads."""
_IDS = 1.5
"""More for whole numbers in the place of others, as the ids of words for their vectors."""
_AS_ELSEWHERE = 0.3
"""Less for what comes from a layer of the type that others of the type read there."""
_SHORTER = 0.7
"""More for what lies behind layers with weights that read what was read, and nearer to the call."""


def offer(case: Case) -> Iterator[Candidate]:
    """Other inputs for the failing call, and for those before it that merge."""
    for node, distance in case.near(_FAR):
        several = sum(len(feed.links) for feed in node.feeds)
        if node.entry.inputs is None or not plain(node) or (distance and several < 2):
            continue
        cost = costs.STEP * distance
        if several > 1:
            yield from _swapped(node, cost)
            yield from _fewer(node, cost)
        yield from _others(case, node, cost)


def _swapped(node: Node, cost: float) -> Iterator[Candidate]:
    """Two inputs in each other's place."""
    slots = [
        (feed, position) for feed, each in enumerate(node.feeds) for position in range(len(each.links))
    ]
    words_at = {slot: node.feeds[slot[0]].links[slot[1]].word.text for slot in slots}
    done = set()
    for one, other in combinations(slots, 2):
        words = [words_at[one], words_at[other]]
        if words[0] == words[1] or frozenset(words) in done:
            continue
        done.add(frozenset(words))
        turned = {words[0]: (words[1], other), words[1]: (words[0], one)}  # wherever they are read
        plan, changes = plan_of(node), []
        for slot, word in words_at.items():
            if word in turned:
                now, tapped = turned[word]
                plan = with_tap(plan, *slot, Tap(*tapped))
                changes.append(SetValue(node.entry.place, path_of(node, *slot), now))
        revisions = tuple(changes)
        title = f"swap `{words[0]}` and `{words[1]}` in the inputs of `{node.title}`"
        named = node.feeds[one[0]].parameter is not None
        price = costs.SWAP_NAMED if named else costs.SWAP
        yield _rewired(node, title, price + cost, revisions, plan, ("swap",))


def _fewer(node: Node, cost: float) -> Iterator[Candidate]:
    """One input of a list less."""
    for number, feed in enumerate(node.feeds):
        if not feed.listed or len(feed.links) < 3:
            continue
        path = path_of(node, number, 0)[:-1]
        for position, link in enumerate(feed.links):
            kept: list[Json] = [each.word.text for at, each in enumerate(feed.links) if at != position]
            plan = plan_of(node)
            taps = tuple(tap for tap in plan[number].taps if tap.position != position)
            planned = Planned(plan[number].parameter, taps, listed=True)
            revisions = (SetValue(node.entry.place, path, kept),)
            title = f"drop `{link.word.text}` from the inputs of `{node.title}`"
            changed = (*plan[:number], planned, *plan[number + 1 :])
            yield _rewired(node, title, costs.DROPPED_INPUT + cost, revisions, changed, ("drop",))


def _others(case: Case, node: Node, cost: float) -> Iterator[Candidate]:
    """The output of another layer in place of an input, the nearest in the file first."""
    sources = [
        each
        for each in reversed(case.graph.nodes[: node.index])
        if each.block == node.block and each.entry.place != node.entry.place
    ][:_MOST_SOURCES]
    read = {link.source for each in case.graph.nodes for feed in each.feeds for link in feed.links}
    for number, feed in enumerate(node.feeds):
        for position, link in enumerate(feed.links):
            taken = {each.source for each in feed.links}  # of two parameters both may read it
            base = _first_dtype(case, link.source)
            usual = _read_elsewhere(case, node, number, position)
            for rank, source in enumerate(each for each in sources if each.index not in taken):
                made = case.what_if.outputs_of(source.index)
                for output, found in enumerate(made):
                    word = source.name if len(made) == 1 else f"{source.name}.{found.name}"
                    path = path_of(node, number, position)
                    tap = Tap(node=source.index, output=output)
                    price = costs.OTHER_INPUT + cost + 0.02 * min(rank, 20)
                    price -= 0 if source.index in read else _UNREAD
                    if _type(source) in usual:
                        price -= _AS_ELSEWHERE
                    price += _IDS if _whole(found.tensor.dtype) and not _whole(base) else 0
                    price += _SHORTER if _round_little(case, link.source, source.index, node.index) else 0
                    yield _rewired(
                        node,
                        f"read `{word}` in place of `{link.word.text}` in `{node.title}`",
                        price,
                        (SetValue(node.entry.place, path, word),),
                        with_tap(plan_of(node), number, position, tap),
                        path,
                    )


def _round_little(case: Case, old: int, new: int, target: int) -> bool:
    """Whether what was read went round layers with weights, and what would be goes round one, or few."""
    left = case.weights_between(new, target)
    passed = case.weights_between(old, new)
    return left is not None and bool(passed) and (left < 2 or left <= (passed or 0))


def _type(node: Node) -> str:
    return node.entry.type.text if node.entry.type is not None else ""


def _read_elsewhere(case: Case, node: Node, feed: int, position: int) -> set[str]:
    """The types of what other entries of a node's type read at the same place."""
    others = [
        each.feeds[feed].links[position].source
        for each in case.graph.nodes
        if each.entry.place != node.entry.place
        and _type(each) == _type(node) != ""
        and feed < len(each.feeds)
        and position < len(each.feeds[feed].links)
    ]
    return {_type(case.graph.nodes[source]) for source in others if source >= 0}


def _whole(dtype: str | None) -> bool:
    return dtype is not None and "int" in dtype


def _first_dtype(case: Case, index: int) -> str | None:
    """The dtype of what a node gives, None where it gives nothing."""
    made = case.what_if.outputs_of(index)
    return made[0].tensor.dtype if made else None


def _rewired(
    node: Node,
    title: str,
    cost: float,
    revisions: tuple[Revision, ...],
    plan: tuple[Planned, ...],
    subject: tuple[object, ...],
) -> Candidate:
    return Candidate(
        title=title,
        cost=cost,
        revisions=revisions,
        overlay=Overlay(plans={node.entry.place: plan}),
        layer=node.title,
        argument="inputs",
        place=node.entry.place,
        subject=(node.entry.place, *subject),
    )
