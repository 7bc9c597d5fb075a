"""How a file is written: its values with their brackets, anchors and aliases, as they stand in the text.

The tree of `yaml_reader` says what a file means; this one is for who wants to change its text. It is
made of text that was read without a fault.
"""

import re
from dataclasses import dataclass, field
from enum import Enum

import yaml

from seqshape import core_schema, json_events
from seqshape.frozen import frozen
from seqshape.tree import JsonScalar
from seqshape.yaml_reader import LOADER

_PROPERTY = re.compile(r"[&!]\S*(?:\s+(?:#[^\r\n]*\s*)*)?")
_COLON = re.compile(r"[ \t]*:")


class Kind(Enum):
    """What a node is."""

    SCALAR = "scalar"
    SEQUENCE = "sequence"
    MAPPING = "mapping"
    ALIAS = "alias"


@dataclass(slots=True)
class Node:
    """A value where it stands: its anchor and tag from `start`, itself from `body` up to `end`.

    A block ends where its last value does. `repeated`: an alias stands for it elsewhere.
    """

    kind: Kind
    start: int
    body: int
    end: int
    flow: bool = False
    value: JsonScalar = None
    text: str = ""
    quote: str = ""
    anchor: str | None = None
    tagged: bool = False
    repeated: bool = False
    items: list["Node"] = field(default_factory=list)
    pairs: list[tuple["Node", "Node"]] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether nothing is written here: the value of `key:`."""
        return self.start == self.end

    def index(self, key: str) -> int | None:
        """The number of the pair with this key; None where no such key is written here."""
        for number, (word, _) in enumerate(self.pairs):
            if word.kind is Kind.SCALAR and not is_merge(word) and word.text == key:
                return number
        return None

    @property
    def merges(self) -> bool:
        """Whether keys of other mappings are merged into this one."""
        return any(is_merge(word) for word, _ in self.pairs)


@frozen
class Layout:
    """A text and how it is written; `json` where it is JSON."""

    text: str
    root: Node
    json: bool


def layout_of(text: str) -> Layout | None:
    """The layout of a text that holds one document; None where it holds none.

    Raises:
        yaml.YAMLError: it cannot be read.

    """
    is_json = json_events.looks_like_json(text)
    events: list[yaml.Event] = []
    if is_json:
        try:
            events = list(json_events.events(text))
        except json_events.NotJson:
            is_json = False
    if not is_json:
        events = list(yaml.parse(text, Loader=LOADER))
    root = _Builder(text).root(events)
    return None if root is None else Layout(text, root, is_json)


class _Builder:
    """One pass over the events of a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._open: list[tuple[Node, list[Node]]] = []
        self._anchors: dict[str, Node] = {}
        self._root: Node | None = None

    def root(self, events: list[yaml.Event]) -> Node | None:
        for event in events:
            match event:
                case yaml.ScalarEvent():
                    self._add(self._scalar(event))
                case yaml.AliasEvent():
                    node = self._node(Kind.ALIAS, event)
                    known = self._anchors.get(str(event.anchor))
                    if known is not None:
                        known.repeated = True
                    self._add(node)
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    mapping = isinstance(event, yaml.MappingStartEvent)
                    node = self._node(Kind.MAPPING if mapping else Kind.SEQUENCE, event)
                    node.flow = bool(event.flow_style)
                    self._open.append((node, []))
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self._close(event)
        return self._root

    def _node(self, kind: Kind, event: yaml.NodeEvent) -> Node:
        assert event.start_mark is not None
        assert event.end_mark is not None
        start, end = event.start_mark.index, event.end_mark.index
        node = Node(kind, start, start, end)
        if kind is not Kind.ALIAS:
            node.anchor = event.anchor
            node.tagged = getattr(event, "tag", None) is not None
            for _ in range((node.anchor is not None) + node.tagged):
                found = _PROPERTY.match(self.text, node.body)
                node.body = node.body if found is None else found.end()
        return node

    def _scalar(self, event: yaml.ScalarEvent) -> Node:
        node = self._node(Kind.SCALAR, event)
        node.quote = event.style or ""
        if node.quote in ("|", ">"):  # its end is the start of the line behind it
            node.end = len(self.text[: node.end].rstrip(" \t\r\n"))
        node.body = min(node.body, node.end)
        node.value = node.text = event.value
        if event.tag is None and event.implicit[0]:
            node.value = core_schema.resolve(event.value)
        elif event.tag in core_schema.SCALAR_TAGS:
            node.value = core_schema.tagged(event.value, event.tag)
        return node

    def _close(self, event: yaml.CollectionEndEvent) -> None:
        node, children = self._open.pop()
        assert event.end_mark is not None
        if node.flow and self.text[node.body : node.body + 1] in ("{", "["):
            node.end = event.end_mark.index
        else:
            node.end = max((child.end for child in children), default=node.end)
        if node.kind is Kind.SEQUENCE:
            node.items = children
        else:
            node.pairs = list(zip(children[::2], children[1::2], strict=True))
        self._add(node)

    def _add(self, node: Node) -> None:
        if node.anchor is not None:
            self._anchors[node.anchor] = node
        if not self._open:
            self._root = node
            return
        parent, children = self._open[-1]
        if node.empty and parent.kind is Kind.MAPPING and len(children) % 2:
            node.start = node.body = node.end = self._behind_colon(children[-1].end)
        children.append(node)

    def _behind_colon(self, index: int) -> int:
        """Where the value of a key ends that has none: the parser puts it where the next thing starts."""
        found = _COLON.match(self.text, index)
        return index if found is None else found.end()


def written_value(node: Node) -> object:
    """The value of a node as plain data; what stands behind an alias or is merged equals nothing."""
    match node.kind:
        case Kind.SCALAR:
            return node.value
        case Kind.SEQUENCE:
            return [written_value(item) for item in node.items]
        case Kind.ALIAS:
            return {"*": node.start}
    return {key.text: written_value(value) for key, value in node.pairs}


def is_merge(word: Node) -> bool:
    """Whether a key is `<<`, which merges another mapping in."""
    return word.text == "<<" and not word.quote
