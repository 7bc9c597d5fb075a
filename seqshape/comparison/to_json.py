"""A comparison for programs: one object, `comparison_version` 1."""

import json
from math import isfinite

from seqshape.comparison.numbers import Numeric
from seqshape.comparison.result import Change, Comparison, Pair, Total
from seqshape.comparison.words import verdict
from seqshape.engine.experiment import Deviation, Spot
from seqshape.render._surface import Surface
from seqshape.report import ReportData, Row
from seqshape.tree import Json

VERSION = 1


def render(found: Comparison, surface: Surface, *, every: bool = False) -> str:
    """The comparison as JSON; `every` has the entries that are the same too."""
    text = json.dumps(to_dict(found, every=every), indent=1)
    return text.replace("##[", "#\\u0023[") + "\n"


def to_dict(found: Comparison, *, every: bool = False) -> dict[str, Json]:
    """The comparison as JSON has it. A difference that is no number is null."""
    kinds = ("same", "changed", "affected", "added", "removed")
    top = [*found.settings, *((found.outputs,) if found.outputs else ())]
    return {
        "comparison_version": VERSION,
        "seqshape": found.one.seqshape,
        "keras": found.one.keras or found.other.keras,
        "a": _side(found.one),
        "b": _side(found.other),
        "same": found.same,
        "verdict": verdict(found),
        "layers": {kind: found.number(kind) for kind in kinds},
        "changes": [_change(each) for each in top],
        "pairs": [_pair(pair) for pair in (found.pairs if every else found.differing)],
        "totals": {total.name: _total(total) for total in found.totals},
        "numeric": None if found.numeric is None else _numeric(found.numeric),
    }


def _side(report: ReportData) -> Json:
    data = report.to_dict()
    errors = [item for item in report.diagnostics if item.severity == "error"]
    return {
        "path": report.path,
        "name": report.name,
        "ok": report.ok,
        "totals": data["totals"],
        "errors": [
            {"code": item.code, "message": item.message, "layer": item.layer, "line": item.place.line}
            for item in errors
        ],
    }


def _pair(pair: Pair) -> Json:
    return {
        "change": pair.kind,
        "moved": pair.moved,
        "a": _row(pair.one),
        "b": _row(pair.other),
        "changes": [_change(change) for change in pair.changes],
    }


def _row(row: Row | None) -> Json:
    if row is None:
        return None
    return {
        "layer": row.path,
        "type": row.label,
        "line": row.place.line,
        "status": row.status,
        "shapes": [list(output.tensor.shape) for output in row.outputs],
        "params": row.params,
    }


def _change(change: Change) -> Json:
    data: dict[str, Json] = {"what": change.what, "name": change.name, "a": change.one, "b": change.other}
    if change.what in ("argument", "call", "setting"):
        data["written"] = {"a": change.written[0], "b": change.written[1]}
    return data


def _total(total: Total) -> Json:
    return {
        "a": total.one,
        "b": total.other,
        "difference": total.difference,
        "percent": total.percent,
    }


def _numeric(found: Numeric) -> Json:
    data: dict[str, Json] = {
        "verdict": found.verdict,
        "same_function": None if found.verdict == "not run" else found.same,
        "reason": found.reason,
        "help": found.remedy,
        "seed": found.seed,
        "tries": found.tries,
    }
    outcome = found.outcome
    if outcome is None:
        return data
    one, other = found.medians()
    precise = outcome.precise or (None,) * len(outcome.deviations)
    return {
        **data,
        "mapped_by": found.mapped,
        "weights": [{"a": here, "b": there} for here, there in found.pairs],
        "inputs": [
            {"name": each.name, "shape": list(each.shape), "dtypes": list(each.dtypes)}
            for each in found.entering
        ],
        "outputs": [
            {
                "a": here,
                "b": there,
                **_deviation(each),
                "float64": None if finer is None else _deviation(finer),
            }
            for (here, there), each, finer in zip(found.outputs, outcome.deviations, precise, strict=True)
        ],
        "seconds": {
            "a": {"median": one, "runs": list(outcome.seconds[0])},
            "b": {"median": other, "runs": list(outcome.seconds[1])},
        },
        "stateful": {"a": list(outcome.stateful[0]), "b": list(outcome.stateful[1])},
    }


def _deviation(each: Deviation) -> dict[str, Json]:
    return {
        "shape": list(each.shape),
        "dtypes": list(each.dtypes),
        "largest_absolute": _spot(each.absolute),
        "largest_relative": _spot(each.relative),
        "different": each.different,
        "numbers": each.numbers,
        "constant": each.constant,
    }


def _spot(spot: Spot) -> Json:
    return {
        "difference": _finite(spot.difference),
        "try": spot.attempt + 1,
        "index": list(spot.index),
        "a": _finite(spot.values[0]),
        "b": _finite(spot.values[1]),
    }


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
