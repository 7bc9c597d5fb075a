"""The names of a saved model as a spec can have them.

Keras takes nearly any text as a name; in a spec a dot leads to an output, and `input` is what flows into
a block. Names stay as they are wherever the references to them still mean the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from seqshape import graph_builder
from seqshape.convert import NotWritable, Subject, enough_for
from seqshape.convert._levels import INPUT, Names
from seqshape.faults import Fault, TakenName
from seqshape.graph import FLOWING, Graph, Link, Node, owner_of
from seqshape.places import Place
from seqshape.spec import Block, Entry, Flow, Spec, Word

_ROUNDS = 8
"""Rounds in which names are found to be wrong; after these all that can be wrong are."""
_NAMED = 5
"""New names that are told."""

_Path = tuple[str, ...]
"""An entry's name after those of the blocks round it; a model inside a layer adds its number."""


def with_plain_names(subject: Subject) -> tuple[Subject, tuple[str, ...]]:
    """The model with references that are read as words, and what is said of names that had to change.

    Raises:
        NotWritable: no names are found with which they mean the same.

    """
    if not subject.spec.exact:
        return subject, ()
    changed: dict[_Path, str] = {}
    _rename(
        {path for path in _paths(subject.spec.entries, ()) if _is_lost(path[-1])}, subject.spec, changed
    )
    for _ in range(_ROUNDS):
        renaming = _Renaming(changed)
        spec = renaming.spec(subject.spec)
        wrong = {path for path in _wrong(subject, spec, renaming) if path not in changed}
        if not wrong:
            break
        _rename(wrong, subject.spec, changed)
    else:
        _rename(
            {path for path in _paths(subject.spec.entries, ()) if _is_odd(path[-1])}, subject.spec, changed
        )
        spec = _Renaming(changed).spec(subject.spec)
    try:
        return subject.with_spec(spec), tuple(_told(changed))
    except ValueError as error:
        place = subject.graph.nodes[0].entry.place
        raise NotWritable(place, "", "a spec has no way to say the names of its layers") from error


def _is_lost(name: str) -> bool:
    """Whether a name is none in a spec, or is read as all outputs of something."""
    return not name or name.endswith((".", "*"))


def _is_odd(name: str) -> bool:
    """Whether a name can mean something else in a spec."""
    return not name or name == INPUT or "." in name or "*" in name


def _told(changed: dict[_Path, str]) -> Iterator[str]:
    for path, new in list(changed.items())[:_NAMED]:
        block = f" in `{'.'.join(path[:-1])}`" if path[:-1] else ""
        name = f"the name `{path[-1]}`" if path[-1] else "an empty name"
        yield f"{name}{block} would mean something else in a spec; it is `{new}` there"
    if len(changed) > _NAMED:
        yield f"{len(changed) - _NAMED} more names are others for that reason"


# New names.


def _paths(entries: tuple[Entry | Block, ...], prefix: _Path) -> Iterator[_Path]:
    for entry in entries:
        path = (*prefix, entry.name.text)
        yield path
        if isinstance(entry, Block):
            yield from _paths(entry.entries, path)
        else:
            for number, model in enumerate(entry.models):
                yield from _paths(model.entries, (*path, str(number)))


def _rename(wrong: set[_Path], spec: Spec, changed: dict[_Path, str]) -> None:
    """Gives each name that is wrong a new one, which no other entry of its level has."""
    levels: dict[_Path, list[str]] = {}
    for path in _paths(spec.entries, ()):
        levels.setdefault(path[:-1], []).append(changed.get(path, path[-1]))
    taken = {level: Names((*names, INPUT)) for level, names in levels.items()}
    for path in _paths(spec.entries, ()):
        if path in wrong:
            base = re.sub(r"[.*]+", "_", path[-1]).strip("_") or "layer"
            changed[path] = taken[path[:-1]].free(base)


@dataclass(slots=True)
class _Renaming:
    """Puts new names in the place of old ones. `meant` is what each place of a file names, by its path."""

    changed: dict[_Path, str]
    meant: dict[Place, list[_Path]] = field(default_factory=dict)

    def spec(self, spec: Spec) -> Spec:
        """The whole model in words that are read."""
        entries = self._entries(spec.entries, ())
        outputs = tuple(self._word(word, ()) for word in spec.outputs)
        return replace(spec, entries=entries, outputs=outputs, exact=False)

    def _entries(self, entries: tuple[Entry | Block, ...], prefix: _Path) -> tuple[Entry | Block, ...]:
        return tuple(self._entry(entry, prefix) for entry in entries)

    def _entry(self, entry: Entry | Block, prefix: _Path) -> Entry | Block:
        path = (*prefix, entry.name.text)
        self.meant.setdefault(entry.name.place, []).append(path)
        name = replace(entry.name, text=self.changed.get(path, path[-1]))
        inputs = entry.inputs and tuple(self._flow(flow, prefix) for flow in entry.inputs)
        if isinstance(entry, Block):
            return replace(entry, name=name, inputs=inputs, entries=self._entries(entry.entries, path))
        models = tuple(
            replace(model, entries=self._entries(model.entries, (*path, str(number))))
            for number, model in enumerate(entry.models)
        )
        reuse = entry.reuse and self._word(entry.reuse, prefix)
        return replace(entry, name=name, inputs=inputs, reuse=reuse, models=models)

    def _flow(self, flow: Flow, prefix: _Path) -> Flow:
        return replace(flow, references=tuple(self._word(word, prefix) for word in flow.references))

    def _word(self, word: Word, prefix: _Path) -> Word:
        """A reference in words, from its exact meaning."""
        if word.exact is None:
            return word
        path, parts = prefix, []
        for name in word.exact.names:
            path = (*path, name)
            self.meant.setdefault(word.place, []).append(path)
            parts.append(self.changed.get(path, name))
        return Word(".".join((*(parts or (INPUT,)), *filter(None, (word.exact.output,)))), word.place)


# What is wrong with names as they are.


def _wrong(subject: Subject, spec: Spec, renaming: _Renaming) -> set[_Path]:
    """The names that keep a model in words from being the model."""
    graph, faults = graph_builder.build(spec, enough_for(subject.graph))
    places = {place for fault in faults for place in _places(fault)}
    places.update(_differing(subject.graph, graph))
    paths = {path for place in places for path in renaming.meant.get(place, ())}
    return {path for path in paths if _is_odd(path[-1])} or paths


def _places(fault: Fault) -> Iterator[Place]:
    yield fault.place
    if isinstance(fault, TakenName):
        yield fault.first


def _differing(wanted: Graph, found: Graph) -> Iterator[Place]:
    """The places of the references that mean something else, and of the entries that they mean then."""
    for one, other in zip(wanted.nodes, found.nodes, strict=False):
        owner, its = owner_of(one, wanted), owner_of(other, found)
        if owner.index != its.index:
            yield one.entry.name.place
            yield owner.entry.name.place
            yield its.entry.name.place
        yield from _differing_links(_links(one), _links(other), wanted)
        for (_, mine), (_, other_model) in zip(one.models, other.models, strict=False):
            yield from _differing(mine, other_model)
    yield from _differing_links(wanted.outputs, found.outputs, wanted)


def _differing_links(wanted: tuple[Link, ...], found: tuple[Link, ...], graph: Graph) -> Iterator[Place]:
    for one, other in zip(wanted, found, strict=False):  # a reference that fails is a fault, and no link
        if (one.source, one.output) == (other.source, other.output):
            continue
        yield one.word.place
        for link in (one, other):
            if link.source != FLOWING:
                yield graph.nodes[link.source].entry.name.place


def _links(node: Node) -> tuple[Link, ...]:
    return tuple(link for feed in node.feeds for link in feed.links)
