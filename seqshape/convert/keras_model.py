"""A model that Keras saved as JSON to a `Spec`: Functional and Sequential ones, of Keras 3 and Keras 2.

The file is data to this reader: it imports nothing that the file names and builds nothing. What the file
leaves to Python code is a fault.
"""

from collections.abc import Iterator

from seqshape.convert._entries import made
from seqshape.convert._functional import blocks_by, read_functional
from seqshape.convert._levels import (
    Level,
    Names,
    Through,
    batch_shape,
    block_of,
    entry,
    input_entry,
    is_input,
    shaped_input,
)
from seqshape.convert._objects import (
    Owner,
    Reading,
    Saved,
    input_dtype,
    is_model,
    is_text,
    saved_object,
    text_of,
    whole_numbers,
)
from seqshape.engine.catalogue import Catalogue
from seqshape.faults import Fault
from seqshape.spec import Argument, Block, Entry, Spec, Word
from seqshape.spec_reader import snake_case
from seqshape.tree import Mapping, Sequence, Value, plain

_LOAD_AND_SAVE = "load it in Keras 2.0 to 2.3, which reads such files, and save it there"
_ENGINE = ".engine."
"""In the modules of models of Keras 2 alone."""
_BUILD = "build it before it is saved: `model.build((None, …))`, or begin it with `keras.Input(shape=…)`"


def read(root: Mapping, catalogue: Catalogue) -> tuple[Spec, tuple[Fault, ...]]:
    """The spec of a saved model, and every fault in its words; `root` is one."""
    reader = _Reader(Reading(catalogue, _is_old(root)))
    spec = reader.spec(root)
    return spec, (*reader.reading.faults, *reader.reading.left_out)


class _Reader:
    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def spec(self, root: Mapping) -> Spec:
        saved = saved_object(root)
        if saved is None:
            self.reading.wrong(root.key_place("class_name"), "", "its `class_name` is no text")
            return Spec(None)
        if (version := text_of(root.get("keras_version"))).startswith("1."):
            problem = f"the file is of Keras {version}, whose layers have other names and arguments"
            self.reading.wrong(root.key_place("keras_version"), "", problem, _LOAD_AND_SAVE)
            return Spec(None)
        if not is_model(saved):
            self._no_model(saved)
            return Spec(None)
        frozen = _is_frozen(saved)
        level = self._level(saved, root, nested=False, frozen=frozen)
        if level is None:
            return Spec(None)
        outputs = tuple(each for each in level.outputs if isinstance(each, Word) and each.exact is not None)
        lost = tuple(_lost(saved.config))
        return Spec(
            level.name.text or None,
            entries=level.entries,
            outputs=outputs,
            lost=lost,
            exact=True,
            frozen=frozen,
        )

    def _no_model(self, saved: Saved) -> None:
        layer = self.reading.catalogue.find(saved.class_name, None)
        if layer is not None and not layer.needs_code:
            problem = f"the file holds a {saved.class_name} alone, and no model"
            remedy = "save the model that has it"
        else:
            problem = (
                f"no layers of {saved.class_name} are in the file: Python code of its class makes them"
            )
            remedy = "build the model with the Functional API or as a Sequential, and save it then"
        self.reading.wrong(saved.word, "", problem, remedy)

    def _read_level(self, saved: Saved, frozen: bool) -> Level | None:
        return self._level(saved, None, nested=True, frozen=frozen)

    def _level(self, saved: Saved, root: Mapping | None, *, nested: bool, frozen: bool) -> Level | None:
        config = saved.config
        given = config.get("name") if isinstance(config, Mapping) else None
        name = Word(text_of(given), given.place if given is not None else saved.word)
        if isinstance(config, Mapping) and (
            saved.class_name != "Sequential" or config.get("output_layers") is not None
        ):
            return read_functional(
                name,
                config,
                nested=nested,
                frozen=frozen,
                reading=self.reading,
                read_level=self._read_level,
            )
        return self._sequential(name, saved, root, nested=nested, frozen=frozen)

    # Sequential models.

    def _sequential(
        self, name: Word, saved: Saved, root: Mapping | None, *, nested: bool, frozen: bool
    ) -> Level | None:
        config = saved.config
        layers = config.get("layers") if isinstance(config, Mapping) else config
        items = layers.items if isinstance(layers, Sequence) else ()
        found = [(item, each) for item in items if (each := saved_object(item)) is not None]
        for item in items:
            if saved_object(item) is None:
                self.reading.wrong(item.place, "", "one of its `layers` is no layer that Keras saved")
        names = Names(())
        shared: dict[int, str] = {}
        entries: list[Entry | Block] = []
        if not nested and found and not is_input(found[0][1]):
            entries.extend(self._first(saved, found[0][1], root, names))
            if not entries:
                return None
        for _, each in found:
            if is_input(each):
                if not nested:
                    entries.append(input_entry(_name_of(each, names), each, self.reading))
            else:
                entries.extend(self._step(each, names, frozen, shared))
        outputs: tuple[Word | Through, ...] = (Word("", saved.word) if entries else Through(0),)
        return Level(name, tuple(entries), (), outputs)

    def _step(
        self, saved: Saved, names: Names, frozen: bool, shared: dict[int, str]
    ) -> Iterator[Entry | Block]:
        """The entry of one layer of a Sequential; none for a model without layers."""
        name = _name_of(saved, names)
        self.reading.met(saved, name.text)
        if is_model(saved):
            level = self._read_level(saved, frozen)
            if level is not None and level.entries:
                yield block_of(level, name, None, saved.place)
            return
        owner = Owner(name.text, frozen, blocks_by(self._read_level, self.reading, name.text), shared)
        before = len(self.reading.faults)
        layer = made(saved, owner, self.reading)
        sound = layer.known and len(self.reading.faults) == before
        if saved.number is not None:
            shared[saved.number] = name.text
        yield entry(name, layer.word, layer.arguments, saved.place, owner=owner, sound=sound)

    def _first(
        self, saved: Saved, first: Saved, root: Mapping | None, names: Names
    ) -> Iterator[Entry | Block]:
        """The `Input` of a Sequential that does not begin with one, from the shape it was built for."""
        first = _innermost(first)
        found = batch_shape(first.config) or _built_for(saved, root)
        if found is None:
            problem = "the Sequential was saved before it was built: nothing says what flows in"
            self.reading.wrong(saved.word, "", problem, _BUILD)
            return
        value, shape = found
        dtype = input_dtype(first.config) if self.reading.old else None
        yield shaped_input(
            Word(names.free("input_layer"), value.place),
            Word("Input", value.place),
            value,
            shape,
            value.place,
            () if dtype is None else (Argument(Word("dtype", dtype.place), dtype),),
        )


def _is_old(root: Mapping) -> bool:
    """Whether Keras 2 saved a file; an HDF5 file does not say."""
    module, version = text_of(root.get("module")), text_of(root.get("keras_version"))
    return version.startswith("2.") or _ENGINE in module or (not module and not version)


def _is_frozen(saved: Saved) -> bool:
    """Whether Keras trains nothing of the outermost model, once it has loaded it.

    It gives `trainable` to no layer then: for a model inside another one, and for a Sequential, what the
    layers say of themselves is what counts.
    """
    config = saved.config
    trainable = config.get("trainable") if isinstance(config, Mapping) else None
    return saved.class_name != "Sequential" and trainable is not None and plain(trainable) is False


def _lost(config: Value | None) -> Iterator[str]:
    """What a spec has no place for: that a model takes or gives tensors by keys."""
    for key, said in (("input_layers", "inputs"), ("output_layers", "outputs")):
        found = config.get(key) if isinstance(config, Mapping) else None
        if isinstance(found, Mapping) and found.get("class_name") is None:
            names = ", ".join(f"`{each.text}`" for each, _ in found)
            yield f"the model's {said} were a mapping in the file ({names}); now they are a list"


def _innermost(first: Saved) -> Saved:
    """The layer that is called first where the first layer is a model, and models begin that one too."""
    while is_model(first):
        config = first.config
        layers = config.get("layers") if isinstance(config, Mapping) else config
        items = layers.items if isinstance(layers, Sequence) else ()
        found = [each for item in items[:1] if (each := saved_object(item)) is not None]
        if not found:
            break
        first = found[0]
    return first


def _built_for(saved: Saved, root: Mapping | None) -> tuple[Value, tuple[int | None, ...]] | None:
    """The shape that a Sequential was built for, as the file says it in its end."""
    build = root.get("build_config") if root is not None else None
    values = (
        saved.config.get("build_input_shape") if isinstance(saved.config, Mapping) else None,
        build.get("input_shape") if isinstance(build, Mapping) else None,
    )
    for value in values:
        if value is not None and (shape := whole_numbers(value)):
            return value, shape
    return None


def _name_of(saved: Saved, names: Names) -> Word:
    """The layer's own name, or one made of its class."""
    given = saved.config.get("name") if isinstance(saved.config, Mapping) else None
    text, place = text_of(given), given.place if given is not None else saved.word
    return Word(names.free(text if is_text(given) else snake_case(saved.class_name)), place)
