"""What combinations multiply: from formulas that were found at one of them, or asked anew where these fail.

Formulas are believed where they give the shapes that Keras said for the combination, and nowhere else.
"""

import time
from collections.abc import Collection

from seqshape import symbolic
from seqshape.algebra import Polynomial, Symbol, constant, symbol
from seqshape.algebra.polynomial import Unknown
from seqshape.costs import BATCH, LayerCost, at, summed
from seqshape.engine.question import OutOfTime
from seqshape.formulas import Formulas, NotFitting
from seqshape.judging import Found
from seqshape.sweeping.result import Work
from seqshape.sweeping.variants import Sizes, Variants, built

PATIENCE = 60.0
"""Seconds that counting the work of one spec may take: Keras unrolls some calls, which takes long."""


class Worker:
    """Tells the work of the combinations of one spec, of which these sizes move.

    Once the time is over that it may take all work is `late`.
    """

    def __init__(self, variants: Variants, moving: Collection[str], patience: float | None = None) -> None:
        self._left = PATIENCE if patience is None else patience
        self._variants = variants
        self._moving = tuple(moving)
        self._solved: symbolic.Solved | None = None
        self._costs: tuple[LayerCost, ...] = ()

    def work(self, found: Found, sizes: Sizes) -> Work:
        """The work of a sound combination."""
        try:
            return self._told(found, sizes)
        except OutOfTime:
            self._left = 0.0
            return Work(None, late=True)

    def _told(self, found: Found, sizes: Sizes) -> Work:
        """The work.

        Raises:
            OutOfTime: it takes too long.

        """
        if self._left <= 0:
            raise OutOfTime
        if self._solved is None:
            self._solved, self._costs = self._asked(found, sizes, self._moving)
        given = {self._variants.dims[name]: size for name, size in sizes.items()}
        if self._believed(found, given):
            known = {name: size for name, size in given.items() if size is not None}
            return self._work(self._costs, known)
        return self._work(self._asked(found, sizes, ())[1], {})

    def formula(self) -> Polynomial | None:
        """The work of one sample over the sizes that move, by their dims; None where it has no formula."""
        if self._solved is None or self._solved.structural or self._held():
            return None
        formula = summed(self._costs).formula
        return None if formula is None else formula.substitute({BATCH: constant(1)})

    def _asked(
        self, found: Found, sizes: Sizes, only: Collection[str]
    ) -> tuple[symbolic.Solved, tuple[LayerCost, ...]]:
        solved = self._variants.solved(found, sizes, only)
        one = built(found, self._variants.spec(sizes))
        engine, start = self._variants.judging.engine, time.monotonic()
        with engine.until(lambda: start + self._left):
            costs = symbolic.costs(one, solved, engine.cost, None, short=False)
        self._left -= time.monotonic() - start
        return solved, tuple(each for each in costs if each is not None)

    def _believed(self, found: Found, given: dict[str, int | None]) -> bool:
        assert self._solved is not None
        base = self._solved.values
        moved = any(given.get(name, base.get(name)) != base.get(name) for name in self._held())
        formula = summed(self._costs).formula
        return formula is not None and not moved and fits(self._solved.formulas, found, given)

    def _held(self) -> frozenset[str]:
        """The dims that move, for whose value at first alone a formula was found."""
        held = frozenset().union(*(each.held for each in self._costs))
        return held & {self._variants.dims[name] for name in self._moving}

    def _work(self, costs: tuple[LayerCost, ...], known: dict[str, int]) -> Work:
        total = summed(costs)
        counted = any(not each.none and not each.problem for each in costs)
        if total.formula is None:
            return Work(total.number, "", counted, total.left_out, total.unknown)
        values: dict[Symbol, Polynomial] = {BATCH: constant(1)}
        values.update({name: constant(size) for name, size in known.items()})
        formula = total.formula.substitute(values)
        number = at(formula, {})
        text = "" if number is not None else self._readable(formula)
        return Work(number, text, counted, total.left_out, total.unknown)

    def _readable(self, formula: Polynomial) -> str:
        """A formula with the user's names for sizes."""
        return str(renamed(formula, self._variants))


def renamed(formula: Polynomial, variants: Variants) -> Polynomial:
    """A formula with the user's names for sizes in the place of dims."""
    return formula.substitute({dim: symbol(name) for name, dim in variants.dims.items() if name != dim})


def fits(formulas: Formulas, found: Found, sizes: Sizes) -> bool:
    """Whether formulas give the shapes and the counts that Keras said; `sizes` are those of dims."""
    assert found.walked is not None
    rows = found.walked.rows
    if formulas.totals is None or len(formulas.layers) != len(rows):
        return False
    unknown: dict[str, int | None] = dict.fromkeys(formulas.variables)
    known = {name: size for name, size in sizes.items() if size is not None}
    plain = Formulas(unknown, formulas.layers, formulas.totals, formulas.conditions, formulas.uneven)
    try:
        told = plain.evaluate({**_fixed(formulas, sizes), **known})
    except (NotFitting, Unknown, ZeroDivisionError):
        return False
    shapes = tuple(tuple(output.tensor.shape for output in row.outputs) for row in rows)
    return told.shapes == shapes and told.params == tuple(row.params for row in rows)


def _fixed(formulas: Formulas, sizes: Sizes) -> dict[str, int]:
    """The variables that do not move, with their own sizes."""
    return {
        name: size for name, size in formulas.variables.items() if name not in sizes and size is not None
    }
