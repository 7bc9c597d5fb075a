"""From a fault to the case that repairs are looked for in: the node that fails, and what it hangs on."""

from seqshape.faults import AmbiguousOutput, Fault, LayerFault, UnknownOutput
from seqshape.graph import Graph
from seqshape.repairs.interface import Case, Goal
from seqshape.repairs.trial import Trial
from seqshape.repairs.what_if import WhatIf
from seqshape.shape_faults import Refused, ShapeDiffers, WrongStates

_REPAIRED = (Refused, WrongStates, AmbiguousOutput, UnknownOutput)


def case_of(fault: Fault, trial: Trial) -> Case | None:
    """The case of a fault; None where nothing in the model's layers could mend it."""
    goal, flow = _goal(fault, trial), trial.flow
    if goal is None or flow is None:
        return None
    traced = frozenset((goal.node,)) if _traced(fault) else frozenset[int]()
    sizes = {}
    for node in trial.graph.nodes:
        if not node.feeds and node.index in flow.outputs and trial.rows[node.index].outputs:
            plain = trial.rows[node.index].outputs[0].tensor.shape
            known = flow.outputs[node.index][0].tensor.shape
            sizes[node.index] = tuple(size for size, axis in zip(known, plain, strict=True) if axis is None)
    what_if = WhatIf(trial.sized, flow, trial.ask, traced, sizes)
    before = nodes_before(trial.graph, goal.node)
    return Case(
        fault, goal, trial.spec, trial.graph, trial.rows, what_if, trial.catalogue, trial.pages, before
    )


def _goal(fault: Fault, trial: Trial) -> Goal | None:
    if not isinstance(fault, LayerFault):
        return None
    if isinstance(fault, ShapeDiffers):
        rows = [row for row in trial.rows if fault.layer in (row.title, row.path) and row.status == "ok"]
        return Goal(trial.rows.index(rows[0]), fault) if rows else None
    if isinstance(fault, _REPAIRED):
        failed = [
            number
            for number, row in enumerate(trial.rows)
            if row.title == fault.layer and row.status == "error"
        ]
        return Goal(failed[0]) if failed else None
    return None


def _traced(fault: Fault) -> bool:
    """Whether the call must be traced to show the failure."""
    return isinstance(fault, Refused) and fault.stage == "trace"


def nodes_before(graph: Graph, target: int) -> dict[int, int]:
    """The nodes that one hangs on, with how many calls lie between, the nearest first."""
    distance = {target: 0}
    todo = [target]
    for index in todo:
        node = graph.nodes[index]
        sources = [link.source for feed in node.feeds for link in feed.links]
        for source in [*sources, *(made for _, made in node.shared)]:
            if source >= 0 and source not in distance:
                distance[source] = distance[index] + 1
                todo.append(source)
    del distance[target]
    return distance
