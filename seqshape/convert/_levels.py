"""What a saved model becomes at one level: entries, and how others name what comes out of it."""

from collections.abc import Iterable

from seqshape.convert._objects import Owner, Reading, Saved, dtype_of, text_of, whole_numbers
from seqshape.frozen import frozen
from seqshape.places import Place
from seqshape.spec import Argument, Block, Entry, Expectation, Flow, Word
from seqshape.tree import Mapping, Scalar, Sequence, Style, Value, plain

INPUT = "input"
"""What entries of a block call what flows in."""
_SHAPES = ("batch_shape", "batch_input_shape")
_SAVED_INPUT = ("sparse", "ragged", "optional")


@frozen
class Through:
    """An output that is an input as it came in: which one."""

    number: int


@frozen
class Level:
    """A model's entries. `outputs` are references from inside: empty for what the last entry gives.

    `keys` name the inputs in their order; there are none where what flows in is not named.
    """

    name: Word
    entries: tuple[Entry | Block, ...]
    keys: tuple[str, ...]
    outputs: tuple[Word | Through, ...]


def block_of(level: Level, name: Word, inputs: tuple[Flow, ...] | None, place: Place) -> Block:
    """The level as a block."""
    return Block(name, None, inputs, level.entries, Expectation(), (), place)


def entry(
    name: Word,
    type_: Word | None,
    arguments: tuple[Argument, ...],
    place: Place,
    *,
    reuse: Word | None = None,
    inputs: tuple[Flow, ...] | None = None,
    call: tuple[Argument, ...] = (),
    owner: Owner | None = None,
    sound: bool = True,
) -> Entry:
    """An entry that expects nothing and ignores nothing."""
    models = () if owner is None else tuple(owner.models)
    return Entry(
        name, type_, reuse, inputs, call, arguments, Expectation(), (), place, sound=sound, models=models
    )


class Names:
    """The names of one level, each given once."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._last: dict[str, int] = {}
        """By name, the last number that was put behind it."""

    def free(self, name: str) -> str:
        """The name itself, or numbered as Keras does (`dense_1`); it is taken from then on."""
        number, found = self._last.get(name, 0), name
        while found in self._taken:
            number += 1
            found = f"{name}_{number}"
        self._last[name] = number
        self._taken.add(found)
        return found


def is_input(saved: Saved) -> bool:
    """Whether an object is where data comes in."""
    return saved.class_name == "InputLayer" and ">" not in saved.registered


def batch_shape(config: Value | None) -> tuple[Value, tuple[int | None, ...]] | None:
    """The shape, with its batch axis, that a config says its layer reads."""
    for key in _SHAPES:
        value = config.get(key) if isinstance(config, Mapping) else None
        shape = whole_numbers(value)
        if value is not None and shape:
            return value, shape
    return None


def input_entry(name: Word, saved: Saved, reading: Reading) -> Entry:
    """The entry of an `InputLayer`."""
    config = saved.config
    found = batch_shape(config)
    if found is None or not isinstance(config, Mapping):
        problem = "it has no shape"
        reading.wrong(saved.word, name.text, problem, "build the model with `keras.Input(shape=…)`")
        return entry(name, Word("Input", saved.word), (), saved.place, sound=False)
    more: list[Argument] = []
    dtype = config.get("dtype")
    if isinstance(dtype, Scalar) and text_of(dtype):
        more.append(Argument(Word("dtype", config.key_place("dtype")), dtype_of(dtype, reading)))
    for key in _SAVED_INPUT:
        value = config.get(key)
        if value is not None and plain(value) is True:
            more.append(Argument(Word(key, config.key_place(key)), value))
    return shaped_input(name, Word("Input", saved.word), *found, saved.place, tuple(more))


def shaped_input(
    name: Word,
    type_: Word,
    value: Value,
    shape: tuple[int | None, ...],
    place: Place,
    more: tuple[Argument, ...] = (),
) -> Entry:
    """An `Input` of a shape whose first size is the batch's."""
    sizes = tuple(_size(size, value.place) for size in shape[1:])
    arguments = [Argument(Word("shape", value.place), Sequence(sizes, value.place))]
    if shape[0] is not None:
        arguments.append(Argument(Word("batch_size", value.place), _size(shape[0], value.place)))
    return entry(name, type_, (*arguments, *more), place)


def _size(size: int | None, place: Place) -> Scalar:
    return Scalar(size, "null" if size is None else str(size), Style.PLAIN, place)
