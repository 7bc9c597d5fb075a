"""Through the graph in order: asks about each call, and goes on past a refusal.

What hangs on a refused call is skipped; all else is judged. The question is handed in as a
function, so nothing here knows who answers it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from seqshape.engine.catalogue import module_of
from seqshape.engine.messages import LAYER
from seqshape.engine.question import (
    Answer,
    Ask,
    Call,
    Facts,
    Given,
    Output,
    Question,
    Refusal,
    Tensor,
    World,
)
from seqshape.faults import (
    AmbiguousOutput,
    Fault,
    Met,
    Refused,
    RefusedSetting,
    UnknownOutput,
    UnknownType,
)
from seqshape.graph import Graph, Link, Node
from seqshape.report import Row
from seqshape.spec import Argument, Entry, Settings, Word
from seqshape.tree import Json, Mapping, Scalar, Sequence, Value, plain, shorten


def unasked(graph: Graph, wrong: frozenset[int]) -> tuple[Row, ...]:
    """The rows of a graph that is not asked about: an error where `wrong` says so, else skipped."""
    return tuple(
        replace(_row(node, graph), status="error" if node.index in wrong else "skipped")
        for node in graph.nodes
    )


def walk(graph: Graph, settings: Settings, ask: Ask) -> tuple[tuple[Row, ...], tuple[Fault, ...]]:
    """A row for every node, and a fault for each call that fails."""
    walker = _Walker(graph, settings, ask)
    for node in graph.nodes:
        walker.step(node)
    for link in graph.outputs:
        walker.select(link, "")
    return tuple(walker.rows), tuple(walker.faults)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A tensor that flows along a link."""

    link: Link
    output: Output


class _Walker:
    def __init__(self, graph: Graph, settings: Settings, ask: Ask) -> None:
        self.rows: list[Row] = []
        self.faults: dict[Fault, None] = {}
        self._graph = graph
        self._ask = ask
        self._settings = settings
        self._world = World(
            *(
                None if word is None else word.text
                for word in (settings.floatx, settings.image_data_format, settings.dtype_policy)
            )
        )
        self._members: dict[int, list[Node]] = {}
        for node in graph.nodes:
            if node.group is not None:
                self._members.setdefault(node.group, []).append(node)
        self._shared: dict[int, tuple[tuple[str, str], ...]] = {}
        self._chains: dict[int, Question] = {}
        self._answered: dict[int, dict[Call, Facts]] = {}
        self._unmade: set[int] = set()

    def step(self, node: Node) -> None:
        """Adds the row of one node; the rows before it are there already."""
        row = _row(node, self._graph)
        failed = any(self.rows[source].status != "ok" for source in row.sources)
        if failed or any(target in self._unmade for _, target in node.shared):
            self._unmade.update({node.index} if not failed else ())
            self.rows.append(replace(row, status="skipped"))
            return
        chosen = [(feed, self._tensors(feed.links, node.name)) for feed in node.feeds]
        if any(tensors is None for _, tensors in chosen):
            self.rows.append(replace(row, status="error"))
            return
        given = tuple(
            Given(
                None if feed.parameter is None else feed.parameter.text,
                tuple(each.output.tensor for each in tensors or ()),
                feed.listed,
            )
            for feed, tensors in chosen
        )
        call = Call(self._layer(node), given, json.dumps(_arguments(node.entry.call, {})))
        answer = self._answer(node, call)
        if isinstance(answer, Refusal):
            if answer.stage != "call":
                self._unmade.add(node.index)
            met = tuple(
                _met(each, feed.parameter, feed.listed and len(tensors or ()) == 1)
                for feed, tensors in chosen
                for each in tensors or ()
            )
            for fault in self._refused(node, row, answer, met):
                self._fault(fault)
            self.rows.append(replace(row, status="error"))
            return
        self.rows.append(replace(row, status="ok", outputs=answer.outputs, weights=answer.weights))

    def select(self, link: Link, layer: str) -> list[_Chosen] | None:
        """The outputs that a reference means; None, with a fault, where it is not clear."""
        outputs = self.rows[link.source].outputs
        names = tuple(output.name for output in outputs)
        word = link.word
        if self.rows[link.source].status != "ok":
            return None
        if link.output == "*":
            return [_Chosen(link, output) for output in outputs]
        if link.output is None:
            if len(outputs) == 1:
                return [_Chosen(link, outputs[0])]
            self._fault(AmbiguousOutput(word.place, layer, word.text, names))
            return None
        for number, output in enumerate(outputs):
            if link.output in (output.name, str(number)):
                return [_Chosen(link, output)]
        self._fault(UnknownOutput(word.place, layer, word.text, link.output, names))
        return None

    def _tensors(self, links: tuple[Link, ...], layer: str) -> list[_Chosen] | None:
        chosen: list[_Chosen] = []
        failed = False
        for link in links:
            found = self.select(link, layer)
            failed = failed or found is None
            chosen.extend(found or ())
        return None if failed else chosen

    def _fault(self, fault: Fault) -> None:
        self.faults[fault] = None

    def _refused(self, node: Node, row: Row, refusal: Refusal, met: tuple[Met, ...]) -> Iterator[Fault]:
        """The faults behind a refusal, by what it failed at."""
        owner = _owner(node, self._graph).entry
        if refusal.stage == "settings":
            for setting, message in refusal.arguments:
                word: Word = getattr(self._settings, setting)
                yield RefusedSetting(word.place, setting, word.text, message)
        elif refusal.stage == "type" and owner.type is not None:
            yield UnknownType(owner.type.place, node.name, refusal.message, ())
        elif refusal.stage == "make" and refusal.arguments:
            for argument, message in refusal.arguments:
                yield _refused(node, owner, replace(refusal, message=message), argument, met)
        else:
            yield _refused(node, owner, refusal, None, met)

    # Questions.

    def _answer(self, node: Node, call: Call) -> Answer:
        """Asks about a call. A call that repeats an earlier one of a shared layer says nothing new."""
        if node.group is None:
            return self._ask(Question(call, world=self._world))
        answered = self._answered.setdefault(node.group, {})
        if (known := answered.get(call)) is not None:
            return Facts(known.outputs, ())
        question = self._chained(node.group, call)
        answer = self._ask(question)
        if isinstance(answer, Facts):
            self._chains[node.group] = question
            answered[call] = answer
        return answer

    def _chained(self, group: int, call: Call) -> Question:
        """A question about a shared layer, after the calls that came before."""
        if group not in self._shared:
            self._shared[group] = tuple(
                (member.path, self._definition(member))
                for member in self._members[group]
                if member.entry.reuse is None
            )
        return Question(call, self._shared[group], self._chains.get(group), self._world)

    def _layer(self, node: Node) -> str:
        if node.group is None:
            return self._definition(node)
        return json.dumps({"reuse": _owner(node, self._graph).path})

    def _definition(self, node: Node) -> str:
        """The layer of an entry as JSON text; nested `reuse` names a layer by its whole path."""
        nodes = self._graph.nodes
        paths = {word: nodes[target].path for word, target in node.shared}
        assert node.entry.type is not None
        return json.dumps({"type": node.entry.type.text, **_arguments(node.entry.arguments, paths)})


def _arguments(arguments: tuple[Argument, ...], paths: dict[str, str]) -> dict[str, Json]:
    return {argument.name.text: _plain(argument.value, paths) for argument in arguments}


def _plain(value: Value, paths: dict[str, str]) -> Json:
    match value:
        case Scalar():
            return value.value
        case Sequence():
            return [_plain(item, paths) for item in value.items]
        case Mapping():
            reuse = value.get("reuse")
            if len(value.items) == 1 and isinstance(reuse, Scalar) and reuse.text in paths:
                return {"reuse": paths[reuse.text]}
            return {key.text: _plain(item, paths) for key, item in value.items}


def _owner(node: Node, graph: Graph) -> Node:
    """The node that made the layer which this one calls."""
    return graph.nodes[node.shared[0][1]] if node.entry.reuse is not None and node.shared else node


def _reference(link: Link, graph: Graph) -> str:
    """A link as a reference that holds anywhere in the spec: `encoder.gru.state`."""
    path = graph.nodes[link.source].path
    return path if link.output is None else f"{path}.{link.output}"


def _row(node: Node, graph: Graph) -> Row:
    entry = node.entry
    links = [link for feed in node.feeds for link in feed.links]
    owner = _owner(node, graph)
    type_name = owner.entry.type.text if owner.entry.type is not None else ""
    reused = {word: graph.nodes[target].entry.type for word, target in owner.shared}
    types = {word: type_.text for word, type_ in reused.items() if type_ is not None}
    inner = [name for argument in owner.entry.arguments for name in _wrapped(argument, types)]
    return Row(
        name=node.name,
        type=type_name,
        label=f"{type_name}({', '.join(inner)})" if inner else type_name,
        block=node.block,
        place=entry.place,
        status="skipped",
        inputs=tuple(_reference(link, graph) for link in links),
        words=tuple(link.word.text for link in links),
        sources=tuple(link.source for link in links),
        shares=node.shares,
    )


def _wrapped(argument: Argument, reused: dict[str, str]) -> Iterator[str]:
    """The types of the layers and cells in an argument, with what they wrap in turn.

    `reused` gives the types of the layers that stand there by name.
    """
    if module_of(argument.name.text) is not None:
        return
    values = argument.value.items if isinstance(argument.value, Sequence) else (argument.value,)
    for value in values:
        if not isinstance(value, Mapping):
            continue
        if isinstance(word := value.get("type"), Scalar):
            inner = [
                name
                for key, item in value
                for name in _wrapped(Argument(Word(key.text, key.place), item), reused)
            ]
            yield f"{word.text}({', '.join(inner)})" if inner else word.text
        elif isinstance(word := value.get("reuse"), Scalar) and word.text in reused:
            yield reused[word.text]


def _met(chosen: _Chosen, parameter: Word | None, alone: bool) -> Met:
    tensor: Tensor = chosen.output.tensor
    word = chosen.link.word
    name = None if parameter is None else parameter.text
    return Met(word.text, tensor.shape, name, alone)


def _refused(
    node: Node, owner: Entry, refusal: Refusal, refused: str | None, met: tuple[Met, ...]
) -> Refused:
    type_ = owner.type.text if owner.type is not None else ""
    place, arguments = node.entry.place, owner.arguments
    if refusal.stage == "make":
        type_, arguments = _made(refusal.type, type_, owner.arguments)
        if arguments is not owner.arguments and arguments:
            place = arguments[0].name.place.to(arguments[-1].value.place)
        for argument in arguments:
            if argument.name.text == refused:
                place = argument.name.place.to(argument.value.place)
    return Refused(
        place=place,
        layer=node.name,
        type=type_,
        stage=refusal.stage,
        argument=refused,
        arguments=tuple((argument.name.text, _written(argument.value)) for argument in arguments),
        values={argument.name.text: plain(argument.value) for argument in arguments},
        inputs=met,
        ranks=refusal.ranks,
        message=refusal.message.replace(LAYER, node.name),
    )


def _made(
    refused: str | None, type_: str, arguments: tuple[Argument, ...]
) -> tuple[str, tuple[Argument, ...]]:
    """The type and arguments of the one object of type `refused`, in an entry or inside its arguments."""
    if refused is None or refused == type_:
        return type_, arguments
    found: list[Mapping] = []
    todo: list[Value] = [argument.value for argument in arguments]
    for value in todo:
        if isinstance(value, Sequence):
            todo.extend(value.items)
        elif isinstance(value, Mapping):
            todo.extend(item for _, item in value)
            if isinstance(word := value.get("type"), Scalar) and word.text == refused:
                found.append(value)
    if len(found) != 1:
        return type_, arguments
    inner = (Argument(Word(key.text, key.place), item) for key, item in found[0] if key.text != "type")
    return refused, tuple(inner)


def _written(value: Value) -> str:
    """A value as a user would write it, on one line."""
    match value:
        case Scalar(value=str() | float()):
            return shorten(value.text)
        case _:
            return shorten(json.dumps(plain(value), ensure_ascii=False))
