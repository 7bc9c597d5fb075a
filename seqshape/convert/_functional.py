"""A Functional model, as Keras saves it, to the entries of one level.

Each saved call is one entry: the first call of a layer has its name, later ones `reuse` it. The order is
that of the file, but for calls that read what comes later there.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from seqshape.convert._calls import Group, SavedCall, Tensor, calls, tensors_in, tensors_of
from seqshape.convert._entries import Binder, Made, asks_for_more, made
from seqshape.convert._levels import (
    INPUT,
    Level,
    Names,
    Through,
    block_of,
    entry,
    input_entry,
    is_input,
)
from seqshape.convert._objects import Owner, Reading, Saved, is_model, is_text, saved_object, text_of
from seqshape.places import Place
from seqshape.spec import Block, Entry, Exact, Flow, Word
from seqshape.tree import Mapping, Sequence, Value

ReadLevel = Callable[[Saved, bool], Level | None]
"""Reads a model inside a model; the flag says that it is frozen."""


@dataclass(slots=True)
class _Layer:
    """A layer of the model. `first` is the number that the file gives the first of its calls."""

    position: int
    name: Word
    saved: Saved
    calls: tuple[SavedCall, ...]
    first: int = 0
    several: bool = False
    made: Made | None = None
    owner: Owner | None = None
    level: Level | None = None


@dataclass(slots=True)
class _Level:
    """One level while it is read."""

    reading: Reading
    nested: bool
    frozen: bool
    read_level: ReadLevel
    layers: dict[str, _Layer] = field(default_factory=dict)
    outputs: dict[tuple[str, int], tuple[Word | None, ...] | str] = field(default_factory=dict)
    """By layer and call, what comes out: the entry's name, or a reference to each output of a block."""
    shared: dict[int, str] = field(default_factory=dict)
    """The entries of layers that have several places in the file, by the number of the object."""


def read_functional(
    name: Word, config: Mapping, *, nested: bool, frozen: bool, reading: Reading, read_level: ReadLevel
) -> Level:
    """The entries of a Functional model, nested ones without their `Input`s."""
    level = _Level(reading, nested, frozen, read_level)
    _read_layers(level, name.text, config.get("layers"))
    inputs = tensors_of(config.get("input_layers"), name.text, reading)
    outputs = tensors_of(config.get("output_layers"), name.text, reading)
    results = _number_calls(level, [tensor for _, tensor in outputs])
    order = [tensor.layer for _, tensor in inputs if tensor.layer in level.layers]
    numbers = {layer: number for number, layer in enumerate(dict.fromkeys(order))}
    entries = tuple(_entries(level, numbers))
    keys = tuple(key or tensor.layer for key, tensor in inputs)
    last = Exact((entries[-1].name.text,)) if entries else None
    named: list[Word | Through] = []
    for tensor in results:
        word = _reference(level, tensor, name.text)
        if nested and tensor.layer in numbers:
            named.append(Through(numbers[tensor.layer]))
        elif word is not None:
            named.append(Word("", word.place) if nested and word.exact == last else word)
    return Level(name, entries, keys, tuple(named))


def _read_layers(level: _Level, model: str, layers: Value | None) -> None:
    items = layers.items if isinstance(layers, Sequence) else ()
    for item in items:
        saved = saved_object(item)
        if saved is None or not isinstance(item, Mapping):
            level.reading.wrong(item.place, model, "one of its `layers` is no layer that Keras saved")
            continue
        given = item.get("name")
        if not is_text(given) and isinstance(saved.config, Mapping):
            given = saved.config.get("name")
        text = text_of(given)
        if given is None or not is_text(given):
            level.reading.wrong(item.place, model, "one of its `layers` has no name")
            continue
        if text in level.layers:
            level.reading.wrong(given.place, text, "another layer of the model has the same name")
            continue
        found = calls(item.get("inbound_nodes"), text, level.reading)
        level.layers[text] = _Layer(len(level.layers), Word(text, given.place), saved, found)


def _number_calls(level: _Level, outputs: list[Tensor]) -> list[Tensor]:
    """Finds which number the file gives the first call of each layer; the outputs, numbered in that way.

    A Functional model has a call of its own before any other. Some versions of Keras count it, some do
    not, and some do so among a model's outputs alone.
    """
    inner = [tensor for layer in level.layers.values() for call in layer.calls for tensor in call.tensors()]
    for tensor in (*inner, *outputs):
        if tensor.layer in level.layers and tensor.index > 0:
            level.layers[tensor.layer].several = True
    read, given = _numbers(inner), _numbers(outputs)
    moved: dict[str, int] = {}
    for name, layer in level.layers.items():
        if is_model(layer.saved):
            legacy = any(call.legacy for call in layer.calls)
            count = len(layer.calls)
            layer.first = _first_number(read.get(name, set()), count, legacy)
            functional = legacy or layer.saved.class_name != "Sequential"
            moved[name] = layer.first - _first_number(given.get(name, set()), count, functional)
    return [replace(tensor, node=tensor.node + moved.get(tensor.layer, 0)) for tensor in outputs]


def _numbers(tensors: list[Tensor]) -> dict[str, set[int]]:
    """The numbers of the calls that tensors come out of, by layer."""
    found: dict[str, set[int]] = {}
    for tensor in tensors:
        found.setdefault(tensor.layer, set()).add(tensor.node)
    return found


def _first_number(found: set[int], count: int, counts_own: bool) -> int:
    """The number of the first of `count` calls, from those that are read."""
    if 0 in found or count in found:
        return 0 if 0 in found else 1
    return 1 if counts_own else 0


def _entries(level: _Level, inputs: dict[str, int]) -> Iterator[Entry | Block]:
    """The entries in an order in which each reads earlier ones alone: the file's where that can be."""
    slots = sorted(level.layers[name].position for name in inputs)
    positions = {name: layer.position for name, layer in level.layers.items()}
    positions.update((name, slots[number]) for name, number in inputs.items())
    names = Names((*level.layers, INPUT) if level.nested else level.layers)
    waiting: dict[tuple[str, int], int] = {}
    readers: dict[tuple[str, int], list[tuple[str, int]]] = {}
    ready: list[tuple[int, int, str]] = []
    for name, layer in level.layers.items():
        if not layer.calls and not is_input(layer.saved):
            problem = "it is a layer of the model, and nothing flows into it"
            level.reading.wrong(layer.name.place, name, problem)
        for number in range(1 if is_input(layer.saved) else len(layer.calls)):
            before = _needed(level, layer, number)
            waiting[name, number] = len(before)
            for each in before:
                readers.setdefault(each, []).append((name, number))
            if not before:
                heapq.heappush(ready, (positions[name], number, name))
    while ready:
        _, number, name = heapq.heappop(ready)
        del waiting[name, number]
        found = _emitted(level, level.layers[name], number, inputs, names)
        yield from () if found is None else (found,)
        for reader in readers.get((name, number), ()):
            waiting[reader] -= 1
            if waiting[reader] == 0:
                heapq.heappush(ready, (positions[reader[0]], reader[1], reader[0]))
    for name, number in list(waiting)[:1]:
        place = level.layers[name].calls[number].place
        level.reading.wrong(place, name, "its inputs wait for each other: they are read in a ring")


def _needed(level: _Level, layer: _Layer, number: int) -> set[tuple[str, int]]:
    """The calls that must come before one: those whose outputs it reads, and the layer's own before it."""
    found = {(layer.name.text, number - 1)} if number else set()
    for tensor in layer.calls[number].tensors() if layer.calls else ():
        source = level.layers.get(tensor.layer)
        if source is not None and 0 <= tensor.node - source.first < max(len(source.calls), 1):
            found.add((tensor.layer, tensor.node - source.first))
    return found


def _reference(level: _Level, tensor: Tensor, reader: str) -> Word | None:
    """How entries name a tensor; None, with a fault, where there is no such thing."""
    source = level.layers.get(tensor.layer)
    if source is None:
        problem = f"it reads `{tensor.layer}`, which is no layer of the model"
        level.reading.wrong(tensor.place, reader, problem)
        return None
    found = level.outputs.get((tensor.layer, tensor.node - source.first))
    if isinstance(found, str):
        several = source.several or (source.made is not None and source.made.several)
        several = several or asks_for_more(source.calls[tensor.node - source.first : tensor.node + 1])
        return _word((found,), str(tensor.index) if several else "", tensor.place)
    if found is not None and tensor.index < len(found):
        word = found[tensor.index]
        return None if word is None else replace(word, place=tensor.place)
    if (tensor.layer, tensor.node - source.first) not in level.outputs or found is not None:
        problem = f"`{tensor.layer}` has no output {tensor.index} of a call {tensor.node}, which it reads"
        level.reading.wrong(tensor.place, reader, problem)
    return None


def _word(names: tuple[str, ...], output: str, place: Place) -> Word:
    """A reference to an entry, or to what flows in where there are no names."""
    text = ".".join((*(names or (INPUT,)), *((output,) if output else ())))
    return Word(text, place, Exact(names, output))


def _inside(block: Word, output: Word) -> Word:
    """An output of a block, as it is called outside."""
    inner = output.exact or Exact(())
    return _word((block.text, *inner.names), inner.output, output.place)


def _emitted(
    level: _Level, layer: _Layer, number: int, inputs: dict[str, int], names: Names
) -> Entry | Block | None:
    """The entry of a call, and what others call its outputs."""
    name = layer.name
    if is_input(layer.saved):
        if not level.nested:
            level.outputs[name.text, 0] = name.text
            return input_entry(name, layer.saved, level.reading)
        which = "" if len(inputs) < 2 else str(inputs.get(name.text, 0))
        level.outputs[name.text, 0] = (_word((), which, name.place),)
        return None
    if number:
        name = Word(names.free(f"{name.text}_call_{number}"), layer.calls[number].place)
    if is_model(layer.saved):
        return _emitted_model(level, layer, number, name)
    if layer.made is None:
        layer.owner = _owner(level, layer)
        layer.made = made(layer.saved, layer.owner, level.reading)
        level.reading.met(layer.saved, name.text)
        if layer.saved.number is not None:
            level.shared[layer.saved.number] = name.text
    assert layer.owner is not None

    binder = Binder(
        layer.made,
        layer.owner,
        level.reading,
        lambda tensor: _reference(level, tensor, layer.name.text),
    )
    level.outputs[layer.name.text, number] = name.text
    again = _word((layer.name.text,), "", layer.name.place) if number else None
    return binder.entry(name, layer.saved, layer.calls[number], again)


def _emitted_model(level: _Level, layer: _Layer, number: int, name: Word) -> Entry | Block | None:
    """The block of a model inside the model, or the entry that calls it again."""
    call = layer.calls[number]
    key = (layer.name.text, number)
    if number == 0:
        level.reading.met(layer.saved, name.text)
        layer.level = level.read_level(layer.saved, level.frozen)
    inner = layer.level
    if inner is None:  # that was told
        level.outputs[key] = name.text
        return entry(name, None, (), call.place, sound=False)
    references = _model_inputs(level, layer, call, inner)
    level.outputs[key] = tuple(
        _flowing_through(each, references) if isinstance(each, Through) else _inside(name, each)
        for each in inner.outputs
    )
    if not inner.entries:
        return None
    words = tuple(word for word in references if word is not None)
    if not words:  # that was told
        return entry(name, None, (), call.place, sound=False)
    inputs = (Flow(None, words, listed=len(references) > 1),)
    if number:
        again = _word((layer.name.text,), "", layer.name.place)
        return entry(name, None, (), call.place, reuse=again, inputs=inputs)
    return block_of(inner, name, inputs, layer.saved.place)


def _flowing_through(output: Through, references: tuple[Word | None, ...]) -> Word | None:
    return references[output.number] if output.number < len(references) else None


def _model_inputs(level: _Level, layer: _Layer, call: SavedCall, inner: Level) -> tuple[Word | None, ...]:
    """What flows into a model inside the model, in the order of its inputs."""
    given = call.args[0] if call.args else next((each for _, each in call.kwargs), None)
    tensors = () if given is None else tuple(tensors_in(given))
    if isinstance(given, Group) and set(given.keys) == set(inner.keys) and len(tensors) == len(given.keys):
        by_key = dict(zip(given.keys, tensors, strict=True))
        tensors = tuple(by_key[key] for key in inner.keys)
    if len(tensors) != len(inner.keys) and (inner.keys or not tensors):
        problem = f"the model has {len(inner.keys) or 1} inputs, and {len(tensors)} flow in"
        level.reading.wrong(call.place, layer.name.text, problem)
    return tuple(_reference(level, tensor, layer.name.text) for tensor in tensors)


def _owner(level: _Level, layer: _Layer) -> Owner:
    """What the reading of a layer's config is told about it."""
    block = blocks_by(level.read_level, level.reading, layer.name.text)
    return Owner(layer.name.text, level.frozen, block, level.shared)


def blocks_by(
    read_level: ReadLevel, reading: Reading, layer: str
) -> Callable[[Mapping, bool], Block | None]:
    """Makes the block of a model that stands in the config of `layer`."""

    def block(value: Mapping, frozen: bool) -> Block | None:
        saved = saved_object(value)
        inner = None if saved is None else read_level(saved, frozen)
        if inner is None:
            return None
        if len(inner.keys) > 1 or len(inner.outputs) != 1 or not _is_last(inner.outputs[0]):
            problem = "the model that it wraps has several inputs or outputs"
            reading.wrong(value.place, layer, problem, "wrap a model of one input and one output")
        return block_of(inner, inner.name, None, value.place)

    return block


def _is_last(output: Word | Through) -> bool:
    return isinstance(output, Word) and output.exact is None
