"""Changes of a spec's words to edits of its text: the smallest ones, each at its place.

One change is made after the other, on the text that the one before left, and the pieces of the first
text that are still there say what the edits are. The new text is read again: it must say just what
the changes ask for.
"""

import json
from collections.abc import Iterable
from copy import deepcopy
from functools import lru_cache
from typing import Any, TypeAlias

import yaml

from seqshape import source as sources
from seqshape import yaml_reader
from seqshape.edits import Draft, Edit
from seqshape.limits import DEEPEST, LARGEST, Limits
from seqshape.places import Place
from seqshape.revisions import DropValue, Insert, Remove, Revision, SetTop, SetValue, Wrap
from seqshape.source import Source
from seqshape.tree import Json, Mapping, plain
from seqshape.wrapping import belongs_to_layer, enclose, gather
from seqshape.yaml_edits import (
    CannotRevise,
    add_member,
    append_item,
    drop_member,
    insert_item,
    set_value,
    tone_of,
)
from seqshape.yaml_layout import Kind, Layout, Node, is_merge, layout_of, written_value
from seqshape.yaml_text import flow_of, pair_of

__all__ = ["CannotRevise", "revised"]

Address: TypeAlias = tuple[str | int, ...]
"""The keys and indices that lead from the root to a value, as it is written."""

_NO_LIMITS = Limits(LARGEST, LARGEST, DEEPEST, LARGEST)
"""What is read here was read before, within the user's own limits."""


def revised(source: Source, document: Mapping, revisions: Iterable[Revision]) -> tuple[Edit, ...]:
    """The edits of a source's text that make these revisions, in the order of the text.

    Places are those of `document`, the tree of the source as it is. Each revision is made on what the
    ones before it left.

    Raises:
        CannotRevise: the text has no place for a change, or an alias repeats what would change.

    """
    first = _layout(source.text)
    todo = tuple(revisions)
    addresses: list[Address | None] = []
    known = _addresses(first)
    for revision in todo:
        place = _place_of(revision)
        addresses.append(() if place is None else known.get(source.span(place)[0]))
        if addresses[-1] is None:
            raise CannotRevise("no entry is written at its place: it stands behind an alias")
    draft = Draft(source.text)
    wanted: Any = plain(document)
    for number, revision in enumerate(todo):
        address = addresses[number]
        if address is None:
            raise CannotRevise("the entry is gone by an earlier change")
        _make(draft, address, revision)
        _apply(wanted, address, revision)
        _check(source.text, draft.text, wanted)
        addresses = [_moved(each, address, revision) for each in addresses]
    return draft.edits(source)


def _place_of(revision: Revision) -> Place | None:
    match revision:
        case SetTop():
            return None
        case Insert():
            return revision.beside
    return revision.entry


@lru_cache(maxsize=2)
def _layout(text: str) -> Layout:
    try:
        layout = layout_of(text)
    except (yaml.YAMLError, ValueError) as error:
        raise CannotRevise("the text cannot be read") from error
    if layout is None:
        raise CannotRevise("the text is empty")
    return layout


def _addresses(layout: Layout) -> dict[int, Address]:
    """Where each mapping is, by the index at which it starts."""
    found: dict[int, Address] = {}
    stack: list[tuple[Node, Address]] = [(layout.root, ())]
    while stack:
        node, address = stack.pop()
        if node.kind is Kind.MAPPING:
            found.setdefault(node.start, address)
        stack += [(item, (*address, number)) for number, item in enumerate(node.items)]
        stack += [(value, (*address, key.text)) for key, value in node.pairs if not is_merge(key)]
    return found


def _at(layout: Layout, address: Address) -> tuple[Node, Node | None, Node]:
    """The node at an address, its key, and the collection it is in; nothing on the way is repeated.

    Raises:
        CannotRevise: an alias stands on the way, or the address leads nowhere.

    """
    node, key, parent = layout.root, None, layout.root
    for step in address:
        _refuse_repeated(node)
        parent, key = node, None
        if isinstance(step, int) and node.kind is Kind.SEQUENCE and 0 <= step < len(node.items):
            node = node.items[step]
            continue
        index = node.index(step) if isinstance(step, str) and node.kind is Kind.MAPPING else None
        if index is None:
            raise CannotRevise(f"there is no `{step}` written here that could be changed")
        key, node = node.pairs[index]
    return node, key, parent


def _refuse_repeated(node: Node) -> None:
    if node.repeated:
        raise CannotRevise("an alias repeats it elsewhere, which would change too")
    if node.kind is Kind.ALIAS:
        raise CannotRevise("it stands behind an alias: what that repeats would change too")


def _make(draft: Draft, address: Address, revision: Revision) -> None:
    """Makes one change on the text."""
    layout = _layout(draft.text)
    match revision:
        case SetValue() | SetTop():
            _set(draft, (*address, *revision.path), revision.value)
        case DropValue():
            _drop(draft, (*address, *revision.path))
        case Remove():
            _drop(draft, address)
        case Insert():
            parent, number = _item(layout, address)
            insert = append_item if revision.behind else insert_item
            draft.change(insert(layout, parent, number, revision.entry))
        case Wrap():
            while changes := gather(layout, _owned(layout, address)):
                draft.change(changes)
                layout = _layout(draft.text)
            node = _owned(layout, address)
            draft.change(enclose(layout, node, revision.type, revision.argument))


def _owned(layout: Layout, address: Address) -> Node:
    """The node at an address, which no alias repeats."""
    node, _, _ = _at(layout, address)
    _refuse_repeated(node)
    return node


def _item(layout: Layout, address: Address) -> tuple[Node, int]:
    """The list that an entry is an item of, and the entry's number in it."""
    if not address or not isinstance(address[-1], int):
        raise CannotRevise("it is written apart from the list of layers, which an alias stands in")
    parent = _owned(layout, address[:-1])
    if parent.items[address[-1]].repeated:
        raise CannotRevise("an alias repeats it elsewhere, and nothing says which one is meant")
    return parent, address[-1]


def _set(draft: Draft, path: Address, value: Json) -> None:
    if not path:
        raise CannotRevise("the whole text would change")
    layout = _layout(draft.text)
    holder = _owned(layout, path[:-1])
    last = path[-1]
    if isinstance(last, str) and holder.kind is Kind.MAPPING and holder.index(last) is None:
        after = len(holder.pairs) - 1 if holder.pairs else None
        if last == "inputs" and (place := holder.index("type")) is not None:
            after = place
        draft.change(add_member(layout, holder, after, pair_of(last, value, tone_of(layout, holder))))
        return
    node, key, parent = _at(layout, path)
    if isinstance(value, list) and value and node.kind is Kind.SEQUENCE and node.items:
        _set_list(draft, path, value)
    else:
        draft.change(set_value(layout, node, value, tone_of(layout, parent), key))


def _set_list(draft: Draft, path: Address, values: list[Json]) -> None:
    """A list becomes another, neither of them empty; items at both ends that are the same stay."""
    node = _owned(_layout(draft.text), path)
    old: list[Any] = [written_value(item) for item in node.items]
    shorter = min(len(old), len(values))
    start = next((n for n in range(shorter) if not _equal(old[n], values[n])), shorter)
    most = shorter - max(start, 1)
    same_end = next((n for n in range(most) if not _equal(old[-1 - n], values[-1 - n])), max(most, 0))
    stop, new_stop = len(old) - same_end, len(values) - same_end
    for number in range(start, min(stop, new_stop)):
        layout, parent = _list(draft, path, number)
        tone = tone_of(layout, parent)
        draft.change(set_value(layout, parent.items[number], values[number], tone))
    for number in reversed(range(new_stop, stop)):
        layout, parent = _list(draft, path, number)
        draft.change(drop_member(layout, parent, number))
    for number in range(stop, new_stop):
        layout, parent = _list(draft, path, number - 1)
        written = flow_of(values[number], tone_of(layout, parent))
        draft.change(add_member(layout, parent, number - 1, written if parent.flow else f"- {written}"))


def _list(draft: Draft, path: Address, number: int) -> tuple[Layout, Node]:
    """The list at an address as it is written now, which has an item of this number."""
    layout = _layout(draft.text)
    node = _owned(layout, path)
    if not 0 <= number < len(node.items):
        raise CannotRevise("the list is written in a way that cannot be changed")
    return layout, node


def _drop(draft: Draft, path: Address) -> None:
    layout = _layout(draft.text)
    if not path:
        raise CannotRevise("the whole text would go")
    if isinstance(path[-1], int):
        holder, number = _item(layout, path)
    else:
        holder = _owned(layout, path[:-1])
        found = holder.index(path[-1]) if holder.kind is Kind.MAPPING else None
        if found is None:
            raise CannotRevise(f"there is no `{path[-1]}` written here that could go")
        number = found
        _refuse_repeated_value(holder.pairs[number][1])
    if holder.flow or len(holder.pairs) + len(holder.items) > 1:
        draft.change(drop_member(layout, holder, number))
        return
    node, key, parent = _at(layout, path[:-1])
    empty: Json = [] if node.kind is Kind.SEQUENCE else {}
    draft.change(set_value(layout, node, empty, tone_of(layout, parent), key))


def _refuse_repeated_value(node: Node) -> None:
    if node.repeated:
        raise CannotRevise("its value has an anchor, and an alias repeats it elsewhere")


def _apply(wanted: Any, address: Address, revision: Revision) -> None:
    """Makes the same change on plain data."""
    path = address if isinstance(revision, Insert | Remove | Wrap) else (*address, *revision.path)
    holder = wanted
    for step in path[:-1]:
        holder = holder[step]
    last: Any = path[-1]
    match revision:
        case SetValue() | SetTop():
            holder[last] = deepcopy(revision.value)
        case DropValue() | Remove():
            del holder[last]
        case Insert():
            holder.insert(last + revision.behind, deepcopy(revision.entry))
        case Wrap():
            entry = holder[last]
            inner = {key: entry.pop(key) for key in list(entry) if belongs_to_layer(key)}
            entry |= {"type": revision.type, revision.argument: inner}


def _moved(address: Address | None, at: Address, revision: Revision) -> Address | None:
    """Where an address leads after a change at another one; None where that is gone."""
    if address is None:
        return None
    match revision:
        case Insert() | Remove():
            depth = len(at) - 1
            if address[:depth] != at[:depth] or len(address) <= depth:
                return address
            mine, theirs = int(address[depth]), int(at[depth])
            if isinstance(revision, Insert):
                step = 1 if mine >= theirs + revision.behind else 0
            elif mine == theirs:
                return None
            else:
                step = -1 if mine > theirs else 0
            return (*address[:depth], mine + step, *address[depth + 1 :])
        case Wrap():
            inside = len(address) > len(at) and address[: len(at)] == at
            if inside and belongs_to_layer(str(address[len(at)])):
                return (*at, revision.argument, *address[len(at) :])
            return address
    gone = (*at, *revision.path)
    return None if address[: len(gone)] == gone else address


def _equal(one: Any, other: Any) -> bool:
    """Whether two values are the same to the type: 1 is not 1.0, nor true."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@lru_cache(maxsize=2)
def _read(text: str) -> tuple[Any, int]:
    """What a text says, and how many faults it has."""
    document, faults = yaml_reader.read(sources.from_text("", text), _NO_LIMITS)
    return None if document.root is None else plain(document.root), len(faults)


def _check(before: str, after: str, wanted: Any) -> None:
    """Sees that the new text says what it should: a text can be odder than what was thought of here."""
    found, faults = _read(after)
    if (faults and faults > _read(before)[1]) or not _equal(found, wanted):
        raise CannotRevise("the text is written in a way that the change does not fit into")
