"""Models that stand inside layers: a block where Keras expects a layer, as a model of its own.

What flows into it is asked of Keras, which calls the layer round it; from there on it is a model like any
other, with an `Input` before its entries.
"""

import json
from dataclasses import replace

from seqshape import graph_builder
from seqshape.convert import NotWritable, Subject, enough_for
from seqshape.convert._layers import Layers
from seqshape.convert._levels import INPUT, Names, shaped_input
from seqshape.engine.question import Call
from seqshape.frozen import frozen
from seqshape.graph import FLOWING, Graph, Node
from seqshape.inner import calls_text
from seqshape.places import Place
from seqshape.spec import Argument, Block, Entry, Exact, Spec, Word, plain_arguments
from seqshape.tree import Scalar, Sequence, Style
from seqshape.walk import walk

_Shape = tuple[int | None, ...]


@frozen
class Inside:
    """A model inside a layer. `chain` are its calls where each reads the one before alone; else empty."""

    name: str
    layers: Layers
    chain: tuple[Node, ...]

    @property
    def subject(self) -> Subject:
        """The model itself."""
        return self.layers.subject


def models_in(node: Node, layers: Layers) -> dict[str, Inside]:
    """The models inside the layer that a node makes, by the text that stands for each in its arguments.

    Raises:
        NotWritable: one of them is no model of Keras.
        Undescribed: Keras refuses a call of the layer.

    """
    if not node.models:
        return {}
    flows: dict[str, list[tuple[_Shape, str]]] = {}
    for each in layers.calls(node):
        keywords = json.dumps(plain_arguments(each.entry.call))
        call = Call(layers.definition(node), layers.given(each), keywords)
        found = json.loads(layers.subject.keras.writing.flowing(call, layers.shared(node), layers.world))
        for text, given in found.items():
            flows.setdefault(text, []).extend((tuple(shape), dtype) for shape, dtype in given)
    blocks = {block.place: block for block in node.entry.models}
    return {
        (text := calls_text(graph)): _inside(node, blocks[place], graph, flows.get(text, []), layers)
        for place, graph in node.models
    }


def _inside(
    node: Node, block: Block, graph: Graph, flows: list[tuple[_Shape, str]], layers: Layers
) -> Inside:
    if not flows or not flows[0][0]:
        raise NotWritable(node.entry.place, node.name, "no tensor with axes flows into the model inside it")
    _refuse_dead_ends(node, graph)
    shape = flows[0][0]
    for other, _ in flows[1:]:
        if len(other) != len(shape):
            reason = "the model inside it is called with different numbers of axes"
            raise NotWritable(node.entry.place, node.name, reason)
        shape = tuple(one if one == two else None for one, two in zip(shape, other, strict=True))
    spec = _spec(block, shape, flows[0][1], layers.subject.spec)
    found, faults = graph_builder.build(spec, enough_for(graph))
    ends = [link.source for link in found.outputs]
    if faults or _links(found, 0) != _links(graph, -FLOWING) or ends != [len(graph.nodes)]:
        last = block.entries[-1].name.text
        reason = f"inside it `{INPUT}` or `{last}` names two things; give one of them another name"
        raise NotWritable(node.entry.place, node.name, reason)
    walked = walk(found, spec, layers.subject.keras.ask)
    refused = next((row for row in walked.rows if row.status != "ok"), None)
    if refused is not None:
        reason = f"Keras refuses `{refused.path}` inside it for all that flows in"
        raise NotWritable(refused.place, node.name, reason)
    subject = Subject(spec, found, walked.rows, layers.subject.catalogue, layers.subject.keras)
    name = block.name.text.replace("/", "_")
    return Inside(name, Layers(subject, layers.world), found.nodes[1:] if is_chain(graph) else ())


def _spec(block: Block, shape: _Shape, dtype: str, outer: Spec) -> Spec:
    """The entries of a block as a whole file, with `input` before them."""
    name = Names(each.name.text for each in block.entries).free(INPUT)
    last = block.entries[-1].name
    exact = Exact((last.text,), "*") if outer.exact else None
    return Spec(
        None,
        entries=(
            _input(name, shape, dtype, block.place),
            *(_reading(each, Exact((name,))) for each in block.entries),
        ),
        outputs=(Word(f"{last.text}.*", last.place, exact),),
        settings=outer.settings,
        exact=outer.exact,
    )


def _reading(entry: Entry | Block, source: Exact) -> Entry | Block:
    """An entry that reads `source` where its references mean exactly what flows in."""
    if entry.inputs is None:
        return entry
    flowing = Exact(())
    inputs = tuple(
        replace(
            flow,
            references=tuple(
                replace(word, exact=source) if word.exact == flowing else word for word in flow.references
            ),
        )
        for flow in entry.inputs
    )
    return replace(entry, inputs=inputs) if inputs != entry.inputs else entry


def _input(name: str, shape: _Shape, dtype: str, place: Place) -> Entry:
    argument = Argument(Word("dtype", place), Scalar(dtype, dtype, Style.PLAIN, place))
    word, type_ = Word(name, place), Word("Input", place)
    return shaped_input(word, type_, Sequence((), place), shape, place, (argument,))


def _refuse_dead_ends(node: Node, graph: Graph) -> None:
    """A model of Keras has only the layers that lead to its outputs."""
    read = {link.source for each in graph.nodes for feed in each.feeds for link in feed.links}
    for each in graph.nodes[:-1]:
        if each.index not in read:
            reason = f"nothing reads `{each.path}` inside it, and a Keras model keeps only what is read"
            raise NotWritable(each.entry.place, node.name, reason)


def _links(graph: Graph, shift: int) -> list[object]:
    """What the calls of a model read, but for its `Input`."""
    return [
        [(link.source + shift, link.output) for feed in node.feeds for link in feed.links]
        for node in graph.nodes
        if node.feeds
    ]


def is_chain(graph: Graph) -> bool:
    """Whether each layer reads the one before alone, so that it can be said without names of tensors."""
    return not graph.blocks and all(_reads_the_one_before(node) for node in graph.nodes)


def _reads_the_one_before(node: Node) -> bool:
    if node.entry.type is None or node.entry.type.text.startswith("ops.") or node.entry.call:
        return False
    if node.shared or len(node.feeds) != 1:
        return False
    (feed,) = node.feeds
    links = [(link.source, link.output) for link in feed.links]
    return feed.parameter is None and not feed.listed and links == [(node.index - 1, None)]
