"""A flat spec to one with blocks: runs of equal entries become a block with `repeat`.

What comes out is held against what came in: the same calls read the same, and, unless names may change,
the layers have the same names when the copies lie in one model again.
"""

from collections.abc import Iterator

from seqshape.convert import NotWritable, Subject
from seqshape.convert._building import program_of
from seqshape.convert._candidates import candidates
from seqshape.convert._copies import Folder
from seqshape.convert._layers import Layers
from seqshape.convert._numbering import Numbering
from seqshape.convert._program import Copies, Item, Nested, Program, calls_of
from seqshape.convert._runs import Candidate
from seqshape.engine.writing import Undescribed
from seqshape.frozen import frozen
from seqshape.graph import Graph, Node
from seqshape.spec import Spec

_ROUNDS = 8
_CAREFUL = 3
"""Rounds after which nothing is made any more of entries that were in a block that was wrong."""


@frozen
class Folded:
    """The spec with blocks; `more` says how many layers could be folded too if names might change."""

    spec: Spec
    more: int = 0


def folded(subject: Subject, layers: Layers, *, rename: bool) -> Folded:
    """The spec of a model with its runs as blocks."""
    found = candidates(subject, layers)
    every = Folder(frozenset(), frozenset(), frozenset(), rename=True)
    every.spec(subject.spec, found)
    if not every.made:  # then Keras need not be asked how it numbers
        return Folded(subject.spec)
    try:
        program: Program | None = program_of(subject)
    except NotWritable:
        program = None
    free = frozenset() if program is None else _automatic(program, layers)
    if rename:
        return Folded(_proven(subject, found, free, None)[0])
    spec, kept = (subject.spec, 0) if program is None else _proven(subject, found, free, program)
    if len(every.covered) <= kept:
        return Folded(spec)
    return Folded(spec, max(0, _proven(subject, found, free, None)[1] - kept))


def _automatic(program: Program, layers: Layers) -> frozenset[int]:
    """The nodes whose layers have the names that Keras gives, behind all that stands before them."""
    numbering = Numbering(layers, follows=True)
    try:
        numbering.run(calls_of(program.items), program.names, ())
    except Undescribed:
        return frozenset()
    return frozenset(numbering.right)


def _proven(
    subject: Subject, found: tuple[Candidate, ...], free: frozenset[int], program: Program | None
) -> tuple[Spec, int]:
    """The spec with those runs that stand the proof, and how many layers are in them.

    With a `program` layers keep their names in it; without one they may change.
    """
    banned: set[tuple[int, int]] = set()
    nodes: set[int] = set()
    for number in range(_ROUNDS):
        folder = Folder(free, frozenset(banned), frozenset(nodes), program is None)
        spec = folder.spec(subject.spec, found)
        if not folder.made:
            break
        wrong = _changed(subject, spec, program)
        if not wrong:
            return spec, len(folder.covered)
        bad = [made for made in folder.made if made.holds(wrong)]
        banned.update(made.key for made in bad)
        if number >= _CAREFUL:
            nodes.update(node for made in bad for node in range(made.first, made.end))
    return subject.spec, 0


# The proof.


def _changed(subject: Subject, spec: Spec, program: Program | None) -> set[int]:
    """The calls that read something else in the spec with blocks, or have other names than in a program."""
    everything = set(range(len(subject.graph.nodes)))
    try:
        folded_subject = subject.with_spec(spec)
    except ValueError:
        return everything
    graph = folded_subject.graph
    wrong = {
        one.index
        for one, other in zip(subject.graph.nodes, graph.nodes, strict=True)
        if list(_links(one)) != list(_links(other))
    }
    if list(_outputs(subject.graph)) != list(_outputs(graph)):
        return everything
    if program is not None:
        try:
            after = program_of(folded_subject)
        except NotWritable:
            return everything
        wrong |= {node for node, name in after.names.items() if program.names.get(node) != name}
        before = set(_models(program.items, program))
        wrong |= {node for each in before ^ set(_models(after.items, after)) for node in range(*each[:2])}
    return wrong


def _models(items: tuple[Item, ...], program: Program) -> Iterator[tuple[int, int, str]]:
    """The nodes and the name of each nested model."""
    for item in items:
        if isinstance(item, Nested):
            yield item.first, item.end, program.models[item.path]
            yield from _models(item.items, program)
        elif isinstance(item, Copies):
            for copy in item.copies:
                yield from _models(copy, program)


def _links(node: Node) -> Iterator[object]:
    for feed in node.feeds:
        yield feed.parameter and feed.parameter.text, feed.listed
        yield [(link.source, link.output) for link in feed.links]


def _outputs(graph: Graph) -> Iterator[object]:
    for link in graph.outputs:
        yield link.source, link.output
