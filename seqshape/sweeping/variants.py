"""One spec with other sizes: its dims, or numbers in its arguments by name, judged as any spec is.

What a spec expects is left alone, since it expects it of its own sizes.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from seqshape import loading, spec_reader, symbolic
from seqshape.containers import Contents
from seqshape.engine import Engine
from seqshape.frozen import frozen
from seqshape.graph_builder import build
from seqshape.judging import Found, Judging
from seqshape.limits import Limits
from seqshape.loading import Loaded
from seqshape.named_sizes import arguments_sizes, free_name, with_dims
from seqshape.places import Place
from seqshape.report import Diagnostic
from seqshape.reporting import Report
from seqshape.sizes import DIM_NAME
from seqshape.spec import Spec
from seqshape.walk import walk
from seqshape.wording import did_you_mean, listed

Sizes = Mapping[str, int | None]


class NoSuchSize(ValueError):
    """A spec has no size of this name; the message says which it has."""


class NotASpec(ValueError):
    """A file has no sizes that can be set: it is no spec, but a model that Keras saved."""


class WrongWords(Exception):
    """The spec's own words are wrong whatever its sizes are; `report` tells them."""

    def __init__(self, report: Report) -> None:
        super().__init__("the spec's own words are wrong")
        self.report = report


@frozen
class Variants:
    """A spec that is asked about with other sizes.

    `dims` gives the name as a dim of each size that can be given; of a number in an argument that is a
    dim of our own, which stands in the `loaded` spec in its place. `own` are the sizes in the file.
    """

    judging: Judging
    loaded: Loaded
    dims: dict[str, str]
    own: dict[str, int | None]

    def at(self, sizes: Sizes, *, trace: bool) -> Found:
        """The spec with these sizes. What was remembered and contradicts itself is asked anew."""
        given = self._given(sizes)
        judging = replace(self.judging, dims=given, trace=trace)
        assert self.loaded.document is not None
        loaded = loading.again(self.loaded, self.loaded.document, given)
        try:
            return judging.judge(loaded, explain=False)
        except Exception:
            if not judging.engine.distrust():
                raise
            return judging.judge(loaded, explain=False)

    def readable(self, found: Found) -> Report:
        """A report in which the sizes have the names that they were given."""
        return replace(found.report, diagnostics=tuple(map(self._named, found.report.diagnostics)))

    def error(self, found: Found) -> Diagnostic | None:
        """The first error of a report; None where there is none."""
        errors = (item for item in found.report.diagnostics if item.severity == "error")
        first = next(errors, None)
        return None if first is None else self._named(first)

    def refuse_wrong_words(self, found: Found) -> None:
        """Sees that something can be asked at all: here, or with the sizes of the file.

        Raises:
            WrongWords: no layer can be asked about, whatever the sizes are.

        """
        if found.walked is not None:
            return
        own = self.at({}, trace=False)
        if own.walked is None:
            raise WrongWords(self.readable(own))

    def solved(self, found: Found, sizes: Sizes, only: Collection[str] | None) -> symbolic.Solved:
        """Formulas over some of the sizes, or all dims, found near those at which a spec was sound."""
        engine = self.judging.engine
        return symbolic.solved(
            built(found, self.spec(sizes)),
            engine.ask,
            lambda other: self._resized(sizes, other),
            None if only is None else {self.dims[name] for name in only},
        )

    def spec(self, sizes: Sizes) -> Spec:
        """What the spec says with these sizes."""
        assert self.loaded.document is not None
        return spec_reader.read(self.loaded.document, self._given(sizes))[0]

    def _resized(self, sizes: Sizes, other: Mapping[str, int]) -> symbolic.Built | None:
        assert self.loaded.document is not None
        spec, faults = spec_reader.read(self.loaded.document, {**self._given(sizes), **other})
        graph, unbuilt = build(spec, self.judging.limits)
        if faults or unbuilt:
            return None
        return symbolic.Built(spec, graph, walk(graph, spec, self.judging.engine.ask).rows)

    def _given(self, sizes: Sizes) -> dict[str, int | None]:
        return {self.dims[name]: size for name, size in sizes.items()}

    def _named(self, item: Diagnostic) -> Diagnostic:
        """A diagnostic with the user's names for sizes."""
        message, help_ = item.message, item.help
        for name, dim in self.dims.items():
            if name != dim:
                message, help_ = message.replace(dim, name), help_.replace(dim, name)
        return replace(item, message=message, help=help_)


def built(found: Found, spec: Spec) -> symbolic.Built:
    """A spec that was found sound, as formulas are found from it."""
    assert found.walked is not None
    return symbolic.Built(spec, found.calls, found.walked.rows)


def variants(
    path: str, data: Contents, names: Collection[str], *, limits: Limits, engine: Engine
) -> Variants:
    """A spec whose sizes of these names can be given.

    Raises:
        NotASpec: the file is a model that Keras saved.
        NoSuchSize: it has no size of such a name.
        WrongWords: it cannot be read.

    """
    judging = Judging(path, {}, limits, engine, trace=False, thorough=False, expecting=False)
    loaded = loading.load(path, data, {}, limits, engine)
    if not loaded.readable or (loaded.document is not None and not loaded.spec.entries):
        raise WrongWords(judging.judge(loaded).report)
    if loaded.document is None:
        raise NotASpec(f"{path} is a model that Keras saved; `seqshape convert {path} -o SPEC.yaml` first")
    spec, document = loaded.spec, loaded.document
    numbers = arguments_sizes(spec, document)
    for name in names:
        if name not in spec.dims and name not in numbers:
            raise NoSuchSize(_no_such_size(name, tuple(spec.dims), tuple(numbers)))
    dims = {name: name for name in names if name in spec.dims}
    own = {name: spec.dims[name] for name in dims}
    places: dict[Place, str] = {}
    for name in names:
        if name in dims:
            continue
        place, own[name] = numbers[name]
        if place in places:
            other = next(each for each, dim in dims.items() if dim == places[place])
            raise NoSuchSize(f"`{other}` and `{name}` are one number in the file, which an alias repeats")
        dims[name] = places[place] = free_name(name, (*spec.dims, *places.values()))
    added = {dim: own[name] for name, dim in dims.items() if dim in places.values()}
    document = with_dims(document, places, added)
    return Variants(judging, loading.again(loaded, document, {}), dims, own)


def _no_such_size(name: str, dims: tuple[str, ...], numbers: tuple[str, ...]) -> str:
    """What to say of a name, with the nearest right one, or how a dim is declared."""
    kind = "dim" if DIM_NAME.match(name) else "size"
    said = f"the spec has no {kind} `{name}`"
    if near := did_you_mean(name, (*dims, *numbers)):
        return said + near
    if not dims:
        example = name if DIM_NAME.match(name) else "H"
        return (
            f"{said}. Its sizes are {listed(numbers, 'and')}; a dim is declared at the top, "
            f"`dims: {{{example}: 16}}`, and `{example}` stands then in the place of a size"
        )
    return f"{said} (it has {listed((*dims, *numbers), 'and')})"
