"""What the calls of a spec multiply, as plain values: made by `symbolic`, shown by renderers.

Counted are the products of matrices and convolutions, one for each multiplication and the addition that
goes with it. What is not counted is said, and is no 0.
"""

from collections.abc import Iterable, Iterator, Mapping

from seqshape.algebra import Polynomial, Quotient, total
from seqshape.frozen import frozen
from seqshape.tree import Json

BATCH = "batch"
"""The variable for the number of samples."""
STEPS = "steps"
"""The variable for axes of unknown size that the spec gives no name; they are taken to be equally long."""


@frozen
class PerStep:
    """An axis of what goes in for each step of which the whole work is done once.

    `steps` is the size of the axis, `each` the multiply-accumulates for a step of a sample.
    """

    axis: int
    steps: Polynomial
    each: Polynomial


@frozen
class LayerCost:
    """The multiply-accumulates of one call.

    `formula` is over `BATCH`, `STEPS` and the dims; None where there is none. `number` is what one sample
    takes at the sizes of the spec; None where one of them is not known. `none` says that nothing in it is
    counted; `uncounted` names work that is no element-wise work and is left out. `problem` says why
    nothing is known at all, `late` that it is for want of time. `held` are sizes for whose own value alone
    the formula was found, `exact` the divisions that leave nothing in this spec, for which it is shorter.
    """

    path: str
    formula: Polynomial | None = None
    number: int | None = None
    per_step: tuple[PerStep, ...] = ()
    uncounted: tuple[str, ...] = ()
    problem: str = ""
    held: frozenset[str] = frozenset()
    late: bool = False
    exact: tuple[Quotient, ...] = ()

    @property
    def none(self) -> bool:
        """Whether it is known that no products are in the call."""
        return not self.problem and self.number == 0 and not self.formula

    def to_dict(self) -> Json:
        """The cost as JSON has it: null in place of a number that is not known, or counts nothing."""
        return {
            "multiply_accumulates": None if self.none else self.number,
            "formula": None if self.none or self.formula is None else str(self.formula),
            "per_step": [
                {"axis": each.axis, "steps": str(each.steps), "multiply_accumulates": str(each.each)}
                for each in self.per_step
            ],
            "counted": not self.none and not self.problem,
            "uncounted": list(self.uncounted),
            "problem": self.problem,
            "out_of_time": self.late,
            "holds_where": [*conditions(self.exact)],
        }


@frozen
class CostSum:
    """The sum over calls: its formula and number, None where one of them has none; what it leaves out.

    `late` are calls for which there was no time; the formula is right where the `exact` divisions leave
    nothing.
    """

    formula: Polynomial | None
    number: int | None
    left_out: tuple[str, ...]
    unknown: tuple[str, ...]
    late: tuple[str, ...] = ()
    exact: tuple[Quotient, ...] = ()


def summed(costs: Iterable[LayerCost]) -> CostSum:
    """The sum of the costs that are counted.

    `left_out` are the calls without a product, `unknown` those about which nothing or not all is known.
    """
    given = tuple(costs)
    counted = [each for each in given if not each.none and not each.problem]
    formulas = [each.formula for each in counted if each.formula is not None]
    numbers = [each.number for each in counted if each.number is not None]
    whole = not any(each.late for each in given)
    return CostSum(
        total(formulas) if whole and len(formulas) == len(counted) else None,
        sum(numbers) if whole and len(numbers) == len(counted) else None,
        tuple(each.path for each in given if each.none),
        tuple(each.path for each in given if (each.problem and not each.late) or each.uncounted),
        tuple(each.path for each in given if each.late),
        tuple(dict.fromkeys(quotient for each in counted for quotient in each.exact)),
    )


def conditions(exact: Iterable[Quotient]) -> Iterator[str]:
    """When divisions leave nothing, in words."""
    for each in exact:
        yield f"{each.numerator} is a multiple of {each.denominator}"


def at(formula: Polynomial, sizes: Mapping[str, int]) -> int | None:
    """A formula's value; None where a size in it is not known."""
    if not formula.names() <= sizes.keys():
        return None
    return int(formula.evaluate(sizes))
