"""The JSON report, version 1: one object for one spec, else a list of them. A layer a line."""

import json
from collections.abc import Iterator

from seqshape.render._surface import Options, Surface
from seqshape.report import REPORT_VERSION, ReportData, Run
from seqshape.tree import Json


def render(run: Run, surface: Surface, options: Options) -> str:
    """The same bytes for the same reports; ASCII, so that any surface can hold it."""
    if len(run.reports) == 1 and not run.several:
        return _quiet(_object(run.reports[0])) + "\n"
    inner = ",\n".join(_object(report) for report in run.reports)
    return _quiet(f'{{"report_version": {REPORT_VERSION}, "reports": [\n{inner}\n]}}\n')


def _quiet(text: str) -> str:
    """The same JSON without what a CI job's log would take for a command."""
    return text.replace("##[", "#\\u0023[")


def _object(report: ReportData) -> str:
    """An object with a key a line, and each item of its lists on a line of its own."""
    lines = [f"{json.dumps(key)}: {_value(value)}" for key, value in report.members()]
    return "{" + ",\n ".join(lines) + "}"


def _value(value: Json | Iterator[Json]) -> str:
    if not isinstance(value, Iterator):
        return json.dumps(value)
    items = ",\n  ".join(json.dumps(item) for item in value)
    return f"[\n  {items}]" if items else "[]"
