"""Samples in the cache folder, each added when it was found: the second look at a type asks nobody."""

from pathlib import Path
from typing import Any

from seqshape.engine import cache_files
from seqshape.engine.question import Given
from seqshape.engine.samples import Found, Sample, Variant
from seqshape.engine.tensors import Output, Tensor

_MAKERS = (
    "samples.py", "sample_values.py", "sample_store.py", "outputs.py", "making.py", "judge.py",
    "tracing.py", "describe.py", "documenting.py", "docstrings.py", "refusals.py",
)  # fmt: skip
"""The files that decide what a sample is."""


def load(folder: Path, keras: str, tensorflow: str) -> dict[str, Found]:
    """The samples of these versions that were found so far, by type."""
    try:
        data = cache_files.read(_file(folder, keras, tensorflow))
        return {str(name): _from_json(str(name), item) for name, item in data.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def save(folder: Path, samples: dict[str, Found], keras: str, tensorflow: str) -> None:
    """Keeps the samples that were found; a folder that cannot be written is no error."""
    cache_files.write(
        _file(folder, keras, tensorflow), {name: _to_json(found) for name, found in samples.items()}
    )


def _file(folder: Path, keras: str, tensorflow: str) -> Path:
    return cache_files.file_of(folder, "samples", _MAKERS, keras, tensorflow)


def _to_json(found: Found) -> Any:
    def outputs(items: tuple[Output, ...]) -> list[Any]:
        return [[each.name, each.tensor.data()] for each in items]

    if isinstance(found, str):
        return found
    given = [[each.parameter, [t.data() for t in each.tensors], each.listed] for each in found.given]
    variants = [[each.flag, outputs(each.outputs)] for each in found.variants]
    return [found.arguments, given, outputs(found.outputs), variants]


def _from_json(name: str, data: Any) -> Found:
    def tensor(item: Any) -> Tensor:
        shape, dtype, mask, sparse = item
        return Tensor(tuple(shape), str(dtype), None if mask is None else tuple(mask), bool(sparse))

    def outputs(items: Any) -> tuple[Output, ...]:
        return tuple(Output(str(name), tensor(item)) for name, item in items)

    if isinstance(data, str):
        return data
    arguments, given, found, variants = data
    return Sample(
        name,
        dict(arguments),
        tuple(
            Given(None if parameter is None else str(parameter), tuple(map(tensor, tensors)), bool(listed))
            for parameter, tensors, listed in given
        ),
        outputs(found),
        tuple(Variant(str(flag), outputs(items)) for flag, items in variants),
    )
