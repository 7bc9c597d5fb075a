"""What is said of formulas below a table: the sizes, the sums, where they hold, what has none."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from seqshape.render._surface import printable
from seqshape.wording import count

if TYPE_CHECKING:
    from seqshape.algebra import Polynomial
    from seqshape.formulas import Formulas, Values

MOST_TERMS = 40
"""Terms of a sum that a reader is shown."""
_MOST_CONDITIONS = 12
_MOST_VALUES = 6


def sums(formulas: "Formulas") -> Iterator[tuple[str, str]]:
    """The sums of a whole spec, each with its label."""
    if formulas.late:
        found = sum(layer is not None for layer in formulas.layers)
        yield (
            "Parameters",
            f"no formula in time: {found:,} of {count(len(formulas.layers), 'layer')} have one",
        )
        return
    if formulas.totals is None:
        yield "Parameters", "no formula was found: the number of layers changes with a dim"
        return
    totals = formulas.totals
    yield "Parameters", _sum(totals.params)
    if totals.non_trainable_params:
        yield "Trainable", _sum(totals.trainable_params)


def notes(formulas: "Formulas") -> Iterator[tuple[str, str]]:
    """What a reader must know of the formulas, each with its label."""
    sizes = (f"{name}={'null' if size is None else size}" for name, size in formulas.variables.items())
    if formulas.variables:
        yield "Sizes", printable(", ".join(sizes))
    conditions = [
        f"{each}{f' (for {each.layer})' if each.layer else ''}"
        for each in (*formulas.conditions, *formulas.assumed)
    ]
    for said in conditions[:_MOST_CONDITIONS]:
        yield "Holds where", printable(said)
    if len(conditions) > _MOST_CONDITIONS:
        yield "Holds where", f"… and {count(len(conditions) - _MOST_CONDITIONS, 'condition')} more"
    for each in formulas.uneven:
        yield "No polynomial", printable(_values(each))


def _sum(formula: "Polynomial") -> str:
    if len(formula.terms) > MOST_TERMS:
        return f"a sum of {count(len(formula.terms), 'term')}, which --format json shows"
    return printable(str(formula))


def _values(each: "Values") -> str:
    """`pool[1] = 8; for T = 64, 65, 66 it is 8, 8, 8`."""
    text = f"{each.name} = {each.size:,}"
    for size, pairs in each.along:
        shown = pairs[:_MOST_VALUES]
        given, came = (", ".join(f"{pair[side]:,}" for pair in shown) for side in (0, 1))
        text += f"; for {size} = {given} it is {came}"
    return text
