"""Changes of a text at one of its collections: a member set, added, dropped or put before another.

Knows blocks and brackets, comments and line ends; knows no spec.
"""

import re

from seqshape.edits import Change
from seqshape.frozen import frozen
from seqshape.tree import Json
from seqshape.yaml_layout import Kind, Layout, Node, is_merge
from seqshape.yaml_text import Tone, flow_of, pair_of

_BREAK = re.compile(r"\r\n|\n|\r")
_FILLER = r"(?:[ \t\r\n]|#[^\r\n]*+)*+"
"""White space and comments, never given back: a `,` inside a comment separates nothing."""
_COMMA = re.compile(_FILLER + ",")
_DASH = re.compile(_FILLER + r"-(?=[ \t\r\n]|\Z)")
_ASK = re.compile(_FILLER + r"[{,]?" + _FILLER + r"\?(?=[ \t\r\n])")
_REST = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")
_SPACED = re.compile(r"[:,] ")
_COLON = re.compile(r":[ ]*\Z")
_BEHIND_KEY = re.compile(r"\s*:\s*\Z")


class CannotRevise(Exception):
    """The text has no place for a change; the words say why."""


@frozen
class Member:
    """An item with its dash, or a pair of key and value: where it starts and where it ends."""

    start: int
    end: int


def tone_of(layout: Layout, node: Node) -> Tone:
    """How a collection is written, for what is added to it."""
    quotes = {key.quote for key, _ in node.pairs if not is_merge(key)}
    quote = '"' if layout.json else quotes.pop() if len(quotes) == 1 else ""
    if quote not in ("", "'", '"'):
        quote = ""
    colon, comma = ": ", ", "
    if layout.json and _SPACED.search(layout.text) is None:
        colon, comma = ":", ","
    elif node.flow:
        written = [layout.text[key.end : value.start] for key, value in node.pairs if not value.empty]
        if written and _COLON.fullmatch(written[0]) and (quote == '"' or written[0] != ":"):
            colon = written[0]
        parts = members(layout, node)
        if len(parts) > 1 and layout.text[parts[0].end : parts[1].start] == ",":
            comma = ","
    return Tone(quote, colon, comma, layout.json)


def members(layout: Layout, node: Node) -> list[Member]:
    """The members of a collection in the text's order."""
    text = layout.text
    found: list[Member] = []
    end = node.body
    for key, value in node.pairs:
        ask = _ASK.match(text, end, key.start)
        start = key.start if ask is None else ask.end() - 1
        end = max(key.end, value.end)
        found.append(Member(start, end))
    for item in node.items:
        start = item.start
        if not node.flow:
            dash = _DASH.match(text, end)
            if dash is None:
                raise CannotRevise("the list is written in a way that cannot be changed")
            start = dash.end() - 1
            item = Node(item.kind, start + 1, start + 1, start + 1) if item.empty else item
        end = item.end
        found.append(Member(start, end))
    return found


def set_value(layout: Layout, node: Node, value: Json, tone: Tone, key: Node | None = None) -> list[Change]:
    """A value becomes another; of collections with equal members only what differs is touched.

    Raises:
        CannotRevise: an alias elsewhere stands for the value.

    """
    if node.kind is Kind.SCALAR and not node.empty and _same(node, value):
        return []
    if node.repeated:
        raise CannotRevise("the value has an anchor, and an alias repeats it elsewhere")
    parts = _parts(node, value)
    if parts is not None:
        inner = tone_of(layout, node)
        return [each for part, new in parts for each in set_value(layout, part, new, inner)]
    written = flow_of(value, tone)
    start = node.start if node.tagged or node.kind is Kind.ALIAS else node.body
    if node.empty:
        before = layout.text[node.start - 1 : node.start]
        lead = " " if before in (":", "-") or key is None else tone.colon
        return [(node.start, node.start, lead + written)]
    if key is not None and node.kind in (Kind.MAPPING, Kind.SEQUENCE) and not node.flow:
        gap = layout.text[key.end : node.start]
        if node.start == node.body and _BEHIND_KEY.match(gap):
            colon = layout.text.index(":", key.end) + 1
            return [(colon, node.end, f" {written}")]
    return [(start, node.end, written)]


def _same(node: Node, value: Json) -> bool:
    return repr(node.value) == repr(value)  # 1 is not 1.0, nor true; 0.0 not -0.0


def _parts(node: Node, value: Json) -> list[tuple[Node, Json]] | None:
    """The members of a collection with their new values, where a value has the same members."""
    if node.kind is Kind.SEQUENCE and isinstance(value, list) and len(node.items) == len(value) > 0:
        return list(zip(node.items, value, strict=True))
    if node.kind is not Kind.MAPPING or not isinstance(value, dict) or not value or node.merges:
        return None
    if [key.text for key, _ in node.pairs] != list(value):
        return None
    return [(inner, value[key.text]) for key, inner in node.pairs]


def add_member(
    layout: Layout, node: Node, after: int | None, written: str, comment: str = ""
) -> list[Change]:
    """A member more, behind member `after`, or the only one.

    Raises:
        CannotRevise: something stands where it should go.

    """
    text = layout.text
    if node.flow and text[node.body : node.body + 1] not in ("{", "["):
        raise CannotRevise("the mapping has no brackets of its own")
    if after is None:
        return [(node.body + 1, node.body + 1, written)]
    found = members(layout, node)
    member = found[after]
    own_line = starts_line(text, member.start)
    start = member.start if own_line else found[0].start
    indent = line_break(text, member.end) + indent_of(text, start)
    if not node.flow:
        rest = rest_of_line(text, member.end)
        if rest is None:
            raise CannotRevise("something else stands on the line")
        return [(rest, rest, indent + written + comment)]
    comma = _COMMA.match(text, member.end)
    if own_line:
        stop = member.end if comma is None else comma.end()
        rest = rest_of_line(text, stop)
        if rest is not None:
            if comma is not None:
                return [(rest, rest, f"{indent}{written},{comment}")]
            return [(member.end, member.end, ","), (rest, rest, indent + written + comment)]
        if comma is None:
            return [(member.end, member.end, f",{indent}{written}")]
    return [(member.end, member.end, tone_of(layout, node).comma + written)]


def drop_member(layout: Layout, node: Node, number: int) -> list[Change]:
    """A member less; a comment on its own line goes with it, any other stays.

    Raises:
        CannotRevise: it cannot be cut out of its line.

    """
    found = members(layout, node)
    if not node.flow:
        return _drop_lines(layout.text, found, number)
    text = layout.text
    member = found[number]
    comma = _COMMA.match(text, member.end)
    before = found[number - 1] if number else None
    behind = found[number + 1] if number + 1 < len(found) else None
    stop = member.end if comma is None else comma.end()
    rest = rest_of_line(text, stop) if starts_line(text, member.start) else None
    if rest is not None:
        changes = [(line_start(text, member.start), _next_line(text, rest), "")]
        if comma is None and before is not None:
            changes.insert(0, _comma_behind(text, before))
        return changes
    if behind is not None and _on_one_line(text, member.end, behind.start):
        return [(member.start, behind.start, "")]
    if before is not None:
        if "#" not in text[before.end : member.start]:
            return [(before.end, member.end, "")]
        if comma is None:
            return [_comma_behind(text, before), (member.start, member.end, "")]
    elif behind is not None and "#" not in text[member.end : behind.start]:
        return [(member.start, behind.start, "")]
    return [(member.start, stop, "")]


def _comma_behind(text: str, member: Member) -> Change:
    comma = _COMMA.match(text, member.end)
    assert comma is not None
    return comma.end() - 1, comma.end(), ""


def _drop_lines(text: str, found: list[Member], number: int) -> list[Change]:
    """Takes a member of a block away: whole lines, or the first one behind a dash."""
    member = found[number]
    rest = rest_of_line(text, member.end)
    if rest is None:
        raise CannotRevise("something else stands on the line")
    start = line_start(text, member.start)
    if starts_line(text, member.start):
        stop = _next_line(text, rest)
        if stop == rest:  # the last line has no end: the end of the line before goes with it
            start = len(text[:start].removesuffix("\n").removesuffix("\r"))
        return [(start, stop, "")]
    if number or len(found) == 1:
        raise CannotRevise("it stands on a line with something else")
    behind = found[1].start
    if not text[rest:behind].strip():
        return [(member.start, behind, "")]
    return [(len(text[: member.start].rstrip(" \t")), rest, "")]


def insert_item(layout: Layout, node: Node, before: int, entry: dict[str, Json]) -> list[Change]:
    """A mapping as a new item of a list, written as the item is that it stands before.

    Comments right above that item, no deeper than it, stay with it.

    Raises:
        CannotRevise: there is no line for it.

    """
    text = layout.text
    found = members(layout, node)
    item, start = node.items[before], found[before].start
    comma = tone_of(layout, node).comma
    if not starts_line(text, start):
        if not node.flow:
            raise CannotRevise("the entry stands on a line with something else")
        return [(start, start, _written(layout, item, "", entry) + comma)]
    top = _top_of_comments(text, start, found[before - 1].end if before else 0)
    indent = indent_of(text, start)
    ending = line_break(text, start)
    if node.flow:
        return [(top, top, f"{indent}{_written(layout, item, indent, entry)},{ending}")]
    gap = text[start + 1 : item.start]
    if gap.strip():
        gap = " "
    written = _written(layout, item, _last_line(f"{indent} {gap}"), entry)
    return [(top, top, f"{indent}-{gap}{written}{ending}")]


def append_item(layout: Layout, node: Node, behind: int, entry: dict[str, Json]) -> list[Change]:
    """A mapping as a new item of a list, written as the item is that it stands behind.

    Raises:
        CannotRevise: there is no line for it.

    """
    text = layout.text
    item, start = node.items[behind], members(layout, node)[behind].start
    if node.flow:
        indent = indent_of(text, start) if starts_line(text, start) else ""
        return add_member(layout, node, behind, _written(layout, item, indent, entry))
    gap = text[start + 1 : item.start]
    if gap.strip() or not starts_line(text, start):
        raise CannotRevise("the entry stands on a line with something else")
    written = _written(layout, item, _last_line(f"{indent_of(text, start)} {gap}"), entry)
    return add_member(layout, node, behind, f"-{gap}{written}")


def _written(layout: Layout, model: Node, indent: str, entry: dict[str, Json]) -> str:
    """An entry in the style of another; `indent` is that of its own first character."""
    text = layout.text
    tone = tone_of(layout, model)
    pairs = [pair_of(key, value, tone) for key, value in entry.items()]
    if model.kind is not Kind.MAPPING or not model.pairs:
        return flow_of(entry, tone)
    ending = line_break(text, model.start)
    if not model.flow:
        indent = " " * len(indent)
        return (ending + indent).join(pairs)
    first = model.pairs[0][0].start
    if not starts_line(text, first) or not starts_line(text, model.end - 1):
        return flow_of(entry, tone)
    inner, outer = ending + indent_of(text, first), ending + indent_of(text, model.end - 1)
    return "{" + inner + f",{inner}".join(pairs) + outer + "}"


def _top_of_comments(text: str, index: int, end: int) -> int:
    """The start of the lines of comment that touch the line of an index from above, below `end`."""
    top = line_start(text, index)
    column = index - top
    while top > end:
        above = line_start(text, top - (2 if text[top - 2 : top] == "\r\n" else 1))
        line = text[above:top]
        if (
            above < end
            or not line.lstrip(" ").startswith("#")
            or len(line) - len(line.lstrip(" ")) > column
        ):
            break
        top = above
    return top


def line_break(text: str, index: int) -> str:
    """The line end that holds at an index: that of its line, or of the one before."""
    found = _BREAK.search(text, index)
    if found is None:
        return next((each for each in ("\r\n", "\n", "\r") if each in text), "\n")
    return found.group()


def rest_of_line(text: str, index: int) -> int | None:
    """The end of the line of an index where only a comment follows; None where anything else does."""
    found = _REST.match(text, index)
    return None if found is None else found.end()


def line_start(text: str, index: int) -> int:
    """The index of the first character of an index's line."""
    return max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1


def _next_line(text: str, index: int) -> int:
    found = _BREAK.match(text, index)
    return index if found is None else found.end()


def starts_line(text: str, index: int) -> bool:
    """Whether nothing but white space stands before an index on its line."""
    return not text[line_start(text, index) : index].strip(" \t")


def _on_one_line(text: str, start: int, end: int) -> bool:
    return _BREAK.search(text, start, end) is None


def indent_of(text: str, index: int) -> str:
    """What stands before an index on its line, as white space as wide."""
    return re.sub(r"[^\t]", " ", text[line_start(text, index) : index])


def _last_line(text: str) -> str:
    return _BREAK.split(text)[-1]
