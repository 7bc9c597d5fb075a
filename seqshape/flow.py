"""One pass of tensors through a graph: what each call was asked, and what came out of it.

Knows how a node becomes a question, with the earlier calls of the layers it shares. Takes refusals as
they are: what they mean is the walk's to say.
"""

import json
from collections.abc import Hashable, Iterable

from seqshape.engine.question import Answer, Ask, Call, Facts, Given, Question, World
from seqshape.engine.tensors import Output
from seqshape.graph import Graph, Node, owner_of
from seqshape.inner import layer_arguments
from seqshape.report import Fed
from seqshape.spec import Settings, plain_arguments
from seqshape.tree import Json


class Flow:
    """The outputs of the calls that were asked about, by the index of their node.

    `beside` is another pass, which may be through the same graph: its layers are written down once.
    """

    def __init__(
        self,
        graph: Graph,
        settings: Settings,
        ask: Ask,
        *,
        trace: bool,
        beside: "Flow | None" = None,
    ) -> None:
        self.outputs: dict[int, tuple[Output, ...]] = {}
        self.questions: dict[int, Question] = {}
        self.graph = graph
        self._ask = ask
        self._trace = trace
        self.world = World(
            *(
                None if word is None else word.text
                for word in (settings.floatx, settings.image_data_format, settings.dtype_policy)
            )
        )
        if beside is None or beside.graph is not graph:
            self._layers: dict[int, str] = {}
        else:
            self._layers = beside._layers
        self._members: dict[int, list[Node]] = {}
        for node in graph.nodes:
            if node.group is not None:
                self._members.setdefault(node.group, []).append(node)
        self._shared: dict[int, tuple[tuple[str, str], ...]] = {}
        self._chains: dict[int, Question] = {}
        self._answered: dict[int, dict[Call, Facts]] = {}
        self._made: dict[Hashable, Question] = {}

    def given(self, fed: tuple[Fed, ...]) -> tuple[Given, ...] | None:
        """The tensors that go into a call; None where one of them did not come out of this pass."""
        found: list[Given] = []
        for each in fed:
            tensors = []
            for read in each.tensors:
                outputs = self.outputs.get(read.source, ())
                if read.output >= len(outputs):
                    return None
                tensors.append(outputs[read.output].tensor)
            found.append(Given(each.parameter, tuple(tensors), each.listed))
        return tuple(found)

    def answer(self, node: Node, given: tuple[Given, ...]) -> Answer:
        """Asks about a call, and keeps what comes out.

        A call that repeats an earlier one of a shared layer says nothing new, and is not asked again.
        """
        if node.group is None:
            return self._answer(node, self._alone(self._layer(node), given, _keywords(node)))
        call = Call(self._layer(node), given, _keywords(node))
        answered = self._answered.setdefault(node.group, {})
        if (known := answered.get(call)) is not None:
            self.questions[node.index] = Question(call, *self._before(node), self.world)
            self.outputs[node.index] = known.outputs
            return Facts(known.outputs, (), known.traced)
        question = Question(call, *self._before(node), self.world, self._trace)
        answer = self._answer(node, question)
        if isinstance(answer, Facts):
            self._chains[node.group] = question
            answered[call] = answer
        return answer

    def _answer(self, node: Node, question: Question) -> Answer:
        """Asks a question about a node, and keeps what comes out."""
        self.questions[node.index] = question
        answer = self._ask(question)
        if isinstance(answer, Facts):
            self.outputs[node.index] = answer.outputs
        return answer

    def _alone(self, layer: str, given: tuple[Given, ...], keywords: str) -> Question:
        """The question about a call of a layer that no other one shares.

        It is made once for the same tensors, as most calls in a long chain are alike: a look at which
        objects they are takes a tenth of the time of a digest of what they are. A question holds on to its
        tensors, so that no other one takes the place of one of them.
        """
        fed = [(each.parameter, each.listed, *map(id, each.tensors)) for each in given]
        key = layer, keywords, *fed
        if (question := self._made.get(key)) is None:
            call = Call(layer, given, keywords)
            question = self._made[key] = Question(call, world=self.world, trace=self._trace)
        return question

    def take(self, other: "Flow", nodes: Iterable[int]) -> None:
        """Takes over what another pass was answered about some nodes, with all calls of their layers."""
        for index in nodes:
            self.outputs[index] = other.outputs[index]
            group = self.graph.nodes[index].group
            if group is not None and group in other._chains:
                self._chains[group] = other._chains[group]
                self._answered[group] = dict(other._answered[group])

    def forget(self, node: Node) -> None:
        """Takes back a call that was asked about, as if it had been refused; it is the last one."""
        self.outputs.pop(node.index, None)
        question = self.questions.get(node.index)
        if node.group is None or question is None or self._chains.get(node.group) is not question:
            return
        self._answered[node.group].pop(question.call, None)
        if question.earlier is None:
            del self._chains[node.group]
        else:
            self._chains[node.group] = question.earlier

    def alone(
        self,
        node: Node,
        given: tuple[Given, ...],
        arguments: dict[str, Json] | None = None,
        *,
        type_: str = "",
        trace: bool = False,
    ) -> Answer:
        """What Keras says if this is the layer's only call, with other arguments if they are given.

        Then another type, too, where `type_` says so.
        """
        layer = self._layer(node)
        if arguments is not None:
            owner = owner_of(node, self.graph)
            assert owner.entry.type is not None
            layer = json.dumps({"type": type_ or owner.entry.type.text, **arguments})
        call = Call(layer, given, _keywords(node))
        return self._ask(Question(call, self._definitions(node), None, self.world, trace))

    def again(
        self,
        node: Node,
        given: tuple[Given, ...],
        first: tuple[Node, tuple[Given, ...]],
        arguments: dict[str, Json] | None = None,
        *,
        trace: bool = False,
    ) -> Answer:
        """What Keras says if this is the layer's second call, after its first one alone."""
        maker, before = first
        definitions = self._definitions(node)
        if arguments is not None:
            assert maker.entry.type is not None
            changed = json.dumps({"type": maker.entry.type.text, **arguments})
            definitions = tuple(
                (path, changed if path == maker.path else text) for path, text in definitions
            )
        layer = json.dumps({"reuse": maker.path})
        earlier = Question(Call(layer, before, _keywords(maker)), definitions, None, self.world)
        call = Call(layer, given, _keywords(node))
        return self._ask(Question(call, definitions, earlier, self.world, trace))

    def arguments(self, node: Node) -> dict[str, Json]:
        """The arguments of a node's layer; a nested `reuse` names a layer by its whole path."""
        owner = owner_of(node, self.graph)
        return layer_arguments(owner, self.graph)

    # Questions.

    def _before(self, node: Node) -> tuple[tuple[tuple[str, str], ...], Question | None]:
        """The layers that a call shares with others, and the last call before it."""
        if node.group is None:
            return (), None
        return self._definitions(node), self._chains.get(node.group)

    def _definitions(self, node: Node) -> tuple[tuple[str, str], ...]:
        if node.group is None:
            return ()
        if node.group not in self._shared:
            self._shared[node.group] = tuple(
                (member.path, self._definition(member))
                for member in self._members[node.group]
                if member.entry.reuse is None and member.entry.type is not None
            )
        return self._shared[node.group]

    def _layer(self, node: Node) -> str:
        if node.group is None:
            return self._definition(node)
        return json.dumps({"reuse": owner_of(node, self.graph).path})

    def _definition(self, node: Node) -> str:
        """The layer of an entry as JSON text."""
        if node.index not in self._layers:
            assert node.entry.type is not None
            arguments = self.arguments(node)
            self._layers[node.index] = json.dumps({"type": node.entry.type.text, **arguments})
        return self._layers[node.index]


def _keywords(node: Node) -> str:
    """What a call is given beside tensors, as JSON text of a mapping."""
    return json.dumps(plain_arguments(node.entry.call)) if node.entry.call else "{}"
