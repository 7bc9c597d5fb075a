"""The JSON report, version 1: one object for one spec, else a list of them. A layer a line."""

import json

from seqshape.render._surface import Options, Surface
from seqshape.report import REPORT_VERSION, Run
from seqshape.tree import Json


def render(run: Run, surface: Surface, options: Options) -> str:
    """The same bytes for the same reports; ASCII, so that any surface can hold it."""
    if len(run.reports) == 1 and not run.several:
        return _quiet(_object(run.reports[0].to_dict())) + "\n"
    inner = ",\n".join(_object(report.to_dict()) for report in run.reports)
    return _quiet(f'{{"report_version": {REPORT_VERSION}, "reports": [\n{inner}\n]}}\n')


def _quiet(text: str) -> str:
    """The same JSON without what a CI job's log would take for a command."""
    return text.replace("##[", "#\\u0023[")


def _object(data: dict[str, Json]) -> str:
    """An object with a key a line, and each item of a list of objects on a line of its own."""
    lines = [f"{json.dumps(key)}: {_value(value)}" for key, value in data.items()]
    return "{" + ",\n ".join(lines) + "}"


def _value(value: Json) -> str:
    if isinstance(value, list) and value:
        return "[\n  " + ",\n  ".join(json.dumps(item) for item in value) + "]"
    return json.dumps(value)
