"""A flat spec to one with blocks: runs of equal entries become a block with `repeat`.

What comes out is held against what came in: the same calls read the same, and, unless names may change,
the layers have the same names when the copies lie in one model again.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from seqshape.convert import NotWritable, Subject
from seqshape.convert._building import program_of
from seqshape.convert._layers import Layers
from seqshape.convert._names import base_of, numbered, with_number
from seqshape.convert._program import is_source
from seqshape.convert._runs import Candidate, Found, runs
from seqshape.graph import Graph, Node
from seqshape.spec import Block, Entry, Expectation, Flow, Spec, Word, plain_arguments

_ROUNDS = 5
_SEPARATORS = "_.-/ "


@dataclass(frozen=True, slots=True)
class Folded:
    """The spec with blocks; `more` says how many layers could be folded too if names might change."""

    spec: Spec
    more: int = 0


def folded(subject: Subject, layers: Layers, *, rename: bool) -> Folded:
    """The spec of a model with its runs as blocks."""
    found = runs(_candidates(subject, layers))
    if not found:
        return Folded(subject.spec)
    kept = tuple(run for run in found if rename or _names(run, subject.spec.entries, rename=False))
    for _ in range(_ROUNDS):
        spec = _with_blocks(subject.spec, kept, rename)
        wrong = _changed(subject, spec, names=not rename)
        if not wrong:
            break
        kept = tuple(run for run in kept if not (wrong & set(_nodes(run, subject.spec.entries, subject))))
    else:
        kept, spec = (), subject.spec
    more = sum(run.size * run.copies for run in found if run not in kept)
    return Folded(spec if kept else subject.spec, more)


def _candidates(subject: Subject, layers: Layers) -> list[Candidate]:
    by_entry = {id(node.entry): node for node in reversed(subject.graph.nodes)}
    candidates = []
    for number, entry in enumerate(subject.spec.entries):
        node = by_entry.get(id(entry))
        if isinstance(entry, Block) or node is None:
            candidates.append(Candidate(-2 * number - 2, None, ()))
        else:
            candidates.append(_candidate(node, layers))
    return candidates


def _candidate(node: Node, layers: Layers) -> Candidate:
    entry = node.entry
    reads = tuple((link.source, link.output) for feed in node.feeds for link in feed.links)
    odd = is_source(node) or node.group is not None or entry.models or entry.expect != Expectation()
    if odd or entry.type is None or any(output == "*" for _, output in reads):
        return Candidate(node.index, None, reads)
    feeds = [(feed.parameter and feed.parameter.text, feed.listed, len(feed.links)) for feed in node.feeds]
    parts = [
        entry.type.text,
        layers.essential(node),
        plain_arguments(entry.call),
        feeds,
        [code.text for code in entry.ignore],
    ]
    return Candidate(node.index, json.dumps(parts), reads)


# Names.


@dataclass(frozen=True, slots=True)
class _Names:
    """The name of a block, None for an automatic one, and of its entries."""

    block: str | None
    entries: tuple[str, ...]


def _names(run: Found, entries: tuple[Entry | Block, ...], *, rename: bool) -> _Names | None:
    """The names in the block of a run; None where they would not come back."""
    columns = [
        [entries[run.start + copy * run.size + place].name.text for copy in range(run.copies)]
        for place in range(run.size)
    ]
    bases = [base_of(entry, {}) for entry in entries[run.start : run.start + run.size]]
    prefix = next((found for column in columns if (found := _prefix(column)) is not None), None)
    counts: dict[str, int] = {}
    ends: list[str] = []
    for base, column in zip(bases, columns, strict=True):
        own = _ending(column, prefix)
        if own is None and not all(numbered(name, base) for name in column):
            if not rename:
                return None
            own = _common(column)
        if own is None or own in ends:
            number = counts.get(base, 0)
            while (own := with_number(base, number)) in ends:
                number += 1
            counts[base] = number + 1
        assert own is not None
        ends.append(own)
    return _Names(prefix, tuple(ends))


def _prefix(column: list[str]) -> str | None:
    """What stands before the number of the copy in all names of a column: `encoder` of `encoder_0_norm`."""
    for found in re.finditer(r"_0_(?=.)", column[0]):
        prefix = column[0][: found.start()]
        if prefix and _ending(column, prefix) is not None:
            return prefix
    return None


def _ending(column: list[str], prefix: str | None) -> str | None:
    """What stands behind the number of the copy in all names of a column; None where they are not so."""
    if prefix is None or not column[0].startswith(f"{prefix}_0_"):
        return None
    end = column[0][len(prefix) + 3 :]
    return (
        end if all(name == f"{prefix}_{copy}_{end}" for copy, name in enumerate(column)) and end else None
    )


def _common(column: list[str]) -> str | None:
    """What all names of a column end with, if that is a name."""
    end = column[0]
    while not all(name.endswith(end) for name in column):
        end = end[1:]
    word = end.lstrip(_SEPARATORS + "0123456789")
    return word if re.fullmatch(r"[A-Za-z]\w*", word) else None


# Blocks.


def _nodes(run: Found, entries: tuple[Entry | Block, ...], subject: Subject) -> range:
    first = entries[run.start]
    start = next(node.index for node in subject.graph.nodes if node.entry is first)
    return range(start, start + run.size * run.copies)


def _with_blocks(spec: Spec, found: tuple[Found, ...], rename: bool) -> Spec:
    """The spec with each run as a block, and every reference into one in its new words."""
    taken = {entry.name.text for entry in spec.entries}
    words: dict[str, str] = {}
    entries: list[Entry | Block] = []
    starts = {run.start: run for run in found}
    place = 0
    while place < len(spec.entries):
        run = starts.get(place)
        if run is None:
            entries.append(_reworded(spec.entries[place], words))
            place += 1
            continue
        names = _names(run, spec.entries, rename=rename)
        assert names is not None
        label = _free(names.block or "block", taken)
        entries.append(_block(run, spec.entries, names, label, words))
        for number in range(run.size * run.copies):
            copy, inner = divmod(number, run.size)
            old = spec.entries[run.start + number].name.text
            words[old] = f"{label}_{copy}.{names.entries[inner]}"
        words[spec.entries[run.end - 1].name.text] = label
        place = run.end
    outputs = tuple(_word(word, words) for word in spec.outputs)
    shapes = tuple(
        replace(shape, output=None if shape.output is None else _word(shape.output, words))
        for shape in spec.expect.shapes
    )
    return replace(
        spec, entries=tuple(entries), outputs=outputs, expect=replace(spec.expect, shapes=shapes)
    )


def _free(name: str, taken: set[str]) -> str:
    number = 0
    while (found := with_number(name, number)) in taken:
        number += 1
    taken.add(found)
    return found


def _block(
    run: Found, entries: tuple[Entry | Block, ...], names: _Names, label: str, words: dict[str, str]
) -> Block:
    """The block of a run: its first copy, with what flows in as `input`."""
    own = {entries[run.start + place].name.text: name for place, name in enumerate(names.entries)}
    first = entries[run.start]
    assert isinstance(first, Entry)
    copy = entries[run.start : run.start + run.size]
    second = entries[run.start + run.size : run.start + 2 * run.size]
    last = copy[-1].name.text
    inside: list[Entry | Block] = []
    flow: Word | None = None
    for place, (entry, after) in enumerate(zip(copy, second, strict=True)):
        assert isinstance(entry, Entry)
        assert isinstance(after, Entry)
        inputs = entry.inputs
        if inputs is None and place == 0:
            inputs = None
        elif inputs is not None:
            flows: list[Flow] = []
            for here, there in zip(inputs, after.inputs or _default(last, entry), strict=True):
                references = []
                for one, other in zip(here.references, there.references, strict=True):
                    if other.text == last:
                        flow = flow or one
                        references.append(replace(one, text="input"))
                    else:
                        references.append(_word(_word(one, own), words))
                flows.append(replace(here, references=tuple(references)))
            inputs = tuple(flows)
        name = replace(entry.name, text=names.entries[place])
        inside.append(replace(entry, name=name, inputs=inputs))
    given: tuple[Flow, ...] | None = None
    if flow is not None:
        given = (Flow(None, (_word(flow, words),), listed=False),)
    elif first.inputs is not None:
        given = first.inputs
    name = replace(first.name, text=label)
    return Block(name, run.copies, given, tuple(inside), Expectation(), (), first.place)


def _default(name: str, entry: Entry) -> tuple[Flow, ...]:
    """What an entry without `inputs` reads, in words."""
    assert entry.inputs is not None
    return tuple(
        replace(flow, references=tuple(replace(word, text=name) for word in flow.references))
        for flow in entry.inputs
    )


def _reworded(entry: Entry | Block, words: dict[str, str]) -> Entry | Block:
    """An entry with its references in new words; what has such a name inside a block hides it."""
    inputs = entry.inputs and tuple(
        replace(flow, references=tuple(_word(word, words) for word in flow.references))
        for flow in entry.inputs
    )
    if isinstance(entry, Entry):
        return replace(entry, inputs=inputs) if inputs != entry.inputs else entry
    inner = {
        old: new for old, new in words.items() if old not in {each.name.text for each in entry.entries}
    }
    return replace(entry, inputs=inputs, entries=tuple(_reworded(each, inner) for each in entry.entries))


def _word(word: Word, words: dict[str, str]) -> Word:
    """A reference in new words: an exact name goes before the dotted reading."""
    if word.text in words:
        return replace(word, text=words[word.text])
    parts = word.text.split(".")
    for length in range(len(parts) - 1, 0, -1):
        if (new := words.get(".".join(parts[:length]))) is not None:
            return replace(word, text=".".join([new, *parts[length:]]))
    return word


# The proof.


def _changed(subject: Subject, spec: Spec, *, names: bool) -> set[int]:
    """The calls that read something else in the spec with blocks, or have another name once written."""
    try:
        folded_subject = subject.with_spec(spec)
    except ValueError:
        return set(range(len(subject.graph.nodes)))
    graph = folded_subject.graph
    wrong = {
        one.index
        for one, other in zip(subject.graph.nodes, graph.nodes, strict=True)
        if list(_links(one)) != list(_links(other))
    }
    if list(_outputs(subject.graph)) != list(_outputs(graph)):
        return set(range(len(graph.nodes)))
    if names:
        try:
            before = program_of(subject)
            after = program_of(folded_subject)
        except NotWritable:
            return set(range(len(graph.nodes)))
        wrong |= {node for node, name in after.names.items() if before.names.get(node) != name}
    return wrong


def _links(node: Node) -> Iterator[object]:
    for feed in node.feeds:
        yield feed.parameter and feed.parameter.text, feed.listed
        yield [(link.source, link.output) for link in feed.links]


def _outputs(graph: Graph) -> Iterator[object]:
    for link in graph.outputs:
        yield link.source, link.output
