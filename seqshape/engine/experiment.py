"""What is to be run in Keras, and what came of it: plain data on both sides.

Two plans get the same weights and the same inputs; what each gives is held against the other. No object
of Keras stands here.
"""

from seqshape.engine.question import World
from seqshape.frozen import frozen


@frozen
class Wire:
    """What one parameter of a call reads: outputs of earlier steps; `parameter` is None for the first."""

    parameter: str | None
    sources: tuple[tuple[int, int], ...]
    listed: bool


@frozen
class Stage:
    """One call: the layer and the other arguments as in a question, the name for messages.

    `flowing` is the dtype of what the call is given first where it is no float.
    """

    name: str
    layer: str
    wires: tuple[Wire, ...]
    keywords: str
    flowing: str | None = None


@frozen
class Plan:
    """A model as calls in order.

    `shared` are the layers that several stages call, `inputs` the stages where data comes in, in the
    order in which it is given, `outputs` what comes out.
    """

    stages: tuple[Stage, ...]
    shared: tuple[tuple[str, str], ...]
    inputs: tuple[int, ...]
    outputs: tuple[tuple[int, int], ...]
    world: World


@frozen
class Entering:
    """Data that is drawn for both: its shape, and its dtype in each of the two."""

    name: str
    shape: tuple[int, ...]
    dtypes: tuple[str, str]


@frozen
class Experiment:
    """Two plans, and how they are run.

    `weights` pairs the weights by their numbers in the order of each plan's stages. Where `padded`, some
    samples end in zeros, so that masks hide something. `runs` are timed, `tries` are compared, each with
    other inputs and weights. `memory` is how many bytes it may take, `patience` how many seconds.
    """

    plans: tuple[Plan, Plan]
    entering: tuple[Entering, ...]
    weights: tuple[tuple[int, int], ...]
    padded: bool
    seed: int
    tries: int
    runs: int
    memory: int
    patience: float


@frozen
class Spot:
    """Where a difference is largest: in which try, at which index, and the two numbers there."""

    difference: float
    attempt: int
    index: tuple[int, ...]
    values: tuple[float, float]


@frozen
class Deviation:
    """How far one output differs, over all tries.

    `relative` is the largest difference against the larger of the two numbers, `scale` the largest
    number of the output, `different` how many of all its `numbers` differ. `epsilon` is the step from 1 to
    the next number in the coarsest dtype that anything is computed in, 0 for an output that is no float. A
    `constant` one has one number everywhere in each try, and proves little.
    """

    shape: tuple[int, ...]
    dtypes: tuple[str, str]
    absolute: Spot
    relative: Spot
    scale: float
    different: int
    numbers: int
    epsilon: float
    constant: bool


@frozen
class Outcome:
    """What came of an experiment; `seconds` are the timed runs of each plan.

    `precise` are the deviations where all was computed in float64, empty where that was not needed or
    cannot be. `stateful` are the stages of each plan that keep states.
    """

    deviations: tuple[Deviation, ...]
    precise: tuple[Deviation, ...]
    seconds: tuple[tuple[float, ...], tuple[float, ...]]
    stateful: tuple[tuple[str, ...], tuple[str, ...]]


@frozen
class Failure:
    """Why a plan did not run: which of the two, at which stage, Keras's message.

    `plan` is None where it is neither's fault, `shaped` says that other lengths may fit.
    """

    plan: int | None
    stage: str
    message: str
    shaped: bool = True
