"""Text to a tree of values, from libyaml's (or JSON's) events on a stack of our own.

Applies what the language says of YAML, once: the core schema, one document, duplicate keys,
merge keys, anchors, tags, and the limits. Mistakes come back as faults; what can be read is.
PyYAML's composer is not used: it recurses in C, and 25,000 nested brackets end the process.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

from seqshape import core_schema, json_events
from seqshape.faults import (
    BadAlias,
    BadKey,
    DuplicateKey,
    Fault,
    ForeignTag,
    NotYaml,
    OverLimit,
    SecondDocument,
)
from seqshape.frozen import frozen
from seqshape.limits import Limits
from seqshape.places import Place
from seqshape.source import Source
from seqshape.tree import Mapping, Scalar, Sequence, Style, Value, describe

LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's parser, or PyYAML's own where the package was built without it. Only events are read."""

_STRUCTURE_TAGS = {"!", core_schema.SEQUENCE_TAG, core_schema.MAPPING_TAG}
_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#[^\r\n]*", re.MULTILINE)
_SPEAKS = re.compile(r"#[ \t]*seqshape:")
_STYLES = {"'": Style.QUOTED, '"': Style.QUOTED, "|": Style.LITERAL, ">": Style.LITERAL}

Comment: TypeAlias = tuple[Place, str]
"""Where a comment stands, and its text with the `#`."""


@frozen
class Document:
    """What a file holds: its root (None where it is empty or unreadable) and its comments.

    `anchors` says whether a value has one.
    """

    root: Value | None
    comments: tuple[Comment, ...]
    anchors: bool = False

    @property
    def spoken(self) -> tuple[Comment, ...]:
        """The comments that say `seqshape:`."""
        return tuple(each for each in self.comments if _SPEAKS.match(each[1]))

    @property
    def asides(self) -> tuple[str, ...]:
        """What is for readers of the file alone: `comments` of other kinds, `anchors`."""
        others = len(self.comments) > len(self.spoken)
        return (*["comments"] * others, *["anchors"] * self.anchors)


Read: TypeAlias = Callable[[Source, Limits], tuple[Document, tuple[Fault, ...]]]


def read(source: Source, limits: Limits, loader: type = LOADER) -> tuple[Document, tuple[Fault, ...]]:
    """The tree of a source, and every fault met on the way."""
    if json_events.looks_like_json(source.text):
        try:
            return _read(source, limits, json_events.events(source.text))
        except json_events.NotJson as error:  # YAML may stand in brackets too
            document, faults = _read(source, limits, yaml.parse(source.text, Loader=loader))
            if json_events.is_meant_as_json(source.text):
                told = _not_json(source, error)
                faults = tuple(told if isinstance(fault, NotYaml) else fault for fault in faults)
            return document, faults
    return _read(source, limits, yaml.parse(source.text, Loader=loader))


def _read(
    source: Source, limits: Limits, events: Iterator[yaml.Event]
) -> tuple[Document, tuple[Fault, ...]]:
    reader = _Reader(source, limits)
    root = reader.read(events)
    comments = tuple(_comments(source, reader.scalars))
    return Document(root, comments, reader.has_anchors), tuple(reader.faults)


def _not_json(source: Source, error: json_events.NotJson) -> NotYaml:
    """The fault of a text that is neither JSON, as which it was meant, nor YAML."""
    at_end = error.index >= len(source.text.rstrip())
    index = max(len(source.text.rstrip()) - 1, 0) if at_end else error.index
    problem = f"the file ends too soon: {error.problem}" if at_end else error.problem
    return NotYaml(source.place(index, index + 1), problem, False, "", None, json=True)


def _comments(source: Source, scalars: list[tuple[int, int]]) -> Iterator[Comment]:
    """All comments; a `#` inside a scalar starts none."""
    for found in _COMMENT.finditer(source.text):
        before = bisect_right(scalars, (found.start(), len(source.text))) - 1
        if before < 0 or scalars[before][1] <= found.start():
            yield source.place(found.start(), found.end()), found.group()


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    mapping: bool
    start: int
    anchor: str | None
    items: list[Value] = field(default_factory=list)
    pairs: list[tuple[Scalar, Value]] = field(default_factory=list)
    seen: dict[str, Place] = field(default_factory=dict)
    merges: list[Value] = field(default_factory=list)
    key: "Scalar | None" = None
    key_pending: bool = False
    nodes: int = 1
    end: int = 0


class _Reader:
    """One pass over the events of one source."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self.source = source
        self.limits = limits
        self.faults: list[Fault] = []
        self.scalars: list[tuple[int, int]] = []
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Value, int]] = {}
        self._root: Value | None = None
        self._nodes = 0
        self._documents = 0

    def read(self, events: Iterator[yaml.Event]) -> Value | None:
        """The root of the document; None where there is none or reading had to stop."""
        try:
            for event in events:
                if not self._take(event):
                    return None if self._documents < 2 else self._root
        except yaml.MarkedYAMLError as error:
            self.faults.append(self._not_yaml(error))
            return None
        except yaml.YAMLError as error:
            self.faults.append(NotYaml(self.source.place(0, 0), str(error), False, "", None))
            return None
        return self._root

    @property
    def has_anchors(self) -> bool:
        """Whether a value has an anchor."""
        return bool(self._anchors)

    def _not_yaml(self, error: yaml.MarkedYAMLError) -> NotYaml:
        mark = error.problem_mark or error.context_mark
        start = mark.index if mark is not None else 0
        tab = self.source.text[start : start + 1] == "\t"
        context_place = None
        if error.context_mark is not None and error.context_mark.index != start:
            context_place = self._place(error.context_mark.index, error.context_mark.index + 1)
        place = self._place(start, start + 1)
        return NotYaml(place, error.problem or "", tab, error.context or "", context_place)

    def _take(self, event: yaml.Event) -> bool:
        """Takes one event; False where reading must stop."""
        match event:
            case yaml.ScalarEvent():
                scalar = self._scalar(event)
                self._add(scalar, event.anchor, 1, self.scalars[-1][1])
                return self._count(1, scalar.place)
            case yaml.AliasEvent():
                return self._alias(event)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                return self._open(event)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                return self._close(event)
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    start, _ = _span(event)
                    self.faults.append(SecondDocument(self._place(start, start + 3)))
                    return False
        return True

    def _place(self, start: int, end: int) -> Place:
        return self.source.place(start, end)

    def _count(self, nodes: int, place: Place) -> bool:
        self._nodes += nodes
        if self._nodes <= self.limits.nodes:
            return True
        self.faults.append(OverLimit(place, "nodes", "values in the file", self.limits.nodes))
        return False

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        start, end = _span(event)
        place = self._place(start, end)
        self.scalars.append((start, end))
        text: str = event.value
        style = _STYLES.get(event.style or "", Style.PLAIN)
        if event.tag in core_schema.SCALAR_TAGS:
            try:
                return Scalar(core_schema.tagged(text, event.tag), text, Style.LITERAL, place)
            except ValueError as error:
                self.faults.append(ForeignTag(place, event.tag, str(error)))
        elif event.tag not in (None, "!"):
            self.faults.append(ForeignTag(place, event.tag, ""))
        elif event.implicit[0]:
            return Scalar(core_schema.resolve(text), text, style, place)
        return Scalar(text, text, style, place)

    def _alias(self, event: yaml.AliasEvent) -> bool:
        start, end = _span(event)
        place = self._place(start, end)
        name = str(event.anchor)
        known = self._anchors.get(name)
        if known is None:
            recursive = any(open_.anchor == name for open_ in self._stack)
            self.faults.append(BadAlias(place, name, recursive))
            known = (Scalar(None, "", Style.BROKEN, place), 1)
        value, nodes = known
        self._add(value, None, nodes, end)
        return self._count(nodes, place)

    def _open(self, event: yaml.CollectionStartEvent) -> bool:
        start, end = _span(event)
        if event.tag is not None and event.tag not in _STRUCTURE_TAGS:
            self.faults.append(ForeignTag(self._place(start, end), event.tag, ""))
        if len(self._stack) >= self.limits.depth:
            place = self._place(start, start + 1)
            self.faults.append(OverLimit(place, "depth", "levels of nesting", self.limits.depth))
            return False
        mapping = isinstance(event, yaml.MappingStartEvent)
        if not self._count(1, self._place(start, end)):
            return False
        self._stack.append(_Open(mapping, start, event.anchor, end=end))
        return True

    def _close(self, event: yaml.CollectionEndEvent) -> bool:
        open_ = self._stack.pop()
        bracket, end = _span(event)
        if end == bracket:  # a block, which has no bracket, ends where its last child does
            end = open_.end
        place = self._place(open_.start, end)
        value: Value
        if open_.mapping:
            self._merge(open_)
            value = Mapping(tuple(open_.pairs), place)
        else:
            value = Sequence(tuple(open_.items), place)
        self._add(value, open_.anchor, open_.nodes, end)
        return True

    def _add(self, value: Value, anchor: str | None, nodes: int, end: int) -> None:
        """Puts a whole value where it belongs: under the last key, into the list, or at the root."""
        if anchor is not None:
            self._anchors[anchor] = (value, nodes)
        if not self._stack:
            self._root = value
            return
        open_ = self._stack[-1]
        open_.nodes += nodes
        open_.end = max(open_.end, end)
        if not open_.mapping:
            open_.items.append(value)
        elif open_.key_pending:
            self._pair(open_, open_.key, value)
            open_.key, open_.key_pending = None, False
        else:
            open_.key, open_.key_pending = self._key(value), True

    def _key(self, value: Value) -> Scalar | None:
        if isinstance(value, Scalar) and value.value is not None:
            return value
        self.faults.append(BadKey(value.place, f"a key must be a word, not {describe(value)}"))
        return None

    def _pair(self, open_: _Open, key: Scalar | None, value: Value) -> None:
        if key is None:
            return
        if key.text == "<<" and key.style is Style.PLAIN:
            open_.merges.append(value)
        elif key.text in open_.seen:
            self.faults.append(DuplicateKey(key.place, key.text, open_.seen[key.text]))
        else:
            open_.seen[key.text] = key.place
            open_.pairs.append((key, value))

    def _merge(self, open_: _Open) -> None:
        """Adds the pairs of the merged mappings: the mapping's own come first, then the earlier ones."""
        for merged in open_.merges:
            sources = merged.items if isinstance(merged, Sequence) else (merged,)
            for mapping in sources:
                if isinstance(mapping, Scalar) and mapping.style is Style.BROKEN:
                    continue
                if not isinstance(mapping, Mapping):
                    problem = f"`<<` takes a mapping or a list of mappings, not {describe(mapping)}"
                    self.faults.append(BadKey(mapping.place, problem))
                    continue
                for key, value in mapping.items:
                    if key.text not in open_.seen:
                        open_.seen[key.text] = key.place
                        open_.pairs.append((key, value))


def _span(event: yaml.Event) -> tuple[int, int]:
    """The indexes of an event's first character and of the one after its last."""
    assert event.start_mark is not None
    assert event.end_mark is not None
    return event.start_mark.index, event.end_mark.index
