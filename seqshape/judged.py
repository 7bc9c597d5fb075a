"""From bytes to a report, with what would mend it, and what it was made from.

Bytes, text, tree, spec are joined here; what follows is `judging`.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from seqshape import containers
from seqshape.containers import Contents
from seqshape.engine import Engine, KerasUnavailable, NotRemembered
from seqshape.frozen import frozen
from seqshape.graph import Graph
from seqshape.judging import EMPTY, Found, Judging
from seqshape.limits import Limits
from seqshape.loading import Loaded, load
from seqshape.reporting import Report
from seqshape.sizes import UnknownDim
from seqshape.spec import Spec

if TYPE_CHECKING:
    from seqshape.convert import Subject
    from seqshape.repairs.budget import Budget

_NO_SPEC = Spec(None)


@frozen
class Judged:
    """A report, with what it was made from: `subject` is None where there are errors.

    `saved` says that it is a model that Keras saved, and no spec. `calls` are those of the report's rows.
    """

    report: Report
    subject: "Subject | None"
    saved: bool = False
    spec: Spec = _NO_SPEC
    calls: Graph = EMPTY


def judged(
    path: str,
    data: bytes | Contents,
    *,
    dims: Mapping[str, int | None] | None = None,
    limits: Limits | None = None,
    engine: Engine | None = None,
    trace: bool = True,
    thorough: bool = False,
    budget: "Budget | float | None" = None,
    symbolic: bool = False,
    expecting: bool = True,
) -> Judged:
    """As `pipeline.inspect_bytes`, with the stations' values beside the report, for what is made from them.

    Nothing but Keras's answers is remembered. Where not `expecting`, what the spec expects is left alone.

    Raises:
        UnknownDim: `dims` names a dim that the spec does not have.

    """
    engine, limits = engine or Engine(), limits or Limits()
    contents = data if isinstance(data, Contents) else containers.contents(BytesIO(data), limits.bytes)
    judging = Judging(path, dims or {}, limits, engine, trace, thorough, symbolic, expecting)
    report, loaded, found = through(judging, contents, budget)
    if found.walked is None or not report.ok:
        saved = loaded.document is None and loaded.readable
        return Judged(report, None, saved, loaded.spec, found.calls)
    from seqshape.convert import Subject

    subject = Subject(loaded.spec, found.calls, found.walked.rows, engine.catalogue(), engine)
    return Judged(report, subject, loaded.document is None, loaded.spec, found.calls)


def through(
    judging: Judging, contents: Contents, budget: "Budget | float | None"
) -> tuple[Report, Loaded, Found]:
    """The report of a file, and what it was made from.

    Raises:
        UnknownDim: a size was given for a dim that the spec does not have.

    """
    engine = judging.engine
    loaded = load(judging.path, contents, judging.dims, judging.limits, engine, judging.read)
    try:
        report, found = _searched(judging, loaded, budget)
    except (UnknownDim, NotRemembered):
        raise
    except Exception:
        if not engine.distrust():
            raise
        report, found = _searched(judging, loaded, budget)  # what was remembered was not Keras's
    engine.flush()  # what is killed later has this spec's answers
    return report, loaded, found


def _searched(judging: Judging, loaded: Loaded, budget: "Budget | float | None") -> tuple[Report, Found]:
    """The report of a spec that was read, with repairs where there is a budget for them."""
    found = judging.judge(loaded)
    report = found.report
    searched = budget is not None and not report.ok and (judging.thorough or found.walked is not None)
    if budget is not None and searched and (trial := judging.trial(loaded, found)) is not None:
        from seqshape.repairs import mended
        from seqshape.repairs.budget import Budget

        search = Budget(budget) if isinstance(budget, float | int) else budget
        # That Keras is not there is an error of the report already.
        with suppress(KerasUnavailable), judging.engine.until(lambda: search.end):
            report = replace(report, diagnostics=mended(trial, judging.after(found).again, search))
    return report, found
