"""Keras's docstrings as plain text: what a class is for, and what each argument means.

Reads the form that Keras writes them in: a first paragraph, and sections such as `Args:` whose items
stand a step further in.
"""

import re
from functools import partial
from itertools import takewhile

_SECTION = re.compile(r"^( *)(Args|Arguments|Call [Aa]rg(?:ument)?s|Parameters) ?:[ \t]*$")
_ITEM = re.compile(r"^(?:[-*] )?`{0,2}(\*{0,2}\w+(?:, ?\*{0,2}\w+)*)`{0,2}(?: ?\([^)]*\))? ?:(?: |$)")
_ABBREVIATED = re.compile(r"(?:\b(?:e\.g|i\.e|a\.k\.a|ie|eg|etc|vs|cf|al|resp|approx|Eq|Sec)|\b[A-Z])\Z")
_LINK = re.compile(r"\[([^\]]+)\]\s*\((?:https?:)[^)\s]*\)")
_QUOTED = re.compile(r"""["']([a-z]\w*)["']""")
_ON_NONE = re.compile(r"(?<=\. )(?:If|When) `?None`?\b[^.]*\.(?=\s|$)")
_LONGEST = 300
_SHORT = 30
"""Characters of a first sentence (`Boolean (default `False`).`) that says too little by itself."""


def summary(doc: str | None) -> str:
    """The first sentence of a docstring, on one line; empty where there is none."""
    lines = (line.strip() for line in (doc or "").strip().splitlines())
    return sentence(" ".join(takewhile(bool, lines)))


def arguments(doc: str | None, *, call: bool = False) -> dict[str, str]:
    """What a docstring says of each argument: of the constructor, or of the call."""
    return {name: _about(_first_paragraph(text)) for name, text in _all_items(doc, call).items()}


def choices(doc: str | None) -> dict[str, tuple[str, ...]]:
    """The words in quotes that a docstring has for each argument of the constructor: `"same"`."""
    said = ((name, _QUOTED.findall(" ".join(text))) for name, text in _all_items(doc, False).items())
    return {name: tuple(dict.fromkeys(words)) for name, words in said if words}


def _all_items(doc: str | None, call: bool) -> dict[str, list[str]]:
    """The lines on each argument, of all sections about the constructor, or about the call."""
    found: dict[str, list[str]] = {}
    lines = (doc or "").expandtabs().splitlines()
    for number, line in enumerate(lines, start=1):
        head = _SECTION.match(line)
        if head is not None and head.group(2).startswith("Call") is call:
            inside = takewhile(partial(_is_deeper, len(head.group(1))), lines[number:])
            for name, text in _items(list(inside)).items():
                found.setdefault(name, text)
    return found


def _is_deeper(indent: int, line: str) -> bool:
    """Whether a line belongs to a section whose head stands at `indent`."""
    return not line.strip() or len(line) - len(line.lstrip()) > indent


def sentence(text: str) -> str:
    """The first sentence of a text, on one line, cut at a word where it is very long."""
    line = " ".join(_LINK.sub(r"\1", text).split())
    for end in re.finditer(r"\.(?=\s|$)", line):
        if end.end() > _SHORT and not _ABBREVIATED.search(line, 0, end.start()):
            line = line[: end.end()]
            break
    if len(line) > _LONGEST:
        line = line[:_LONGEST].rpartition(" ")[0] + " …"
    return line


def _about(text: str) -> str:
    """The first sentence on an argument, and what `None` does where another one says it."""
    first = sentence(text)
    found = _ON_NONE.search(" ".join(text.split()))
    more = "" if found is None or found.group() in first else f" {found.group()}"
    return first if len(first) + len(more) > _LONGEST else first + more


def _items(lines: list[str]) -> dict[str, list[str]]:
    """The items of a section, each by its name; `x1, x2: …` is one of each."""
    indents = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    least = min(indents, default=0)
    found: dict[str, list[str]] = {}
    names: tuple[str, ...] = ()
    for line in lines:
        item = _ITEM.match(line[least:])
        if item is not None:
            names = tuple(name.strip().lstrip("*") for name in item.group(1).split(","))
            line = line[least + item.end() :]
        for name in names:
            found.setdefault(name, []).append(line.strip())
    return found


def _first_paragraph(lines: list[str]) -> str:
    """The lines up to an empty one or a list."""
    taken: list[str] = []
    for line in lines:
        if taken and (not line or line.startswith(("- ", "* "))):
            break
        if line:
            taken.append(line)
    return " ".join(taken)
