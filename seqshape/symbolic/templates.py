"""Questions with formulas in the place of sizes: filled with values they are questions that Keras answers.

Made from the nodes of a graph as questions are; each size that varies is a mark in the JSON text of
a layer, with its formula beside it.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from seqshape.algebra import Polynomial, Symbol
from seqshape.engine.question import Call, Given, Question, World
from seqshape.engine.tensors import Tensor
from seqshape.frozen import frozen
from seqshape.graph import Graph, Node
from seqshape.inner import layer_arguments
from seqshape.spec import Argument, plain_arguments
from seqshape.symbolic.variables import Variables
from seqshape.tree import Mapping as Tree
from seqshape.tree import Scalar, Sequence, Value

_MARK = re.compile(r'(\\*)"<\|size:(\d+)\|>\1"')
_MOST_LISTED = 16
"""Numbers in a list that are taken for sizes; a longer list is data."""

Axes = tuple[Polynomial | None, ...]
Change = Callable[[Polynomial], Polynomial]


class NoPoint(ValueError):
    """A formula is no whole number there."""


@frozen
class Text:
    """JSON text with marks in it, each for one of the `sizes`."""

    text: str
    sizes: tuple[Polynomial, ...] = ()

    def filled(self, values: Mapping[Symbol, int]) -> str:
        """The text with numbers for the marks."""
        return _MARK.sub(lambda mark: str(whole(self.sizes[int(mark[2])], values)), self.text)

    def changed(self, change: Change) -> "Text":
        """The text with other formulas."""
        return Text(self.text, tuple(map(change, self.sizes)))

    def lists(self) -> Iterator[tuple[Polynomial | int, ...]]:
        """The lists of sizes in it, and each size that stands alone as a list of one."""
        todo = [json.loads(self.text)]
        while todo:
            match todo.pop():
                case dict() as mapping:
                    todo.extend(mapping.values())
                case list() as items:
                    found = tuple(map(self._size, items))
                    if items and None not in found:
                        yield tuple(each for each in found if each is not None)
                    todo.extend(items)
                case str() | int() as item:
                    if (size := self._size(item)) is not None:
                        yield (size,)

    def _size(self, item: object) -> Polynomial | int | None:
        if isinstance(item, int):
            return None if isinstance(item, bool) else item
        mark = _MARK.fullmatch(f'"{item}"') if isinstance(item, str) else None
        return None if mark is None else self.sizes[int(mark[2])]


@frozen
class SizedTensor:
    """A tensor whose axes are formulas."""

    shape: Axes
    dtype: str
    mask: Axes | None = None
    sparse: bool = False

    def filled(self, values: Mapping[Symbol, int]) -> Tensor:
        """The tensor with numbers for its axes."""
        mask = None if self.mask is None else _axes(self.mask, values)
        return Tensor(_axes(self.shape, values), self.dtype, mask, self.sparse)

    def changed(self, change: Change) -> "SizedTensor":
        """The tensor with other formulas."""

        def changed(axes: Axes) -> Axes:
            return tuple(None if axis is None else change(axis) for axis in axes)

        return replace(
            self, shape=changed(self.shape), mask=None if self.mask is None else changed(self.mask)
        )


@frozen
class SizedGiven:
    """What one parameter of a call is given, as formulas."""

    parameter: str | None
    tensors: tuple[SizedTensor, ...]
    listed: bool


@frozen
class SizedCall:
    """One call of a layer with formulas in it."""

    layer: Text
    given: tuple[SizedGiven, ...]
    keywords: Text

    def filled(self, values: Mapping[Symbol, int]) -> Call:
        """The call with numbers."""
        given = tuple(
            Given(each.parameter, tuple(tensor.filled(values) for tensor in each.tensors), each.listed)
            for each in self.given
        )
        return Call(self.layer.filled(values), given, self.keywords.filled(values))

    def changed(self, change: Change) -> "SizedCall":
        """The call with other formulas."""
        given = tuple(
            replace(each, tensors=tuple(tensor.changed(change) for tensor in each.tensors))
            for each in self.given
        )
        return SizedCall(self.layer.changed(change), given, self.keywords.changed(change))


@frozen
class SizedQuestion:
    """A call with formulas in it, the last of the `calls` of the layers that it shares."""

    shared: tuple[tuple[str, Text], ...]
    calls: tuple[SizedCall, ...]
    world: World

    def filled(self, values: Mapping[Symbol, int]) -> Question:
        """The question with numbers.

        Raises:
            NoPoint: a formula in it is no whole number there.

        """
        shared = tuple((name, text.filled(values)) for name, text in self.shared)
        question: Question | None = None
        for call in self.calls:
            question = Question(call.filled(values), shared, question, self.world)
        assert question is not None
        return question

    def changed(self, change: Change) -> "SizedQuestion":
        """The question with other formulas."""
        shared = tuple((name, text.changed(change)) for name, text in self.shared)
        return SizedQuestion(shared, tuple(call.changed(change) for call in self.calls), self.world)

    def symbols(self) -> tuple[Symbol, ...]:
        """The symbols in it, in the order of the text."""
        found = (each for formula in self._formulas() for each in formula.symbols())
        return tuple(dict.fromkeys(found))

    def _formulas(self) -> Iterator[Polynomial]:
        for _, text in self.shared:
            yield from text.sizes
        for call in self.calls:
            yield from call.layer.sizes
            for each in call.given:
                for tensor in each.tensors:
                    yield from (axis for axis in (*tensor.shape, *(tensor.mask or ())) if axis is not None)
            yield from call.keywords.sizes


def whole(formula: Polynomial, values: Mapping[Symbol, int]) -> int:
    """A formula's value where it is a whole number.

    Raises:
        NoPoint: it is none.

    """
    try:
        value = formula.at(values)
    except ZeroDivisionError as error:
        raise NoPoint from error
    if value.denominator != 1:
        raise NoPoint
    return int(value)


def _axes(axes: Axes, values: Mapping[Symbol, int]) -> tuple[int | None, ...]:
    return tuple(None if axis is None else whole(axis, values) for axis in axes)


class Writer:
    """Writes the layers of a graph's nodes as texts with marks."""

    def __init__(self, graph: Graph, variables: Variables) -> None:
        self._graph = graph
        self._variables = variables
        self._blocks = {copy.path: copy.block.name.text for copy in graph.blocks}

    def layer(self, node: Node) -> Text:
        """The layer that a node makes."""
        assert node.entry.type is not None
        sizes: list[Polynomial] = []
        marked = self._node(node, self._name(node), sizes)
        arguments = layer_arguments(marked, self._graph)
        return Text(json.dumps({"type": node.entry.type.text, **arguments}), tuple(sizes))

    def keywords(self, node: Node) -> Text:
        """The arguments of a node's call that are no tensors."""
        sizes: list[Polynomial] = []
        marked = self._arguments(node.entry.call, f"{self._name(node)}.call", sizes)
        return Text(json.dumps(plain_arguments(marked)), tuple(sizes))

    def _name(self, node: Node) -> str:
        """The path of a node's entry as the spec has it: without the numbers of copies."""
        names = [node.entry.name.text]
        path = node.block
        while path:
            names.insert(0, self._blocks.get(path, path.rpartition(".")[2]))
            path = path.rpartition(".")[0]
        return ".".join(names)

    def _node(self, node: Node, name: str, sizes: list[Polynomial]) -> Node:
        arguments = self._arguments(node.entry.arguments, name, sizes)
        models = tuple(
            (
                place,
                replace(
                    graph,
                    nodes=tuple(self._node(inner, f"{name}.{inner.path}", sizes) for inner in graph.nodes),
                ),
            )
            for place, graph in node.models
        )
        call = node.entry.call
        return replace(node, entry=replace(node.entry, arguments=arguments, call=call), models=models)

    def _arguments(
        self, arguments: tuple[Argument, ...], name: str, sizes: list[Polynomial]
    ) -> tuple[Argument, ...]:
        return tuple(
            replace(each, value=self._marked(each.value, f"{name}.{each.name.text}", sizes))
            for each in arguments
        )

    def _marked(self, value: Value, name: str, sizes: list[Polynomial]) -> Value:
        """A value with marks for the sizes in it."""
        match value:
            case Scalar():
                formula = self._variables.formula(value, name)
                if formula is None:
                    return value
                sizes.append(formula)
                return replace(value, value=f"<|size:{len(sizes) - 1}|>")
            case Sequence(items=items):
                if len(items) > _MOST_LISTED:
                    return value
                marked = (self._marked(item, f"{name}[{at}]", sizes) for at, item in enumerate(items))
                return replace(value, items=tuple(marked))
            case Tree(items=pairs):
                return replace(
                    value,
                    items=tuple(
                        (key, self._marked(item, f"{name}.{key.text}", sizes)) for key, item in pairs
                    ),
                )
