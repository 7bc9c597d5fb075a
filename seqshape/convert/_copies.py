"""The blocks that runs become: the first copy with what flows in as `input`, runs inside it folded too.

Every reference to what lies in a block now gets its path: `block_2.norm`, and `block` for what it gives.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from seqshape.convert._levels import INPUT
from seqshape.convert._names import base_of, numbered, omissible
from seqshape.convert._run_names import BlockNames, ListNames, free_label, renumbered
from seqshape.convert._runs import Candidate, Found, runs
from seqshape.frozen import frozen
from seqshape.spec import Block, Entry, Expectation, Flow, Spec, Word

_Entries = tuple[Entry | Block, ...]


@frozen
class Made:
    """A block that was made: its first node, the nodes of a copy, and all of its nodes.

    `outer` are the blocks round it, the outermost first; it lies in the first copy of each.
    """

    first: int
    width: int
    end: int
    outer: "tuple[Made, ...]"

    @property
    def key(self) -> tuple[int, int]:
        """What no other block has."""
        return self.first, self.width

    def holds(self, nodes: Collection[int]) -> bool:
        """Whether one of the nodes is in a copy of this block, in whichever copies of those round it."""
        return any(self._holds(node) for node in nodes)

    def _holds(self, node: int) -> bool:
        for each in self.outer:
            if each.first <= node < each.end:
                node = each.first + (node - each.first) % each.width
        return self.first <= node < self.end


@frozen
class _List:
    """A list of entries with blocks; `words` are the new words for what its names were, `last` excepted."""

    entries: _Entries
    words: dict[str, str]


@dataclass(slots=True)
class Folder:
    """Makes blocks; `free` are the nodes whose names come by themselves.

    `banned` are the blocks not to make, `outside` the nodes that must be in none.
    """

    free: frozenset[int]
    banned: frozenset[tuple[int, int]]
    outside: frozenset[int]
    rename: bool
    made: list[Made] = field(default_factory=list)
    covered: set[int] = field(default_factory=set)

    def spec(self, spec: Spec, found: tuple[Candidate, ...]) -> Spec:
        """The spec with its runs as blocks."""
        new = self._list(spec.entries, found, (), repeated=False)
        outputs = tuple(_word(word, new.words) for word in spec.outputs)
        shapes = tuple(
            replace(shape, output=None if shape.output is None else _word(shape.output, new.words))
            for shape in spec.expect.shapes
        )
        expect = replace(spec.expect, shapes=shapes)
        return replace(spec, entries=new.entries, outputs=outputs, expect=expect)

    def _list(
        self, entries: _Entries, found: tuple[Candidate, ...], outer: tuple[Made, ...], *, repeated: bool
    ) -> _List:
        """A list with its runs as blocks; in a `repeated` block its names are parts of those of layers."""
        free = (
            frozenset(place for place, entry in enumerate(entries) if not entry.named)
            if repeated
            else frozenset(
                place for place, each in enumerate(found) if each.width == 1 and each.first in self.free
            )
        )
        names = ListNames(entries, free)
        run_at = {run.start: run for run in self._runs(names, found)}
        covered = {place for run in run_at.values() for place in range(run.start, run.end)}
        taken = {entry.name.text for place, entry in enumerate(entries) if place not in covered}
        items: list[Entry | Block] = []
        paths: list[dict[str, str]] = []
        place = 0
        while place < len(entries):
            run = run_at.get(place)
            if run is None:
                entry = entries[place]
                items.append(self._single(entry, found[place], outer))
                paths.append({entry.name.text: ""})
                place += 1
            else:
                block, inside = self._block(run, entries, found, names, taken, outer)
                items.append(block)
                paths.append(inside)
                place = run.end
        return _named(items, paths, repeated)

    def _runs(self, names: ListNames, found: tuple[Candidate, ...]) -> tuple[Found, ...]:
        def judge(run: Found) -> int | None:
            first = found[run.start].first
            last = found[run.start + run.size - 1]
            if (first, last.first + last.width - first) in self.banned:
                return None
            if self.outside and any(each.first in self.outside for each in found[run.start : run.end]):
                return None
            if self.rename:
                return names.worth(run)
            return None if names.kept(run) is None else 0

        return runs(found, judge)

    def _single(self, entry: Entry | Block, found: Candidate, outer: tuple[Made, ...]) -> Entry | Block:
        """An entry that is in no run; runs inside it are blocks."""
        if not isinstance(entry, Block) or not found.inner:
            return entry
        renamed = self.rename and bool(outer)  # then names in it that Keras gave are left out too
        inner = self._list(entry.entries, found.inner, outer, repeated=renamed)
        return replace(entry, entries=inner.entries)

    def _block(
        self,
        run: Found,
        entries: _Entries,
        found: tuple[Candidate, ...],
        list_names: ListNames,
        taken: set[str],
        outer: tuple[Made, ...],
    ) -> tuple[Block, dict[str, str]]:
        """The block of a run, and what stands behind its name for each old name of an entry in it."""
        first = found[run.start].first
        last = found[run.end - 1]
        end = last.first + last.width
        made = Made(first, (end - first) // run.copies, end, outer)
        self.made.append(made)
        if not outer:
            self.covered.update(range(first, end))
        names = list_names.nearest(run) if self.rename else list_names.kept(run)
        assert names is not None
        named = names.block is not None or run.size > 1
        label = free_label(names.block, taken) if named else ""
        taken.add(label)
        given, inside, own = _first_copy(run, entries, names, rename=self.rename)
        inner = self._list(inside, found[run.start : run.start + run.size], (*outer, made), repeated=True)
        start = entries[run.start]
        block = Block(
            replace(start.name, text=label or "block"),
            run.copies,
            given,
            inner.entries,
            Expectation(),
            (),
            start.place,
            named=named,
        )
        paths: dict[str, str] = {}
        for number in range(run.size * run.copies):
            copy, place = divmod(number, run.size)
            path = inner.words.get(own[place], own[place])
            paths[entries[run.start + number].name.text] = f"_{copy}.{path}"
        paths[entries[run.end - 1].name.text] = ""
        return block, paths


def _named(items: list[Entry | Block], paths: list[dict[str, str]], repeated: bool) -> _List:
    """The list with names for all that has none of its own, and references in new words."""
    open_ = [not item.named and (repeated or isinstance(item, Block)) for item in items]
    texts = renumbered([replace(item, named=not each) for item, each in zip(items, open_, strict=True)])
    words: dict[str, str] = {}
    for text, inside in zip(texts, paths, strict=True):
        for old, behind in inside.items():
            if old != text + behind:
                words[old] = text + behind
    new = tuple(
        _reworded(
            replace(item, name=replace(item.name, text=text)) if text != item.name.text else item, words
        )
        for item, text in zip(items, texts, strict=True)
    )
    return _List(new, words)


def _first_copy(
    run: Found, entries: _Entries, names: BlockNames, *, rename: bool
) -> tuple[tuple[Flow, ...] | None, _Entries, list[str]]:
    """What flows into a block, its entries in the words of a list of their own, and their names."""
    copy = entries[run.start : run.start + run.size]
    second = entries[run.start + run.size : run.start + 2 * run.size]
    last = copy[-1].name.text
    bare = [
        replace(entry, name=replace(entry.name, text=name or ""), named=name is not None)
        for entry, name in zip(copy, names.entries, strict=True)
    ]
    own = renumbered(bare)
    words = {entry.name.text: name for entry, name in zip(copy, own, strict=True)}
    flow: Word | None = None
    inside: list[Entry | Block] = []
    for place, (entry, after) in enumerate(zip(copy, second, strict=True)):
        inputs = entry.inputs
        if inputs is not None:
            flows: list[Flow] = []
            for here, there in zip(inputs, after.inputs or _default(last, inputs), strict=True):
                references: list[Word] = []
                for one, other in zip(here.references, there.references, strict=True):
                    if other.text == last:
                        flow = flow or one
                        references.append(replace(one, text=INPUT))
                    else:
                        references.append(_word(one, words))
                flows.append(replace(here, references=tuple(references)))
            inputs = tuple(flows)
        name = replace(entry.name, text=own[place])
        new = replace(entry, name=name, inputs=inputs, named=bare[place].named)
        inside.append(_without_names(new, rename=rename) if isinstance(new, Block) else new)
    given: tuple[Flow, ...] | None = None
    if flow is not None:
        given = (Flow(None, (flow,), listed=False),)
    elif copy[0].inputs is not None:
        given = copy[0].inputs
    return given, tuple(inside), own


def _default(name: str, inputs: tuple[Flow, ...]) -> tuple[Flow, ...]:
    """What an entry without `inputs` reads, in words."""
    return tuple(
        replace(flow, references=tuple(replace(word, text=name) for word in flow.references))
        for flow in inputs
    )


def _without_names(block: Block, *, rename: bool) -> Block:
    """A model in each copy: what comes by itself in it needs no name, since it is a model of its own."""
    free = omissible(block.entries)
    entries: list[Entry | Block] = []
    for number, entry in enumerate(block.entries):
        if isinstance(entry, Block):
            entries.append(_without_names(entry, rename=rename))
        elif number in free or (rename and entry.type and numbered(entry.name.text, base_of(entry, {}))):
            entries.append(replace(entry, named=False))
        else:
            entries.append(entry)
    return replace(block, entries=tuple(entries))


def _reworded(entry: Entry | Block, words: dict[str, str]) -> Entry | Block:
    """An entry with its references in new words; what has such a name inside a block hides it."""
    if not words:
        return entry
    inputs = entry.inputs and tuple(
        replace(flow, references=tuple(_word(word, words) for word in flow.references))
        for flow in entry.inputs
    )
    if isinstance(entry, Entry):
        return replace(entry, inputs=inputs) if inputs != entry.inputs else entry
    hidden = {INPUT, *(each.name.text for each in entry.entries)}
    inner = {old: new for old, new in words.items() if old not in hidden} if entry.entries else words
    entries = tuple(_reworded(each, inner) for each in entry.entries)
    return replace(entry, inputs=inputs, entries=entries)


def _word(word: Word, words: dict[str, str]) -> Word:
    """A reference in new words: an exact name goes before the dotted reading."""
    if word.text in words:
        return replace(word, text=words[word.text])
    parts = word.text.split(".")
    for length in range(len(parts) - 1, 0, -1):
        if (new := words.get(".".join(parts[:length]))) is not None:
            return replace(word, text=".".join([new, *parts[length:]]))
    return word
