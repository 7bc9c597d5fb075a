"""The page on a rule: its module's docstring, in parts."""

import sys
import textwrap

from seqshape.frozen import frozen
from seqshape.rules.interface import AnyRule, Rule


@frozen
class Page:
    """What a rule's file says of it: a title of one line, an explanation, and specs with and without it.

    `name` is that of the file, in words.

    In `bad` the lines that the rule finds are marked `# SEQNNN: words of the message`.
    """

    code: str
    name: tuple[str, ...]
    severity: str
    title: str
    explanation: str
    bad: str
    good: str


def page(rule: AnyRule) -> Page:
    """The page on one rule."""
    function = rule.words if isinstance(rule, Rule) else rule.finds
    module = function.__module__
    text = (sys.modules[module].__doc__ or "").strip()
    name = tuple(module.rpartition(".")[2].split("_")[1:])
    title, _, rest = text.partition("\n\n")
    explanation, _, examples = rest.partition("Bad:\n")
    bad, _, good = examples.partition("\nGood:\n")
    return Page(
        rule.code, name, rule.severity, title.strip(), explanation.strip(), _dedented(bad), _dedented(good)
    )


def _dedented(text: str) -> str:
    text = textwrap.dedent(text).strip("\n")
    return f"{text}\n" if text else ""
