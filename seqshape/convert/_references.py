"""References to outputs by number, as a file that Keras saved has them, in the names of the outputs."""

from dataclasses import replace

from seqshape.convert import Subject
from seqshape.graph import Link
from seqshape.report import Row
from seqshape.spec import Block, Entry, Exact, Flow, Word


def with_output_names(subject: Subject) -> Subject:
    """The model with `gru.state` for `gru.1`, and `gru` for `gru.0` where that is all it gives."""
    links = [link for node in subject.graph.nodes for feed in node.feeds for link in feed.links]
    words = {
        link.word: new
        for link in (*links, *subject.graph.outputs)
        if (new := _named(link, subject.rows)) != link.word
    }
    if not words:
        return subject
    spec = replace(
        subject.spec,
        entries=tuple(_reworded(entry, words) for entry in subject.spec.entries),
        outputs=tuple(_word(word, words) for word in subject.spec.outputs),
    )
    return subject.with_spec(spec)


def _named(link: Link, rows: tuple[Row, ...]) -> Word:
    """The reference of a link, with the name of the output in place of its number."""
    word, number = link.word, link.output
    if link.source < 0 or number is None or not number.isdecimal():
        return word
    outputs = rows[link.source].outputs
    name = "" if len(outputs) == 1 else outputs[int(number)].name
    if word.exact is not None:
        if word.exact.output != number or not word.exact.names:
            return word
        return replace(word, text=_joined(word.exact.names, name), exact=Exact(word.exact.names, name))
    if not word.text.endswith(f".{number}"):
        return word
    return replace(word, text=_joined((word.text.removesuffix(f".{number}"),), name))


def _joined(names: tuple[str, ...], output: str) -> str:
    return ".".join((*names, output) if output else names)


def _reworded(entry: Entry | Block, words: dict[Word, Word]) -> Entry | Block:
    inputs = entry.inputs and tuple(
        Flow(flow.parameter, tuple(_word(word, words) for word in flow.references), flow.listed)
        for flow in entry.inputs
    )
    if isinstance(entry, Entry):
        return entry if inputs == entry.inputs else replace(entry, inputs=inputs)
    return replace(entry, inputs=inputs, entries=tuple(_reworded(each, words) for each in entry.entries))


def _word(word: Word, words: dict[Word, Word]) -> Word:
    return words.get(word, word)
