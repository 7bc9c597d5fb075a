"""What Keras writes of a layer, and which of its arguments say anything. Part of the Keras corner.

A layer comes in as the JSON text of a mapping with `type`, as in a question; plain data comes out. No
layer is built here, so there are no weights.
"""

import copy
import inspect
import json
import random
import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any, TypeVar

import keras
from keras.src.backend.common import global_state

from seqshape.engine.blocks import built_for, flowing_dtype
from seqshape.engine.catalogue import module_of
from seqshape.engine.judge import settings
from seqshape.engine.making import Layers, function_of, layer_of
from seqshape.engine.messages import clean
from seqshape.engine.outputs import flatten
from seqshape.engine.patience import GivenUp, bounded
from seqshape.engine.question import Call, Given, World
from seqshape.engine.steps import GIVEN, MADE, Step, Steps
from seqshape.engine.tensors import Tensor
from seqshape.engine.tracing import arguments, shape_of, symbolic
from seqshape.spec_reader import snake_case

T = TypeVar("T")
Shared = tuple[tuple[str, str], ...]


_PATIENCE = 120.0
"""Seconds for one question; a whole model may be loaded for one."""


class NotDescribed(Exception):
    """Keras cannot say what was asked; the message is its own."""


def essential(layer: str, shared: Shared, world: World, given: tuple[Given, ...] = ()) -> str:
    """The arguments of a layer without those that say what Keras does anyway, as JSON text.

    What is left out is proven to be no loss: the layer that the others make has an equal configuration,
    or has one once it was called on what is `given`.

    Raises:
        NotDescribed: Keras does not make the layer.

    """
    config = json.loads(layer)
    function = function_of(config["type"]) if config["type"].startswith("ops.") else None
    if function is not None:
        return json.dumps(_undefaulted(function, config))
    return asked(lambda: json.dumps(_Essence(config, shared, given).arguments()), world)


def described(layer: str, shared: Shared, world: World) -> str:
    """A layer as Keras saves it: the JSON text of `keras.saving.serialize_keras_object`.

    Raises:
        NotDescribed: Keras does not make the layer.

    """
    return asked(lambda: json.dumps(_steady(json.loads(layer), shared)), world)


def steps(call: Call, world: World) -> Steps:
    """The operations that a call of a function of `keras.ops` is made of.

    Raises:
        NotDescribed: the call cannot be taken apart.

    """
    return asked(lambda: _steps(call), world)


def flowing(call: Call, shared: Shared, world: World) -> str:
    """What flows into the blocks inside a layer when it is called, as JSON text.

    For the text of each block's calls it has a list: a shape and a dtype for every such block.

    Raises:
        NotDescribed: Keras does not make the layer, or refuses the call.

    """

    def run() -> str:
        layers = Layers(shared)
        layers.flowing = flowing_dtype(call.given)
        layer = layer_of(json.loads(call.layer), layers)
        tensors = [symbolic(tensor) for each in call.given for tensor in each.tensors]
        positional, named = arguments(tensors, call.given)
        layer(*positional, **named, **json.loads(call.keywords))
        return json.dumps(built_for(layer))

    return asked(run, world)


def loads(layer: str, world: World) -> None:
    """Has Keras make a layer from the JSON text of what it saves.

    Raises:
        NotDescribed: Keras does not make it.

    """
    asked(lambda: keras.saving.deserialize_keras_object(json.loads(layer)), world)


def outputs_of(model: str, world: World) -> str:
    """The shapes that a model gives which Keras loads from JSON, as JSON text.

    Raises:
        NotDescribed: Keras does not load it.

    """

    def load() -> str:
        try:
            found = keras.models.model_from_json(model)
        except ValueError as error:
            if "stateless scope" in str(error):  # states that are kept would have to be allocated
                return "null"
            raise
        return json.dumps([list(shape_of(tensor)) for tensor in found.outputs])

    return asked(load, world)


def asked(question: Callable[[], T], world: World, *, stateless: bool = True) -> T:
    """The answer to a question that is asked in a thread of its own, so that Keras's counters are fresh."""
    found: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            scope = keras.StatelessScope(initialize_variables=False) if stateless else nullcontext()
            with settings(world), scope:
                found.append(question())
        except GivenUp:
            pass
        except Exception as error:
            failed.append(error)

    if reason := bounded(run, _PATIENCE):
        raise NotDescribed(f"the question was given up: {reason}")
    if failed:
        raise NotDescribed(clean(failed[0])) from failed[0]
    return found[0]


# The description of a layer.


def _config(config: dict[str, Any], shared: Shared, chance: int = 0) -> Any:
    """What Keras saves of the layer; `chance` decides the seeds that it draws for itself."""
    state = random.getstate()
    random.seed(chance)
    global_state.set_global_attribute("object_name_uids", None)  # names begin with their first number
    try:
        made = layer_of(config, Layers(shared))
    finally:
        random.setstate(state)
    if isinstance(made, keras.KerasTensor):
        made = made._keras_history.operation
    return json.loads(json.dumps(keras.saving.serialize_keras_object(made)))


def _steady(config: dict[str, Any], shared: Shared) -> Any:
    """The description, with null for what Keras draws by chance."""
    return _agreed(_config(config, shared, 0), _config(config, shared, 1))


def _agreed(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        return {key: _agreed(value, other.get(key)) for key, value in one.items()}
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [_agreed(here, there) for here, there in zip(one, other, strict=True)]
    return one if one == other or one != one else None  # a NaN is not equal to itself


def _anonymous(described: Any) -> Any:
    """The description without the numbers of names that Keras gives: `dense_7`, `forward_gru_3`."""
    if isinstance(described, list):
        return [_anonymous(item) for item in described]
    if not isinstance(described, dict):
        return described
    found = {key: _anonymous(item) for key, item in described.items()}
    name, config = found.get("class_name"), found.get("config")
    if isinstance(name, str) and isinstance(config, dict) and isinstance(config.get("name"), str):
        numbered = re.fullmatch(rf"((?:\w+_)?{re.escape(snake_case(name))})_\d+", config["name"])
        config["name"] = numbered[1] if numbered else config["name"]
    return found


class _Essence:
    """Leaves out what says nothing, one thing after the other."""

    def __init__(self, config: dict[str, Any], shared: Shared, given: tuple[Given, ...]) -> None:
        self._config = config
        self._given = given
        self._shared = shared
        self._whole = self._described(config)

    def _described(self, config: dict[str, Any]) -> str:
        return json.dumps(_anonymous(_config(config, self._shared)), sort_keys=True)

    def _same(self, config: dict[str, Any]) -> bool:
        try:
            return self._described(config) == self._whole
        except Exception:
            return False

    def arguments(self) -> dict[str, Any]:
        """What is left of the arguments."""
        config = self._without_defaults(self._config)
        config = self._without_what_is_built(config)
        for path in list(_nested(config, ())):
            config = self._simpler(config, path)
        config = self._without_defaults(config)
        for key, value in config.items():
            only = set(_numbers(value)) if isinstance(value, list) else set()
            if len(only) == 1 and self._same(shorter := {**config, key: only.pop()}):
                config = shorter  # `kernel_size: 3` for `[3, 3]`
        return {key: value for key, value in config.items() if key != "type"}

    def _without_defaults(self, config: dict[str, Any]) -> dict[str, Any]:
        told = json.loads(self._whole)["config"]
        if (quick := self._at_once(config, told)) is not None:
            return quick
        for key in config:
            fewer = {name: value for name, value in config.items() if name != key}
            if key != "type" and key in told and self._same(fewer):
                config = fewer
        return config

    def _without_what_is_built(self, config: dict[str, Any]) -> dict[str, Any]:
        """The arguments without those that building the layer sets, as `axis: [-1]` for -1."""
        keys = [key for key in config if key not in ("type", *_required(config["type"]))]
        if not self._given or not keys:
            return config
        try:
            whole = self._built(config)
        except Exception:
            return config
        for key in keys:
            fewer = {name: value for name, value in config.items() if name != key}
            try:
                same = key in whole["config"] and self._built(fewer) == whole
            except Exception:
                same = False
            if same:
                config = fewer
        self._whole = self._described(config)  # what is left is held against itself from here on
        return config

    def _built(self, config: dict[str, Any]) -> Any:
        """The description of the layer once it was called."""
        layer = layer_of(config, Layers(self._shared))
        tensors = [symbolic(tensor) for each in self._given for tensor in each.tensors]
        positional, named = arguments(tensors, self._given)
        layer(*positional, **named)
        return _anonymous(json.loads(json.dumps(keras.saving.serialize_keras_object(layer))))

    def _at_once(self, config: dict[str, Any], told: dict[str, Any]) -> dict[str, Any] | None:
        """The arguments that must be given, that Keras does not tell, or that differ from its own."""
        required = _required(config["type"])
        least = {key: value for key, value in config.items() if key not in told or key in required}
        try:
            bare = json.loads(self._described(least))["config"]
        except Exception:
            return None
        found = {key: value for key, value in config.items() if key in least or bare.get(key) != told[key]}
        return found if self._same(found) else None

    def _simpler(self, config: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
        """The arguments with the object at a path of them said in fewer words, where that is the same."""
        argument = next((part for part in reversed(path) if isinstance(part, str)), "")
        is_layer = module_of(argument) is None
        found = _at(config, path)
        if not isinstance(found, dict):
            return config
        for key in [key for key in found if key != "type"]:
            value = found[key]
            if not (is_layer or value is None):
                continue  # the numbers of an initializer or a regularizer say something to a reader
            fewer = _put(config, path, {name: item for name, item in found.items() if name != key})
            if self._same(fewer):
                config, found = fewer, _at(fewer, path)
        if not is_layer and set(found) == {"type"}:
            for word in (snake_case(found["type"]), found["type"]):
                if self._same(shorter := _put(config, path, word)):
                    return shorter
        return config


def _numbers(value: Any) -> Iterator[int | None]:
    """The numbers in lists in lists; None for each that is no whole number."""
    for item in value:
        if isinstance(item, list):
            yield from _numbers(item)
        else:
            yield item if type(item) is int else None


def _required(type_name: str) -> frozenset[str]:
    cls = getattr(keras.layers, type_name, None) or keras.saving.get_registered_object(type_name)
    if cls is None:
        return frozenset()
    parameters = inspect.signature(cls).parameters.values()
    return frozenset(each.name for each in parameters if each.default is inspect.Parameter.empty)


def _nested(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """The paths of the mappings with `type` inside a value, the inner ones first."""
    items: Any = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        if isinstance(item, dict | list):
            yield from _nested(item, (*path, key))
    if path and isinstance(value, dict) and "type" in value:
        yield path


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        value = value[part]
    return value


def _put(config: dict[str, Any], path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(config)
    _at(changed, path[:-1])[path[-1]] = value
    return changed


def _undefaulted(function: Any, config: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a function without those that are its defaults."""
    parameters = inspect.signature(function).parameters
    defaults = {name: each.default for name, each in parameters.items()}
    return {
        key: value
        for key, value in config.items()
        if key != "type" and not (key in defaults and _equal(defaults[key], value))
    }


def _equal(default: Any, value: Any) -> bool:
    return type(default) is type(value) and bool(default == value)


# The operations of a function's call.


def _steps(call: Call) -> Steps:
    function = layer_of(json.loads(call.layer), Layers(()))
    given = [
        keras.Input(batch_shape=tensor.shape, dtype=tensor.dtype, sparse=tensor.sparse)
        for each in call.given
        for tensor in each.tensors
    ]
    positional, named = arguments(given, call.given)
    outputs = list(flatten(function(*positional, **named, **json.loads(call.keywords))))
    marks: dict[int, dict[str, Any]] = {id(tensor): {GIVEN: number} for number, tensor in enumerate(given)}
    found: list[Step] = []
    for node in _nodes(outputs, marks):
        made = list(flatten(node.output_tensors))
        marked = keras.tree.map_structure(
            lambda value: marks.get(id(value), value), (list(node.arguments.args), node.arguments.kwargs)
        )
        saved = [keras.saving.serialize_keras_object(part) for part in marked]
        shapes = tuple(Tensor(shape_of(each), keras.backend.standardize_dtype(each.dtype)) for each in made)
        config = keras.saving.serialize_keras_object(node.operation)
        marks.update({id(tensor): {MADE: [len(found), number]} for number, tensor in enumerate(made)})
        found.append(Step(json.dumps(config), json.dumps(saved), shapes))
    return Steps(tuple(found), tuple(json.dumps(marks[id(tensor)]) for tensor in outputs))


def _nodes(outputs: list[Any], known: dict[int, Any]) -> list[Any]:
    """The nodes between the tensors that are known and the outputs, in the order in which they run."""
    order: list[Any] = []
    seen: set[int] = set()
    todo = [(tensor, False) for tensor in reversed(outputs)]
    while todo:
        tensor, ready = todo.pop()
        if id(tensor) in known:
            continue
        history = getattr(tensor, "_keras_history", None)
        if history is None:
            raise NotDescribed("it gives a value that no operation makes")
        node = history.operation._inbound_nodes[history.node_index]
        if ready:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            todo.append((tensor, True))
            todo.extend((each, False) for each in reversed(list(node.input_tensors)))
    return order
