"""The file is no YAML.

A spec is read as YAML 1.2, a model that Keras saved as JSON. The parser stops at the first place that it cannot read, so one such
mistake is reported a run.

Bad:

    layers:
      - {name: x, type: Input, shape: [64, 15}  # SEQ001: bracket

Good:

    layers:
      - {name: x, type: Input, shape: [64, 15]}
      - {name: gru, type: GRU, units: 16}
"""

from seqshape.faults import NotYaml
from seqshape.report import Related
from seqshape.rules.interface import Rule, Words

_PLAINLY = {
    "did not find expected ',' or ']'": "a `,` or the closing bracket `]` is missing",
    "did not find expected ',' or '}'": "a `,` or the closing bracket `}` is missing",
    "expected ',' or ']'": "a `,` or the closing bracket `]` is missing",
    "expected ',' or '}'": "a `,` or the closing bracket `}` is missing",
    "mapping values are not allowed in this context": "a `:` stands where no key can be",
    "mapping values are not allowed here": "a `:` stands where no key can be",
    "did not find expected key": "a key was expected here; is the line indented like its neighbours?",
    "could not find expected ':'": "the `:` after a key is missing",
    "found unexpected end of stream": "the file ends inside a quoted text",
}


def _plainly(problem: str) -> str:
    """The parser's sentence in plainer words, where it has some."""
    return next((plain for start, plain in _PLAINLY.items() if problem.startswith(start)), problem)


def words(fault: NotYaml) -> Words:
    """The fault in a user's words."""
    if fault.tab:
        return Words("a tab stands where YAML wants spaces", help="indent with spaces")
    if fault.json:
        return Words(f"this is no JSON: {fault.problem}")
    message = f"this is no YAML: {_plainly(fault.problem)}"
    related: tuple[Related, ...] = ()
    if fault.context_place is not None:
        related = (Related(f"{fault.context} that starts here", fault.context_place),)
    return Words(message, related=related)


RULE = Rule("SEQ001", "error", NotYaml, words)
