"""The pages on types, from the signatures and docstrings of the installed Keras. Part of its corner."""

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

import keras

from seqshape.engine import docstrings
from seqshape.engine.catalogue import Signature, Type
from seqshape.engine.describe import constructors, described, objects
from seqshape.engine.documentation import Argument, Page
from seqshape.tree import Json

_T = TypeVar("_T")
_UNTOLD = object()


def pages() -> dict[str, Page]:
    """A page on each type of the catalogue that Keras has a class or a function for."""
    found = dict(objects())
    names: dict[int, list[str]] = {}
    for name, value in found.items():
        names.setdefault(id(value), []).append(name)
    return {name: page(name, value, tuple(names[id(value)])) for name, value in found.items()}


def registered() -> dict[str, tuple[Type, Page]]:
    """The layers that are registered under a name of their own, `Package>Name`."""
    return {
        name: (described(name, value), page(name, value))
        for name, value in sorted(keras.saving.get_custom_objects().items())
        if inspect.isclass(value) and issubclass(value, keras.layers.Layer) and ">" in name
    }


def page(name: str, value: Any, names: tuple[str, ...] = ()) -> Page:
    """What Keras says of one type; `names` are all that it has."""
    classes = value.__mro__ if inspect.isclass(value) else ()
    call = getattr(value, "call", None) if classes else None
    documents = [value.__doc__, *(vars(cls).get("__doc__") for cls in classes)]
    said, choices = _first(docstrings.arguments, documents), _first(docstrings.choices, documents)
    type_ = described(name, value)
    functions = constructors(value)
    made = _arguments(type_.constructor, functions, said, choices)
    about_call = docstrings.arguments(value.__doc__, call=True)
    called = _arguments(type_.call, [call], about_call, {}) if call else ()
    first = inspect.signature(functions[0]).parameters
    own = sum(argument.name in first for argument in made)
    summary = docstrings.summary(value.__doc__)
    aliases = tuple(other for other in names if other != name)
    primary = value.__name__ if value.__name__ in names else next(iter(names), name)
    return Page(name, _group(value), summary, made, called, aliases, own, primary)


def _first(read: Callable[[str | None], dict[str, _T]], documents: list[str | None]) -> dict[str, _T]:
    """What is read from docstrings, by argument; of two that speak of one the first counts."""
    found: dict[str, _T] = {}
    for document in reversed(documents):
        found |= read(document)
    return found


def _arguments(
    signature: Signature,
    functions: list[Callable[..., Any]],
    said: dict[str, str],
    choices: dict[str, tuple[str, ...]],
) -> tuple[Argument, ...]:
    """The parameters of a signature, with the defaults that the first of the functions has for each."""
    defaults: dict[str, Any] = {}
    for function in functions:
        for parameter in inspect.signature(function).parameters.values():
            defaults.setdefault(parameter.name, parameter.default)
    found = []
    for each in signature.parameters:
        if not each.hidden:
            default = _told(defaults.get(each.name))
            told = default is not _UNTOLD
            found.append(
                Argument(
                    each.name,
                    each.required,
                    default if told else None,
                    told,
                    said.get(each.name, ""),
                    _words(default, choices.get(each.name, ())),
                )
            )
    return tuple(found)


def _words(default: Any, choices: tuple[str, ...]) -> tuple[str, ...]:
    """The words that an argument can be, its default among them; those that speak of others are none."""
    if isinstance(default, str) and choices:
        return tuple(dict.fromkeys((default, *choices)))
    return choices if default is None and len(choices) > 1 else ()


def _told(value: Any) -> Any:
    """A default as JSON has it; `_UNTOLD` for what it has no word for."""
    if value is None or isinstance(value, bool | int | float | str):
        finite = not isinstance(value, float) or value - value == 0
        return value if finite else _UNTOLD
    if isinstance(value, list | tuple):
        items: list[Json] = [_told(item) for item in value]
        return _UNTOLD if any(item is _UNTOLD for item in items) else items
    return _UNTOLD


def _group(value: Any) -> str:
    """The folder of Keras's that a type is written in: `rnn`, `convolutional`, `ops.numpy`."""
    module = str(value.__module__)
    if value is keras.Input:
        return "core"
    if module.startswith("keras.src.ops."):
        return f"ops.{module.split('.')[3]}"
    parts = module.split(".")
    if module.startswith("keras.src.layers."):
        return parts[-2] if len(parts) > 4 else "core"
    return parts[2] if module.startswith("keras.src.") else "registered"
