"""Another output of the layer that is read: `enc.state` for `enc`."""

from collections.abc import Iterator

from seqshape.graph import Node
from seqshape.repairs import costs
from seqshape.repairs.interface import Candidate, Case
from seqshape.repairs.references import base_of, path_of, plain, plan_of, with_tap
from seqshape.repairs.what_if import Overlay, Tap
from seqshape.revisions import SetValue
from seqshape.states import STATES

_FAR = 6


def offer(case: Case) -> Iterator[Candidate]:
    """Every other output at each reference to a layer that has several."""
    for node, distance in case.near(_FAR):
        if plain(node):
            yield from _of(case, node, costs.OUTPUT + costs.STEP * distance)


def _of(case: Case, node: Node, cost: float) -> Iterator[Candidate]:
    for number, feed in enumerate(node.feeds):
        for position, link in enumerate(feed.links):
            made = case.what_if.outputs_of(link.source)
            for index, output in enumerate(made if len(made) > 1 else ()):
                if link.output in (output.name, str(index)):
                    continue
                path = path_of(node, number, position)
                starts = feed.parameter is not None and feed.parameter.text == STATES
                sequence = 0.6 if starts and "output" in output.name else 0.0
                reference = f"{base_of(link)}.{output.name}"
                yield Candidate(
                    title=f"read `{reference}` in `{node.title}`",
                    cost=cost + 0.05 * index + sequence,
                    revisions=(SetValue(node.entry.place, path, reference),),
                    overlay=Overlay(
                        plans={
                            node.entry.place: with_tap(
                                plan_of(node), number, position, Tap(number, position, index)
                            )
                        }
                    ),
                    layer=node.title,
                    argument="inputs",
                    place=link.word.place,
                    subject=(node.entry.place, path),
                )
