"""What can be wrong with shapes, as plain facts: what Keras refuses, what fits by luck, what was expected.

Like `faults`, of which these are more: no words for a user stand here.
"""

from dataclasses import field

from seqshape.faults import Fault, LayerFault
from seqshape.frozen import frozen
from seqshape.places import Place
from seqshape.tree import Json

Shape = tuple[int | None, ...]


@frozen
class Origin:
    """Where the size of an axis was made, or where an axis was lost.

    `layer` and `type` are those of the entry, `place` that of the argument, or of the entry where no
    argument makes it. `argument` is the argument as written, name and value; empty where there is none.
    `size` is what the axis has there; `lost` says that axes ended there. `inside` is the argument whose
    layer has the argument, where the entry has not.
    """

    layer: str
    type: str
    place: Place
    argument: str
    size: int | None
    lost: bool = False
    inside: str = ""


@frozen
class Met:
    """One input of a call: the entry's own words for it, its shape, and the parameter it fills.

    `alone` says that it is the only one of a list; `mask` is the shape of the mask that comes along.
    `source` is the row that it comes from and the number of the output; `origins` tell for each axis
    where it was made, `lost` where axes ended.
    """

    label: str
    shape: Shape
    parameter: str | None
    alone: bool
    dtype: str = "float32"
    mask: Shape | None = None
    source: tuple[int, int] = field(default=(-1, 0), hash=False, compare=False)
    origins: tuple[Origin | None, ...] = field(default=(), hash=False, compare=False)
    lost: Origin | None = field(default=None, hash=False, compare=False)


@frozen
class Needed:
    """An argument that an entry lacks, with a value that Keras takes there; `replaced` is the argument
    that must go for it, empty where none must. `beside` are others that must come with it.
    """

    argument: str
    value: str
    replaced: str = ""
    beside: tuple[tuple[str, str], ...] = ()


@frozen
class Wrapped:
    """A layer of type `type` that stands in the argument of another one.

    `kind` is `cell` (it takes one step and the states before it), `recurrent` (it goes over the steps
    itself) or `layer` (neither); `cell` is the type of the cell that it has, empty where it has none.
    """

    argument: str
    type: str
    kind: str
    cell: str = ""


@frozen
class Refused(LayerFault):
    """Keras refuses a layer.

    `stage` is `make` (the constructor, or the value of an argument), `call` (its shape rules), `trace` (the
    call itself) or `given up`; `argument` the argument that Keras refuses, where asking showed it; `ranks`
    the numbers of axes that the layer says it takes (least and most, None where open); `message` is what
    Keras says. `arguments` are as a user would write them, cut where they are long; `values` the same as
    they are.

    `earlier` are the inputs of the first call of a shared layer which would take these inputs if it were
    this call's alone. `dtype` is the dtype that the call would take in place of one of its own.
    `needed` are arguments that are not given, and with which Keras takes the call; `meant` is a word that
    it takes in place of the argument's; `wrapped` is a layer in an argument, of the wrong kind perhaps.
    `assumed` are sizes that stand in the shapes for axes that are unknown, each with its name.
    """

    type: str
    stage: str
    argument: str | None
    arguments: tuple[tuple[str, str], ...]
    values: dict[str, Json] = field(hash=False, compare=False)
    inputs: tuple[Met, ...]
    ranks: tuple[int | None, int | None]
    message: str
    earlier: tuple[Met, ...] = ()
    dtype: str | None = None
    assumed: tuple[tuple[int, str], ...] = ()
    needed: "tuple[Needed, ...]" = ()
    meant: str = ""
    wrapped: Wrapped | None = None

    @property
    def called(self) -> bool:
        """Whether the layer was made, and its call is what Keras refuses."""
        return self.stage in ("call", "trace")


@frozen
class RuleDiffers(LayerFault):
    """A call that gives `output` another shape, `called`, than Keras's rule for the layer says, `ruled`."""

    type: str
    output: str
    ruled: Shape
    called: Shape


@frozen
class WrongStates(LayerFault):
    """An `initial_state` that is not what the layer keeps: `needed` are its states by name."""

    type: str
    needed: tuple[tuple[str, Shape], ...]
    given: tuple[Met, ...]


# What fits by luck.


@frozen
class Unknown:
    """An axis of unknown size: a dim, an axis of an Input, or the batch (neither).

    `label` names it for a user, `where` says which axes of Inputs it is; `nodes` are those Inputs.
    """

    label: str
    place: Place
    dim: str | None = None
    axis: int | None = None
    nodes: tuple[int, ...] = ()
    where: tuple[str, ...] = ()

    @property
    def batch(self) -> bool:
        """Whether it is the batch."""
        return self.dim is None and not self.nodes


@frozen
class EqualByLuck(LayerFault):
    """A call that fits only where unknown axes happen to be equal."""

    type: str
    axes: tuple[Unknown, ...]
    inputs: tuple[Met, ...]
    message: str


@frozen
class SomeLengths(LayerFault):
    """A call that fits only for some sizes of an unknown axis.

    What was found: `only` is the one size that fits, else `multiple` what it must be a multiple of, else
    `least` the least that fits, else `refused` are those that were tried and do not fit.
    """

    type: str
    unknown: Unknown
    inputs: tuple[Met, ...]
    message: str
    only: int | None = None
    multiple: int | None = None
    least: int | None = None
    refused: tuple[int, ...] = ()


# The global settings.


@frozen
class RefusedSetting(Fault):
    """Keras refuses a global setting of the spec; `message` is its own, `meant` a word that it takes."""

    setting: str
    value: str
    message: str
    meant: str = ""


# The expectations.


@frozen
class ShapeDiffers(LayerFault):
    """An expected shape that does not hold. An expected axis is a size, None (unknown) or `any`."""

    output: str
    expected: tuple[int | str | None, ...]
    found: Shape


@frozen
class CountDiffers(LayerFault):
    """An expected count or budget that does not hold; `layer` is empty for the spec's totals."""

    quantity: str
    exact: int | None
    least: int | None
    most: int | None
    found: int


@frozen
class DtypeDiffers(LayerFault):
    """An expected dtype that does not hold."""

    expected: str
    found: str
