"""What the words of Keras's own files mean to the installed Keras. Part of the corner that imports it.

A file names the class of an operation where a spec has the function that makes it, and it may have
arguments that a class no longer takes.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable
from typing import Any

import keras
from keras import Operation

from seqshape.engine.catalogue import Function
from seqshape.tree import Json

_PLAIN = (bool, int, float, str)


def operations(functions: Iterable[tuple[str, Callable[..., Any]]]) -> dict[str, Function]:
    """By the whole name of an operation's class, the public function that makes such operations.

    A function's code names the class. Where several do, the one that is called like the class is meant,
    else the first.
    """
    found: dict[type[Operation], str] = {}
    for name, function in functions:
        code = inspect.unwrap(function)
        for word in code.__code__.co_names:
            made = code.__globals__.get(word)
            if not inspect.isclass(made) or not issubclass(made, Operation):
                continue
            if made not in found or (_same(name, made) and not _same(found[made], made)):
                found[made] = name
    return {
        f"{made.__module__}.{made.__name__}": Function(name, _may_give_several(made))
        for made, name in found.items()
    }


def _same(name: str, made: type) -> bool:
    return name.rpartition(".")[2].replace("_", "") == made.__name__.lower()


def _may_give_several(made: type[Operation]) -> bool:
    """Whether the operation's own rule for its shapes returns something else than one tensor."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(made.compute_output_spec)))
    except (OSError, SyntaxError):
        return True
    returned = [node.value for node in ast.walk(tree) if isinstance(node, ast.Return)]
    return not all(
        isinstance(value, ast.Call) and ast.unparse(value.func).endswith("KerasTensor")
        for value in returned
    )


def usual_values(classes: Iterable[type]) -> dict[str, tuple[Json, ...]]:
    """By the name of an argument, what it is where nobody gives it, in all classes that take it."""
    found: dict[str, dict[str, Json]] = {}
    for cls in classes:
        for parameter in inspect.signature(cls).parameters.values():
            value: Json = parameter.default
            if isinstance(value, _PLAIN):
                found.setdefault(parameter.name, {})[repr(value)] = value
    return {name: tuple(values.values()) for name, values in sorted(found.items())}


def class_names() -> dict[str, str]:
    """By its own name, the public name of each layer that Keras exports under another one."""
    public = {name: value for name, value in vars(keras.layers).items() if inspect.isclass(value)}
    own = {value.__name__: name for name, value in public.items()}
    return {name: exported for name, exported in own.items() if name not in public}


def layer_classes() -> list[type]:
    """The public classes of `keras.layers`."""
    return [value for value in vars(keras.layers).values() if inspect.isclass(value)]
