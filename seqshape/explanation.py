"""What `explain` found, as plain values: everything that renderers show, and no words for it."""

from seqshape.algebra import Polynomial
from seqshape.costs import CostSum, LayerCost
from seqshape.engine.question import Beginning
from seqshape.engine.tensors import Output, Tensor, Weight
from seqshape.formulas import Formulas, LayerFormulas
from seqshape.frozen import frozen
from seqshape.places import Place
from seqshape.report import ReportData, Row


@frozen
class Source:
    """Where the size of an axis stands in the spec: the entry, and its argument with its value.

    `written` is how the file has it, where that is another way: `units: 2*H`.
    """

    layer: str
    place: Place
    argument: str
    written: str = ""


@frozen
class AxisStory:
    """One axis of an output.

    `kept` is the axis of what goes in that it is, with the word for that; None where it is not one of them.
    `source` says where its size stands; None where that was not found.
    """

    number: int
    size: int | None
    kept: tuple[str, int] | None
    source: Source | None
    own: bool
    """Whether an argument of the layer itself makes it."""


@frozen
class OutputStory:
    """One output with its axes; `bytes` are those of a sample, None where a size is not known."""

    name: str
    tensor: Tensor
    axes: tuple[AxisStory, ...]
    bytes: int | None


@frozen
class Dropped:
    """An axis of what goes in that no output has.

    `weight` is the name of a weight whose `weight_axis` is as long, at whatever size of the axis.
    `tied` is an axis that comes out, with its word, where both have to be equally long; `into` is an
    axis of what comes out whose size depends on it.
    """

    word: str
    axis: int
    size: int | None
    weight: str = ""
    weight_axis: int = 0
    tied: tuple[str, int] | None = None
    into: int | None = None


@frozen
class Other:
    """What Keras says with another setting: outputs, weights and parameters; the same as ever is left out.

    `settings` are those that give the same, each as it is written; `about` is what Keras says of the first.
    """

    settings: tuple[str, ...]
    outputs: tuple[Output, ...]
    weights: tuple[Weight, ...]
    params: int
    about: str = ""


@frozen
class LayerStory:
    """One call of a layer.

    `fed` are the words for what goes in, with the tensors. `others` are settings that change something,
    `idle` those that change neither shapes nor weights, with what Keras says of them. `wrapped` says
    that Keras gives the same shapes and weights for the layer inside a `TimeDistributed`. `alike` are later
    calls of which all is the same but where they stand.
    """

    row: Row
    fed: tuple[tuple[str, Tensor], ...]
    outputs: tuple[OutputStory, ...]
    dropped: tuple[Dropped, ...]
    formulas: LayerFormulas | None
    cost: LayerCost | None
    others: tuple[Other, ...]
    idle: tuple[tuple[str, str], ...]
    wrapped: bool
    alike: tuple[str, ...] = ()
    beginnings: tuple[Beginning, ...] = ()
    holds_where: tuple[str, ...] = ()
    """What must hold for the formulas of the weights, which are shortened for it."""

    @property
    def total_formula(self) -> Polynomial | None:
        """The parameters as a formula, where sizes of the spec are in it."""
        found = None if self.formulas is None else self.formulas.counts.params
        return found if found is not None and found.names() else None


@frozen
class Slots:
    """What an optimizer keeps beside the trainable weights; None where it cannot be asked."""

    name: str
    bytes: int | None


@frozen
class Memory:
    """Bytes: of all weights, of a gradient for each that is trained, of optimizers' slots.

    `activations` are those of what all layers give for one sample; None where a size is not known.
    """

    weights: int
    gradients: int
    slots: tuple[Slots, ...]
    activations: int | None


@frozen
class Explanation:
    """Layers of a spec explained, and its sums; `layer` is the one that was asked for.

    Where the spec has errors there are no stories: `report` tells the errors.
    """

    report: ReportData
    stories: tuple[LayerStory, ...] = ()
    formulas: Formulas | None = None
    cost: CostSum | None = None
    memory: Memory | None = None
    layer: str | None = None
    batch: int = 1
    length: int | None = None
    left: int = 0
    """Layers that are not explained, since there are too many."""
    copies: tuple[str, ...] = ()
    """The dims that say how many layers there are; with any, the sums have no formula."""
