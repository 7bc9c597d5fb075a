"""Models to other forms. A module `to_name.py` is a target; a new file is a new one.

A target has `write(subject, options) -> str` and `SUFFIXES`. Writers are pure: they see a model that was
judged and found sound, and ask the engine how Keras writes its layers.
"""

import importlib
import pkgutil
from dataclasses import replace
from typing import Protocol, cast

from seqshape import graph_builder
from seqshape.engine import Engine
from seqshape.engine.catalogue import Catalogue
from seqshape.frozen import frozen
from seqshape.graph import Graph
from seqshape.limits import Limits
from seqshape.places import Place
from seqshape.report import Row
from seqshape.spec import Spec

_PREFIX = "to_"
_DEEPEST = 1000
"""Blocks in blocks: those of a model that was read within the limits are not counted again."""


@frozen
class Subject:
    """A sound model: what its file says, and what Keras says of each call."""

    spec: Spec
    graph: Graph
    rows: tuple[Row, ...]
    catalogue: Catalogue
    keras: Engine

    def with_spec(self, spec: Spec) -> "Subject":
        """The same calls in the same order, as another spec has them.

        Raises:
            ValueError: the spec is wrong, or has other calls.

        """
        graph, faults = graph_builder.build(spec, enough_for(self.graph))
        if faults or len(graph.nodes) != len(self.graph.nodes):
            raise ValueError("another number of calls")
        rows = tuple(
            replace(row, name=node.name, block=node.block)
            for row, node in zip(self.rows, graph.nodes, strict=True)
        )
        return replace(self, spec=spec, graph=graph, rows=rows)


def enough_for(graph: Graph) -> Limits:
    """Limits for a model that was read within others: they are no less than what it has."""
    return Limits(layers=_most_calls(graph) + 1, depth=_DEEPEST)


def _most_calls(graph: Graph) -> int:
    """The calls of the model, or of the largest one inside its layers."""
    inside = (_most_calls(inner) for node in graph.nodes for _, inner in node.models)
    return max(len(graph.nodes), *inside, 0)


@frozen
class Options:
    """What a user can choose.

    `rename` lets runs of equal layers become blocks under new names. `plugins` are the modules that
    register layers which are none of Keras's own.
    """

    rename: bool = False
    plugins: tuple[str, ...] = ()


@frozen
class Written:
    """A model in another form, and what there is to say about it."""

    text: str
    hints: tuple[str, ...] = ()


class NotWritable(Exception):
    """The target has no way to say something; names the entry and the reason."""

    def __init__(self, place: Place, layer: str, reason: str) -> None:
        super().__init__(f"{layer}: {reason}" if layer else reason)
        self.place = place
        self.layer = layer
        self.reason = reason


class Target(Protocol):
    """What the module of a target has. `SUFFIXES` are those of its files."""

    SUFFIXES: tuple[str, ...]

    def write(self, subject: Subject, options: Options) -> Written:
        """The model in the target's form, ending with a line break.

        Raises:
            NotWritable: the form has no way to say something.

        """
        ...


def targets() -> tuple[str, ...]:
    """The names of all targets, without importing them."""
    names = (info.name for info in pkgutil.iter_modules(__path__))
    found = (name.removeprefix(_PREFIX) for name in names if name.startswith(_PREFIX))
    return tuple(sorted(name.replace("_", "-") for name in found))


def target(name: str) -> Target:
    """One of `targets()`."""
    module = f"{__name__}.{_PREFIX}{name.replace('-', '_')}"
    return cast("Target", importlib.import_module(module))
