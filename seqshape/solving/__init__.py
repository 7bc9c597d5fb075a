"""The largest value of a size that keeps budgets, or the smallest that reaches numbers.

It is worked out from the formulas of the spec, exactly, and built at the value and at the next one. Where a
quantity has no formula, or Keras says another number than the formula, values are asked about one by one.
"""

from collections.abc import Iterable
from dataclasses import replace

from seqshape.algebra.inequalities import Bound, Solutions, scanned, solutions
from seqshape.solving.asking import Asking
from seqshape.solving.finding import Found, found_formulas
from seqshape.solving.fitting import Fitting, falling, nearest
from seqshape.solving.result import Asked, Solution, Status
from seqshape.solving.searching import Search
from seqshape.sweeping.result import Combination
from seqshape.sweeping.variants import Variants
from seqshape.version import __version__

_LOOKED = 100_000
"""Values at which formulas are evaluated where nothing better is known of them."""


def solved(variants: Variants, asked: Asked) -> Solution:
    """The value that is asked for, or why there is none.

    Raises:
        WrongWords: the spec's own words are wrong.
        Unsound: it has an error whatever the value is.
        Unanswerable: a quantity depends on a size that is not known, or is not counted.

    """
    asking = Asking(variants, asked)
    return _Solving(variants, asked, asking, found_formulas(variants, asked, asking)).solution()


class _Solving:
    """One question, with what formulas say of it."""

    def __init__(self, variants: Variants, asked: Asked, asking: Asking, found: Found) -> None:
        self._variants = variants
        self._asked = asked
        self._asking = asking
        self._found = found
        self._cut = False

    def solution(self) -> Solution:
        """What came of it."""
        bounds = self._found.bounds(self._asked)
        if bounds is not None:
            dim, asked = self._found.dim, self._asked
            found = solutions(bounds, dim, asked.low, asked.high, asked.multiple)
            if found is None:
                asked = self._within_reach()
                found = scanned(bounds, dim, asked.low, asked.high, asked.multiple)
            if (answer := self._exact(found, bounds)) is not None:
                return answer
            self._found = self._found.without_formulas()
        return self._searched()

    def _within_reach(self) -> Asked:
        """The question about the values that can be looked at one by one."""
        furthest = self._asked.low + _LOOKED * self._asked.multiple
        if furthest < self._asked.high:
            self._cut = True
            self._asked = replace(self._asked, high=furthest, ended=True)
        return self._asked

    def _exact(self, found: Solutions, bounds: tuple[Bound, ...]) -> Solution | None:
        """The answer that formulas give, built; None where Keras says other numbers than they."""
        asked = self._asked
        number = found.count(asked.first, asked.last)
        if not number:
            return self._nothing(bounds)
        everything = number == (asked.last - asked.first) // asked.multiple + 1
        if everything and (not self._found.depends or (asked.most and not asked.ended)):
            return self._made("any", extreme=self._asking.at(asked.first))
        fitting = Fitting(self._asking, found, self._found.allows, asked.most)
        value = fitting.best()
        if value is None:
            return self._made("unfit", refused=fitting.refused())
        if not self._found.agrees(value, self._asking.at(value)):
            return None
        near = (asked.first, value) if asked.most else (value, asked.last)
        whole = found.count(*near) == (near[1] - near[0]) // asked.multiple + 1
        return self._answer(value, fitting.refused(), gaps=not whole)

    def _nothing(self, bounds: tuple[Bound, ...]) -> Solution | None:
        """That no value will do, with the nearest one; None where Keras contradicts the formulas."""
        value = nearest(self._asking, self._asked, bounds, self._found.dim)
        if value is None:
            return self._made("none")
        built = self._asking.at(value)
        return self._made("none", extreme=built) if self._found.agrees(value, built) else None

    def _searched(self) -> Solution:
        """The answer that asking value by value gives."""
        asked = self._asked
        search = Search(self._asking, asked)
        search.run()
        value = search.value
        if value is not None:
            return self._answer(value, search.refused(), gaps=False)
        known = [each for each, held in search.held.items() if held is not None]
        if not known:
            return self._made("unfit", refused=search.refused())
        near = min(map(self._asking.at, known), key=lambda each: asked.distance(each) or 0)
        return self._made("none", extreme=near)

    def _falling(self) -> tuple[str, ...]:
        if self._found.bounds(self._asked) is None or self._asked.first < 1:
            return self._asking.falling()
        return falling(self._asked, self._found.formulas, self._found.dim)

    def _answer(self, value: int, refused: Iterable[Combination], *, gaps: bool) -> Solution:
        asked = self._asked
        beyond = value + asked.multiple if asked.most else value - asked.multiple
        inside = asked.first <= beyond <= asked.last
        return self._made(
            "found",
            answer=self._asking.at(value),
            beyond=self._asking.at(beyond) if inside else None,
            refused=tuple(refused),
            gaps=gaps,
        )

    def _made(
        self,
        status: Status,
        *,
        answer: Combination | None = None,
        beyond: Combination | None = None,
        refused: tuple[Combination, ...] = (),
        extreme: Combination | None = None,
        gaps: bool = False,
    ) -> Solution:
        judging = self._variants.judging
        return Solution(
            __version__,
            judging.engine.catalogue().keras,
            self._variants.loaded.text.path,
            self._variants.loaded.spec.name,
            self._asked,
            status,
            self._found.texts(self._variants),
            answer,
            beyond,
            refused,
            extreme,
            gaps,
            self._found.depends,
            self._asking.built,
            self._falling(),
            self._cut,
        )
