"""What is at fault, by the repair that helps most: the entry, its argument, the way to the failure."""

from seqshape.graph import Graph, Node
from seqshape.repairs.ranking import Verified
from seqshape.repairs.trial import Trial
from seqshape.report import Cause, Diagnostic, Row
from seqshape.wording import aside, shape

_MOST_STEPS = 6


def cause_of(trial: Trial, target: Diagnostic, best: Verified) -> Cause:
    """The cause of a finding, with a line for each call from there to where it shows."""
    candidate = best.candidate
    first = next((node for node in trial.graph.nodes if node.title == candidate.layer), None)
    last = next(
        (
            number
            for number, row in enumerate(trial.rows)
            if row.title == target.layer and row.status in ("error", "ok")
        ),
        None,
    )
    way: tuple[str, ...] = ()
    if first is not None and last is not None:
        between = path_between(trial.graph, first, trial.graph.nodes[last])
        way = tuple(_steps(trial, best, between))
    return Cause(candidate.layer, candidate.argument, candidate.place, way)


def _steps(trial: Trial, best: Verified, way: tuple[int, ...]) -> list[str]:
    """A line for each call on the way: what it gives now, and what it would give."""
    after = {row.path: row for row in best.after.rows}
    lines = []
    for index in way[:-1]:
        row = trial.rows[index]
        lines.append(f"`{row.title}`{aside(row.place, row.type)} gives {_told(row, after.get(row.path))}")
    if len(lines) > _MOST_STEPS:
        kept = _MOST_STEPS // 2
        left = len(lines) - 2 * kept
        lines = [*lines[:kept], f"… {left} more …", *lines[-kept:]]
    return lines


def _told(row: Row, after: Row | None) -> str:
    now = [shape(output.tensor.shape) for output in row.outputs]
    then = [shape(output.tensor.shape) for output in after.outputs] if after is not None else now
    if not now or now == then or not then:
        return ", ".join(now) or "nothing"
    return f"{', '.join(now)} in place of {', '.join(then)}"


def path_between(graph: Graph, first: Node, last: Node) -> tuple[int, ...]:
    """The nodes on the shortest way from one to another that hangs on it; none where there is no way."""
    after: dict[int, int] = {}
    todo = [last.index]
    for index in todo:
        if index == first.index:
            way = [index]
            while way[-1] != last.index:
                way.append(after[way[-1]])
            return tuple(way)
        for feed in graph.nodes[index].feeds:
            for link in feed.links:
                if link.source >= 0 and link.source not in after and link.source != last.index:
                    after[link.source] = index
                    todo.append(link.source)
    return ()
