"""Specs to formulas, for tests."""

from seqshape.algebra import Polynomial, symbol
from seqshape.engine import Engine
from seqshape.formulas import Formulas, LayerFormulas
from seqshape.pipeline import inspect_bytes
from seqshape.report import ReportData

C, D, F, H, K, N, T = map(symbol, "CDFHKNT")


def asked(text: str, engine: Engine, **dims: int | None) -> tuple[ReportData, Formulas]:
    """The report of a spec, which must be sound, and its formulas."""
    report = inspect_bytes("x.yaml", text.encode(), dims=dims, engine=engine, trace=False, symbolic=True)
    assert report.ok, [(item.code, item.message) for item in report.diagnostics]
    assert report.formulas is not None
    return report, report.formulas


def formulas(text: str, engine: Engine, **dims: int | None) -> Formulas:
    """The formulas of a spec."""
    return asked(text, engine, **dims)[1]


def layer(found: Formulas, path: str) -> LayerFormulas:
    """Those of one row."""
    return next(each for each in found.layers if each is not None and each.path == path)


def shape(found: Formulas, path: str) -> tuple[Polynomial | None, ...]:
    """The shape of a row's first output."""
    return layer(found, path).outputs[0].shape


def params(found: Formulas, path: str) -> Polynomial:
    """The parameters of a row."""
    return layer(found, path).counts.params
