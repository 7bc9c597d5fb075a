"""What can be wrong, as plain facts: which word, which shapes, which place.

A station that meets a mistake makes one of these values and goes on. It does not choose the
words a user reads: those belong to the file of the rule that judges the fault.
"""

from seqshape.frozen import frozen
from seqshape.places import Place


@frozen
class Fault:
    """A mistake and the place where it stands."""

    place: Place


# The file.


@frozen
class NotText(Fault):
    """The bytes are no text in the encoding they claim."""

    problem: str


@frozen
class NotYaml(Fault):
    """The text is no YAML. `problem` is the parser's sentence; `tab` says that a tab stands there.

    `json` says that it was meant as JSON, and is none.
    """

    problem: str
    tab: bool
    context: str
    context_place: Place | None
    json: bool = False


@frozen
class DuplicateKey(Fault):
    """A key stands twice in one mapping; the second one is dropped."""

    key: str
    first: Place


@frozen
class ForeignTag(Fault):
    """A tag other than those of the YAML core schema, or a core tag on a value that is not such."""

    tag: str
    problem: str


@frozen
class BadAlias(Fault):
    """An alias that names no anchor (`recursive` False), or one that contains the alias."""

    name: str
    recursive: bool


@frozen
class OverLimit(Fault):
    """The file is larger than a limit allows. `limit` is the limit's name on the command line."""

    limit: str
    what: str
    most: int


@frozen
class SecondDocument(Fault):
    """More than one YAML document in a file."""


@frozen
class NotASpec(Fault):
    """The file is YAML, but no spec: it holds `found` where a mapping with `layers` should be."""

    found: str


@frozen
class BadKey(Fault):
    """A key that is no text, or a merge key (`<<`) over something that is no mapping."""

    problem: str


@frozen
class BadContainer(Fault):
    """A file of Keras, or one that looks like it, gives no text: `kind` says what it is."""

    kind: str
    problem: str
    remedy: str


# The spec's own words.


@frozen
class LayerFault(Fault):
    """A mistake in one entry; `layer` is the entry's name."""

    layer: str


@frozen
class UnknownKey(LayerFault):
    """A key that the spec language does not have.

    `owner` says of what (`a spec`, `expect`); `layer` is empty at the top of a spec.
    """

    key: str
    owner: str
    known: tuple[str, ...]


@frozen
class UnknownType(LayerFault):
    """A type that Keras does not have; `known` are the types it has."""

    type: str
    known: tuple[str, ...]


@frozen
class UnknownArgument(LayerFault):
    """A constructor argument that the type does not have; `call` are the parameters of its call.

    `beside` says that it stands where an entry's own keys could stand too: not inside an argument, and
    not in a saved model.
    """

    argument: str
    type: str
    known: tuple[str, ...]
    call: tuple[str, ...]
    beside: bool = True


@frozen
class MissingKey(LayerFault):
    """A key or argument that must be there and is not; `owner` says of what."""

    key: str
    owner: str


@frozen
class WrongKind(LayerFault):
    """A value of another kind than the key takes: `expected` and `found` in a user's words."""

    key: str
    expected: str
    found: str


@frozen
class TakenName(LayerFault):
    """A name that an earlier entry has."""

    first: Place


@frozen
class UnknownReference(LayerFault):
    """A reference to an entry that does not exist."""

    reference: str
    known: tuple[str, ...]


@frozen
class ForwardReference(LayerFault):
    """A reference to an entry that stands later in the file."""

    reference: str
    target: Place


@frozen
class Cycle(LayerFault):
    """Entries that feed each other in a ring; `ring` names them in the order of the flow."""

    ring: tuple[str, ...]


@frozen
class AmbiguousOutput(LayerFault):
    """A reference to a layer of several outputs that does not say which one."""

    reference: str
    outputs: tuple[str, ...]


@frozen
class UnknownOutput(LayerFault):
    """A reference to an output that the layer does not have."""

    reference: str
    output: str
    outputs: tuple[str, ...]


@frozen
class BadSize(LayerFault):
    """A size that cannot be worked out; `layer` is empty in `dims`."""

    text: str
    problem: str
    word: str
    known: tuple[str, ...]


@frozen
class NeedsCode(LayerFault):
    """A type that cannot be made from data alone; `reason` says why, `remedy` what to do.

    `saved` says that it is a layer of a model that Keras saved, and no entry of a spec.
    """

    type: str
    reason: str
    remedy: str
    saved: bool = False


@frozen
class PackageMissing(LayerFault):
    """A layer that works only beside a package that is not installed; `message` is Keras's own."""

    type: str
    message: str


@frozen
class UnknownCallArgument(LayerFault):
    """A key of `inputs` or `call` that is no parameter of the layer's call."""

    argument: str
    type: str
    known: tuple[str, ...]


@frozen
class MissingInput(LayerFault):
    """The layer's call needs inputs that the entry does not give."""

    type: str
    missing: tuple[str, ...]
    given: tuple[str, ...]


@frozen
class NothingFlowsIn(LayerFault):
    """An entry without `inputs` that has no entry before it to read."""


@frozen
class StrayWord(LayerFault):
    """A key that this entry cannot have; `reason` says why."""

    key: str
    reason: str


@frozen
class UselessIgnore(Fault):
    """An `ignore` that silences nothing."""

    code: str


@frozen
class UnknownCode(Fault):
    """An `ignore` of a code that does not exist."""

    code: str
    known: tuple[str, ...]


# A model that Keras saved.


@frozen
class BadModel(LayerFault):
    """The words of a saved model do not fit together; `remedy` may be empty."""

    problem: str
    remedy: str


@frozen
class ForeignClass(LayerFault):
    """A saved model has an object of a class that Keras does not have; `module` may be empty.

    `of_keras` says that the module is one of Keras's, of whatever version; `is_function` that it is a
    function of TensorFlow, as Keras 2 saved its call. `others` are layers of which the same is true.
    """

    type: str
    module: str
    of_keras: bool = False
    is_function: bool = False
    others: tuple[str, ...] = ()


@frozen
class LeftOut(LayerFault):
    """An argument in a file of Keras 2 that its type no longer takes; `more` such are in the file."""

    argument: str
    type: str
    more: int = 0


@frozen
class SharedApart(LayerFault):
    """A saved model has one object of a layer's class at two places, which no spec can say.

    `other` is the layer where it was met before.
    """

    type: str
    other: str


# The environment.


@frozen
class KerasMissing(Fault):
    """Keras or TensorFlow is not installed."""

    problem: str


@frozen
class KerasTooOld(Fault):
    """The installed Keras is older than the tool can ask."""

    found: str
    least: str


@frozen
class KerasBroken(Fault):
    """Importing Keras failed; `chatter` is what TensorFlow wrote meanwhile."""

    problem: str
    chatter: str


@frozen
class PluginFails(Fault):
    """A module that the host named as a plugin cannot be imported; `problem` says why."""

    module: str
    problem: str


@frozen
class JudgingEnded(Fault):
    """The process in which a file was judged has ended; `how` in a user's words.

    Where `in_a_row` is not 0, so many had ended before, and this file was not tried.
    """

    how: str
    in_a_row: int = 0
