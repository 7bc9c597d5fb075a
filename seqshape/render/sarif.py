"""SARIF 2.1.0: one run for all reports, for code scanning and for editors.

The rules that were broken come with their pages. A finding keeps its fingerprint while lines move.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterable
from pathlib import PurePath
from urllib.parse import quote

from seqshape.places import Place
from seqshape.render._comparison import shape_lines
from seqshape.render._findings import headline, keras_words, related_line
from seqshape.render._surface import Options, Surface, printable
from seqshape.report import Diagnostic, Fix, ReportData, Run
from seqshape.rules import find
from seqshape.rules.pages import page
from seqshape.tree import Json
from seqshape.version import __version__

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_FINGERPRINT = "seqshapeFinding/v1"
_LINK = re.compile(r"(\\*)\]\(")
"""Where the text of a link ends and its target begins, with the backslashes before it."""


def render(run: Run, surface: Surface, options: Options) -> str:
    """One log, the same bytes for the same reports; ASCII, so that any surface can hold it."""
    severities = {item.code: item.severity for report in run.reports for item in report.diagnostics}
    codes = {code: index for index, code in enumerate(sorted(severities))}
    files = {uri(report.path): report for report in run.reports}
    artifacts = {where: index for index, where in enumerate(files)}
    driver: dict[str, Json] = {
        "name": "seqshape",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(code, severities[code]) for code in codes],
    }
    log: dict[str, Json] = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "artifacts": [_artifact(where, report) for where, report in files.items()],
                "results": [
                    result for report in run.reports for result in _results(report, artifacts, codes)
                ],
            }
        ],
    }
    return json.dumps(log, indent=2).replace("##[", "#\\u0023[") + "\n"


def _artifact(where: str, report: ReportData) -> Json:
    """The file that was looked at, found something or not."""
    data: dict[str, Json] = {"location": {"uri": where}, "roles": ["analysisTarget"]}
    if report.path == "<stdin>":
        data["description"] = {"text": "standard input"}
    if report.keras is not None:
        data["properties"] = {"keras": report.keras}
    return data


def _rule(code: str, severity: str) -> Json:
    """What is known of a code; its file's docstring is its page."""
    data: dict[str, Json] = {"id": code}
    rule = find(code)
    if rule is not None:
        about = page(rule)
        explanation = _flowing(about.explanation) or about.title
        examples = [(head, text) for head, text in (("Bad:", about.bad), ("Good:", about.good)) if text]
        plain = [explanation, *(f"{head}\n\n{text.rstrip()}" for head, text in examples)]
        fenced = [explanation, *(f"{head}\n\n```yaml\n{text}```" for head, text in examples)]
        data |= {
            "name": "".join(word.capitalize() for word in about.name),
            "shortDescription": {"text": about.title},
            "fullDescription": {"text": explanation},
            "help": {"text": "\n\n".join(plain), "markdown": "\n\n".join(fenced)},
        }
        severity = about.severity
    data["defaultConfiguration"] = {"level": severity}
    return data


def _flowing(text: str) -> str:
    """The paragraphs, each as one line; what is indented or listed keeps its lines."""
    return re.sub(r"(?<!\n)\n(?![\n\s*-])", " ", text)


def _results(report: ReportData, artifacts: dict[str, int], codes: dict[str, int]) -> Iterable[Json]:
    where = uri(report.path)
    location: dict[str, Json] = {"uri": where, "index": artifacts[where]}
    seen: dict[str, int] = {}
    for item in report.diagnostics:
        identity = _identity(item, report, where)
        seen[identity] = seen.get(identity, 0) + 1
        yield _result(item, location, codes[item.code], f"{identity}:{seen[identity]}")


def _result(item: Diagnostic, artifact: Json, index: int, fingerprint: str) -> Json:
    where: dict[str, Json] = {
        "physicalLocation": {"artifactLocation": artifact, "region": _region(item.place)}
    }
    if item.layer is not None:
        name = printable(item.layer)
        where["logicalLocations"] = [{"name": name, "fullyQualifiedName": name}]
    data: dict[str, Json] = {
        "ruleId": item.code,
        "ruleIndex": index,
        "level": item.severity,
        "message": {"text": _unlinked(_message(item))},
        "locations": [where],
    }
    if item.related:
        data["relatedLocations"] = [
            {
                "id": number,
                "message": {"text": _unlinked(related_line(related))},
                "physicalLocation": {"artifactLocation": artifact, "region": _region(related.place)},
            }
            for number, related in enumerate(item.related, start=1)
        ]
    if item.fixes:
        data["fixes"] = [_fix(fix, artifact) for fix in item.fixes]
    data["partialFingerprints"] = {_FINGERPRINT: fingerprint}
    properties: dict[str, Json] = {}
    if item.keras:
        properties["keras"] = keras_words(item)
    if item.compared is not None:
        properties["compared"] = item.compared.to_dict()
    if properties:
        data["properties"] = properties
    return data


def _fix(fix: Fix, artifact: Json) -> Json:
    """Edits that mend a finding, as a viewer can make them."""
    replacements: list[Json] = [
        {"deletedRegion": _region(edit.place), "insertedContent": {"text": edit.text}} for edit in fix.edits
    ]
    return {
        "description": {"text": _unlinked(printable(fix.title))},
        "artifactChanges": [{"artifactLocation": artifact, "replacements": replacements}],
    }


def _message(item: Diagnostic) -> str:
    """The fact, the shapes that are compared, and what to do, each on lines of its own."""
    lines = [headline(item)]
    if item.compared is not None:
        lines.extend(shape_lines(item.compared))
    if item.help:
        lines.append(f"help: {printable(item.help)}")
    return "\n".join(lines)


def _unlinked(text: str) -> str:
    """The text with nothing in it that is a link: a name from a stranger's file leads nowhere."""
    return _LINK.sub(lambda found: found.group(1) * 2 + "\\](", text)


def _region(place: Place) -> Json:
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def _identity(item: Diagnostic, report: ReportData, where: str) -> str:
    """What stays of a finding while lines move: the rule, the file, the layer or else the line's text."""
    subject = item.layer
    if subject is None:
        subject = report.lines.get(item.place.line, "").strip()
    text = "\0".join((item.code, where, "layer" if item.layer is not None else "line", subject))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def uri(path: str) -> str:
    """The path as a URI: relative as it was given, or `file://` where it is absolute."""
    pure = PurePath(path)
    text = os.fsencode(pure.as_posix())
    if pure.is_absolute():
        return "file://" + ("" if text.startswith(b"/") else "/") + quote(text, safe="/:")
    return quote(text, safe="/")
