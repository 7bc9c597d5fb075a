"""From plain data to objects of Keras: layers, cells, initializers. Part of the corner that imports it."""

import inspect
import json
from contextlib import suppress
from typing import Any

import keras

from seqshape.engine.blocks import Block
from seqshape.engine.catalogue import module_of
from seqshape.engine.constants import constant
from seqshape.engine.describe import APPLICATIONS, application_layers
from seqshape.engine.messages import LAYER, clean
from seqshape.engine.question import Refusal
from seqshape.engine.refusals import REFUSED

VOCABULARY = "vocabulary"
"""The argument that takes words, or the name of a file with words."""


class NotMade(Exception):
    """The constructor refused; carries the refusal."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


class Layers:
    """The live layers of one chain of calls, and the weights that were counted."""

    def __init__(self, shared: tuple[tuple[str, str], ...] = ()) -> None:
        self.shared = dict(shared)
        self.flowing: str | None = None
        """The dtype of what the call is given first, where it is no float."""
        self.made: dict[str, Any] = {}
        self.counted: set[int] = set()

    def built(self) -> list[bool]:
        """Which of the layers that were made have their weights."""
        return [bool(getattr(layer, "built", True)) for layer in self.made.values()]


def layer_of(config: dict[str, Any], layers: Layers) -> Any:
    """What stands before the call: a layer, a function of `keras.ops`, or Input's tensor."""
    if "reuse" in config:
        return _shared(config["reuse"], layers)
    type_name = config["type"]
    arguments = {key: value for key, value in config.items() if key != "type"}
    if type_name.startswith("ops."):
        function = function_of(type_name)
        if function is None:
            raise NotMade(Refusal("type", type_name))
        return _Operation(function, {key: constant(value) for key, value in arguments.items()})
    if type_name != "Input":
        arguments.setdefault("name", LAYER)
    return _make(type_name, None, arguments, layers)


def _layer_among(config: dict[str, Any], made: dict[str, Any]) -> Any:
    """A layer of a block, which may hold layers that the block has already."""
    layers = Layers(tuple((name, "") for name in made))
    layers.made.update(made)
    return layer_of(config, layers)


Block.make = staticmethod(_layer_among)


def function_of(type_name: str) -> Any:
    """The function of `keras.ops` or of one of its modules; None where there is none."""
    found: Any = None if type_name in REFUSED else keras.ops
    for part in type_name.split(".")[1:]:
        found = getattr(found, part, None) if inspect.ismodule(found) else None
    return found if inspect.isfunction(found) else None


def _shared(name: str, layers: Layers) -> Any:
    if name not in layers.made:
        layers.made[name] = layer_of(json.loads(layers.shared[name]), layers)
    return layers.made[name]


class _Operation:
    """A function of `keras.ops` with the arguments that are no tensors."""

    def __init__(self, function: Any, arguments: dict[str, Any]) -> None:
        self._function = function
        self._arguments = arguments

    def __call__(self, *tensors: Any, **keywords: Any) -> Any:
        """What the function gives; a list that it takes only as a tuple or as a tensor is given as one."""
        named = {**self._arguments, **keywords}
        try:
            return self._called(tensors, named)
        except (TypeError, AttributeError):
            for form in (_as_tuple, _as_tensor):
                with suppress(Exception):
                    return self._called(tensors, {key: form(value) for key, value in named.items()})
            raise

    def _called(self, tensors: tuple[Any, ...], given: dict[str, Any]) -> Any:
        named = dict(given)
        leading: list[Any] = []
        for parameter in inspect.signature(self._function).parameters.values():
            if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
                return self._function(*leading, *keras.tree.flatten(tensors), **named)
            if parameter.name in named:
                leading.append(named.pop(parameter.name))
        return self._function(*tensors, **given)


def _as_tuple(value: Any) -> Any:
    """A list of plain values as a tuple, at any depth; a list of tensors as it is."""
    if isinstance(value, list) and not any(isinstance(item, keras.KerasTensor) for item in value):
        return tuple(_as_tuple(item) for item in value)
    return value


def _as_tensor(value: Any) -> Any:
    """A list of plain values as a tensor."""
    if isinstance(value, list) and not any(isinstance(item, keras.KerasTensor) for item in value):
        return keras.ops.convert_to_tensor(value)
    return value


def _make(type_name: str, argument: str | None, arguments: dict[str, Any], layers: Layers) -> Any:
    """An object of the class that `type_name` names, as an entry or as the value of an argument.

    Raises:
        NotMade: Keras refuses the class, or the value of an argument.

    """
    cls = _class(type_name, argument)
    if cls is None:
        raise NotMade(Refusal("type", type_name))
    _refuse_files(type_name, arguments)
    made = {key: _value(key, value, layers) for key, value in arguments.items()}
    try:
        with keras.saving.custom_object_scope({Block.__name__: Block}):  # a Bidirectional makes it again
            return cls(**made)
    except ImportError as error:
        raise NotMade(Refusal("package", clean(error), type=type_name)) from error
    except Exception as error:
        refused = _refused_arguments(cls, made, error)
        raise NotMade(Refusal("make", clean(error), refused, type=type_name)) from error


def _value(argument: str, value: Any, layers: Layers) -> Any:
    """The value of an argument, with each mapping that has a `type` made into what it names."""
    if isinstance(value, list):
        return [_value(argument, item, layers) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"reuse"} and value["reuse"] in layers.shared:
        return _shared(value["reuse"], layers)
    if set(value) == {"layers"} and isinstance(calls := value["layers"], str | list):
        return Block(calls if isinstance(calls, str) else json.dumps(calls), layers.flowing)
    if "class_name" in value:  # Keras would look the class up by itself, and could import for it
        raise NotMade(Refusal("make", "a mapping with `class_name` is not taken: a layer has `type`"))
    if "type" not in value:
        return {key: _value(key, item, layers) for key, item in value.items()}
    arguments = {key: item for key, item in value.items() if key != "type"}
    return _make(value["type"], argument, arguments, layers)


def _refuse_files(type_name: str, arguments: dict[str, Any]) -> None:
    """Refuses a vocabulary that is the name of a file, which Keras would open.

    Raises:
        NotMade: there is one.

    """
    if ">" not in type_name and isinstance(arguments.get(VOCABULARY), str):
        said = f"`{VOCABULARY}` takes a list of words: a file that a spec names is never opened"
        raise NotMade(Refusal("make", said, ((VOCABULARY, said),), type=type_name))


def _class(type_name: str, argument: str | None) -> Any:
    """The class that a type names; None where there is none, or it runs code."""
    if type_name in REFUSED:
        return None
    if ">" in type_name:
        return keras.saving.get_registered_object(type_name)
    module = module_of(argument) if argument is not None else None
    if module is None and type_name.startswith(APPLICATIONS):
        return application_layers().get(type_name)
    found = getattr(getattr(keras, module or "layers"), type_name, None)
    return found if inspect.isclass(found) or found is keras.Input else None


def _refused_arguments(cls: Any, made: dict[str, Any], error: Exception) -> tuple[tuple[str, str], ...]:
    """The arguments whose values are refused, each with the message about it.

    An optional argument is refused where the required ones are taken without it, and not with it.
    """
    required = {key: made[key] for key in made if key in _required(cls) or made[key] == LAYER}
    if (problem := _problem(cls, required)) is None:
        alone = ((key, _problem(cls, {**required, key: made[key]})) for key in made if key not in required)
        refused = tuple((key, clean(said)) for key, said in alone if said is not None)
        return refused or _named(made, error)
    for key in made:
        if _problem(cls, {name: value for name, value in made.items() if name != key}) is None:
            return ((key, clean(error)),)
    return _named(required, problem) or _named(made, error)


def _named(made: dict[str, Any], problem: Exception) -> tuple[tuple[str, str], ...]:
    """The one argument that a message names, or the only one that there is."""
    given = [key for key in made if made[key] != LAYER]
    message = str(problem)
    named = [key for key in given if f"`{key}`" in message or f"{key}=" in message] or given
    return ((named[0], clean(problem)),) if len(named) == 1 else ()


def _problem(cls: Any, arguments: dict[str, Any]) -> Exception | None:
    try:
        cls(**arguments)
    except Exception as error:
        return error
    return None


def _required(cls: Any) -> frozenset[str]:
    parameters = inspect.signature(cls).parameters.values()
    return frozenset(each.name for each in parameters if each.default is inspect.Parameter.empty)
