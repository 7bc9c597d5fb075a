"""What each call of a spec multiplies, as formulas: asked at small sizes, so that no large one is traced.

Beside the dims each axis of what goes in between the batch and the last is moved by itself, which shows
whether the work is done once a step. The formulas are found as those of shapes are, by interpolation.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from seqshape.algebra import Polynomial, Quotient, Symbol, constant, symbol
from seqshape.algebra.fitting import Fitting, Sizes
from seqshape.algebra.polynomial import names_of
from seqshape.costs import BATCH, STEPS, LayerCost, PerStep, at
from seqshape.engine.question import AskCost, Cost, OutOfTime, Refusal
from seqshape.frozen import frozen
from seqshape.report import Row
from seqshape.symbolic.templates import Axes, NoPoint, SizedQuestion, whole
from seqshape.symbolic.whole import Built, Solved

_SMALL = (12, 48)
"""Above these sizes another one is asked about at first, then at the second try; then the spec's own."""
_SAMPLES, _LENGTH = 2, 6
_FEW_VALUES, _MOST_TRIES = 5, 4
"""Values that are asked about of each size, one more at each try."""


def costs(
    built: Built,
    solved: Solved,
    ask: AskCost,
    length: int | None,
    *,
    short: bool = True,
    late: bool = False,
) -> tuple[LayerCost | None, ...]:
    """What each row multiplies; None for rows that are no calls, or were refused.

    Args:
        built: the spec.
        solved: its formulas.
        ask: answers what a call multiplies.
        length: the size of axes and dims of unknown size; None where it is not known.
        short: whether formulas are shortened by what divides in this spec, which is not so in others.
        late: whether calls for which there is no time are told as such.

    Raises:
        OutOfTime: there is no time for a call, and nobody wants that to be told.

    """
    costing = _Costing(solved, ask, length, short, late)
    return tuple(
        costing.row(row, solved.questions[number])
        if row.status == "ok" and row.fed and number in solved.questions
        else None
        for number, row in enumerate(built.rows)
    )


@frozen
class _Found:
    """What is known of a question: `formula` over its symbols, and over those that its axes have.

    `held` are the symbols that could not be moved: the formula is right for their own size alone.
    """

    formula: Polynomial | None
    uncounted: tuple[str, ...] = ()
    problem: str = ""
    held: tuple[Symbol, ...] = ()


class _Costing:
    """The calls of one spec."""

    def __init__(self, solved: Solved, ask: AskCost, length: int | None, short: bool, late: bool) -> None:
        self._ask = ask
        self._late = late
        self._shortened = short
        self._values: dict[Symbol, int] = {name: size for name, size in solved.values.items()}  # noqa: C416
        shown = solved.formulas.variables
        self._known = {BATCH: 1, **{name: size for name, size in shown.items() if size is not None}}
        self._known.update({each.name: each.size for each in solved.formulas.uneven})
        if length is not None:
            self._known[STEPS] = length
            self._known.update({name: length for name, size in shown.items() if size is None})
        self._numbers = {} if solved.by_dims else {each: constant(n) for each, n in self._values.items()}
        self._met: dict[object, _Found] = {}

    def row(self, row: Row, question: SizedQuestion) -> LayerCost:
        """The cost of one call."""
        try:
            return self._row(row, question)
        except OutOfTime:
            if not self._late:
                raise
            return LayerCost(row.path, problem="there was no time left to count it", late=True)

    def _row(self, row: Row, question: SizedQuestion) -> LayerCost:
        question = question.changed(lambda formula: formula.substitute(self._numbers))
        batch = _fixed_batch(question)
        question, axes = _opened(question)
        found = self._found(question, axes)
        if tied := {each: axes.sizes[each] for each in found.held if each in axes.sizes}:
            question = question.changed(lambda formula: formula.substitute(tied))
            axes = axes.without(tied)
            found = self._found(question, axes)
        if found.problem:
            return LayerCost(row.path, problem=found.problem)
        if found.formula is None:
            number = self._at_once(question, axes, batch)
            problem = "" if number is not None else "it has no formula, and the call is too large to trace"
            return LayerCost(row.path, None, number, (), found.uncounted, problem)
        formula = found.formula if batch is None else found.formula / batch * symbol(BATCH)
        steps = tuple(_per_step(formula, axes))
        formula = formula.substitute(axes.sizes)
        exact = self._exact(formula) if self._shortened else ()
        steps = tuple(
            replace(each, steps=each.steps.reduced(exact), each=each.each.reduced(exact)) for each in steps
        )
        formula = formula.reduced(exact)
        held = frozenset(name for each in found.held for name in names_of(each))
        number = at(formula, self._known)
        return LayerCost(row.path, formula, number, steps, found.uncounted, held=held, exact=exact)

    def _exact(self, formula: Polynomial) -> tuple[Quotient, ...]:
        """The divisions that leave nothing in the spec, for which `N*(D//N)` is shorter as `D`."""
        exact = []
        for each in formula.symbols():
            if isinstance(each, Quotient):
                divisor = at(each.denominator, self._known)
                size = at(each.numerator, self._known)
                shorter = formula.reduced((each,)) != formula
                if divisor and size is not None and size % divisor == 0 and shorter:
                    exact.append(each)
        return tuple(exact)

    def _at_once(self, question: SizedQuestion, axes: "_Axes", batch: int | None) -> int | None:
        """What a sample takes, asked with the sizes of the spec alone."""
        values = dict(self._values)
        values.update((each, size) for each, size in self._known.items())
        if {STEPS} & {name for formula in axes.sizes.values() for name in formula.names()} - values.keys():
            return None
        values.update({each: whole(formula, values) for each, formula in axes.sizes.items()})
        answer = self._cost(question, values)
        return answer.products // (batch or 1) if isinstance(answer, Cost) else None

    def _found(self, question: SizedQuestion, axes: "_Axes") -> _Found:
        """The formula of a question; equal questions are asked once."""
        base = {each: self._base(each, axes) for each in question.symbols()}
        key = (question, tuple(base.items()))
        if key not in self._met:
            self._met[key] = self._new(question, base)
        return self._met[key]

    def _base(self, each: Symbol, axes: "_Axes") -> int:
        if each in (BATCH, STEPS):
            return _SAMPLES if each == BATCH else _LENGTH
        formula = axes.sizes.get(each, symbol(each))
        values: dict[Symbol, int] = {**self._values, STEPS: _LENGTH, BATCH: _SAMPLES}
        return whole(formula, values)

    def _new(self, question: SizedQuestion, own: dict[Symbol, int]) -> _Found:
        problem = ""
        for small in (*_SMALL, None):
            base = {each: size if small is None else _smaller(size, small) for each, size in own.items()}
            if small == _SMALL[1] and base == own:
                continue
            answer = self._cost(question, base)
            if not isinstance(answer, Cost):
                problem = (
                    answer.message if isinstance(answer, Refusal) else "a size in it is no whole number"
                )
                continue
            formula, held = self._fitted(question, base, own)
            if formula is not None or small is None:
                return _Found(formula, answer.uncounted, held=held)
        return _Found(None, problem=problem) if problem else _Found(None)

    def _fitted(
        self, question: SizedQuestion, base: dict[Symbol, int], own: dict[Symbol, int]
    ) -> tuple[Polynomial | None, tuple[Symbol, ...]]:
        """The formula near some sizes, and those that cannot move: they must be the spec's own."""

        def ask(point: dict[Symbol, int]) -> Sizes | None:
            answer = self._cost(question, {**base, **point})
            return (answer.products,) if isinstance(answer, Cost) else None

        found = [ask({BATCH: samples}) for samples in (1, 2, 3)] if BATCH in base else []
        each_alike = all(one and found[0] and one[0] == found[0][0] * n for n, one in enumerate(found, 1))
        if found and each_alike:  # each sample takes the same: one is as good as many
            base = {**base, BATCH: 1}
        for number in range(_MOST_TRIES):
            alone = {each: size for each, size in base.items() if not (each_alike and each == BATCH)}
            fitting = Fitting(ask, alone, _FEW_VALUES + number)
            stuck = fitting.stuck()
            if not any(base[each] != own[each] for each in stuck):
                formula = fitting.fits()[0].formula
                if formula is not None:
                    return formula * symbol(BATCH) if found and each_alike else formula, stuck
                continue
            base = {**base, **{each: own[each] for each in stuck}}
            if ask(base) is None:
                break
        return None, ()

    def _cost(self, question: SizedQuestion, values: Mapping[Symbol, int]) -> Cost | Refusal | None:
        try:
            return self._ask(question.filled(values))
        except NoPoint:
            return None


@frozen
class _Axes:
    """The axes that stand for themselves: by symbol the size in the spec, and which axis it is."""

    sizes: dict[Symbol, Polynomial]
    numbers: dict[Symbol, int]

    def without(self, some: Collection[Symbol]) -> "_Axes":
        """The axes but for some."""
        kept = [each for each in self.sizes if each not in some]
        return _Axes({each: self.sizes[each] for each in kept}, {each: self.numbers[each] for each in kept})


def _opened(question: SizedQuestion) -> tuple[SizedQuestion, _Axes]:
    """A question with a symbol for every axis of the last call between the batch and the last axis.

    Sizes that are equal in the spec have the same symbol. Where an argument of the layer has the same
    formula, it may have to be equal to the axis, and the axis keeps its own.
    """
    *earlier, call = question.calls
    axes = _Axes({}, {})
    written = {size for _, text in question.shared for size in text.sizes}
    written.update((*call.layer.sizes, *call.keywords.sizes))

    def opened(shape: Axes) -> Axes:
        return tuple(_axis(size, number, len(shape), axes, written) for number, size in enumerate(shape))

    given = tuple(
        replace(
            each,
            tensors=tuple(
                replace(
                    tensor,
                    shape=(shape := opened(tensor.shape)),
                    mask=None if tensor.mask is None else shape[: len(tensor.mask)],
                )
                for tensor in each.tensors
            ),
        )
        for each in call.given
    )
    return replace(question, calls=(*earlier, replace(call, given=given))), axes


def _axis(
    size: Polynomial | None, number: int, rank: int, axes: _Axes, written: set[Polynomial]
) -> Polynomial:
    if size is None and number == 0:
        return symbol(BATCH)
    size = symbol(STEPS) if size is None else size
    if not 0 < number < rank - 1 or size.names() & {name for each in written for name in each.names()}:
        return size
    name = next((each for each, known in axes.sizes.items() if known == size), f"axis{len(axes.sizes)}")
    axes.sizes[name] = size
    axes.numbers.setdefault(name, number)
    return symbol(name)


def _fixed_batch(question: SizedQuestion) -> int | None:
    """The number of samples where the spec fixes it."""
    for each in question.calls[-1].given:
        for tensor in each.tensors:
            first = tensor.shape[0] if tensor.shape else None
            if first is not None and first.constant is not None:
                return int(first.constant)
    return None


def _per_step(formula: Polynomial, axes: _Axes) -> list[PerStep]:
    """The axes for each step of which all of the work is done once, the same at each."""
    found: list[PerStep] = []
    for each, number in axes.numbers.items():
        powers = {dict(monomial).get(each, 0) for monomial, _ in formula.terms}
        if powers == {1}:
            alone: dict[Symbol, Polynomial] = {each: constant(1), BATCH: constant(1)}
            rest = formula.substitute(alone).substitute(axes.sizes)
            found.append(PerStep(number, axes.sizes[each], rest))
    return found


def _smaller(size: int, most: int) -> int:
    """A size in the place of a large one: what is equal stays equal, what divides divides still."""
    while size > most and size % 2 == 0:
        size //= 2
    return size if size <= most else _odd(size, most)


def _odd(size: int, most: int) -> int:
    """A smaller size with the same small divisors as an odd one."""
    for divisor in (15, 5, 3):
        if size % divisor == 0:
            return divisor
    return most - 1 if most % 2 == 0 else most
