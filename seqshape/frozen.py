"""Frozen values with slots: what `dataclass(frozen=True, slots=True)` makes, at a sixth of its price.

The standard library writes source for six methods of each class and compiles it at every start, 0.4 ms a
class, and a run has a hundred of them, of which it makes values of a third. Here a method is written when
it is first called, and those that need no source of their own are shared.
"""

from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from typing import Any, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Makes a class a frozen dataclass with slots; `fields` and `replace` of `dataclasses` take its values.

    A field that is left out of comparing is left out of the hash too, and there is no `InitVar`.
    """
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    for name, source in (("__init__", _initializing), ("__eq__", _comparing), ("__hash__", _hashing)):
        setattr(made, name, _awaited(made, name, source))
    for method in (__repr__, __setattr__, __delattr__, __getstate__, __setstate__):
        setattr(made, method.__name__, method)
    kind: type[T] = made
    return kind


def _awaited(made: type[Any], name: str, source: Callable[[type[Any], dict[str, Any]], str]) -> Any:
    """A method that at its first call is replaced by the one that it should be."""

    def method(self: Any, *values: Any, **named: Any) -> Any:
        known: dict[str, Any] = {}
        exec(source(made, known), known)
        known[name].__qualname__ = f"{made.__qualname__}.{name}"
        setattr(made, name, known[name])
        return known[name](self, *values, **named)

    return method


def _initializing(made: type[Any], known: dict[str, Any]) -> str:
    """The source of `__init__`; `known` takes the values of the names in it."""
    known["_MISSING"] = MISSING
    parameters = ["self"]
    lines = []
    for each in fields(made):
        name = value = each.name
        optional = each.default is not MISSING or each.default_factory is not MISSING
        known[f"_set_{name}"] = getattr(made, name).__set__  # the slot's own, past `__setattr__`
        known[f"_default_{name}"] = each.default
        known[f"_new_{name}"] = each.default_factory
        if each.init:
            parameters.append(f"{name}=_default_{name}" if optional else name)
        elif optional:
            value = f"_default_{name}"
        else:
            continue  # `__post_init__` sets it
        if each.default_factory is not MISSING:
            value = f"_new_{name}() if {value} is _MISSING else {value}"
        lines.append(f"_set_{name}(self, {value})")
    if hasattr(made, "__post_init__"):
        lines.append("self.__post_init__()")
    return f"def __init__({', '.join(parameters)}):\n    " + "\n    ".join(lines or ["pass"])


def _comparing(made: type[Any], _: dict[str, Any]) -> str:
    return (
        "def __eq__(self, other):\n"
        "    if other.__class__ is not self.__class__:\n"
        "        return NotImplemented\n"
        f"    return {_compared(made, 'self')} == {_compared(made, 'other')}"
    )


def _hashing(made: type[Any], _: dict[str, Any]) -> str:
    return f"def __hash__(self):\n    return hash({_compared(made, 'self')})"


def _compared(made: type[Any], value: str) -> str:
    """The tuple of what is compared of a value."""
    return f"({''.join(f'{value}.{each.name},' for each in fields(made) if each.compare)})"


def __repr__(self: Any) -> str:  # noqa: N807
    shown = (f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def __setattr__(self: Any, name: str, value: object) -> NoReturn:  # noqa: N807
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def __delattr__(self: Any, name: str) -> NoReturn:  # noqa: N807
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def __getstate__(self: Any) -> list[Any]:  # noqa: N807
    return [getattr(self, each.name) for each in fields(self)]


def __setstate__(self: Any, state: list[Any]) -> None:  # noqa: N807
    for each, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)
