"""Objects as Keras saves them (`class_name` and `config`) to values as a spec has them (`type`).

What names a class is a word and stays one: nothing is looked up by it but the catalogue, and nothing is
imported. A model inside a layer becomes a block.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from seqshape.engine.catalogue import MODULES, Catalogue, Function, Type, module_of
from seqshape.faults import BadModel, Fault, ForeignClass, LeftOut, NeedsCode, SharedApart
from seqshape.frozen import frozen
from seqshape.places import TOP, Place
from seqshape.spec import Argument, Block, Word
from seqshape.tree import Json, Mapping, Scalar, Sequence, Style, Value, describe, plain

POLICIES = frozenset(("DTypePolicy", "Policy", "PolicyV1", "FloatDTypePolicy"))
"""Classes of dtype policies that a name says all about, those of Keras 2 among them."""
_KERAS = ("keras", "tf_keras", "tensorflow.keras", "tensorflow.python.keras")
_TENSORFLOW = frozenset(
    ("TFOpLambda", "SlicingOpLambda", "ClassMethod", "InstanceMethod", "InstanceProperty")
)
"""Classes by which Keras 2 saved the call of a function of TensorFlow."""
_OLD_DTYPES = {"half": "float16", "float": "float32", "double": "float64"}
"""Names of dtypes that TensorFlow takes, and Keras took while it handed them on."""
_OPERATIONS = "keras.src.ops."
_LAYERS = "keras.src.layers."
NOTHING: Value = Scalar(None, "null", Style.PLAIN, TOP)
_NO_CODE = "a spec holds no code"
_WRITE_LAYER = "name one of Keras's own functions, or write a layer of your own and register it"


@frozen
class Saved:
    """What Keras saved of one object; `number` stands at each place of one that has several."""

    class_name: str
    module: str
    registered: str
    config: Value | None
    word: Place
    place: Place
    number: int | None = None


@dataclass(slots=True)
class Reading:
    """What the reading of one file needs everywhere, and the faults it has met."""

    catalogue: Catalogue
    old: bool = False
    """Whether the file is of Keras 2."""
    faults: dict[Fault, None] = field(default_factory=dict)
    left_out: dict[LeftOut | SharedApart, None] = field(default_factory=dict)
    shared: dict[int, str] = field(default_factory=dict)
    """The layer where each object that has several places was met first, by its number."""

    def tell(self, fault: Fault) -> None:
        """Keeps a fault."""
        self.faults[fault] = None

    def leave_out(self, fault: LeftOut | SharedApart) -> None:
        """Keeps what is said of words that are not read; their layer is sound."""
        self.left_out[fault] = None

    def met(self, saved: Saved, layer: str) -> None:
        """Keeps where an object with several places stands, and tells of every place but the first."""
        if saved.number is not None and saved.number in self.shared:
            other = self.shared[saved.number]
            self.leave_out(SharedApart(saved.word, layer, saved.class_name, other))
        elif saved.number is not None:
            self.shared[saved.number] = layer

    def wrong(self, place: Place, layer: str, problem: str, remedy: str = "") -> None:
        """Keeps the fault that a saved model's words do not fit together."""
        self.tell(BadModel(place, layer, problem, remedy))


@frozen
class Owner:
    """The layer whose config is read: its name, and whether it is frozen.

    `block` makes a block of a model in the config, `models` takes the blocks. `entries` has the earlier
    entries of its level that may stand inside others too, by the number of the object.
    """

    name: str
    frozen: bool
    block: Callable[[Mapping, bool], Block | None]
    entries: dict[int, str]
    models: list[Block] = field(default_factory=list)


def text_of(value: Value | None) -> str:
    """The text of a value that is one; else nothing."""
    return value.value if isinstance(value, Scalar) and isinstance(value.value, str) else ""


def is_text(value: Value | None) -> bool:
    """Whether a value is a text, an empty one too."""
    return isinstance(value, Scalar) and isinstance(value.value, str)


def saved_object(value: Value | None) -> Saved | None:
    """The object that a mapping with `class_name` describes; None where the value is no such mapping."""
    if not isinstance(value, Mapping):
        return None
    word = value.get("class_name")
    if word is None or not text_of(word):
        return None
    module, registered = text_of(value.get("module")), text_of(value.get("registered_name"))
    config = value.get("config") or value.get("items")
    number = plain(value.get("shared_object_id") or NOTHING)
    shared = number if isinstance(number, int) else None
    return Saved(text_of(word), module, registered, config, word.place, value.place, shared)


def is_model(saved: Saved) -> bool:
    """Whether the object is a model whose layers the file names."""
    config = saved.config
    if isinstance(config, Sequence):
        return saved.class_name == "Sequential"
    if not isinstance(config, Mapping) or not isinstance(config.get("layers"), Sequence):
        return False
    return saved.class_name == "Sequential" or config.get("output_layers") is not None


def function_of(saved: Saved, reading: Reading) -> Function | None:
    """The function of `keras.ops` behind an operation; None for what is no operation of Keras.

    An HDF5 file names no modules. There a layer, and no operation, says whether it is trainable.
    """
    operations = reading.catalogue.operations
    if saved.module or not isinstance(saved.config, Mapping) or saved.config.get("trainable") is not None:
        return operations.get(f"{saved.module}.{saved.class_name}")
    ending = f".{saved.class_name}"
    return next((function for name, function in operations.items() if name.endswith(ending)), None)


def type_word(saved: Saved, layer: str, argument: str | None, reading: Reading) -> tuple[Word, bool]:
    """The type that a spec has for a class, and whether there is one; it is a fault where there is none."""
    name, module = saved.class_name, saved.module
    if ">" in saved.registered or ">" in name:
        return Word(saved.registered if ">" in saved.registered else name, saved.word), True
    if (function := function_of(saved, reading)) is not None:
        return Word(function.name, saved.word), True
    name = reading.catalogue.class_names.get(name, name) if argument is None else name
    known = reading.catalogue.find(name, argument) is not None
    if known and (not module or _is_public(module)):
        return Word(name, saved.word), True
    if _is_of_keras(module) and not module.startswith(_OPERATIONS):
        whole = not known and reading.catalogue.find(f"{module}.{name}", argument) is not None
        if known or whole or module.startswith(_LAYERS):
            return Word(f"{module}.{name}" if whole else name, saved.word), True
    of_keras = not module or _is_of_keras(module)
    reading.tell(ForeignClass(saved.word, layer, name, module, of_keras, of_keras and name in _TENSORFLOW))
    return Word(f"{module}>{name}", saved.word), False


def input_dtype(config: Value | None) -> Value | None:
    """The dtype of what flows into the first layer of a model, where an old file says it of the layer.

    Keras before 2.3 gave a layer with a `batch_input_shape` the dtype of its input, as an Embedding of
    `int32`; only one that no weight can have is surely the input's.
    """
    if not isinstance(config, Mapping) or config.get("batch_input_shape") is None:
        return None
    dtype = config.get("dtype")
    return dtype if text_of(dtype).startswith(("int", "uint", "bool", "string")) else None


def _is_of_keras(module: str) -> bool:
    return any(module == each or module.startswith(f"{each}.") for each in _KERAS)


def _is_public(module: str) -> bool:
    return module in ("keras", "keras.layers") or module.removeprefix("keras.") in MODULES.values()


def arguments_of(
    saved: Saved, word: Word, argument: str | None, owner: Owner, reading: Reading
) -> Iterator[tuple[Word, Value]]:
    """The constructor's arguments in a config, without what says nothing.

    `argument` is the one whose value the object is, None for a layer of the model itself.
    """
    type_ = reading.catalogue.find(word.text, argument)
    if type_ is not None and type_.needs_code:  # code is not read, and the type is told
        return
    if saved.config is None or (isinstance(saved.config, Scalar) and saved.config.value is None):
        return
    if not isinstance(saved.config, Mapping):
        found = describe(saved.config)
        reading.wrong(saved.config.place, owner.name, f"the `config` of {saved.class_name} is {found}")
        return
    frozen = owner.frozen and argument is None
    for key, item in saved.config:
        value = item
        if key.text == "trainable":
            frozen = frozen or plain(item) is False
            continue
        if argument is None and key.text == "name":
            continue
        if argument is None and reading.old and item is input_dtype(saved.config):
            continue
        if not _takes(type_, key.text, argument) and _says_nothing(
            key.text, item, argument, reading.catalogue
        ):
            continue
        if reading.old and not _takes(type_, key.text, argument) and plain(item) is not True:
            if module_of(key.text) is None:  # a weight that is not there needs no initializer
                reading.leave_out(LeftOut(key.place, owner.name, key.text, word.text))
            continue
        if argument is None and key.text == "axis" and isinstance(item, Sequence) and len(item.items) == 1:
            value = item.items[0]  # as Keras 2 saved the one axis of a normalization
        yield Word(key.text, key.place), spec_value(key.text, value, owner, reading)
    if frozen and (type_ is None or _has_weights(type_)):
        place = saved.config.key_place("trainable")
        yield Word("trainable", place), Scalar(False, "false", Style.PLAIN, place)


def _takes(type_: Type | None, key: str, argument: str | None) -> bool:
    """Whether a class has an argument. An initializer has a dtype only where it says so by name."""
    if type_ is None:
        return True
    if key == "dtype" and argument is not None and module_of(argument) == "initializers":
        return key in type_.constructor.names()
    return type_.constructor.takes(key)


def _has_weights(type_: Type) -> bool:
    return type_.constructor.takes("trainable")


def _says_nothing(key: str, value: Value, argument: str | None, catalogue: Catalogue) -> bool:
    """Whether an argument that a class does not take (any more) can be left out.

    It can where it is off, where it is what others that take it have without being told, or where it is
    what the layer was built for (`batch_input_shape`).
    """
    if key.endswith("_shape"):
        return True
    if argument is not None and module_of(argument) == "initializers" and key == "dtype":
        return True  # the weight has it
    found = plain(value)
    if found is None or found is False or found in ([], {}):
        return True
    return any(found == usual and type(found) is type(usual) for usual in catalogue.usual.get(key, ()))


def spec_value(argument: str, value: Value, owner: Owner, reading: Reading) -> Value:
    """The value of an argument as a spec has it."""
    if isinstance(value, Scalar):
        return dtype_of(value, reading) if argument == "dtype" else value
    if isinstance(value, Sequence):
        items = tuple(spec_value(argument, item, owner, reading) for item in value.items)
        return Sequence(items, value.place)
    saved = saved_object(value)
    if saved is None and value.get("class_name") is not None:
        reading.wrong(value.key_place("class_name"), owner.name, "its `class_name` is no text")
        return Scalar(None, "null", Style.BROKEN, value.place)
    if saved is None:
        pairs = ((key, spec_value(key.text, item, owner, reading)) for key, item in value)
        return Mapping(tuple(pairs), value.place)
    if saved.class_name.startswith("__"):
        return _special(argument, saved, owner, reading)
    if saved.class_name == "function":
        return _function(argument, saved, owner, reading)
    config = saved.config if isinstance(saved.config, Mapping) else None
    name = config.get("name") if config is not None and saved.class_name in POLICIES else None
    if isinstance(name, Scalar):
        return name
    if is_model(saved):
        return _model(value, saved, owner, reading)
    return _object(argument, saved, owner, reading)


def dtype_of(value: Scalar, reading: Reading) -> Scalar:
    """A dtype, by the name that Keras has for it."""
    new = _OLD_DTYPES.get(text_of(value)) if reading.old else None
    return value if new is None else _scalar(new, value.place)


def _object(argument: str, saved: Saved, owner: Owner, reading: Reading) -> Mapping:
    word, known = type_word(saved, owner.name, argument, reading)
    type_ = reading.catalogue.find(word.text, argument)
    if type_ is not None and _has_weights(type_):
        if saved.number in owner.entries:
            return _reused(owner.entries[saved.number], saved.word)
        reading.met(saved, owner.name)
    pairs: list[tuple[Scalar, Value]] = [(_scalar("type", word.place), _scalar(word.text, word.place))]
    if known:
        found = arguments_of(saved, word, argument, owner, reading)
        pairs.extend((_scalar(name.text, name.place), value) for name, value in found)
    return Mapping(tuple(pairs), saved.place)


def _reused(name: str, place: Place) -> Mapping:
    """The layer of an earlier entry as the value of an argument."""
    return Mapping(((_scalar("reuse", place), _scalar(name, place)),), place)


def _model(value: Value, saved: Saved, owner: Owner, reading: Reading) -> Value:
    """A model as the value of an argument: an empty mapping with `layers`, whose place its block has."""
    assert isinstance(value, Mapping)
    reading.met(saved, owner.name)
    block = owner.block(value, owner.frozen)
    if block is not None:
        owner.models.append(block)
    key = _scalar("layers", saved.word)
    return Mapping(((key, Sequence((), saved.word)),), value.place)


def _special(argument: str, saved: Saved, owner: Owner, reading: Reading) -> Value:
    """What Keras writes for Python's own values."""
    config = saved.config
    match saved.class_name:
        case "__tuple__" if isinstance(config, Sequence):
            return spec_value(argument, config, owner, reading)
        case "__slice__" if isinstance(config, Mapping) and (text := _slice(config)) is not None:
            return _scalar(text, saved.place)
        case "__ellipsis__":
            return _scalar("...", saved.place)
        case "__numpy__" | "__tensor__" if isinstance(config, Mapping):
            return config.get("value") or Scalar(None, "null", Style.PLAIN, saved.place)
        case "__typespec__":
            return Scalar(None, "null", Style.PLAIN, saved.place)
        case "__lambda__":
            reason = f"it is the value of `{argument}`, and {_NO_CODE}"
            reading.tell(
                NeedsCode(saved.word, owner.name, "a Python function", reason, _WRITE_LAYER, saved=True)
            )
        case _:
            problem = f"`{argument}` has a value that a spec cannot hold (`{saved.class_name}`)"
            reading.wrong(saved.word, owner.name, problem)
    return Scalar(None, "null", Style.BROKEN, saved.place)


def _slice(config: Mapping) -> str | None:
    """A slice as Python writes it between brackets (`1:`, `::2`); None where an end of it is no number."""
    ends = [plain(config.get(key) or NOTHING) for key in ("start", "stop", "step")]
    if not all(end is None or isinstance(end, int) for end in ends):
        return None
    words = ["" if end is None else str(end) for end in ends]
    return ":".join(words if words[2] else words[:2])


def _function(argument: str, saved: Saved, owner: Owner, reading: Reading) -> Value:
    """A function by its name, where it is Keras's own."""
    name = text_of(saved.config)
    if name and (not saved.module or _is_of_keras(saved.module)):
        return _scalar(name.rpartition(">")[2], saved.config.place if saved.config else saved.place)
    reason = f"it is the value of `{argument}`, and {_NO_CODE}"
    said = f"the function `{name or saved.registered or '?'}`"
    reading.tell(NeedsCode(saved.word, owner.name, said, reason, _WRITE_LAYER, saved=True))
    return Scalar(None, "null", Style.BROKEN, saved.place)


def constant(value: Value, argument: str, owner: Owner, reading: Reading) -> Value:
    """A constant among a function's arguments: numbers that Keras kept as a tensor stay one."""
    saved = saved_object(value)
    if saved is None or saved.class_name not in ("__numpy__", "__tensor__"):
        return spec_value(argument, value, owner, reading)
    pairs: list[tuple[Scalar, Value]] = [(_scalar("type", saved.word), _scalar("ops.array", saved.word))]
    if isinstance(saved.config, Mapping):
        for key, name in (("value", "x"), ("dtype", "dtype")):
            if (item := saved.config.get(key)) is not None:
                pairs.append((_scalar(name, item.place), item))
    return Mapping(tuple(pairs), saved.place)


def as_arguments(found: Iterator[tuple[Word, Value]]) -> tuple[Argument, ...]:
    """Words and values as the arguments of an entry."""
    return tuple(Argument(word, value) for word, value in found)


def _scalar(text: str, place: Place) -> Scalar:
    return Scalar(text, text, Style.PLAIN, place)


def whole_numbers(value: Value | None) -> tuple[int | None, ...] | None:
    """A shape: a list of sizes, each a whole number or nothing; None where the value is no such list."""
    if (saved := saved_object(value)) is not None and saved.class_name == "__tuple__":
        value = saved.config
    if not isinstance(value, Sequence):
        return None
    sizes: list[Json] = [plain(item) for item in value.items]
    if not all(size is None or (isinstance(size, int) and not isinstance(size, bool)) for size in sizes):
        return None
    return tuple(size if isinstance(size, int) else None for size in sizes)
