"""What an entry reads, as its own words: where a reference stands, and how another output is called."""

from seqshape.graph import Graph, Link, Node
from seqshape.repairs.what_if import Planned, Tap
from seqshape.revisions import Path


def path_of(node: Node, feed: int, position: int) -> Path:
    """The way from an entry to one of its references; it may not be written yet."""
    flows = node.entry.inputs
    if flows is None:
        return ("inputs",)
    flow = flows[feed]
    path: Path = ("inputs",) if flow.parameter is None else ("inputs", flow.parameter.text)
    return (*path, position) if flow.listed else path


def base_of(link: Link) -> str:
    """The layer in a reference, without the output: `enc` of `enc.state`."""
    return link.word.text if link.output is None else link.word.text.removesuffix(f".{link.output}")


def plain(node: Node) -> bool:
    """Whether each reference of a node is one tensor: none stands for all outputs of a layer."""
    return all(link.output != "*" for feed in node.feeds for link in feed.links)


def plan_of(node: Node) -> tuple[Planned, ...]:
    """What a node reads now, for a change to start from."""
    return tuple(
        Planned(
            None if feed.parameter is None else feed.parameter.text,
            tuple(Tap(number, position) for position in range(len(feed.links))),
            feed.listed,
        )
        for number, feed in enumerate(node.feeds)
    )


def with_tap(plan: tuple[Planned, ...], feed: int, position: int, tap: Tap) -> tuple[Planned, ...]:
    """The plan with another tensor at one place."""
    planned = plan[feed]
    taps = (*planned.taps[:position], tap, *planned.taps[position + 1 :])
    return (*plan[:feed], Planned(planned.parameter, taps, planned.listed), *plan[feed + 1 :])


def fresh(base: str, graph: Graph) -> str:
    """A name that no entry has."""
    taken = {node.name for node in graph.nodes} | {copy.block.name.text for copy in graph.blocks}
    number = 0
    while (name := base if number == 0 else f"{base}_{number}") in taken:
        number += 1
    return name
