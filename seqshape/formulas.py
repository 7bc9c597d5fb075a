"""What is known of a spec's sizes as formulas: plain values, made by `symbolic`, shown by renderers.

A formula is a polynomial over the spec's dims, or over its own sizes where it names none. A size that
has no formula is a variable itself, with the values that were seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from seqshape.algebra import Polynomial, constant, total
from seqshape.tree import Json

Axis = Polynomial | None
"""The size of an axis; None for an unknown one."""


class NotFitting(ValueError):
    """The spec does not fit these sizes; `condition` is what does not hold."""

    def __init__(self, condition: "Condition") -> None:
        super().__init__(f"`{condition.layer}` fits only where {condition}")
        self.condition = condition


@dataclass(frozen=True, slots=True)
class OutputFormula:
    """One output of a call, by name, with its shape."""

    name: str
    shape: tuple[Axis, ...]


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Condition:
    """An equation that held wherever a call was seen to fit: `left` is one size, `right` its formula."""

    layer: str
    left: Polynomial
    right: Polynomial

    def __str__(self) -> str:
        return f"{self.left} = {self.right}"

    def holds(self, values: Mapping[str, int]) -> bool:
        """Whether it is true for these values of the variables."""
        return self.left.evaluate(values) == self.right.evaluate(values)


@dataclass(frozen=True, slots=True)
class Values:
    """A size that has no formula: its name in others' formulas, its own size, and what it was seen to be.

    `along` are the sizes that it depends on, as formulas, each with pairs of its value and what came.
    """

    name: str
    layer: str
    size: int
    along: tuple[tuple[Polynomial, tuple[tuple[int, int], ...]], ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Sums over weights, as formulas."""

    params: Polynomial
    trainable_params: Polynomial
    weight_bytes: Polynomial

    @property
    def non_trainable_params(self) -> Polynomial:
        """Parameters that training leaves alone."""
        return self.params - self.trainable_params


@dataclass(frozen=True, slots=True)
class LayerFormulas:
    """One call: its row's path, the shapes of its outputs, its weights; `weights` as its row counts them."""

    path: str
    outputs: tuple[OutputFormula, ...]
    weights: tuple[WeightFormula, ...]

    @property
    def counts(self) -> Counts:
        """What its weights add to the whole."""
        return counted(self.weights)


@dataclass(frozen=True, slots=True)
class Formulas:
    """All that is known of a spec.

    `variables` gives each variable's own size, None for a dim of unknown size. `layers` has an item for
    each row, None for one that Keras did not build. `totals` is None where the sums have no formula.
    """

    variables: dict[str, int | None]
    layers: tuple[LayerFormulas | None, ...]
    totals: Counts | None
    conditions: tuple[Condition, ...] = ()
    uneven: tuple[Values, ...] = ()

    def evaluate(self, values: Mapping[str, int]) -> "Evaluated":
        """The numbers with these values for variables; the others keep the sizes of the spec.

        Raises:
            NotFitting: some call was never seen to fit such sizes.
            algebra.polynomial.Unknown: a size is needed that has no formula, or is unknown.
            ZeroDivisionError: a size divides by zero.

        """
        known = {name: size for name, size in self.variables.items() if size is not None}
        known.update({each.name: each.size for each in self.uneven if not any(values.values())})
        known.update(values)
        for condition in self.conditions:
            if not condition.holds(known):
                raise NotFitting(condition)
        shapes = tuple(
            None
            if layer is None
            else tuple(
                tuple(None if axis is None else int(axis.evaluate(known)) for axis in output.shape)
                for output in layer.outputs
            )
            for layer in self.layers
        )
        params = tuple(
            0 if layer is None else int(layer.counts.params.evaluate(known)) for layer in self.layers
        )
        total_params = None if self.totals is None else int(self.totals.params.evaluate(known))
        return Evaluated(shapes, params, total_params)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Numbers for some sizes: by row the shapes of its outputs and the parameters that it adds."""

    shapes: tuple[tuple[tuple[int | None, ...], ...] | None, ...]
    params: tuple[int, ...]
    total_params: int | None


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


def formula_json(formula: Polynomial) -> Json:
    """A formula as text and as terms."""
    return {"formula": str(formula), "terms": formula.to_json()}
