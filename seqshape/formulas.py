"""What is known of a spec's sizes as formulas: plain values, made by `symbolic`, shown by renderers.

A formula is a polynomial over the spec's dims, or over its own sizes where it names none. A size that
has no formula is a variable itself, with the values that were seen.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import prod

from seqshape.algebra import Polynomial, Quotient, constant, symbol, total
from seqshape.frozen import frozen
from seqshape.tree import Json

Axis = Polynomial | None
"""The size of an axis; None for an unknown one."""


class NotFitting(ValueError):
    """The spec does not fit these sizes; `condition` is what does not hold."""

    def __init__(self, condition: "Condition") -> None:
        super().__init__(f"`{condition.layer}` fits only where {condition}")
        self.condition = condition


def _formula(formula: Polynomial) -> Json:
    """A formula as text and as terms."""
    return {"formula": str(formula), "terms": formula.to_json()}


def _shape(axes: tuple[Axis, ...]) -> Json:
    """A shape with numbers, texts of formulas, and null for unknown axes."""
    return [
        None if axis is None else str(axis) if axis.constant is None else int(axis.constant)
        for axis in axes
    ]


@frozen
class OutputFormula:
    """One output of a call, by name, with its shape."""

    name: str
    shape: tuple[Axis, ...]


@frozen
class WeightFormula:
    """One weight; `itemsize` is the bytes of one element."""

    name: str
    shape: tuple[Polynomial, ...]
    itemsize: int
    trainable: bool

    @property
    def elements(self) -> Polynomial:
        """The number of its elements."""
        return prod(self.shape, start=constant(1))


@frozen
class Condition:
    """An equation that held wherever a call was seen to fit: `left` is one size, `right` its formula."""

    layer: str
    left: Polynomial
    right: Polynomial

    def __str__(self) -> str:
        if (divisor := self._divisor()) is not None:
            return f"{self.left} is a multiple of {divisor}"
        return f"{self.left} = {self.right}"

    def _divisor(self) -> Polynomial | None:
        """What `left` is a multiple of, where that is what is said: `T = 2*(T//2)`."""
        for each in self.right.symbols():
            if not isinstance(each, Quotient) or each.numerator != self.left:
                continue
            if self.right == each.denominator * symbol(each):
                return each.denominator
        return None

    def to_dict(self) -> Json:
        """The condition as JSON has it."""
        return {"layer": self.layer, "left": str(self.left), "right": str(self.right)}

    def holds(self, values: Mapping[str, int]) -> bool:
        """Whether it is true for these values of the variables."""
        return self.left.evaluate(values) == self.right.evaluate(values)


@frozen
class Values:
    """A size that has no formula: its name in others' formulas, its own size, and what it was seen to be.

    `along` are the sizes that it depends on, as formulas, each with pairs of its value and what came.
    """

    name: str
    layer: str
    size: int
    along: tuple[tuple[Polynomial, tuple[tuple[int, int], ...]], ...]

    def to_dict(self) -> Json:
        """The values as JSON has them."""
        along: list[Json] = [
            {"size": str(size), "values": [list(pair) for pair in pairs]} for size, pairs in self.along
        ]
        return {"name": self.name, "layer": self.layer, "size": self.size, "along": along}


@frozen
class Counts:
    """Sums over weights, as formulas."""

    params: Polynomial
    trainable_params: Polynomial
    weight_bytes: Polynomial

    @property
    def non_trainable_params(self) -> Polynomial:
        """Parameters that training leaves alone."""
        return self.params - self.trainable_params

    def to_dict(self) -> Json:
        """The sums as JSON has them."""
        return {
            "params": _formula(self.params),
            "trainable_params": _formula(self.trainable_params),
            "non_trainable_params": _formula(self.non_trainable_params),
            "weight_bytes": _formula(self.weight_bytes),
        }


@frozen
class LayerFormulas:
    """One call: its row's path, the shapes of its outputs, its weights, and what these add to the whole."""

    path: str
    outputs: tuple[OutputFormula, ...]
    weights: tuple[WeightFormula, ...]
    counts: Counts

    def to_dict(self) -> Json:
        """The formulas as JSON has them, beside the numbers of the row."""
        return {
            "outputs": [{"name": each.name, "shape": _shape(each.shape)} for each in self.outputs],
            "weights": [{"name": each.name, "shape": _shape(each.shape)} for each in self.weights],
            "params": _formula(self.counts.params),
            "trainable_params": _formula(self.counts.trainable_params),
        }

    def sizes(self) -> Iterator[Polynomial]:
        """The formulas of all axes."""
        for output in self.outputs:
            yield from (axis for axis in output.shape if axis is not None)
        for weight in self.weights:
            yield from weight.shape


@frozen
class Formulas:
    """All that is known of a spec.

    `variables` gives each variable's own size, None for a dim of unknown size. `layers` has an item for
    each row, None for one that Keras did not build. `totals` is None where the sums have no formula.
    `conditions` are what other sizes must fulfil, `uneven` the sizes without a formula, `assumed` what
    makes formulas shorter than they are in truth. Where it is `late` there was no time for the last layers.
    """

    variables: dict[str, int | None]
    layers: tuple[LayerFormulas | None, ...]
    totals: Counts | None
    conditions: tuple[Condition, ...] = ()
    uneven: tuple[Values, ...] = ()
    assumed: tuple[Condition, ...] = ()
    late: bool = False

    def to_dict(self) -> Json:
        """What holds of the whole, as JSON has it."""
        return {
            "variables": dict(self.variables),
            "totals": None if self.totals is None else self.totals.to_dict(),
            "conditions": [each.to_dict() for each in self.conditions],
            "uneven": [each.to_dict() for each in self.uneven],
            "out_of_time": self.late,
        }

    def evaluate(self, values: Mapping[str, int]) -> "Evaluated":
        """The numbers with these values for variables; the others keep the sizes of the spec.

        An axis is None where it depends on a dim of unknown size that has no value here.

        Raises:
            NotFitting: some call was never seen to fit such sizes.
            algebra.polynomial.Unknown: a size is needed that has no formula.
            ZeroDivisionError: a size divides by zero.

        """
        own = {name: size for name, size in self.variables.items() if size is not None}
        known = {**own, **values}
        if known == own:
            known.update({each.name: each.size for each in self.uneven})
        unknown = self.variables.keys() - known.keys()
        for condition in self.conditions:
            names = condition.left.names() | condition.right.names()
            if names <= known.keys() and not condition.holds(known):
                raise NotFitting(condition)

        def number(axis: Axis) -> int | None:
            if axis is None or not unknown.isdisjoint(axis.names()):
                return None
            return int(axis.evaluate(known))

        shapes = tuple(
            None if layer is None else tuple(tuple(map(number, output.shape)) for output in layer.outputs)
            for layer in self.layers
        )
        params = tuple(
            0 if layer is None else int(layer.counts.params.evaluate(known)) for layer in self.layers
        )
        totals = self.totals
        return Evaluated(
            shapes,
            params,
            None if totals is None else int(totals.params.evaluate(known)),
            None if totals is None else int(totals.weight_bytes.evaluate(known)),
        )

    def reduced(self) -> "Formulas":
        """The same for readers: `D` in place of `Heads*(D//Heads)` where that is so in the spec.

        What is assumed for it is said in `assumed`.
        """
        exact = tuple(each for each in self._shortening() if self._is_exact(each))

        def shown(polynomial: Polynomial) -> Polynomial:
            return polynomial.reduced(exact)

        def counts(found: Counts) -> Counts:
            return Counts(shown(found.params), shown(found.trainable_params), shown(found.weight_bytes))

        layers = tuple(
            None
            if layer is None
            else replace(
                layer,
                outputs=tuple(
                    replace(each, shape=tuple(None if axis is None else shown(axis) for axis in each.shape))
                    for each in layer.outputs
                ),
                weights=tuple(replace(each, shape=tuple(map(shown, each.shape))) for each in layer.weights),
                counts=counts(layer.counts),
            )
            for layer in self.layers
        )
        totals = None if self.totals is None else counts(self.totals)
        told = {(each.left, each.right) for each in self.conditions}
        equal = (Condition("", each.numerator, each.denominator * symbol(each)) for each in exact)
        assumed = tuple(each for each in equal if (each.left, each.right) not in told)
        return replace(self, layers=layers, totals=totals, assumed=assumed)

    def _shortening(self) -> Iterator[Quotient]:
        """The quotients that stand beside their own denominator in a formula."""
        formulas = [axis for layer in self.layers if layer is not None for axis in layer.sizes()]
        formulas.extend(layer.counts.params for layer in self.layers if layer is not None)
        formulas.extend(() if self.totals is None else (self.totals.params,))
        found = (
            each
            for formula in dict.fromkeys(formulas)
            for each in formula.symbols()
            if isinstance(each, Quotient) and formula.reduced((each,)) != formula
        )
        return iter(dict.fromkeys(found))

    def _is_exact(self, quotient: Quotient) -> bool:
        """Whether nothing is left of the division with the sizes of the spec."""
        known = {name: size for name, size in self.variables.items() if size is not None}
        names = quotient.numerator.names() | quotient.denominator.names()
        if not names <= known.keys():
            return False
        left, divisor = quotient.numerator.evaluate(known), quotient.denominator.evaluate(known)
        return divisor != 0 and left % divisor == 0


@frozen
class Evaluated:
    """Numbers for some sizes: by row the shapes of its outputs and the parameters that it adds."""

    shapes: tuple[tuple[tuple[int | None, ...], ...] | None, ...]
    params: tuple[int, ...]
    total_params: int | None
    weight_bytes: int | None


def counted(weights: tuple[WeightFormula, ...]) -> Counts:
    """The sums over weights."""
    elements = [(weight, weight.elements) for weight in weights]
    return Counts(
        total(number for _, number in elements),
        total(number for weight, number in elements if weight.trainable),
        total(number * weight.itemsize for weight, number in elements),
    )


def summed(layers: tuple[LayerFormulas | None, ...]) -> Counts:
    """The sums over layers."""
    counts = [layer.counts for layer in layers if layer is not None]
    return Counts(
        total(each.params for each in counts),
        total(each.trainable_params for each in counts),
        total(each.weight_bytes for each in counts),
    )
