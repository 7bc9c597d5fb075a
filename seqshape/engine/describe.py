"""The catalogue, from the signatures of the installed Keras. Part of the corner that imports it."""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import keras

from seqshape.engine import saved
from seqshape.engine.catalogue import MODULES, Catalogue, Parameter, Signature, Type

_CODE = {
    "Layer": "it is the class that layers are written from, and has no call of its own",
    "Wrapper": "it is the class that wrappers are written from, and has no call of its own",
    "Lambda": "it runs a Python function, and a spec holds no code",
    "TFSMLayer": "it runs a saved TensorFlow program, and a spec runs none",
    "TorchModuleWrapper": "it wraps a PyTorch module, which is code",
    "JaxLayer": "it wraps a JAX function, which is code",
    "FlaxLayer": "it wraps a Flax module, which is code",
}
_FUNCTIONS = frozenset(
    f"ops.{name}"
    for name in (
        "associative_scan", "cond", "custom_gradient", "fori_loop", "jvp", "map", "scan", "switch",
        "vectorize", "vectorized_map", "while_loop",
    )
)  # fmt: skip
"""Functions that take Python functions."""
_POPPED = re.compile(r"kwargs\.pop\(\s*[\"'](\w+)[\"']")
_KEPT_KINDS = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def catalogue(tensorflow: str) -> Catalogue:
    """Everything that a mapping with `type` can name."""
    types = {"Input": Type("Input", _signature([keras.Input]), Signature((), False))}
    for name, value in vars(keras.layers).items():
        if inspect.isclass(value) and issubclass(value, keras.layers.Layer):
            types[name] = _class(name, value)
    for name, value in _functions():
        signature = replace(_signature([value]), many=_takes_many(value))
        code = _CODE["Lambda"] if name in _FUNCTIONS else ""
        types[name] = Type(name, signature, signature, code)
    families = {
        module: {
            name: Type(name, _constructor(value), Signature((), True))
            for name, value in vars(getattr(keras, module)).items()
            if inspect.isclass(value)
        }
        for module in sorted(set(MODULES.values()))
        if hasattr(keras, module)
    }
    return Catalogue(
        keras.__version__,
        tensorflow,
        types,
        families,
        operations=saved.operations(_functions()),
        usual=saved.usual_values(saved.layer_classes()),
        class_names=saved.class_names(),
    )


def _functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """The public functions of `keras.ops`, and those that only its modules have (`ops.image.resize`)."""
    modules = [("ops", keras.ops)]
    modules += [
        (f"ops.{name}", value) for name, value in vars(keras.ops).items() if inspect.ismodule(value)
    ]
    seen: set[int] = set()
    for prefix, module in modules:
        for name, value in vars(module).items():
            if (
                inspect.isfunction(value)
                and not name.startswith("_")
                and (prefix == "ops" or id(value) not in seen)
            ):
                seen.add(id(value))
                yield f"{prefix}.{name}", value


def _class(name: str, value: type) -> Type:
    call = _signature([value.call])  # type: ignore[attr-defined]
    return Type(name, _constructor(value), call, _CODE.get(name, ""))


def _constructor(value: type) -> Signature:
    """The constructor's signature: where it passes `**kwargs` on, the parents' parameters too."""
    functions = [vars(cls)["__init__"] for cls in value.__mro__ if "__init__" in vars(cls)]
    return _signature([function for function in functions if inspect.isfunction(function)])


def _signature(functions: list[Callable[..., Any]]) -> Signature:
    """The parameters of the first function and, while each ends in `**kwargs`, of the next.

    Only the first function's can be required: what the parents require, it passes on itself.
    """
    parameters: dict[str, Parameter] = {}
    for number, function in enumerate(functions):
        is_open = False
        for parameter in inspect.signature(function).parameters.values():
            if parameter.kind in _KEPT_KINDS and parameter.name != "self":
                required = number == 0 and parameter.default is inspect.Parameter.empty
                flag = isinstance(parameter.default, bool)
                parameters.setdefault(parameter.name, Parameter(parameter.name, required, flag=flag))
            is_open = is_open or parameter.kind is inspect.Parameter.VAR_KEYWORD
        if not is_open:
            return Signature(tuple(parameters.values()), False)
        for name in _POPPED.findall(_source(function)):
            parameters.setdefault(name, Parameter(name, False, hidden=True))
        if _is_base(function):
            return Signature(tuple(parameters.values()), False)
    return Signature(tuple(parameters.values()), True)


def _takes_many(function: Callable[..., Any]) -> bool:
    """Whether the function takes any number of tensors (`*operands`)."""
    parameters = inspect.signature(function).parameters.values()
    return any(parameter.kind is inspect.Parameter.VAR_POSITIONAL for parameter in parameters)


def _is_base(function: Callable[..., Any]) -> bool:
    """Whether this is the constructor of Keras's base layer, which refuses names it does not know."""
    return function is vars(keras.layers.Layer)["__init__"]


def _source(function: Callable[..., Any]) -> str:
    try:
        return inspect.getsource(function)
    except OSError:
        return ""
