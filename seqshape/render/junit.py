"""JUnit XML, as CI servers read it: a suite for each spec, a case for each finding that fails the run.

Lesser findings stand in the suite's output. A spec that nothing fails is one case that passes.
"""

import re
from xml.etree import ElementTree

from seqshape.render._findings import details, headline
from seqshape.render._surface import Options, Surface, printable
from seqshape.report import Diagnostic, ReportData, Run, at_least

_NO_CHARACTER = re.compile("[\ufffe\uffff]")
"""What XML cannot hold and a terminal can."""


def render(run: Run, surface: Surface, options: Options) -> str:
    """One document; ASCII, so that any surface can hold it."""
    root = ElementTree.Element("testsuites", name="seqshape")
    for report in run.reports:
        root.append(_suite(report, options.fail_on))
    for key in ("tests", "failures", "errors"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="us-ascii", xml_declaration=False).decode("ascii")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _suite(report: ReportData, fail_on: str) -> ElementTree.Element:
    path = _legal(report.path)
    failing = [item for item in report.diagnostics if at_least(item.severity, fail_on)]
    lesser = [item for item in report.diagnostics if not at_least(item.severity, fail_on)]
    suite = ElementTree.Element(
        "testsuite",
        name=path,
        tests=str(len(failing) or 1),
        failures=str(len(failing)),
        errors="0",
        skipped="0",
    )
    if not failing:
        ElementTree.SubElement(suite, "testcase", classname=path, name="check")
    names: dict[str, int] = {}
    for item in failing:
        name = item.code if item.layer is None else _legal(f"{item.code} {item.layer}")
        names[name] = names.get(name, 0) + 1
        if names[name] > 1:
            name += f" ({names[name]})"
        case = ElementTree.SubElement(
            suite, "testcase", classname=path, name=name, file=path, line=str(item.place.line)
        )
        message = _legal(headline(item))
        failure = ElementTree.SubElement(case, "failure", type=item.code, message=message)
        failure.text = _text(item, report)
    if lesser:
        output = ElementTree.SubElement(suite, "system-out")
        output.text = "\n".join(
            f"{item.severity} {item.code}  {_legal(headline(item))}\n{_text(item, report)}"
            for item in lesser
        )
    return suite


def _text(item: Diagnostic, report: ReportData) -> str:
    place = printable(f"{report.path}:{item.place.line}:{item.place.column}")
    return "".join(f"{_without(line)}\n" for line in (place, *details(item)))


def _legal(text: str) -> str:
    return _without(printable(text))


def _without(text: str) -> str:
    return _NO_CHARACTER.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
