"""The case inside a block that a failing entry applies to each step: which of its layers fails, on what.

A block stands where Keras expects a layer, as in TimeDistributed. Its entries are the spec's own words, so
what mends one of them there is a repair of the spec like any other.
"""

from collections.abc import Iterator
from dataclasses import replace

from seqshape.engine.question import Facts, Given, OutOfTime, Refusal
from seqshape.engine.tensors import Output
from seqshape.flow import Flow
from seqshape.graph import FLOWING, Graph, Node, owner_of
from seqshape.refusing import refused
from seqshape.repairs.goals import nodes_before
from seqshape.repairs.interface import Candidate, Case, Goal
from seqshape.repairs.trial import Trial
from seqshape.repairs.what_if import WhatIf
from seqshape.report import Row
from seqshape.rows import row_of
from seqshape.shape_faults import Met


def cases_inside(case: Case, trial: Trial) -> Iterator[Case]:
    """The cases of the blocks that the failing entry holds: those in which a layer is refused too.

    There are none where the time runs out before the block is gone through.
    """
    given = [tensor for each in case.inputs(case.node) for tensor in each.tensors]
    if len(given) != 1 or len(given[0].shape) < 3:
        return
    step = replace(given[0], shape=(given[0].shape[0], *given[0].shape[2:]), mask=None)
    for _, inner in owner_of(case.node, case.graph).models:
        for trace in (False, True):
            try:
                found = _case(case, trial, inner, Output("output", step), trace=trace)
            except OutOfTime:
                return
            if found is not None:
                yield found
                break


def of_entry(candidate: Candidate, case: Case) -> Candidate:
    """A candidate for an entry of the block, as one for the entry that holds it."""
    title, outer = candidate.title, f"in `{case.node.title}`"
    title = f"{title} {outer}" if title.endswith("`") else f"{outer}, {title}"
    return replace(candidate, title=title, layer=case.node.title, path=())


def _case(case: Case, trial: Trial, inner: Graph, flowing: Output, *, trace: bool) -> Case | None:
    """The case of the first layer of a block that is refused where this flows in."""
    flow = Flow(inner, trial.spec.settings, trial.ask, trace=trace)
    flow.outputs[FLOWING] = (flowing,)
    what_if = WhatIf(inner, flow, trial.ask, frozenset(), {})
    rows: list[Row] = []
    failed: tuple[Node, Refusal, tuple[Given, ...]] | None = None
    for node in inner.nodes:
        rows.append(row_of(node, inner))
        given = what_if.given(node) if failed is None else None
        if given is None:
            continue
        answer = flow.answer(node, given)
        if isinstance(answer, Facts):
            rows[-1] = replace(rows[-1], status="ok", outputs=answer.outputs, weights=answer.weights)
        elif isinstance(answer, Refusal):
            failed = node, answer, given
    if failed is None:
        return None
    node, refusal, given = failed
    fault = next(refused(node, inner, trial.spec.settings, refusal, _met(node, given)))
    # made anew: it knows which calls were answered
    what_if = WhatIf(inner, flow, trial.ask, frozenset((node.index,)) if trace else frozenset(), {})
    return replace(
        case,
        fault=fault,
        goal=Goal(node.index),
        graph=inner,
        rows=tuple(rows),
        what_if=what_if,
        before=nodes_before(inner, node.index),
    )


def _met(node: Node, given: tuple[Given, ...]) -> tuple[Met, ...]:
    """What flows into a call, as a fault has it."""
    return tuple(
        Met(link.word.text, tensor.shape, each.parameter, len(each.tensors) == 1, tensor.dtype)
        for feed, each in zip(node.feeds, given, strict=True)
        for link, tensor in zip(feed.links, each.tensors, strict=False)
    )
