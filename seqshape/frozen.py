"""Frozen values with slots: what `dataclass(frozen=True, slots=True)` makes, at a sixth of its price.

The standard library writes source for six methods of each class and compiles it at every start, 0.4 ms a
class, and a run has a hundred of them. Here one method is written, `__init__`, when the first value is
made; the others are shared.
"""

from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import Any, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Makes a class a frozen dataclass with slots; `fields` and `replace` of `dataclasses` take its values.

    A field that is left out of comparing is left out of the hash too, and there is no `InitVar`.
    """
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    made.__init__ = _awaited(made)
    made.__eq__, made.__hash__ = _comparing(made)
    for method in (__repr__, __setattr__, __delattr__, __getstate__, __setstate__):
        setattr(made, method.__name__, method)
    kind: type[T] = made
    return kind


def _awaited(made: type[Any]) -> Callable[..., None]:
    """An `__init__` that is replaced by the real one at the first value: of most classes a run has none."""

    def __init__(self: Any, *values: Any, **named: Any) -> None:  # noqa: N807
        made.__init__ = real = _initializer(made)
        real(self, *values, **named)

    return __init__


def _initializer(made: type[Any]) -> Callable[..., None]:
    """`__init__`, from source: as fast as any function, and as clear where an argument is wrong."""
    known: dict[str, Any] = {"_MISSING": MISSING}
    parameters = []
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
        lines.append(f"    _set_{name}(self, {value})")
    if hasattr(made, "__post_init__"):
        lines.append("    self.__post_init__()")
    exec(f"def __init__(self, {', '.join(parameters)}):\n" + "\n".join(lines or ["    pass"]), known)
    method: Callable[..., None] = known["__init__"]
    method.__qualname__ = f"{made.__qualname__}.__init__"
    return method


def _comparing(made: type[Any]) -> tuple[Callable[[Any, object], bool], Callable[[Any], int]]:
    """`__eq__` and `__hash__`, by the fields that are compared."""
    names = [each.name for each in fields(made) if each.compare]
    compared: Callable[[Any], Any] = attrgetter(*names) if len(names) > 1 else _few(names)

    def __eq__(self: Any, other: object) -> bool:  # noqa: N807
        if other.__class__ is not self.__class__:
            return NotImplemented
        return bool(compared(self) == compared(other))

    def __hash__(self: Any) -> int:  # noqa: N807
        return hash(compared(self))

    return __eq__, __hash__


def _few(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """`attrgetter` for one name or none: a tuple too, since tuples compare by identity first."""
    return lambda value: tuple(getattr(value, name) for name in names)


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
