"""An entry's layer into an argument of another layer, in the text: what belongs to it moves inside.

Values are not written anew: they stand as they stood, a step further in where each has a line.
"""

import re

from seqshape.edits import Change
from seqshape.spec_reader import ENTRY_KEYS
from seqshape.yaml_edits import (
    CannotRevise,
    Member,
    add_member,
    drop_member,
    indent_of,
    line_break,
    members,
    rest_of_line,
    starts_line,
    tone_of,
)
from seqshape.yaml_layout import Layout, Node, is_merge
from seqshape.yaml_text import flow_of, pair_of

_INDENTED = re.compile(r"^( +|\t+)[^ \t\r\n]", re.MULTILINE)
_COMMA_HERE = re.compile(r"[ \t]*,")
_LINE = re.compile(r"(?:\r\n|\n|\r)(?=[^\r\n])")


def belongs_to_layer(key: str) -> bool:
    """Whether a key of an entry is the layer's own, its type or an argument, and not about the entry."""
    return key == "type" or not (key in ENTRY_KEYS or key.startswith("x-"))


def gather(layout: Layout, node: Node) -> list[Change]:
    """One step towards an entry in which the keys of its layer stand together; nothing where they do.

    Raises:
        CannotRevise: the entry has no type, or keys that it merges, or one that cannot be moved.

    """
    if node.merges:
        raise CannotRevise("the entry merges keys of another one, which cannot be moved")
    if node.index("type") is None:
        raise CannotRevise("the entry has no `type` of its own")
    first, last = _together(node)
    apart = next((number for number in _own(node) if not first <= number <= last), None)
    if apart is None:
        return []
    found = members(layout, node)
    member = found[apart]
    comment = _comment_behind(layout.text, member.end) if _has_line(layout, node, member) else ""
    if comment and not _has_line(layout, node, found[last]):
        raise CannotRevise("a comment stands beside an argument that would move")
    written = layout.text[member.start : member.end]
    return [*drop_member(layout, node, apart), *add_member(layout, node, last, written, comment)]


def _has_line(layout: Layout, node: Node, member: Member) -> bool:
    return not node.flow or starts_line(layout.text, member.start)


def _comment_behind(text: str, index: int) -> str:
    """The comment on the line of an index, with the space before it, if nothing else follows there."""
    found = _COMMA_HERE.match(text, index)
    stop = index if found is None else found.end()
    rest = rest_of_line(text, stop)
    return "" if rest is None else text[stop:rest].rstrip()


def enclose(layout: Layout, node: Node, type_name: str, argument: str) -> list[Change]:
    """The keys of an entry's layer, which stand together, become an argument of another type."""
    text = layout.text
    first, last = _together(node)
    found = members(layout, node)
    start, end = found[first].start, found[last].end
    tone = tone_of(layout, node)
    kind = pair_of("type", type_name, tone)
    key = flow_of(argument, tone)
    in_lines = not node.flow or all(starts_line(text, each.start) for each in found[first : last + 1])
    if not in_lines:
        return [(start, start, f"{kind}{tone.comma}{key}{tone.colon}{{"), (end, end, "}")]
    indent = line_break(text, start) + indent_of(text, start)
    step = _step(text, tabs=node.flow)
    lines: list[Change] = [
        (line.end(), line.end(), step) for line in _LINE.finditer(text, start, end) if line.end() < end
    ]
    if node.flow:
        opening = f"{kind},{indent}{key}{tone.colon}{{{indent}{step}"
        return [(start, start, opening), *lines, (end, end, f"{indent}}}")]
    return [(start, start, f"{kind}{indent}{key}:{indent}{step}"), *lines]


def _own(node: Node) -> list[int]:
    return [
        number
        for number, (key, _) in enumerate(node.pairs)
        if not is_merge(key) and belongs_to_layer(key.text)
    ]


def _together(node: Node) -> tuple[int, int]:
    """The first and the last of the layer's keys that stand with its `type`."""
    own = set(_own(node))
    first = last = node.index("type") or 0
    while first - 1 in own:
        first -= 1
    while last + 1 in own:
        last += 1
    return first, last


def _step(text: str, tabs: bool) -> str:
    """How far a line of the text is indented below another: as far as the first that is indented."""
    steps = (found.group(1) for found in _INDENTED.finditer(text))
    return next((step for step in steps if tabs or step[0] == " "), "  ")
