"""How one text is judged: graph, words, walk, report, for a user's text and for what repairs make of it.

A spec whose own words are wrong is answered without asking Keras about its layers.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING

from seqshape import graph_builder, rules, spec_reader, tree, words, yaml_reader
from seqshape.blame import walkable, wrong_nodes
from seqshape.containers import Contents
from seqshape.engine import Engine, KerasUnavailable
from seqshape.engine.catalogue import Catalogue
from seqshape.faults import Fault
from seqshape.frozen import frozen
from seqshape.graph import Graph
from seqshape.ignores import heard
from seqshape.limits import Limits
from seqshape.loading import Loaded, load
from seqshape.places import Place
from seqshape.report import Diagnostic, Row
from seqshape.reporting import Report
from seqshape.rows import flowing, unasked
from seqshape.saved_faults import told_once
from seqshape.sizes import UnknownDim
from seqshape.source import Source
from seqshape.spec import Spec
from seqshape.version import __version__
from seqshape.yaml_reader import Read

if TYPE_CHECKING:
    from seqshape.formulas import Formulas
    from seqshape.model import Model
    from seqshape.repairs.trial import Trial
    from seqshape.walk import Walked

EMPTY = Graph((), (), ())
QUICK, QUICK_WITHOUT_FAULTS = 10.0, 60.0
"""Seconds in which nothing is left out for want of time: by `meanings`, `provenance`; by `probing`."""


@frozen
class Found:
    """What the stations made of one spec; `walked` is None where no layer was asked about.

    `hurried` says that something may have been left out because it took long.
    """

    report: Report
    calls: Graph
    faults: tuple[Fault, ...] = ()
    walked: "Walked | None" = None
    hurried: bool = False


@frozen
class Judging:
    """How specs are judged: the same for a user's own text and for what repairs make of it.

    Its methods raise `UnknownDim` where `dims` names one that the spec does not have.
    """

    path: str
    dims: Mapping[str, int | None]
    limits: Limits
    engine: Engine
    trace: bool
    thorough: bool
    symbolic: bool = False
    expecting: bool = True
    texts: dict[str, Loaded] = field(default_factory=dict)
    """Repaired texts that were read, to be judged once more."""
    read: Read = yaml_reader.read
    """What makes a tree of the user's own text."""
    lucky: frozenset[str] | None = None
    """Entries whose calls may fit for some sizes of an unknown axis alone; None where all may."""

    def after(self, found: Found) -> "Judging":
        """How a repaired spec is judged: a call that fitted, or failed, may not start to fit by luck."""
        from seqshape.shape_faults import EqualByLuck, SomeLengths

        judged = {row.title for row in found.report.rows if row.status != "skipped"}
        kinds = (EqualByLuck, SomeLengths)
        judged -= {fault.layer for fault in found.faults if isinstance(fault, kinds)}
        titles = {row.title for row in found.report.rows}
        return replace(self, lucky=frozenset(titles - judged))

    def judge(self, loaded: Loaded, *, explain: bool = True) -> Found:
        """Asks about a spec that was read; where not to `explain`, origins are not looked for."""
        text, spec, document = loaded.text, loaded.spec, loaded.document
        if not loaded.readable:
            return Found(_report(text, spec, (), loaded.faults), EMPTY)
        for name in self.dims:
            if name not in spec.dims and spec.entries:
                raise UnknownDim(name, spec.dims)

        def resized(sizes: Mapping[str, int]) -> Graph:
            if document is None:
                return calls
            again, _ = spec_reader.read(document, {**self.dims, **sizes})
            return graph_builder.build(again, self.limits)[0]

        told = told_once if document is None else list[Fault]
        calls, graph_faults = graph_builder.build(spec, self.limits)
        faults: list[Fault] = [*loaded.faults, *graph_faults]
        if not calls.nodes:
            return Found(_report(text, spec, (), told(faults)), calls, tuple(faults))
        keras, walked, model, hurried = None, None, None, False
        try:
            catalogue = self.engine.catalogue()
            keras = catalogue.keras
            faults.extend(words.check(calls, catalogue, saved=document is None))
            # nobody corrects a saved model word by word: what is right in it is judged at once
            if not faults or ((self.thorough or document is None) and walkable(calls, faults)):
                from seqshape import expectations  # these are not there where words alone are judged
                from seqshape.model import model_of
                from seqshape.walk import walk

                wrong = wrong_nodes(calls, faults)
                sized = resized if self.trace else None
                lucky = self.lucky
                start = time.monotonic()
                walked = walk(
                    calls,
                    spec,
                    self.engine.ask,
                    resized=sized,
                    wrong=wrong,
                    remedied=lambda title: lucky is None or title in lucky,
                    takes=catalogue.takes,
                )
                met = _explained(walked, calls, catalogue, self.engine) if explain else walked.faults
                faults.extend(met)
                hurried = time.monotonic() - start > (QUICK if met else QUICK_WITHOUT_FAULTS)
                if self.expecting:
                    faults.extend(expectations.check(spec, calls, walked.rows))
                model = model_of(calls, walked.rows, walked.outputs, catalogue, saved=document is None)
        except KerasUnavailable as unavailable:
            faults.append(unavailable.fault)
            walked = None
        if walked is None:
            rows = unasked(calls, wrong_nodes(calls, faults))
            return Found(_report(text, spec, rows, told(faults), keras), calls, tuple(faults))
        report = _report(text, spec, walked.rows, told(faults), keras, model, flowing(calls))
        if self.symbolic:
            formulas = self._formulas(loaded, calls, walked)
            report, hurried = replace(report, formulas=formulas), hurried or formulas.late
        return Found(report, calls, tuple(faults), walked, hurried)

    def _formulas(self, loaded: Loaded, calls: Graph, walked: "Walked") -> "Formulas":
        """The formulas of a spec that Keras was asked about."""
        from seqshape import symbolic
        from seqshape.walk import walk

        document = loaded.document

        def resized(sizes: Mapping[str, int]) -> symbolic.Built | None:
            if document is None:
                return None
            spec, faults = spec_reader.read(document, {**self.dims, **sizes})
            graph, unbuilt = graph_builder.build(spec, self.limits)
            if faults or unbuilt:
                return None
            return symbolic.Built(spec, graph, walk(graph, spec, self.engine.ask).rows)

        built = symbolic.Built(loaded.spec, calls, walked.rows)
        end = time.monotonic() + symbolic.PATIENCE
        with self.engine.until(lambda: end):
            return symbolic.formulas(built, self.engine.ask, resized)

    def trial(self, loaded: Loaded, found: Found) -> "Trial | None":
        """What repairs start from; None where the file is no spec, or Keras cannot be asked."""
        from seqshape.repairs.trial import Trial

        document = loaded.document
        if document is None or not isinstance(document.root, tree.Mapping):
            return None
        by_words = {_key(item): fault for fault in found.faults for item in rules.judge((fault,))}
        try:
            catalogue = self.engine.catalogue()
        except KerasUnavailable:
            return None
        walked = found.walked
        return Trial(
            source=loaded.text,
            document=document.root,
            spec=loaded.spec,
            graph=found.calls,
            rows=found.report.rows,
            flow=walked.sized[0] if walked is not None else None,
            sized=walked.sized[1] if walked is not None else found.calls,
            diagnostics=tuple((item, by_words.get(_key(item))) for item in found.report.diagnostics),
            catalogue=catalogue,
            ask=self.engine.ask,
            pages=self.engine.pages,
        )

    def again(self, text: str, trace: bool) -> "Trial | None":
        """Judges another text in the file's place."""
        if text not in self.texts:  # it is judged without its calls traced, then with them
            contents = Contents(text.encode("utf-8", "surrogatepass"))
            self.texts[text] = load(self.path, contents, self.dims, self.limits, self.engine)
        loaded = self.texts.pop(text) if trace else self.texts[text]
        try:
            return self.trial(
                loaded,
                replace(self, thorough=True, trace=trace, symbolic=False).judge(loaded, explain=False),
            )
        except UnknownDim:
            return None


def _key(item: Diagnostic) -> tuple[str, Place, str]:
    return item.code, item.place, item.message


def _explained(walked: "Walked", calls: Graph, catalogue: Catalogue, engine: Engine) -> tuple[Fault, ...]:
    """The faults of a walk, with what was meant and where what met was made."""
    if not walked.faults:
        return ()
    from seqshape.meanings import Keras, meant
    from seqshape.provenance import explained

    keras = Keras(catalogue, engine.pages, engine.ask)
    said = meant(walked.faults, calls, walked.rows, walked.flow, keras)
    return explained(said, calls, walked.rows, walked.flow, catalogue)


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
