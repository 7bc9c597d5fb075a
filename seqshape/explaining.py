"""Explains the layers of a spec that was built: asks Keras about each axis and about other settings.

Nothing is known here about any layer, but for one question about `Dense`: whether it is the same inside a
`TimeDistributed`.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice

from seqshape import symbolic
from seqshape.algebra import Quotient
from seqshape.convert import Subject as Made
from seqshape.costs import LayerCost, summed
from seqshape.dropping import Dropping
from seqshape.engine import Engine
from seqshape.engine.catalogue import Catalogue
from seqshape.engine.documentation import Page
from seqshape.engine.question import Beginning, Facts
from seqshape.engine.tensors import Weight
from seqshape.explanation import AxisStory, Explanation, LayerStory, Other, OutputStory, Source
from seqshape.flow import Flow
from seqshape.formulas import Condition, Formulas, LayerFormulas
from seqshape.frozen import frozen
from seqshape.graph import Graph
from seqshape.memory import memory, sample_bytes
from seqshape.places import Place
from seqshape.provenance import Origins
from seqshape.report import ReportData, Row, elements
from seqshape.tree import Json, Mapping, Scalar, Sequence, Value
from seqshape.walk import walk

_MOST_LAYERS = 40
"""Layers whose axes and settings are asked about where no layer is named."""
_ENOUGH = 30.0
"""Seconds after which no other settings are asked about."""


@frozen
class Subject:
    """What was built, and who is asked."""

    graph: Graph
    rows: tuple[Row, ...]
    flow: Flow
    catalogue: Catalogue
    engine: Engine


_Settings = tuple[tuple[Other, ...], tuple[tuple[str, str], ...], bool]
"""What other settings give, those that change nothing, and whether it is the same in a wrapper."""


class Explainer:
    """Explains rows of one spec; `length` is the size of axes of unknown size, None without one."""

    def __init__(self, subject: Subject, length: int | None) -> None:
        self._rows = subject.rows
        self._graph = subject.graph
        self._flow = subject.flow
        self._engine = subject.engine
        self._texts = dict(_texts(subject.graph))
        self._pages = {
            **subject.engine.pages(),
            **{n: p for n, (_, p) in subject.engine.registered().items()},
        }
        self._origins = Origins(subject.graph, subject.rows, subject.flow, subject.catalogue)
        self._length = length
        self._end = time.monotonic() + _ENOUGH
        self._seen: dict[object, _Settings] = {}

    def story(self, number: int, formulas: LayerFormulas | None, cost: LayerCost | None) -> LayerStory:
        """One row, with what is known of its sizes and its work."""
        row = self._rows[number]
        reads = [read for fed in row.fed for read in fed.tensors]
        fed = tuple((read.word, self._rows[read.source].outputs[read.output].tensor) for read in reads)
        met: set[tuple[str, int]] = set()
        begun = self._beginnings(number)
        dropping = Dropping(row, self._graph.nodes[number], self._flow, met)
        outputs = tuple(self._output(number, place, met) for place in range(len(row.outputs)))
        dropped = tuple(
            dropping.dropped(word, axis, size)
            for word, tensor in dict.fromkeys(fed)
            for axis, size in enumerate(tensor.shape)
            if axis and (word, axis) not in met
        )
        others, idle, wrapped = self._settings(number)
        return LayerStory(row, fed, outputs, dropped, formulas, cost, others, idle, wrapped, (), begun)

    def _beginnings(self, number: int) -> tuple[Beginning, ...]:
        question = self._flow.questions.get(number)
        if question is None or not self._rows[number].weights:
            return ()
        return self._engine.beginnings(question)

    # Axes.

    def _output(self, number: int, place: int, met: set[tuple[str, int]]) -> OutputStory:
        output = self._rows[number].outputs[place]
        axes = tuple(
            self._axis(number, place, axis, size, met) for axis, size in enumerate(output.tensor.shape)
        )
        return OutputStory(output.name, output.tensor, axes, sample_bytes(output.tensor, self._length))

    def _axis(
        self, number: int, place: int, axis: int, size: int | None, met: set[tuple[str, int]]
    ) -> AxisStory:
        row = self._rows[number]
        if axis == 0:
            return AxisStory(axis, size, None, None, own=False)
        change, upstream = self._origins.near(number, place, axis)
        if change is not None:
            source = self._source(row.title, change.place, change.text)
            return AxisStory(axis, size, None, source, own=True)
        found = self._origins.origin(number, place, axis)
        stands = (
            None
            if found is None or not found.argument
            else self._source(found.layer, found.place, found.argument)
        )
        kept = None
        if upstream is not None:
            word = next(
                read.word
                for fed in row.fed
                for read in fed.tensors
                if (read.source, read.output) == upstream[:2]
            )
            kept = (word, upstream[2])
            met.add(kept)
        return AxisStory(axis, size, kept, stands, own=not row.fed)

    def _source(self, layer: str, place: Place, argument: str) -> Source:
        text = self._texts.get(place, argument)
        return Source(layer, place, argument, "" if text == argument else text)

    # Settings.

    def _settings(self, number: int) -> _Settings:
        """What other settings give, those that change nothing, and whether it is the same in a wrapper.

        Of a layer that is called again they are told at its first call.
        """
        row, node = self._rows[number], self._graph.nodes[number]
        given = self._flow.given(row.fed)
        if not row.fed or given is None or row.shares is not None:
            return (), (), False
        arguments = self._flow.arguments(node)
        usual = self._flow.alone(node, given)
        if not isinstance(usual, Facts):
            return (), (), False
        key = (row.type, str(arguments), given)
        if key in self._seen:
            return self._seen[key]
        found: dict[object, Other] = {}
        idle: dict[str, bool] = {}
        about: dict[str, str] = {}
        for name, said, told, changed in _changed(row.type, arguments, self._pages):
            if time.monotonic() > self._end:
                break
            answer = self._flow.alone(node, given, changed)
            if not isinstance(answer, Facts):
                continue
            form = (_shapes(answer), answer.weights)
            same = form == (_shapes(usual), usual.weights)
            idle[name] = idle.get(name, True) and same
            about[name] = told
            if not same:
                before = found[form].settings if form in found else ()
                params = sum(elements(weight) for weight in answer.weights)
                first = found[form].about if form in found else told
                found[form] = Other((*before, said), answer.outputs, answer.weights, params, first)
        wrapped = self._wrapped(number, usual)
        flags = {name for name, same in idle.items() if same and _flagged(name, row.type, self._pages)}
        quiet = tuple((name, about[name]) for name in about if name in flags)
        self._seen[key] = tuple(found.values()), quiet, wrapped
        return self._seen[key]

    def _wrapped(self, number: int, usual: Facts) -> bool:
        """Whether a Dense on more than one axis is the same inside a TimeDistributed."""
        row, node = self._rows[number], self._graph.nodes[number]
        given = self._flow.given(row.fed)
        shape = given[0].tensors[0].shape if given else ()
        if row.type != "Dense" or len(shape) != 3 or given is None:
            return False
        inner: Json = {"type": "Dense", **self._flow.arguments(node)}
        answer = self._flow.alone(node, given, {"layer": inner}, type_="TimeDistributed")
        return isinstance(answer, Facts) and (_shapes(answer), _sizes(answer.weights)) == (
            _shapes(usual),
            _sizes(usual.weights),
        )


def _texts(graph: Graph) -> Iterator[tuple[Place, str]]:
    """How the file has each argument, also of layers inside, by its place."""
    todo: list[tuple[str, Place, Value]] = [
        (each.name.text, each.name.place, each.value)
        for node in graph.nodes
        for each in node.entry.arguments
    ]
    while todo:
        name, place, value = todo.pop()
        if isinstance(value, Mapping):
            todo.extend((key.text, key.place, item) for key, item in value)
        elif (text := _text(value)) is not None:
            yield place.to(value.place), f"{name}: {text}"


def _text(value: Value) -> str | None:
    """A number, or a list of numbers, as the file has it."""
    match value:
        case Scalar(value=int() | None):
            return value.text
        case Sequence(items=items):
            found = [_text(item) for item in items]
            known = [text for text in found if text is not None]
            return f"[{', '.join(known)}]" if len(known) == len(found) else None
    return None


def _shapes(facts: Facts) -> tuple[tuple[str, tuple[int | None, ...], str], ...]:
    return tuple((each.name, each.tensor.shape, each.tensor.dtype) for each in facts.outputs)


def _sizes(weights: tuple[Weight, ...]) -> tuple[tuple[tuple[int, ...], str], ...]:
    return tuple((weight.shape, weight.dtype) for weight in weights)


def _changed(
    type_: str, arguments: dict[str, Json], pages: dict[str, Page], outer: str = ""
) -> Iterator[tuple[str, str, str, dict[str, Json]]]:
    """The arguments with one that is true or false, or a choice of words, changed, also in a layer inside.

    With each the name of the one that is changed, how it would be written, and what Keras says of it.
    """
    page = pages.get(type_)
    for argument in () if page is None else page.arguments[: page.own]:
        value = arguments.get(argument.name, argument.default)
        choices: tuple[Json, ...] = ()
        if isinstance(argument.default, bool) and isinstance(value, bool):
            choices = (not value,)
        elif argument.choices and isinstance(argument.default, str):
            choices = tuple(each for each in (*argument.choices, None) if each != value)
        for choice in choices:
            written = {True: "true", False: "false", None: "null"}.get(choice, choice)  # type: ignore[arg-type]
            name = f"{outer}{argument.name}"
            yield name, f"{name}: {written}", argument.about, {**arguments, argument.name: choice}
    for name, inner in arguments.items():
        if isinstance(inner, dict) and isinstance(word := inner.get("type"), str) and word in pages:
            rest = {key: value for key, value in inner.items() if key != "type"}
            for changed, said, about, new in _changed(word, rest, pages, f"{outer}{name}."):
                yield changed, said, about, {**arguments, name: {"type": word, **new}}


def _flagged(name: str, type_: str, pages: dict[str, Page]) -> bool:
    """Whether an argument of the layer itself is true or false."""
    page = pages.get(type_)
    return page is not None and any(
        each.name == name and isinstance(each.default, bool) for each in page.arguments
    )


def chosen(rows: tuple[Row, ...], layer: str | None) -> dict[int, tuple[str, ...]]:
    """The rows to explain: those of one layer, or one of each kind with the paths of the others."""
    if layer is not None:
        return {number: () for number, row in enumerate(rows) if layer in (row.path, row.name)}
    first: dict[object, int] = {}
    found: dict[int, tuple[str, ...]] = {}
    for number, row in enumerate(rows):
        given = tuple(rows[read.source].outputs[read.output] for fed in row.fed for read in fed.tensors)
        form = (row.label, given, row.outputs, row.weights) if row.fed else number
        if form in first:
            found[first[form]] = (*found[first[form]], row.path)
        else:
            first[form] = number
            found[number] = ()
    return found


def explained(
    report: ReportData, made: Made, layer: str | None = None, *, batch: int = 1, length: int | None = None
) -> Explanation:
    """A sound spec explained: one layer where it is named, else all, and the sums.

    Args:
        report: what was found in it.
        made: the spec with its graph, and who is asked.
        layer: the name or the path of an entry.
        batch: the number of samples that the sums are also told for.
        length: the size of axes and dims of unknown size; None where it is not known.

    """
    engine = made.keras
    walked = walk(made.graph, made.spec, engine.ask)
    built = symbolic.Built(made.spec, made.graph, walked.rows)
    with _for_a_minute(engine):
        solved = symbolic.solved(built, engine.ask)
    formulas = solved.formulas.reduced()
    with _for_a_minute(engine):
        costs = symbolic.costs(built, solved, engine.cost, length, late=True)
    subject = Subject(made.graph, walked.rows, walked.flow, made.catalogue, engine)
    explainer = Explainer(subject, length)
    rows = chosen(walked.rows, layer)
    stories = tuple(
        replace(
            explainer.story(number, formulas.layers[number], costs[number]),
            alike=alike,
            holds_where=_holds_where(solved.formulas, formulas, number),
        )
        for number, alike in islice(rows.items(), _MOST_LAYERS)
    )
    total = summed(each for each in costs if each is not None)
    if solved.structural:  # the formula would be right for this number of layers alone
        total = replace(total, formula=None)
    taken = memory(walked.rows, engine, length)
    left = max(len(rows) - _MOST_LAYERS, 0)
    return Explanation(
        report, stories, formulas, total, taken, layer, batch, length, left, solved.structural
    )


@contextmanager
def _for_a_minute(engine: Engine) -> Iterator[None]:
    """Asks no longer than may be waited for."""
    end = time.monotonic() + symbolic.PATIENCE
    with engine.until(lambda: end):
        yield


def _holds_where(full: Formulas, shown: Formulas, number: int) -> tuple[str, ...]:
    """For what the formulas of a layer's weights are shortened."""
    layer = full.layers[number]
    if layer is None:
        return ()
    inside = {each for size in layer.sizes() for each in size.symbols()}
    inside |= set(layer.counts.params.symbols())
    exact = [each for each in inside if isinstance(each, Quotient)]
    assumed = (str(each) for each in (*shown.conditions, *shown.assumed) if _divides(each, exact))
    return tuple(dict.fromkeys(assumed))


def _divides(condition: Condition, exact: list[Quotient]) -> bool:
    return any(condition.left == each.numerator and each in condition.right.symbols() for each in exact)
