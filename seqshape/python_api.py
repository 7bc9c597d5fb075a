"""What `import seqshape` offers beside `inspect`: explain, compare, sweep.

Each gives the plain values that the command of its name shows, and their JSON.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from math import prod
from typing import TypeVar

from seqshape import explaining
from seqshape.comparison import compared, to_json
from seqshape.comparison.numeric import Asked
from seqshape.comparison.numeric import numeric as both_run
from seqshape.comparison.result import Comparison
from seqshape.containers import contents_of
from seqshape.engine import Engine
from seqshape.explanation import Explanation
from seqshape.judged import judged
from seqshape.limits import Limits
from seqshape.render._story_data import data as explanation_data
from seqshape.sides import side_of
from seqshape.sweeping.result import Sweep
from seqshape.sweeping.rows import swept
from seqshape.sweeping.to_json import data as sweep_data
from seqshape.sweeping.variants import variants
from seqshape.tree import Json

File = str | os.PathLike[str]
_MOST = 10_000
_T = TypeVar("_T")


class Explained(Explanation):
    """An explanation with its JSON."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Json]:
        """What `seqshape explain --format json` prints."""
        return explanation_data(self)


class Compared(Comparison):
    """A comparison with its JSON."""

    __slots__ = ()

    def to_dict(self, *, every: bool = False) -> dict[str, Json]:
        """What `seqshape compare --format json` prints; `every` has the entries that are the same too."""
        return to_json.to_dict(self, every=every)


class Swept(Sweep):
    """A sweep with its JSON."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Json]:
        """What `seqshape sweep --format json` prints."""
        return sweep_data(self)


class NoSuchLayer(ValueError):
    """The spec has no layer of this name."""


def explain(
    path: File,
    layer: str | None = None,
    *,
    dims: Mapping[str, int | None] | None = None,
    batch: int = 1,
    length: int | None = None,
    limits: Limits | None = None,
    engine: Engine | None = None,
) -> Explained:
    """Says where every number of a layer comes from, or of every layer of a spec.

    Of a spec with errors nothing is explained: `stories` is empty then, and `report` tells the errors.

    Args:
        path: a YAML spec, or a model that Keras saved.
        layer: the name or the path of an entry; None for all.
        dims: sizes that replace those of the spec's `dims`; None makes one unknown.
        batch: samples that the sums are also told for.
        length: the size of every axis and dim of unknown size.
        limits: how much the file may hold.
        engine: an engine to ask again, so that answers are remembered from one spec to the next.

    Raises:
        OSError: the file cannot be read.
        UnknownDim: `dims` names a dim that the spec does not have.
        NoSuchLayer: the spec has no such layer.

    """
    limits, engine = limits or Limits(), engine or Engine()
    found = judged(
        os.fspath(path),
        contents_of(path, limits.bytes),
        dims=dims,
        limits=limits,
        engine=engine,
        expecting=False,
    )
    if found.subject is None:
        return Explained(found.report, layer=layer, batch=batch, length=length)
    if layer is not None and not any(layer in (row.path, row.name) for row in found.report.rows):
        raise NoSuchLayer(f"{os.fspath(path)}: the spec has no layer `{layer}`")
    told = explaining.explained(found.report, found.subject, layer, batch=batch, length=length)
    engine.flush()
    return _as(Explained, told)


def compare(
    a: File,
    b: File,
    *,
    dims: Mapping[str, int | None] | None = None,
    numeric: bool = False,
    limits: Limits | None = None,
    engine: Engine | None = None,
) -> Compared:
    """Says what the model `b` has otherwise than `a`.

    Args:
        a: a YAML spec, or a model that Keras saved.
        b: the other one.
        dims: sizes that replace those of the specs' `dims`, of each that has them.
        numeric: whether both are run on the same weights and inputs, to see if they are one function.
        limits: how much the files may hold.
        engine: an engine to ask again, so that answers are remembered from one spec to the next.

    Raises:
        OSError: a file cannot be read.
        UnknownDim: `dims` names a dim that neither has.

    """
    limits, engine = limits or Limits(), engine or Engine()
    (one, lacked), (other, lacks) = (
        side_of(os.fspath(path), contents_of(path, limits.bytes), dims or {}, limits=limits, engine=engine)
        for path in (a, b)
    )
    for name, unknown in lacked.items():
        if name in lacks:
            raise unknown
    found = compared(one, other)
    if numeric:
        found = replace(found, numeric=both_run(one, other, found, Asked()))
    engine.flush()
    return _as(Compared, found)


def sweep(
    path: File,
    sizes: Mapping[str, Sequence[int | None]],
    *,
    trace: bool | None = None,
    work: bool = True,
    limits: Limits | None = None,
    engine: Engine | None = None,
) -> Swept:
    """Judges a spec with every combination of values for some of its sizes.

    Args:
        path: a YAML spec.
        sizes: by the name of a dim, or of a number as `gru.units`, the values to try.
        trace: whether every combination is traced; None traces all of few, and some of many.
        work: whether multiply-accumulates are counted.
        limits: how much the file may hold.
        engine: an engine to ask again, so that answers are remembered from one spec to the next.

    Raises:
        OSError: the file cannot be read.
        ValueError: there are no values or too many, or the spec has no such size, or is a saved model.
        seqshape.sweeping.variants.WrongWords: the spec cannot be read; its `report` says why.

    """
    if not 0 < prod(map(len, sizes.values())) <= _MOST or not sizes:
        raise ValueError(f"there must be from 1 to {_MOST:,} combinations of values")
    limits, engine = limits or Limits(), engine or Engine()
    found = variants(
        os.fspath(path), contents_of(path, limits.bytes), tuple(sizes), limits=limits, engine=engine
    )
    grid = {name: tuple(values) for name, values in sizes.items()}
    told = swept(found, grid, trace=trace, work=work, step=_nothing)
    engine.flush()
    return _as(Swept, told)


def _nothing(*_: object) -> None:
    """Nobody watches."""


def _as(kind: type[_T], value: object) -> _T:
    """A value as one of a class that has the same fields, and more to offer."""
    return kind(*(getattr(value, field.name) for field in fields(value)))  # type: ignore[arg-type]
