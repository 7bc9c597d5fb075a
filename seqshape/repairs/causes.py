"""What is at fault, by the repair that helps most: the entry, its argument, the way to the failure."""

from collections.abc import Iterator
from dataclasses import replace

from seqshape.graph import Graph, Node
from seqshape.repairs.ranking import Verified
from seqshape.repairs.trial import Trial
from seqshape.report import Cause, Diagnostic, Related, Row
from seqshape.wording import aside, shape

_MOST_STEPS = 6


def with_cause(trial: Trial, target: Diagnostic, best: Verified) -> Diagnostic:
    """The finding with its cause, and with a line for each call from there to where it shows, first."""
    candidate = best.candidate
    cause = Cause(candidate.layer, candidate.argument, candidate.place)
    told = (Related(f"the cause: {_words(cause)}", cause.place), *_way(trial, target, best))
    places = {each.place for each in told}
    rest = tuple(each for each in target.related if each.place not in places)
    return replace(target, cause=cause, related=(*told, *rest))


def _words(cause: Cause) -> str:
    """What is at fault, as a user would say it."""
    match cause.argument:
        case "inputs":
            return f"what `{cause.layer}` reads"
        case "type":
            return f"`{cause.layer}` itself"
        case _:
            return f"`{cause.argument}` of `{cause.layer}`"


def _way(trial: Trial, target: Diagnostic, best: Verified) -> Iterator[Related]:
    """A line for each call from the cause to the failure: what it gives now, and what it would give."""
    first = next((node for node in trial.graph.nodes if node.title == best.candidate.layer), None)
    last = next(
        (
            node
            for node, row in zip(trial.graph.nodes, trial.rows, strict=True)
            if row.title == target.layer and row.status != "skipped"
        ),
        None,
    )
    if first is None or last is None:
        return
    after = {row.path: row for row in best.after.rows}
    way = path_between(trial.graph, first, last)[:-1]
    kept = way if len(way) <= _MOST_STEPS else (*way[: _MOST_STEPS // 2], *way[-_MOST_STEPS // 2 :])
    for index in kept:
        row = trial.rows[index]
        where = aside(row.place, row.type)
        yield Related(f"`{row.title}`{where} gives {_told(row, after.get(row.path))}", row.place)


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
