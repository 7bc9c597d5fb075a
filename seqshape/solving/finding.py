"""The formulas of the quantities that budgets are about, over the one size that is looked for."""

from dataclasses import replace

from seqshape.algebra import Polynomial, Symbol, constant
from seqshape.algebra.fitting import Fitting
from seqshape.algebra.inequalities import Bound
from seqshape.costs import STEPS
from seqshape.formulas import Condition, Counts, Formulas
from seqshape.frozen import frozen
from seqshape.judging import Found as Judged
from seqshape.named_sizes import arguments_sizes
from seqshape.solving.asking import TOO_LONG, Asking, Unanswerable
from seqshape.solving.result import Asked
from seqshape.solving.searching import MOST_ALL
from seqshape.sweeping.result import Combination
from seqshape.sweeping.variants import Variants
from seqshape.sweeping.working import Worker, renamed

_MOST_FITTED = 10
"""Values that a formula is fitted to: each is built, and its work counted."""
_FALLBACKS = (8, 16, 64, 2, 1, 12, 60)
"""Values to find formulas at where the spec does not fit with its own."""


class Unsound(Exception):
    """The spec has an error with every value that was tried; `found` is with its own."""

    def __init__(self, found: Judged) -> None:
        super().__init__("the spec has an error")
        self.found = found


@frozen
class Found:
    """What formulas say: of each budget's quantity over `dim`, None for one that has none.

    `conditions` are what values must fulfil for the spec to fit.
    """

    dim: str
    formulas: tuple[tuple[str, Polynomial | None], ...]
    conditions: tuple[Condition, ...]

    @property
    def depends(self) -> bool:
        """Whether a quantity moves with the size, as far as is known."""
        return any(formula is None or formula.names() for _, formula in self.formulas)

    def bounds(self, asked: Asked) -> tuple[Bound, ...] | None:
        """The budgets as bounds on formulas; None where one has no formula."""
        pairs = zip(asked.budgets, self.formulas, strict=True)
        bounds = tuple(
            Bound(formula, each.limit, asked.most) for each, (_, formula) in pairs if formula is not None
        )
        return bounds if len(bounds) == len(self.formulas) else None

    def agrees(self, value: int, built: Combination) -> bool:
        """Whether Keras says the numbers that the formulas give."""
        return all(
            formula is not None and built.quantity(name) == formula.evaluate({self.dim: value})
            for name, formula in self.formulas
        )

    def allows(self, value: int) -> bool:
        """Whether a value fulfils the conditions that are about it alone."""
        about = (each for each in self.conditions if each.left.names() | each.right.names() <= {self.dim})
        try:
            return all(each.holds({self.dim: value}) for each in about)
        except ZeroDivisionError:
            return False

    def without_formulas(self) -> "Found":
        """What is left where Keras contradicts them."""
        return replace(self, formulas=tuple((name, None) for name, _ in self.formulas))

    def texts(self, variants: Variants) -> tuple[tuple[str, str | None], ...]:
        """The formulas as text, with the user's name of the size."""
        return tuple(
            (name, None if formula is None else str(renamed(formula, variants)))
            for name, formula in self.formulas
        )


def found_formulas(variants: Variants, asked: Asked, asking: Asking) -> Found:
    """The formulas of the quantities, found near a value with which the spec fits.

    Raises:
        WrongWords: the spec's own words are wrong.
        Unsound: it has an error whatever the value is.
        Unanswerable: a quantity depends on a size that is not known, or is not counted.

    """
    value, base = _base(variants, asked, asking)
    dim, sizes = variants.dims[asked.name], asking.sizes(value)
    wanted = {each.quantity for each in asked.budgets}
    formulas = variants.solved(base, sizes, {asked.name}).formulas
    by_name = _totals(formulas, dim)
    if any(by_name[name] is None for name in by_name.keys() & wanted):
        # a quotient by the size shows itself only where the other sizes in it are moved as well
        formulas = _over(variants.solved(base, sizes, None).formulas, dim)
        by_name = _totals(formulas, dim)
    if "macs" in wanted:
        work = _work(variants, asked, base, sizes)
        own = work if work is not None and work.names() <= {dim} else None
        few = (
            asked.last - asked.first < MOST_ALL * asked.multiple
        )  # then all of them are asked about anyway
        by_name["macs"] = own if own is not None or few else _fitted(dim, value, asking)
    over = tuple((each.quantity, by_name[each.quantity]) for each in asked.budgets)
    return Found(dim, over, formulas.conditions)


def _totals(formulas: Formulas, dim: str) -> dict[str, Polynomial | None]:
    """What the whole spec counts, where that is a formula over one dim."""
    totals = formulas.totals
    if totals is None:
        return {"params": None, "bytes": None}
    found = {"params": totals.params, "bytes": totals.weight_bytes}
    return {name: formula if formula.names() <= {dim} else None for name, formula in found.items()}


def _over(formulas: Formulas, dim: str) -> Formulas:
    """Formulas with the numbers of all other dims in their places."""
    others: dict[Symbol, Polynomial] = {
        name: constant(size)
        for name, size in formulas.variables.items()
        if name != dim and size is not None
    }
    totals = formulas.totals
    if totals is not None:
        totals = Counts(
            totals.params.substitute(others),
            totals.trainable_params.substitute(others),
            totals.weight_bytes.substitute(others),
        )
    conditions = tuple(
        replace(each, left=each.left.substitute(others), right=each.right.substitute(others))
        for each in formulas.conditions
    )
    return replace(formulas, totals=totals, conditions=conditions)


def _fitted(dim: str, value: int | None, asking: Asking) -> Polynomial | None:
    """The multiply-accumulates as a formula of some values, where a layer's own have none.

    Work over the axes that a layer reads may follow none, and yet one over the size that is looked for.
    """
    asked: set[int] = set()

    def ask(point: dict[Symbol, int]) -> tuple[int] | None:
        asked.add(point[dim])
        if len(asked) > _MOST_FITTED:
            return None
        number = asking.at(point[dim]).quantity("macs")
        return None if number is None else (number,)

    if value is None or ask({dim: value}) is None:
        return None
    fitting = Fitting(ask, {dim: value})
    if fitting.stuck():
        return None
    formula = fitting.fits()[0].formula
    return None if len(asked) > _MOST_FITTED else formula  # what was not checked is not believed


def _base(variants: Variants, asked: Asked, asking: Asking) -> tuple[int | None, Judged]:
    """A value with which the spec fits, its own if possible."""
    first: Judged | None = None
    for value in dict.fromkeys((variants.own[asked.name], *_FALLBACKS)):
        found = variants.at(asking.sizes(value), trace=False)
        if first is None:
            variants.refuse_wrong_words(found)
            first = found
        if variants.error(found) is None:
            return value, found
    assert first is not None
    # traced for the reader, who is told of it as every other command would
    raise Unsound(variants.at(asking.sizes(variants.own[asked.name]), trace=True))


def _work(
    variants: Variants, asked: Asked, base: Judged, sizes: dict[str, int | None]
) -> Polynomial | None:
    worker = Worker(variants, (asked.name,))
    work = worker.work(base, sizes)
    if work.late:
        raise Unanswerable(TOO_LONG)
    if not work.counted:
        raise Unanswerable("nothing in the model is counted as multiply-accumulates")
    if work.unknown:
        raise Unanswerable(f"not all multiply-accumulates of `{work.unknown[0]}` are known")
    formula = worker.formula()
    if formula is not None and (unknown := formula.names() - {variants.dims[asked.name]}):
        raise Unanswerable(_unknown(min(unknown), variants))
    return formula


def _unknown(name: str, variants: Variants) -> str:
    said = "the multiply-accumulates depend on"
    if name == STEPS and name not in variants.dims.values():
        loaded = variants.loaded
        assert loaded.document is not None
        sizes = arguments_sizes(loaded.spec, loaded.document)
        axes = (each for each, (_, size) in sizes.items() if size is None)
        return f"{said} an axis of unknown size: give it one, as in --set {next(axes, 'H')}=100"
    named = {dim: own for own, dim in variants.dims.items()}.get(name, name)
    return f"{said} `{named}`, which is unknown: give it a size, --set {named}=100"
