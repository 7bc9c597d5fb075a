"""A sweep for programs."""

import json

from seqshape.render._surface import Surface
from seqshape.sweeping.result import Combination, Sweep, Work
from seqshape.tree import Json

SWEEP_VERSION = 1


def render(found: Sweep, surface: Surface) -> str:
    """The sweep as one JSON object."""
    return json.dumps(data(found), ensure_ascii=not surface.unicode, indent=2) + "\n"


def data(found: Sweep) -> dict[str, Json]:
    """The sweep as plain data; null stands for what is not known or not counted."""
    return {
        "sweep_version": SWEEP_VERSION,
        "seqshape": found.seqshape,
        "keras": found.keras,
        "spec": {"path": found.path, "name": found.name},
        "ok": found.ok,
        "complete": found.complete,
        "sizes": {name: list(values) for name, values in found.values},
        "combinations": [combination(each) for each in found.combinations],
    }


def combination(each: Combination) -> Json:
    """One combination as JSON has it."""
    totals, fault = each.totals, each.fault
    return {
        "sizes": dict(each.sizes),
        "ok": each.ok,
        "traced": each.traced,
        "params": None if totals is None else totals.params,
        "trainable_params": None if totals is None else totals.trainable_params,
        "weight_bytes": None if totals is None else totals.weight_bytes,
        **_work(each.work),
        "outputs": [{"name": name, "shape": list(shape)} for name, shape in each.outputs],
        "fault": None
        if fault is None
        else {
            "code": fault.code,
            "layer": fault.layer,
            "line": fault.place.line,
            "column": fault.place.column,
            "message": fault.message,
        },
    }


def _work(work: Work | None) -> dict[str, Json]:
    """The multiply-accumulates of a sample; a part of them is no number of them."""
    whole = work is not None and work.counted and not work.unknown
    return {
        "multiply_accumulates": work.number if work is not None and whole else None,
        "multiply_accumulates_formula": work.formula or None if work is not None and whole else None,
        "not_counted": [] if work is None else list(work.left_out),
        "not_known": [] if work is None else list(work.unknown),
        "out_of_time": work is not None and work.late,
    }
