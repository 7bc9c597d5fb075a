"""Shapes and parameter counts of Keras models from a YAML layer spec, with Keras as the judge.

>>> import seqshape
>>> report = seqshape.inspect("spec.yaml")
>>> report.totals.params
1839
"""

from typing import TYPE_CHECKING, Any

from seqshape.version import __version__

if TYPE_CHECKING:
    from seqshape.engine import Engine
    from seqshape.limits import Limits
    from seqshape.pipeline import Report, UnknownDim, inspect, inspect_bytes
    from seqshape.python_api import compare, explain, sweep

_ASKING = ("compare", "explain", "sweep")
__all__ = [
    "Engine",
    "Limits",
    "Report",
    "UnknownDim",
    "__version__",
    "compare",
    "explain",
    "inspect",
    "inspect_bytes",
    "sweep",
]


def __getattr__(name: str) -> Any:
    """Loads the pipeline at its first use, so that importing the package costs nothing."""
    if name in _ASKING:
        from seqshape import python_api

        return getattr(python_api, name)
    if name in __all__:
        from seqshape import pipeline

        return getattr(pipeline, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
