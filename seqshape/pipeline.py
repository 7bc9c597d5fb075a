"""The one place where the stations are joined; also what `import seqshape` offers.

Bytes, text, tree, spec, graph, words, walk, report: each takes the value of the one before. A spec
whose own words are wrong is answered without asking Keras about its layers.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from seqshape import containers, expectations, graph_builder, rules, spec_reader, words
from seqshape.blame import walkable, wrong_nodes
from seqshape.containers import Contents
from seqshape.convert import Subject
from seqshape.engine import Engine, KerasUnavailable
from seqshape.faults import Fault
from seqshape.graph import Graph
from seqshape.ignores import heard
from seqshape.limits import Limits
from seqshape.loading import load
from seqshape.report import ReportData, Row, Run
from seqshape.rows import flowing, unasked
from seqshape.saved_faults import told_once
from seqshape.source import Source
from seqshape.spec import Spec
from seqshape.version import __version__

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

    from seqshape.model import Model


class Report(ReportData):
    """A report that shows itself: `print(report)`, `rich.print(report)`, or alone in a notebook."""

    __slots__ = ()

    def __str__(self) -> str:
        from seqshape.render import renderer
        from seqshape.render._surface import Options, Surface

        return renderer("table").render(Run((self,)), Surface(), Options()).rstrip("\n")

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "RenderResult":
        from seqshape.render._surface import Options
        from seqshape.render.table import renderables

        yield from renderables(self, Options(), options.max_width)

    def _repr_html_(self) -> str:
        from seqshape.render._html import html

        return html(self)


class UnknownDim(ValueError):
    """A size was given for a dim that the spec does not have."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        from seqshape.wording import did_you_mean

        self.name = name
        known = tuple(known)
        super().__init__(f"the spec has no dim `{name}`{did_you_mean(name, known)}")


def inspect(
    path: str | os.PathLike[str],
    *,
    dims: Mapping[str, int | None] | None = None,
    limits: Limits | None = None,
    engine: Engine | None = None,
    trace: bool = True,
    thorough: bool = False,
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

    Raises:
        OSError: the file cannot be read.
        UnknownDim: `dims` names a dim that the spec does not have.

    """
    limits = limits or Limits()
    with Path(path).open("rb") as file:
        contents = containers.contents(file, limits.bytes)
    return inspect_bytes(
        os.fspath(path),
        contents,
        dims=dims,
        limits=limits,
        engine=engine,
        trace=trace,
        thorough=thorough,
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
) -> Report:
    """Asks Keras about every layer of a file that is read already; `path` is its name in the report.

    `data` is the whole file, or what `containers.contents` made of it.

    Raises:
        UnknownDim: `dims` names a dim that the spec does not have.

    """
    return judged(
        path, data, dims=dims, limits=limits, engine=engine, trace=trace, thorough=thorough
    ).report


@dataclass(frozen=True, slots=True)
class Judged:
    """A report, with what it was made from: `subject` is None where there are errors.

    `saved` says that it is a model that Keras saved, and no spec.
    """

    report: Report
    subject: Subject | None
    saved: bool = False


def judged(
    path: str,
    data: bytes | Contents,
    *,
    dims: Mapping[str, int | None] | None = None,
    limits: Limits | None = None,
    engine: Engine | None = None,
    trace: bool = True,
    thorough: bool = False,
) -> Judged:
    """As `inspect_bytes`, with the stations' values beside the report, for what is made from them.

    Raises:
        UnknownDim: `dims` names a dim that the spec does not have.

    """
    limits = limits or Limits()
    engine = engine or Engine()
    contents = data if isinstance(data, Contents) else containers.contents(BytesIO(data), limits.bytes)
    loaded = load(path, contents, dims or {}, limits, engine)
    text, spec, document = loaded.text, loaded.spec, loaded.document
    if not loaded.readable:
        return Judged(_report(text, spec, (), loaded.faults), None)
    for name in dims or {}:
        if name not in spec.dims and spec.entries:
            raise UnknownDim(name, spec.dims)

    def resized(sizes: Mapping[str, int]) -> Graph:
        if document is None:
            return calls
        again, _ = spec_reader.read(document, {**(dims or {}), **sizes})
        return graph_builder.build(again, limits)[0]

    told = told_once if document is None else list[Fault]
    calls, graph_faults = graph_builder.build(spec, limits)
    faults: list[Fault] = [*loaded.faults, *graph_faults]
    if not calls.nodes:
        return Judged(_report(text, spec, (), told(faults)), None)
    keras, rows, model = None, None, None
    try:
        catalogue = engine.catalogue()
        keras = catalogue.keras
        faults.extend(words.check(calls, catalogue, saved=document is None))
        # nobody corrects a saved model word by word: what is right in it is judged at once
        if not faults or ((thorough or document is None) and walkable(calls, faults)):
            from seqshape.model import model_of  # not where words alone are judged
            from seqshape.provenance import explained
            from seqshape.walk import walk

            wrong = wrong_nodes(calls, faults)
            walked = walk(calls, spec, engine.ask, resized=resized if trace else None, wrong=wrong)
            rows = walked.rows
            faults.extend(explained(walked.faults, calls, rows, walked.flow, catalogue))
            faults.extend(expectations.check(spec, calls, rows))
            model = model_of(calls, rows, walked.outputs, catalogue)
    except KerasUnavailable as unavailable:
        faults.append(unavailable.fault)
    if rows is None:
        rows = unasked(calls, wrong_nodes(calls, faults))
        return Judged(_report(text, spec, rows, told(faults), keras), None)
    report = _report(text, spec, rows, told(faults), keras, model, flowing(calls))
    subject = Subject(spec, calls, rows, catalogue, engine) if report.ok else None
    return Judged(report, subject, document is None)


def _report(
    text: Source,
    spec: Spec,
    rows: tuple[Row, ...],
    faults: Iterable[Fault],
    keras: str | None = None,
    model: "Model | None" = None,
    blocks: dict[str, tuple[str, ...]] | None = None,
) -> Report:
    """The report; `model` is None where Keras was not asked, `blocks` is what flows into blocks."""
    diagnostics = heard(rules.judge(faults, model), spec, rows)
    numbers = {item.place.line for item in diagnostics}
    lines = {number: text.line(number) for number in sorted(numbers) if number <= len(text.starts)}
    asked = model is not None
    return Report(__version__, keras, text.path, spec.name, rows, diagnostics, lines, asked, blocks or {})
