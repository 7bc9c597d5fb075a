"""A spec at many sizes: each combination is judged, and what Keras says of it stands in a row.

All are built; of many some are traced, and all of them where tracing one shows more than building it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import product

from seqshape.judging import Found
from seqshape.report import Read, Row
from seqshape.sweeping.choosing import chosen
from seqshape.sweeping.result import Combination, Sizes, Sweep
from seqshape.sweeping.variants import Variants
from seqshape.sweeping.working import Worker
from seqshape.version import __version__

Grid = Mapping[str, tuple[int | None, ...]]
Step = Callable[[], None]


def swept(
    variants: Variants, grid: Grid, *, trace: bool | None = None, work: bool = True, step: Step
) -> Sweep:
    """Every combination of the values of some sizes, the last one moving first.

    Ctrl-C ends it, and what was found until then is given back, where anything was.

    Args:
        variants: the spec.
        grid: the values of each size.
        trace: whether each call of each combination is traced; None for some of many combinations.
        work: whether multiply-accumulates are asked for.
        step: called when a combination is done.

    Raises:
        WrongWords: no combination can be asked about.
        KeyboardInterrupt: it was ended before the first one was known.

    """
    sizes = tuple(tuple(zip(grid, values, strict=True)) for values in product(*grid.values()))
    sweeping = _Sweeping(variants, sizes, Worker(variants, grid) if work else None)
    complete = True
    try:
        sweeping.run(trace, step)
    except KeyboardInterrupt:
        if not sweeping.found:
            raise
        complete = False
    found = tuple(sweeping.found[number] for number in sorted(sweeping.found))
    text, name = variants.loaded.text, variants.loaded.spec.name
    return Sweep(
        __version__,
        variants.judging.engine.catalogue().keras,
        text.path,
        name,
        tuple(grid.items()),
        found,
        complete,
        work,
    )


class _Sweeping:
    """One sweep; `found` has the combinations that are known, by their numbers."""

    def __init__(self, variants: Variants, sizes: tuple[Sizes, ...], worker: Worker | None) -> None:
        self.found: dict[int, Combination] = {}
        self._variants = variants
        self._sizes = sizes
        self._worker = worker

    def run(self, trace: bool | None, step: Step) -> None:
        """Judges all of them."""
        all_ = range(len(self._sizes))
        some = chosen(self._sizes) if trace is None else frozenset(all_ if trace else ())
        if len(some) == len(self._sizes):
            for number in all_:
                self._judge(number, trace=True)
                step()
            return
        for number in all_:
            self._judge(number, trace=False)
            step()
        more = [self._judge(number, trace=True) for number in sorted(some)]
        if any(more):
            for number in all_:
                self._judge(number, trace=True)

    def _judge(self, number: int, *, trace: bool) -> bool:
        """Judges one; whether tracing shows an error that building it did not."""
        before = self.found.get(number)
        if before is not None and (before.traced or not before.ok):
            return False
        sizes = self._sizes[number]
        found = self._variants.at(dict(sizes), trace=trace)
        if not self.found:
            self._variants.refuse_wrong_words(found)
        fault = self._variants.error(found)
        if before is not None and fault is None:
            self.found[number] = replace(before, traced=trace)
        else:
            self.found[number] = combination(self._variants, sizes, found, self._worker, traced=trace)
        return before is not None and fault is not None


def combination(
    variants: Variants, sizes: Sizes, found: Found, worker: Worker | None, *, traced: bool
) -> Combination:
    """What was found with some sizes; its work where somebody can tell it."""
    fault = variants.error(found)
    if fault is not None:
        return Combination(sizes, None, (), fault, traced)
    work = None if worker is None else worker.work(found, dict(sizes))
    return Combination(sizes, found.report.totals, _outputs(found), None, traced, work)


def _outputs(found: Found) -> tuple[tuple[str, tuple[int | None, ...]], ...]:
    """The model's outputs: those that the spec names, else all that no call reads."""
    assert found.walked is not None
    rows = found.walked.rows
    reads = found.walked.outputs
    if reads is None:
        used = {(read.source, read.output) for row in rows for fed in row.fed for read in fed.tensors}
        reads = tuple(
            Read(_reference(row, place), number, place)
            for number, row in enumerate(rows)
            for place in range(len(row.outputs))
            if (number, place) not in used
        )
        reads = _last(reads, rows)
    return tuple((read.word, rows[read.source].outputs[read.output].tensor.shape) for read in reads)


def _last(reads: tuple[Read, ...], rows: tuple[Row, ...]) -> tuple[Read, ...]:
    """Of calls of which another output is read, none: a state that nobody wants is no output."""
    used = {read.source for row in rows for fed in row.fed for read in fed.tensors}
    return tuple(read for read in reads if read.source not in used) or reads


def _reference(row: Row, place: int) -> str:
    return row.path if len(row.outputs) == 1 else f"{row.path}.{row.outputs[place].name}"
