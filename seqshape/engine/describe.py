"""The catalogue, from the signatures of the installed Keras. Part of the corner that imports it."""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import keras

from seqshape.engine import saved
from seqshape.engine.catalogue import MODULES, Catalogue, Parameter, Signature, Type
from seqshape.engine.known_words import known_words
from seqshape.engine.refusals import MODELS, REFUSED

_POPPED = re.compile(r"kwargs\.pop\(\s*[\"'](\w+)[\"']")
APPLICATIONS = "keras.src.applications."
"""How the modules begin in which Keras writes the layers of its own models."""
_OBJECTS = {"Input": frozenset({"tensor"})}
"""Arguments that take an object of Keras's and nothing else, which no spec can write."""
_UNASKED = (Signature((), True), Signature((), True))
_KEPT_KINDS = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def catalogue(tensorflow: str) -> Catalogue:
    """Everything that a mapping with `type` can name."""
    types = {name: described(name, value) for name, value in objects()}
    types.update((name, Type(name, *_UNASKED, *REFUSED[name])) for name in MODELS)
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
        _aliases(),
        operations=saved.operations(_functions()),
        usual=saved.usual_values(saved.layer_classes()),
        class_names=saved.class_names(),
        words=known_words(),
    )


def objects() -> Iterator[tuple[str, Any]]:
    """By the name of its type: `Input`, the layers, the layers of `keras.applications`, the functions."""
    yield "Input", keras.Input
    for name, value in vars(keras.layers).items():
        if inspect.isclass(value) and issubclass(value, keras.layers.Layer):
            yield name, value
    yield from sorted(application_layers().items())
    aliases = _aliases()
    for name, value in _functions():
        if name not in aliases:
            yield name, value


def described(name: str, value: Any) -> Type:
    """The type that a class of layers, a function of `keras.ops` or `Input` is."""
    if value is keras.Input:
        return Type(name, _without(_signature([keras.Input]), _OBJECTS["Input"]), Signature((), False))
    refused = REFUSED.get(name, ("", ""))
    if inspect.isclass(value):
        call = _signature([value.call])  # type: ignore[attr-defined]
        return Type(name, _constructor(value), call, *refused)
    signature = replace(_signature([value]), many=_takes_many(value))
    return Type(name, signature, signature, *refused)


def application_layers() -> dict[str, type]:
    """Layers that Keras writes for its own models, by the whole name that Keras's JSON has for them.

    They are looked for among the classes that there are: nothing is imported for it.
    """
    found: dict[str, type] = {}
    todo = [keras.layers.Layer]
    for cls in todo:
        todo.extend(cls.__subclasses__())
        if cls.__module__.startswith(APPLICATIONS):
            found[f"{cls.__module__}.{cls.__name__}"] = cls
    return found


def _functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """The public functions of `keras.ops` and of its modules (`ops.image.resize`)."""
    modules = [("ops", keras.ops)]
    modules += [
        (f"ops.{name}", value) for name, value in vars(keras.ops).items() if inspect.ismodule(value)
    ]
    for prefix, module in modules:
        for name, value in vars(module).items():
            if inspect.isfunction(value) and not name.startswith("_"):
                yield f"{prefix}.{name}", value


def _aliases() -> dict[str, str]:
    """Functions that a module of `keras.ops` has under a second name: `ops.nn.relu` is `ops.relu`."""
    first: dict[int, str] = {}
    return {
        name: primary
        for name, value in _functions()
        if (primary := first.setdefault(id(value), name)) != name and name.count(".") > 1
    }


def _without(signature: Signature, names: frozenset[str]) -> Signature:
    return replace(
        signature, parameters=tuple(each for each in signature.parameters if each.name not in names)
    )


def constructors(value: Any) -> list[Callable[..., Any]]:
    """The constructor of a class, then those of its parents; of a function, itself."""
    if not inspect.isclass(value):
        return [value]
    functions = [vars(cls)["__init__"] for cls in value.__mro__ if "__init__" in vars(cls)]
    return [function for function in functions if inspect.isfunction(function)]


def _constructor(value: type) -> Signature:
    """The constructor's signature: where it passes `**kwargs` on, the parents' parameters too."""
    return _signature(constructors(value))


def _signature(functions: list[Callable[..., Any]]) -> Signature:
    """The parameters of the first function and, while each passes its `**kwargs` on, of the next.

    Only the first function's can be required: what the parents require, it passes on itself, and what
    it passes on itself, nobody else can give. What is taken and not passed on has no word here, and
    is hidden.
    """
    parameters: dict[str, Parameter] = {}
    passed: set[str] = set()
    hidden = False
    for number, function in enumerate(functions):
        own = inspect.signature(function).parameters.values()
        for parameter in own:
            if parameter.kind in _KEPT_KINDS and parameter.name not in {"self"} | passed:
                required = number == 0 and parameter.default is inspect.Parameter.empty
                flag = isinstance(parameter.default, bool)
                found = Parameter(parameter.name, required, hidden, flag)
                parameters.setdefault(parameter.name, found)
        if not any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in own):
            return Signature(tuple(parameters.values()), False)
        for name in _POPPED.findall(_source(function)):
            if name not in passed:
                parameters.setdefault(name, Parameter(name, False, hidden=True))
        if _is_base(function):
            return Signature(tuple(parameters.values()), False)
        names, goes_on = _passed_on(function, functions[number + 1 :])
        hidden = hidden or not goes_on
        passed |= names
    return Signature(tuple(parameters.values()), True)


def _passed_on(
    function: Callable[..., Any], parents: list[Callable[..., Any]]
) -> tuple[frozenset[str], bool]:
    """The arguments that a constructor gives its parent's itself, and whether it passes the others on.

    Where the source does not tell, nothing is given and all is passed on.
    """
    for call in ast.walk(ast.parse(textwrap.dedent(_source(function)))):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "super().__init__":
            first = list(inspect.signature(parents[0]).parameters)[1:] if parents else []
            named = (each.arg for each in call.keywords if each.arg is not None)
            names = frozenset((*first[: len(call.args)], *named))
            return names, any(each.arg is None for each in call.keywords)
    return frozenset(), True


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
