"""Through the graph in order: asks about each call, and goes on past a refusal.

What hangs on a refused call is skipped; all else is judged. The question is handed in as a
function, so nothing here knows who answers it.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from seqshape.engine.question import Answer, Ask, Disagreement, Facts, Given, Refusal
from seqshape.engine.tensors import Output
from seqshape.faults import AmbiguousOutput, Fault, UnknownOutput
from seqshape.flow import Flow
from seqshape.frozen import frozen
from seqshape.graph import Feed, Graph, Link, Node, owner_of
from seqshape.lengths import lengths
from seqshape.probing import Prober, Sized
from seqshape.refusing import CALLED, Takes, fitting_dtype, met_by, needed, refused, sized
from seqshape.remedies import Equal, Never, remedy
from seqshape.report import Fed, Read, Row
from seqshape.rows import row_of
from seqshape.shape_faults import EqualByLuck, Met, Refused, RuleDiffers, SomeLengths, Unknown
from seqshape.spec import Spec
from seqshape.states import STATES, wrong_states


@frozen
class Walked:
    """What a walk found. `outputs` are those that the spec names, None where it names none.

    `sized` is the pass with a size for every unknown axis, and its graph: this one's own where no call
    was traced.
    """

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    outputs: tuple[Read, ...] | None
    flow: Flow
    sized: tuple[Flow, Graph]


def walk(
    graph: Graph,
    spec: Spec,
    ask: Ask,
    *,
    resized: Sized | None = None,
    wrong: frozenset[int] = frozenset(),
    remedied: Callable[[str], bool] = lambda _: True,
    takes: Takes = lambda _, __: True,
) -> Walked:
    """A row for every node, and a fault for each call that fails.

    Args:
        graph: the calls.
        spec: what they were written in, with the settings for all of them.
        ask: answers questions.
        resized: gives the graph again with sizes for unknown dims; None where no call is to be traced.
        wrong: nodes whose words are wrong; they are not asked about.
        remedied: whether it is looked for sizes of unknown axes with which the call of an entry fits after
            all, by the entry's title; else it is refused.
        takes: whether a type has an argument, as far as that is known.

    """
    walker = _Walker(graph, spec, ask, resized, wrong, remedied, takes)
    for node in graph.nodes:
        walker.step(node)
    named = [walker.select(link, "") for link in graph.outputs]
    walker.judge_lengths()
    outputs = tuple(read for reads in named for read in reads or ()) if named else None
    faults = _strongest(walker.faults)
    return Walked(tuple(walker.rows), faults, outputs, walker.flow, walker.sized())


def _strongest(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The faults, of the multiples that an axis must be of the largest alone."""
    most: dict[Unknown, int] = {}
    for fault in faults:
        if isinstance(fault, SomeLengths) and fault.multiple is not None:
            most[fault.unknown] = max(fault.multiple, most.get(fault.unknown, 0))
    return tuple(
        fault
        for fault in faults
        if not isinstance(fault, SomeLengths)
        or fault.multiple is None
        or fault.multiple == most[fault.unknown]
        or most[fault.unknown] % fault.multiple
    )


def _unsized(probed: Facts, facts: Facts) -> tuple[Disagreement, ...]:
    """The disagreements of a call, unknown again where its probed axes agree."""
    if not probed.disagreements:
        return ()
    ruled = {output.name: output.tensor.shape for output in facts.outputs}

    def known(each: Disagreement) -> Disagreement:
        plain = ruled[each.name]
        invented = {size for axis, size in zip(plain, each.built, strict=True) if axis is None}
        if len(each.built) == len(each.traced):
            axes = zip(plain, each.built, each.traced, strict=True)
            called = tuple(None if axis is None and one == other else other for axis, one, other in axes)
        else:
            called = tuple(None if size in invented else size for size in each.traced)
        return Disagreement(each.name, plain, called)

    return tuple(map(known, probed.disagreements))


class _Walker:
    def __init__(
        self,
        graph: Graph,
        spec: Spec,
        ask: Ask,
        resized: Sized | None,
        wrong: frozenset[int],
        remedied: Callable[[str], bool],
        takes: Takes,
    ) -> None:
        self.rows: list[Row] = []
        self.faults: dict[Fault, None] = {}
        self._graph = graph
        self._settings = spec.settings
        self._frozen = spec.frozen
        self._wrong = wrong
        self._remedied = remedied
        self._takes = takes
        self.flow = Flow(graph, spec.settings, ask, trace=False)
        self._failed: set[int] = set()
        self._unmade: set[int] = set(wrong)
        self._lucky: set[int] = set()
        self._first_calls: dict[int, int] = {}
        inputs = self._inputs() if resized is not None else {}
        self._prober = (
            Prober(self.flow, spec, ask, resized, inputs) if resized is not None and inputs else None
        )

    def _inputs(self) -> dict[int, tuple[Output, ...]]:
        """What flows in from outside, by the index of its node."""
        found = {}
        for node in self._graph.nodes:
            if not node.feeds and not node.shared and node.index not in self._wrong:
                answer = self.flow.answer(node, ())
                if isinstance(answer, Facts):
                    found[node.index] = answer.outputs
        return found

    def step(self, node: Node) -> None:
        """Adds the row of one node; the rows before it are there already."""
        if node.index in self._wrong:
            self._add(replace(row_of(node, self._graph), status="error"))
            return
        failed = bool(self._failed) and any(
            link.source in self._failed for feed in node.feeds for link in feed.links
        )
        if failed or any(target in self._unmade for _, target in node.shared):
            self._unmade.update({node.index} if not failed else ())
            self._add(row_of(node, self._graph))
            return
        chosen = [self._fed(feed, node.title) for feed in node.feeds]
        fed = tuple([each for each in chosen if each is not None])
        if len(fed) < len(chosen):
            self._add(replace(row_of(node, self._graph), status="error"))
            return
        given = self.flow.given(fed)
        assert given is not None
        if any(each.parameter == STATES for each in fed):
            row = row_of(node, self._graph, fed)
            states = wrong_states(node, self._graph, met_by(row, self.rows), given, self.flow)
            if states is not None:
                self._fault(states)
                self._add(replace(row, status="error"))
                return
        answer: Answer | Never = self.flow.answer(node, given)
        if isinstance(answer, Facts) and self._prober is not None:
            answer = self._probed(node, fed, answer, self._prober)
        if not isinstance(answer, Facts):
            row = row_of(node, self._graph, fed)
            self.flow.forget(node)
            self._refuse(node, row, given, answer)
            self._add(replace(row, status="error"))
            return
        row = row_of(node, self._graph, fed, answer, self._frozen)
        for each in answer.disagreements:
            self._fault(RuleDiffers(row.place, row.title, row.type, each.name, each.built, each.traced))
        self._first_calls.setdefault(owner_of(node, self._graph).index, node.index)
        self._add(row)

    def _add(self, row: Row) -> None:
        """Adds a row behind the others."""
        if row.status != "ok":
            self._failed.add(len(self.rows))
        self.rows.append(row)

    def _probed(self, node: Node, fed: tuple[Fed, ...], facts: Facts, prober: Prober) -> Answer | Never:
        """The facts of a call as tracing leaves them: traced or not, or refused."""
        verdict = prober.step(node, fed, self.flow)
        if verdict is None:
            return facts
        if isinstance(verdict, Facts):
            return Facts(facts.outputs, facts.weights, verdict.traced, _unsized(verdict, facts))
        if isinstance(verdict, Refusal):
            return verdict
        row = row_of(node, self._graph, fed)
        if not self._remedied(row.title):
            return verdict.refusal
        found = remedy(prober, self._graph, node, verdict.refusal)
        if found is None:
            return facts
        if isinstance(found, Never):
            return found
        self._lucky.add(node.index)
        if isinstance(found, Equal):
            met = met_by(row, self.rows)
            for group in found.groups:
                self._fault(EqualByLuck(row.place, node.title, row.type, group, met, found.message))
        else:
            multiple, only = (found.size, None) if found.multiple else (None, found.size)
            for unknown in found.unknowns:
                self._some_lengths(row, unknown, found.message, multiple=multiple, only=only)
        return replace(facts, traced=True)

    def _some_lengths(
        self,
        row: Row,
        unknown: Unknown,
        message: str,
        *,
        only: int | None = None,
        multiple: int | None = None,
        least: int | None = None,
        refused: tuple[int, ...] = (),
    ) -> None:
        met = met_by(row, self.rows)
        fault = SomeLengths(
            row.place, row.title, row.type, unknown, met, message, only, multiple, least, refused
        )
        self._fault(fault)

    def _refuse(self, node: Node, row: Row, given: tuple[Given, ...], answer: Refusal | Never) -> None:
        """Adds the faults of a refusal, with what asking further shows of it."""
        refusal = answer.refusal if isinstance(answer, Never) else answer
        if refusal.stage not in CALLED:
            self._unmade.add(node.index)
        met = met_by(row, self.rows)
        if isinstance(answer, Never):
            met = sized(met, answer.given)
        for fault in refused(node, self._graph, self._settings, refusal, met):
            if isinstance(fault, Refused) and fault.stage in ("make", *CALLED):
                fault = replace(fault, needed=needed(node, given, refusal, self.flow, self._takes))
            if isinstance(fault, Refused) and fault.called:
                shown = {size for each in met for size in each.shape}
                assumed = answer.assumed if isinstance(answer, Never) else ()
                fault = replace(
                    fault,
                    earlier=self._earlier(node, given),
                    dtype=fitting_dtype(node, given, self.flow),
                    assumed=tuple((size, label) for size, label in assumed if size in shown),
                )
            self._fault(fault)

    def _earlier(self, node: Node, given: tuple[Given, ...]) -> tuple[Met, ...]:
        """The inputs of the first call of a shared layer that would take these if they were all."""
        first = self._first_calls.get(owner_of(node, self._graph).index)
        if first is None or not isinstance(self.flow.alone(node, given, trace=True), Facts):
            return ()
        return met_by(self.rows[first], self.rows)

    def judge_lengths(self) -> None:
        """Adds what fits only for some sizes of an unknown axis; every row is there already."""
        if self._prober is None:
            return
        sound = frozenset(
            number
            for number, row in enumerate(self.rows)
            if row.status == "ok" and number not in self._lucky
        )
        for found in lengths(self._prober, self._graph, sound):
            self._some_lengths(
                self.rows[found.node],
                found.unknown,
                found.message,
                multiple=found.multiple,
                least=found.least,
                refused=found.refused,
            )

    def sized(self) -> tuple[Flow, Graph]:
        """The pass with a size for every unknown axis, and its graph; the walk's own if none was traced."""
        return (self.flow, self._graph) if self._prober is None else self._prober.now()

    def select(self, link: Link, layer: str) -> tuple[Read, ...] | None:
        """The outputs that a reference means; None, with a fault, where it is not clear."""
        outputs, word = self.rows[link.source].outputs, link.word
        if self.rows[link.source].status != "ok":
            return None
        if link.output is None and len(outputs) == 1:  # as nearly always
            return (Read(word.text, link.source, 0),)
        names = tuple(output.name for output in outputs)
        if link.output == "*":
            base = word.text.removesuffix("*")
            return tuple(Read(base + name, link.source, number) for number, name in enumerate(names))
        if link.output is None:
            self._fault(AmbiguousOutput(word.place, layer, word.text, names))
            return None
        for number, output in enumerate(outputs):
            if link.output in (output.name, str(number)):
                return (Read(word.text, link.source, number),)
        self._fault(UnknownOutput(word.place, layer, word.text, link.output, names))
        return None

    def _fed(self, feed: Feed, layer: str) -> Fed | None:
        """What one parameter of a call is given; None, with a fault, where it is not clear."""
        found = [self.select(link, layer) for link in feed.links]
        if None in found:
            return None
        tensors = tuple([read for reads in found for read in reads or ()])
        return Fed(None if feed.parameter is None else feed.parameter.text, tensors, feed.listed)

    def _fault(self, fault: Fault) -> None:
        self.faults[fault] = None
