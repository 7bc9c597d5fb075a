"""What `import seqshape` offers: from bytes to a report, which may be remembered from an earlier run.

Little is imported here: where a report is remembered, no station is needed.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from seqshape import containers
from seqshape.containers import Contents
from seqshape.engine import Engine
from seqshape.limits import Limits
from seqshape.remembered import Judgement, keep, recalled
from seqshape.reporting import Report
from seqshape.sizes import UnknownDim

if TYPE_CHECKING:
    from seqshape.repairs.budget import Budget
    from seqshape.yaml_reader import Read

__all__ = ["Engine", "Limits", "Report", "UnknownDim", "inspect", "inspect_bytes"]


def inspect(
    path: str | os.PathLike[str],
    *,
    dims: Mapping[str, int | None] | None = None,
    limits: Limits | None = None,
    engine: Engine | None = None,
    trace: bool = True,
    thorough: bool = False,
    budget: float | None = None,
    symbolic: bool = False,
) -> Report:
    """Asks Keras about every layer of a spec, or of a model that Keras saved.

    Keras is imported at the first need, with every GPU hidden from TensorFlow; import TensorFlow
    yourself first where the same process is to train on one.

    Args:
        path: a YAML spec, JSON of `model.to_json()`, a `.keras` archive, or an HDF5 file of a model.
        dims: sizes that replace those of the spec's `dims`; None makes one unknown.
        limits: how much the file may hold.
        engine: an engine to ask again, so that answers are remembered from one spec to the next.
        trace: whether each call is traced, not built alone; without it less is seen, sooner.
        thorough: whether the layers whose words are right are judged where other words are wrong.
        budget: seconds to look for what is at fault for each error and what would mend it; None not to.
        symbolic: whether shapes and counts are looked for as formulas over the spec's sizes.

    Raises:
        OSError: the file cannot be read.
        UnknownDim: `dims` names a dim that the spec does not have.

    """
    limits = limits or Limits()
    contents = containers.contents_of(path, limits.bytes)
    return inspect_bytes(
        os.fspath(path),
        contents,
        dims=dims,
        limits=limits,
        engine=engine,
        trace=trace,
        thorough=thorough,
        budget=budget,
        symbolic=symbolic,
    )


def inspect_bytes(
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
    later: Callable[[Callable[[], None]], None] | None = None,
    read: "Read | None" = None,
) -> Report:
    """Asks Keras about every layer of a file that is read already; `path` is its name in the report.

    `data` is the whole file, or what `containers.contents` made of it. A report that the engine remembers
    from the same file, judged in the same manner, is given again. What has the engine remember a new one is
    handed to `later`, where there is one, to be called when there is time. `read` makes a tree of the text.

    Raises:
        UnknownDim: `dims` names a dim that the spec does not have.

    """
    dims, limits = dims or {}, limits or Limits()
    contents = data if isinstance(data, Contents) else containers.contents(BytesIO(data), limits.bytes)
    key = Judgement(path, contents, dims, limits, trace, thorough, bool(budget), symbolic).key
    with _open(engine) as asked:
        if key is not None and (known := recalled(key, asked)) is not None:
            return known
        from seqshape.judged import through
        from seqshape.judging import Judging

        judging = Judging(path, dims, limits, asked, trace, thorough, symbolic)
        if read is not None:
            judging = replace(judging, read=read)
        with asked.noting() as all_lasting:
            report, _, found = through(judging, contents, budget or None)
            if key is not None and all_lasting() and not found.hurried:
                (later or _now)(lambda: keep(key, report, asked))
    return report


def _now(work: Callable[[], None]) -> None:
    work()


@contextmanager
def _open(engine: Engine | None) -> Iterator[Engine]:
    """The engine, or one for the moment, which writes what is new at its end."""
    if engine is not None:
        yield engine
        return
    with closing(Engine()) as own:
        yield own
