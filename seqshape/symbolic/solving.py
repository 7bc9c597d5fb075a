"""Formulas for one call: its question is asked with other sizes until they are known.

Where no other size fits, equations between sizes are guessed and tried. Equal questions, whatever their
sizes are called, are solved once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from seqshape.algebra import Polynomial, Symbol, constant, symbol
from seqshape.algebra.fitting import Fit, Fitting, Sizes
from seqshape.engine.question import Ask, Facts
from seqshape.frozen import frozen
from seqshape.symbolic.equalities import guesses
from seqshape.symbolic.templates import NoPoint, SizedQuestion

_LARGE = 256


@frozen
class Solution:
    """What was found of a call.

    `fits` are of the sizes in the `facts`, in the order of `sizes_of`. `equal` are the equations without
    which no other sizes fit, `dropped` the symbols that were taken as numbers.
    """

    facts: Facts
    fits: tuple[Fit, ...]
    equal: tuple[tuple[Polynomial, Polynomial], ...]
    dropped: tuple[Symbol, ...]


def sizes_of(facts: Facts) -> Sizes:
    """Every known size in the facts: outputs with their masks, then weights."""
    found: list[int] = []
    for output in facts.outputs:
        found.extend(size for size in output.tensor.shape if size is not None)
        found.extend(size for size in output.tensor.mask or () if size is not None)
    for weight in facts.weights:
        found.extend(weight.shape)
    return tuple(found)


def _form(facts: Facts) -> object:
    """All that must be the same at other sizes."""
    return (
        tuple(
            (
                output.name,
                output.tensor.dtype,
                output.tensor.sparse,
                tuple(size is None for size in output.tensor.shape),
                None if output.tensor.mask is None else tuple(size is None for size in output.tensor.mask),
            )
            for output in facts.outputs
        ),
        tuple((weight.name, weight.dtype, weight.trainable, len(weight.shape)) for weight in facts.weights),
    )


class Solver:
    """Solves questions, and remembers solutions."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._known: dict[object, Solution | None] = {}
        self._solved: dict[object, Solution | None] = {}

    def solve(
        self, question: SizedQuestion, base: Mapping[Symbol, int], optional: frozenset[Symbol]
    ) -> Solution | None:
        """The formulas of a call; None where Keras refuses it.

        Args:
            question: the call.
            base: the size of each symbol in it.
            optional: symbols that may be taken as numbers: what nobody named a dim may be no size at all.

        """
        raw = (question, tuple(base.items()), optional)
        if raw not in self._known:
            self._known[raw] = self._solution(question, base, optional)
        return self._known[raw]

    def _solution(
        self, question: SizedQuestion, base: Mapping[Symbol, int], optional: frozenset[Symbol]
    ) -> Solution | None:
        """The formulas of a call, from those of one whose sizes only have other names."""
        symbols = question.symbols()
        plain: dict[Symbol, Polynomial] = {}
        names: dict[Symbol, Polynomial] = {}
        for number, each in enumerate(symbols):
            plain[each], names[f"x{number}"] = symbol(f"x{number}"), symbol(each)
        renamed = _substituted(question, plain)
        values = {name: base[_only(each)] for name, each in names.items()}
        free = frozenset(name for name, each in names.items() if _only(each) in optional)
        key = (renamed, tuple(values.items()), free)
        if key not in self._solved:
            self._solved[key] = self._new(renamed, values, free)
        solution = self._solved[key]
        return None if solution is None else _renamed(solution, names)

    def _new(
        self, question: SizedQuestion, values: dict[Symbol, int], free: frozenset[Symbol]
    ) -> Solution | None:
        """The formulas of a call that nobody asked about: found at smaller sizes, where that is as good."""
        facts = _facts(self._ask, question, values)
        if facts is None:
            return None
        smaller = {each: _smaller(size) for each, size in values.items()}
        if smaller != values:
            found = _Solving(self._ask, question, smaller, free, _form(facts)).solution()
            if found is not None and _agrees(found, values, facts):
                return replace(found, facts=facts)
        return _Solving(self._ask, question, values, free, _form(facts)).solution()


def _smaller(size: int) -> int:
    """A size that is asked about in the place of a large one: what is equal stays so."""
    while size >= _LARGE and size % 2 == 0:
        size //= 2
    return size


def _agrees(solution: Solution, values: Mapping[Symbol, int], facts: Facts) -> bool:
    """Whether a solution that was found at other sizes gives the spec's own."""
    formulas = tuple(fit.formula for fit in solution.fits)
    given = tuple(None if formula is None else formula.at(values) for formula in formulas)
    return given == sizes_of(facts) and all(
        left.at(values) == right.at(values) for left, right in solution.equal
    )


def _substituted(question: SizedQuestion, values: Mapping[Symbol, Polynomial]) -> SizedQuestion:
    return question.changed(lambda formula: formula.substitute(values))


def _only(polynomial: Polynomial) -> Symbol:
    return polynomial.symbols()[0]


def _renamed(solution: Solution, names: Mapping[Symbol, Polynomial]) -> Solution:
    return Solution(
        solution.facts,
        tuple(
            Fit(
                None if fit.formula is None else fit.formula.substitute(names),
                tuple(_only(names[each]) for each in fit.uneven),
                tuple((_only(names[each]), pairs) for each, pairs in fit.seen),
            )
            for fit in solution.fits
        ),
        tuple((left.substitute(names), right.substitute(names)) for left, right in solution.equal),
        tuple(_only(names[each]) for each in solution.dropped),
    )


class _Solving:
    """One question."""

    def __init__(
        self,
        ask: Ask,
        question: SizedQuestion,
        base: dict[Symbol, int],
        optional: frozenset[Symbol],
        form: object,
    ) -> None:
        self._ask = ask
        self._form = form
        self._question = question
        self._base = base
        self._optional = optional
        self._equal: dict[Symbol, Polynomial] = {}
        self._dropped: list[Symbol] = []

    def solution(self) -> Solution | None:
        """What is found near the sizes in `base`; None where they are refused, or give something else."""
        facts = _facts(self._ask, self._question, self._base)
        if facts is None or _form(facts) != self._form:
            return None
        fitting = self._fitting(self._question, self._base)
        while stuck := fitting.stuck():
            fitting = self._freed(stuck) or self._held(stuck)
        fits = fitting.fits()
        while no_size := self._no_sizes(fits):
            fitting = self._dropping(no_size)
            fits = fitting.fits()
        fits = tuple(replace(fit, seen=() if fit.formula else fit.seen) for fit in fits)
        equal = tuple((symbol(left), right) for left, right in self._equal.items())
        return Solution(facts, fits, equal, tuple(self._dropped))

    def _no_sizes(self, fits: tuple[Fit, ...]) -> tuple[Symbol, ...]:
        """The optional symbols along which something has no formula."""
        found = (each for fit in fits if fit.formula is None for each in fit.uneven)
        return tuple(each for each in dict.fromkeys(found) if each in self._optional)

    def _freed(self, stuck: tuple[Symbol, ...]) -> Fitting | None:
        """Makes sizes equal so that one that is stuck can move; None where no guess does that."""
        for guess in guesses(self._question, self._base, set(stuck)):
            question = _substituted(self._question, guess)
            base = {each: size for each, size in self._base.items() if each not in guess}
            fitting = self._fitting(question, base)
            moved = {each for right in guess.values() for each in right.symbols()}
            if all(fitting.line(each).moves for each in moved):
                equal = {left: right.substitute(guess) for left, right in self._equal.items()}
                self._equal = {**equal, **guess}
                self._question, self._base = question, base
                return fitting
        return None

    def _held(self, stuck: tuple[Symbol, ...]) -> Fitting:
        """Takes symbols that are stuck as the numbers that they are; first those that may be no sizes."""
        free = tuple(each for each in stuck if each in self._optional)
        if free:
            return self._dropping(free)
        self._equal.update({each: constant(self._base[each]) for each in stuck})
        return self._without(stuck)

    def _dropping(self, symbols: tuple[Symbol, ...]) -> Fitting:
        self._dropped.extend(symbols)
        return self._without(symbols)

    def _without(self, symbols: Iterable[Symbol]) -> Fitting:
        """Puts numbers in the place of symbols."""
        numbers = {each: constant(self._base[each]) for each in symbols}
        self._question = _substituted(self._question, numbers)
        self._equal = {left: right.substitute(numbers) for left, right in self._equal.items()}
        self._base = {each: size for each, size in self._base.items() if each not in numbers}
        return self._fitting(self._question, self._base)

    def _fitting(self, question: SizedQuestion, base: Mapping[Symbol, int]) -> Fitting:
        def ask(point: dict[Symbol, int]) -> Sizes | None:
            facts = _facts(self._ask, question, point)
            return None if facts is None or _form(facts) != self._form else sizes_of(facts)

        return Fitting(ask, base)


def _facts(ask: Ask, question: SizedQuestion, values: Mapping[Symbol, int]) -> Facts | None:
    """What Keras says of a call at some sizes; None where it refuses."""
    try:
        answer = ask(question.filled(values))
    except NoPoint:
        return None
    return answer if isinstance(answer, Facts) else None
