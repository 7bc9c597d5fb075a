"""Wrong words of a spec and the right ones in their place: a misspelt type, argument or reference.

The nearest right word is what the message names too. Like every repair it is written and judged whole.
"""

from collections.abc import Iterator

from seqshape.edits import Edit
from seqshape.faults import (
    AmbiguousOutput,
    BadSize,
    Fault,
    LayerFault,
    MissingInput,
    MissingKey,
    UnknownArgument,
    UnknownCallArgument,
    UnknownCode,
    UnknownKey,
    UnknownOutput,
    UnknownReference,
    UnknownType,
    WrongKind,
)
from seqshape.frozen import frozen
from seqshape.nearest import nearest
from seqshape.repairs.missing_words import given
from seqshape.repairs.trial import Trial
from seqshape.revising import CannotRevise, revised
from seqshape.revisions import SetValue
from seqshape.spec_reader import ENTRY_KEYS
from seqshape.tree import Json

WORDS = (BadSize, MissingKey, UnknownArgument, UnknownCallArgument, UnknownKey, UnknownType, WrongKind)
"""Faults in an entry's own words: Keras was not asked about it."""
_YES = ("yes", "on", "y", "true")
_NO = ("no", "off", "n", "false")
"""What YAML 1.1 read as true and false, and YAML 1.2 reads as texts."""


@frozen
class Correction:
    """Edits that put words right; `layer` and `argument` say where."""

    title: str
    edits: tuple[Edit, ...]
    layer: str
    argument: str


def corrections(fault: Fault, trial: Trial) -> Iterator[Correction]:
    """Other words for those that a fault is about, the likeliest first."""
    layer = fault.layer if isinstance(fault, LayerFault) else ""
    if isinstance(fault, MissingInput):
        yield from _given_again(fault, trial)
        return
    if isinstance(fault, MissingKey):
        yield from _lacking(fault, trial)
        return
    start, end = trial.source.span(fault.place)
    written = trial.source.text[start:end]
    quote = written[0] if written[:1] in ('"', "'") and written[-1:] == written[:1] else ""
    word = written.strip("\"'")
    for right in _right(fault, word):
        if right != word:
            edit = Edit(fault.place, f"{quote}{right}{quote}")
            argument = _argument(fault, right, trial)
            yield Correction(f"write `{right}` for `{word}`", (edit,), layer, argument)


def _lacking(fault: MissingKey, trial: Trial) -> Iterator[Correction]:
    """What an entry must say and does not."""
    for each in given(fault, trial):
        try:
            edits = revised(trial.source, trial.document, (each.revision,))
        except CannotRevise:
            continue
        yield Correction(each.title, edits, fault.layer, fault.key)


def _right(fault: Fault, word: str) -> Iterator[str]:
    """What could stand in a word's place."""
    match fault:
        case UnknownKey(key=wrong, known=known) | UnknownCallArgument(argument=wrong, known=known):
            yield from _near(wrong, known)
        case UnknownType(type=wrong, known=known) | UnknownCode(code=wrong, known=known):
            yield from _near(wrong, known)
        case UnknownArgument():
            known = (*fault.known, *(ENTRY_KEYS if fault.beside else ()))
            yield from _near(fault.argument, known)
        case UnknownReference():
            yield from _near(fault.reference, fault.known)
            head, _, output = fault.reference.rpartition(".")
            yield from (f"{right}.{output}" for right in (_near(head, fault.known) if head else ()))
        case AmbiguousOutput():
            yield from (f"{word}.{name}" for name in fault.outputs)
        case UnknownOutput():
            head = word.removesuffix(f".{fault.output}")
            yield from (f"{head}.{name}" for name in _near(fault.output, fault.outputs))
            yield head
            yield from (f"{head}.{name}" for name in fault.outputs)
        case BadSize():
            yield from (fault.text.replace(fault.word, near) for near in _near(fault.word, fault.known))
        case WrongKind() if word.casefold() in (*_YES, *_NO):
            yield "true" if word.casefold() in _YES else "false"


def _near(word: str, known: tuple[str, ...]) -> Iterator[str]:
    found = nearest(word, known) if word else None
    if found is not None:
        yield found


def _argument(fault: Fault, right: str, trial: Trial) -> str:
    """The argument at fault, in the words of an entry."""
    match fault:
        case BadSize():
            entries = [node.entry for node in trial.graph.nodes if node.title == fault.layer]
            arguments = [each for entry in entries for each in entry.arguments]
            holding = (each.name.text for each in arguments if fault.place in each.value.place)
            return next(holding, "dims")
        case UnknownType():
            return "type"
        case UnknownArgument() | UnknownKey():
            return right
        case WrongKind():
            return fault.key
        case _:
            return "inputs"


def _given_again(fault: MissingInput, trial: Trial) -> Iterator[Correction]:
    """What is given already for what is missing too: a layer's attention to itself."""
    node = next((each for each in trial.graph.nodes if each.title == fault.layer), None)
    if node is None or len(node.feeds) != 1 or len(node.feeds[0].links) != 1:
        return
    word = node.feeds[0].links[0].word.text
    first = node.feeds[0].parameter
    given = first.text if first is not None else (*fault.given, "")[0]
    if not given:
        return
    inputs: dict[str, Json] = dict.fromkeys((given, *fault.missing), word)
    try:
        revision = SetValue(node.entry.place, ("inputs",), inputs)
        edits = revised(trial.source, trial.document, (revision,))
    except CannotRevise:
        return
    told = " and ".join(f"`{name}`" for name in fault.missing)
    yield Correction(f"give `{word}` as {told} of `{node.title}` too", edits, fault.layer, "inputs")
