"""The formulas of a whole spec: call after call, in the order of its rows, and their sums.

What comes out of a call goes into the next one as formulas. Where the number of layers depends on a dim,
the sums are those of specs with other numbers of layers, and interpolated as everything else.
"""

from collections.abc import Callable, Collection, Mapping

from seqshape.algebra import Polynomial, Symbol, constant, symbol
from seqshape.algebra.fitting import Fit
from seqshape.algebra.interpolation import interpolated
from seqshape.engine.question import Ask, Facts, OutOfTime, World
from seqshape.engine.tensors import Output
from seqshape.formulas import (
    Condition,
    Counts,
    Formulas,
    LayerFormulas,
    OutputFormula,
    Values,
    WeightFormula,
    counted,
    summed,
)
from seqshape.frozen import frozen
from seqshape.graph import Graph, Node, owner_of
from seqshape.report import Row
from seqshape.spec import Spec
from seqshape.symbolic.solving import Solution, Solver
from seqshape.symbolic.templates import (
    Axes,
    SizedCall,
    SizedGiven,
    SizedQuestion,
    SizedTensor,
    Text,
    Writer,
)
from seqshape.symbolic.variables import Variables

_MOST_EARLIER = 8
"""Earlier calls of a shared layer that are asked again with each size; with more, a call is asked alone."""
_COPIES = (2, 3, 4)
"""Values of a dim that says how often a block is repeated; the sums are at most quadratic in it."""
_MORE_COPIES = (5, 7)
_MOST_STRUCTURAL = 2


@frozen
class Built:
    """A spec with its graph and rows: all that was asked of Keras."""

    spec: Spec
    graph: Graph
    rows: tuple[Row, ...]


Resized = Callable[[Mapping[str, int]], Built | None]
"""Gives a spec again with other sizes for dims; None where it has faults then."""


@frozen
class Solved:
    """The formulas of a spec, and what they were found with.

    `questions` are the calls by the index of their node, with the equations in them that must hold for
    other sizes to fit; `values` are the sizes of the variables, made-up ones among them. On those that are
    `structural` the number of calls depends.
    """

    formulas: Formulas
    questions: dict[int, SizedQuestion]
    values: dict[str, int]
    by_dims: bool
    structural: tuple[str, ...] = ()


def formulas(built: Built, ask: Ask, resized: Resized | None = None) -> Formulas:
    """The formulas of a spec, as `solved` finds them."""
    return solved(built, ask, resized).formulas


def solved(
    built: Built, ask: Ask, resized: Resized | None = None, only: Collection[str] | None = None
) -> Solved:
    """The formulas of a spec whose layers Keras was asked about.

    Args:
        built: the spec.
        ask: answers questions.
        resized: gives the spec with other sizes; None where it has no dims.
        only: the dims that formulas are over; None for all.

    Where there is no time left to ask, what was found until then is told, as `late`.

    """
    solver = Solver(ask)
    variables = Variables(built.spec, built.graph, only)
    whole = _Whole(built, variables, solver)
    layers = whole.layers()
    sums: Counts | None = summed(layers)
    structural = variables.structural(built.graph)
    late = whole.late
    if structural or late:
        sums = None
    if structural and not late and resized is not None and len(structural) <= _MOST_STRUCTURAL:
        try:
            sums = _over_copies(structural, variables, resized, solver, layers, only)
        except OutOfTime:
            late = True
    used = _used(layers, variables)
    shown = {name: size for name, size in variables.shown.items() if name in used}
    found = Formulas(shown, layers, sums, tuple(whole.conditions.values()), tuple(whole.uneven), late=late)
    return Solved(found, whole.questions, variables.values, variables.by_dims, structural)


def _used(layers: tuple[LayerFormulas | None, ...], variables: Variables) -> frozenset[str]:
    """The variables to show: all dims; of other sizes those that change something."""
    if variables.by_dims:
        return frozenset(variables.shown)
    axes = (axis for layer in layers if layer is not None for axis in layer.sizes())
    return frozenset().union(*(axis.names() for axis in axes))


def _over_copies(
    structural: tuple[str, ...],
    variables: Variables,
    resized: Resized,
    solver: Solver,
    layers: tuple[LayerFormulas | None, ...],
    only: Collection[str] | None,
) -> Counts | None:
    """The sums where the number of layers depends on some dims; None where they have no formula."""

    def sums(point: Mapping[Symbol, int]) -> Counts:
        sizes = {str(each): size for each, size in point.items()}
        again = resized(sizes)
        if again is None:
            raise LookupError
        found = summed(_Whole(again, Variables(again.spec, again.graph, only), solver).layers())
        return _at(found, sizes)

    known: dict[tuple[int, ...], Counts] = {}

    def counted(point: Mapping[Symbol, int], which: str) -> Polynomial:
        key = tuple(point[name] for name in structural)
        if key not in known:
            known[key] = sums(point)
        found: Polynomial = getattr(known[key], which)
        return found

    def formula(which: str) -> Polynomial:
        grid: dict[Symbol, tuple[int, ...]] = dict.fromkeys(structural, _COPIES)
        found = interpolated(grid, lambda point: counted(point, which))
        for size in _MORE_COPIES:
            point: dict[Symbol, int] = dict.fromkeys(structural, size)
            numbers = {each: constant(value) for each, value in point.items()}
            if found.substitute(numbers) != counted(point, which):
                raise LookupError
        return found

    try:
        found = Counts(formula("params"), formula("trainable_params"), formula("weight_bytes"))
    except LookupError:
        return None
    own = {name: variables.values[name] for name in structural}
    return found if _at(found, own) == _at(summed(layers), own) else None


def _at(counts: Counts, sizes: Mapping[str, int]) -> Counts:
    numbers: dict[Symbol, Polynomial] = {name: constant(size) for name, size in sizes.items()}
    return Counts(
        counts.params.substitute(numbers),
        counts.trainable_params.substitute(numbers),
        counts.weight_bytes.substitute(numbers),
    )


class _Whole:
    """One spec."""

    def __init__(self, built: Built, variables: Variables, solver: Solver) -> None:
        self.conditions: dict[tuple[Polynomial, Polynomial], Condition] = {}
        self.uneven: list[Values] = []
        self._built = built
        self._graph = built.graph
        self._variables = variables
        self._solver = solver
        self._writer = Writer(built.graph, variables)
        self._outputs: dict[int, tuple[tuple[str, SizedTensor], ...]] = {}
        self._calls: dict[int, list[SizedCall]] = {}
        self._met: set[Symbol] = set()
        self.questions: dict[int, SizedQuestion] = {}
        self.late = False
        self._members: dict[int, list[Node]] = {}
        for node in built.graph.nodes:
            if node.group is not None:
                self._members.setdefault(node.group, []).append(node)
        settings = built.spec.settings
        self._world = World(
            *(
                None if word is None else word.text
                for word in (settings.floatx, settings.image_data_format, settings.dtype_policy)
            )
        )

    def layers(self) -> tuple[LayerFormulas | None, ...]:
        """The formulas of every row; None from the first one on for which there is no time."""
        found: list[LayerFormulas | None] = []
        try:
            for node in self._graph.nodes:
                found.append(self._layer(node))  # noqa: PERF401
        except OutOfTime:
            self.late = True
        return (*found, *[None] * (len(self._graph.nodes) - len(found)))

    def _layer(self, node: Node) -> LayerFormulas | None:
        row = self._built.rows[node.index]
        if row.status != "ok":
            return None
        while True:
            question = self._question(node, row)
            symbols = question.symbols()
            base = {each: int(symbol(each).evaluate(self._variables.values)) for each in symbols}
            optional = frozenset[Symbol]() if self._variables.by_dims else self._own(symbols)
            solution = self._solver.solve(question, base, optional)
            if solution is None or not solution.dropped:
                break
            for each in solution.dropped:
                self._variables.drop(str(each))
        if node.group is not None and solution is not None:
            self._calls.setdefault(node.group, []).append(question.calls[-1])
        self._met.update(symbols)
        equal = {each.symbols()[0]: right for each, right in (() if solution is None else solution.equal)}
        self.questions[node.index] = question.changed(lambda formula: formula.substitute(equal))
        found = self._as_asked(node, row) if solution is None else self._solved(node, row, solution)
        for left, right in () if solution is None else solution.equal:
            self.conditions.setdefault((left, right), Condition(row.path, left, right))
        return found

    def _own(self, symbols: tuple[Symbol, ...]) -> frozenset[Symbol]:
        """The variables that no formula has yet."""
        return frozenset(
            each for each in symbols if each in self._variables.shown and each not in self._met
        )

    # Questions.

    def _question(self, node: Node, row: Row) -> SizedQuestion:
        given = tuple(
            SizedGiven(
                fed.parameter,
                tuple(self._outputs[read.source][read.output][1] for read in fed.tensors),
                fed.listed,
            )
            for fed in row.fed
        )
        keywords = self._writer.keywords(node)
        if node.group is None:
            call = SizedCall(self._writer.layer(node), given, keywords)
            return SizedQuestion((), (call,), self._world)
        reuse = Text(f'{{"reuse": "{owner_of(node, self._graph).path}"}}')
        shared = tuple(
            (member.path, self._writer.layer(member))
            for member in self._members[node.group]
            if member.entry.reuse is None and member.entry.type is not None
        )
        call = SizedCall(reuse, given, keywords)
        earlier = [each for each in dict.fromkeys(self._calls.get(node.group, ())) if each != call]
        if len(earlier) > _MOST_EARLIER:
            earlier = []
        return SizedQuestion(shared, (*earlier, call), self._world)

    # Answers.

    def _solved(self, node: Node, row: Row, solution: Solution) -> LayerFormulas:
        fits = iter(zip(solution.fits, _named(solution.facts, row), strict=True))
        outputs: list[OutputFormula] = []
        tensors: list[tuple[str, SizedTensor]] = []
        for output, own in zip(solution.facts.outputs, row.outputs, strict=True):
            shape = tuple(
                None if size is None else self._axis(*next(fits), size, row) for size in output.tensor.shape
            )
            mask: Axes | None = None
            if output.tensor.mask is not None:
                mask = tuple(
                    None if size is None else self._axis(*next(fits), size, row)
                    for size in output.tensor.mask
                )
            tensors.append((own.name, _tensor(own, shape, mask)))
            outputs.append(OutputFormula(own.name, shape))
        self._outputs[node.index] = tuple(tensors)
        weights = [
            tuple(self._axis(*next(fits), size, row) for size in weight.shape)
            for weight in solution.facts.weights
        ]
        named = dict(zip((weight.name for weight in solution.facts.weights), weights, strict=True))
        return _layer(row, outputs, named)

    def _axis(self, fit: Fit, name: str, size: int, row: Row) -> Polynomial:
        """The formula of a size; where it has none, it is a variable from here on."""
        if fit.formula is not None:
            return fit.formula
        if name not in self._variables.values:
            self._variables.values[name] = size
            along = tuple((symbol(each), pairs) for each, pairs in fit.seen)
            self.uneven.append(Values(name, row.path, size, along))
        return symbol(name)

    def _as_asked(self, node: Node, row: Row) -> LayerFormulas:
        """What Keras said with the sizes of the spec alone."""
        outputs = tuple(
            (output.name, tuple(None if size is None else constant(size) for size in output.tensor.shape))
            for output in row.outputs
        )
        self._outputs[node.index] = tuple(
            (name, _tensor(output, shape, _numbers(output.tensor.mask)))
            for output, (name, shape) in zip(row.outputs, outputs, strict=True)
        )
        return _layer(row, [OutputFormula(name, shape) for name, shape in outputs], {})


def _layer(
    row: Row, outputs: list[OutputFormula], shapes: Mapping[str, tuple[Polynomial, ...]]
) -> LayerFormulas:
    """The formulas of a row: `shapes` are those of its weights, by name."""
    weights = tuple(
        WeightFormula(
            weight.name,
            shapes.get(weight.name, tuple(map(constant, weight.shape))),
            weight.itemsize,
            weight.trainable,
        )
        for weight in row.weights
    )
    return LayerFormulas(row.path, tuple(outputs), weights, counted(weights))


def _numbers(shape: tuple[int | None, ...] | None) -> Axes | None:
    return None if shape is None else tuple(None if size is None else constant(size) for size in shape)


def _tensor(output: Output, shape: Axes, mask: Axes | None) -> SizedTensor:
    return SizedTensor(shape, output.tensor.dtype, mask, output.tensor.sparse)


def _named(facts: Facts, row: Row) -> list[str]:
    """A name for every size in the facts, for where it has no formula: `conv[1]`, `enc.state[1]`."""
    names: list[str] = []
    for output in facts.outputs:
        base = row.path if len(facts.outputs) == 1 else f"{row.path}.{output.name}"
        for shape in (output.tensor.shape, output.tensor.mask or ()):
            names.extend(f"{base}[{axis}]" for axis, size in enumerate(shape) if size is not None)
    for weight in facts.weights:
        names.extend(f"{row.path}.{weight.name}[{axis}]" for axis in range(len(weight.shape)))
    return names
