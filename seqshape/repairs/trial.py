"""A spec as it was judged, for repairs to start from; and what a change did to it.

Made anew for every text that is tried: the same stations judge it that judged the user's own.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from seqshape.engine.catalogue import Catalogue
from seqshape.engine.documentation import Page
from seqshape.engine.question import Ask
from seqshape.faults import AmbiguousOutput, Fault, UnknownOutput
from seqshape.flow import Flow
from seqshape.frozen import frozen
from seqshape.graph import Graph
from seqshape.report import Diagnostic, Row
from seqshape.source import Source
from seqshape.spec import Spec
from seqshape.tree import Mapping


@dataclass(frozen=True)
class Trial:
    """What judging a text gave. `flow` is the pass with sizes for unknown axes, None where no layer
    was asked about; `sized` is its graph.

    `diagnostics` come with the fault that each is about, None for what a rule found in the whole model.
    """

    source: Source
    document: Mapping
    spec: Spec
    graph: Graph
    rows: tuple[Row, ...]
    flow: Flow | None
    sized: Graph
    diagnostics: tuple[tuple[Diagnostic, Fault | None], ...]
    catalogue: Catalogue
    ask: Ask
    pages: Callable[[], dict[str, Page]]


Judge = Callable[[str, bool], Trial | None]
"""Judges another text in place of the user's, its calls traced or not; None where it is no spec."""


@frozen
class Outlook:
    """What a change leaves: findings that come up once it is made, and the rows that it changed.

    `unread` are rows that nothing reads any more, `quieted` counts the warnings that are gone; `grown` is
    how many parameters one row has more, at most.
    """

    revealed: tuple[tuple[Diagnostic, Fault | None], ...]
    changed: tuple[str, ...]
    unread: tuple[str, ...] = ()
    quieted: int = 0
    grown: int = 0


def outlook(before: Trial, after: Trial, target: Diagnostic, *, word: bool = False) -> Outlook | None:
    """What is left once `target` is gone; None where it is not, or where something new has come up.

    What is found at calls that could not be judged before is not new, it was hidden; nor is a warning
    that comes in the place of another one. Where the target is about a `word` of its entry, that was not
    judged either.
    """
    known = Counter(_key(item) for item, _ in before.diagnostics)
    left = Counter(_key(item) for item, _ in after.diagnostics)
    hidden = {row.title for row in before.rows if row.status == "skipped"}
    if word and target.layer is not None:
        hidden.add(target.layer)
        known[_key(target)] -= 1
        if any(
            item.message == target.message and item.layer == target.layer for item, _ in after.diagnostics
        ):
            return None
    elif target.severity == "error" and left[_key(target)] >= max(known[_key(target)], 1):
        return None
    warned = Counter(item.layer for item, _ in before.diagnostics if item.severity == "warning")
    warned.subtract(item.layer for item, _ in after.diagnostics if item.severity == "warning")
    revealed = []
    for item, fault in after.diagnostics:
        if item.severity == "note":
            continue
        if known[_key(item)]:
            known[_key(item)] -= 1
        elif (item.layer in hidden and (word or _hides(item, fault))) or (
            item.severity == "warning" and warned[item.layer] >= 0
        ):
            revealed.append((item, fault))
        else:
            return None
    shapes = {row.path: _shapes(row) for row in after.rows}
    changed = tuple(
        row.path
        for row in before.rows
        if row.status == "ok" and row.path in shapes and shapes[row.path] != _shapes(row)
    )
    params = {row.path: row.params for row in before.rows}
    ends, ends_now = _ends(before.graph), _ends(after.graph)
    known_paths = {node.path for node in before.graph.nodes}
    return Outlook(
        tuple(revealed),
        changed,
        tuple(path for path in ends_now if path in known_paths and path not in ends),
        sum(number for number in warned.values() if number > 0),
        max((row.params - params.get(row.path, 0) for row in after.rows), default=0),
    )


def _hides(item: Diagnostic, fault: Fault | None) -> bool:
    """Whether a finding can be hidden by a failure before it; words are judged everywhere."""
    return not item.code.startswith("SEQ1") or isinstance(fault, AmbiguousOutput | UnknownOutput)


def _ends(graph: Graph) -> dict[str, None]:
    """The calls that nothing reads."""
    read = {link.source for node in graph.nodes for feed in node.feeds for link in feed.links}
    return {node.path: None for node in graph.nodes if node.index not in read}


def _key(item: Diagnostic) -> tuple[str, str | None]:
    """What is wrong where: an error is the same as another one of its layer."""
    return item.severity if item.severity == "error" else item.code, item.layer


def _shapes(row: Row) -> tuple[object, ...]:
    return (*(output.tensor.shape for output in row.outputs), row.params)
