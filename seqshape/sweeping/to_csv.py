"""A sweep for spreadsheets and data frames: a line for each combination, empty where nothing is known."""

import csv
import io
from collections.abc import Iterator

from seqshape.render._surface import Surface
from seqshape.sweeping.result import Combination, Sweep
from seqshape.wording import shape

COLUMNS = (
    "ok",
    "params",
    "trainable_params",
    "weight_bytes",
    "multiply_accumulates",
    "multiply_accumulates_formula",
    "outputs",
    "code",
    "layer",
    "message",
)
"""The columns behind those of the sizes."""


def render(found: Sweep, surface: Surface) -> str:
    """The sweep as comma-separated values, as RFC 4180 has them but for ends of lines."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*(name for name, _ in found.values), *COLUMNS])
    writer.writerows([*_sizes(each), *_cells(each)] for each in found.combinations)
    return stream.getvalue()


def _sizes(each: Combination) -> Iterator[str]:
    return ("null" if size is None else str(size) for _, size in each.sizes)


def _cells(each: Combination) -> Iterator[str | int]:
    totals, fault = each.totals, each.fault
    numbers = (
        None if totals is None else totals.params,
        None if totals is None else totals.trainable_params,
        None if totals is None else totals.weight_bytes,
        each.quantity("macs"),
    )
    yield "true" if each.ok else "false"
    yield from ("" if number is None else number for number in numbers)
    yield each.formula
    yield "; ".join(f"{name} {shape(axes)}" for name, axes in each.outputs)
    yield from ("", "", "") if fault is None else (fault.code, fault.layer or "", fault.message)
