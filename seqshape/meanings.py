"""Which value was meant where Keras does not take one: a word near to it that Keras takes in its place.

Words come from Keras's own message, from its modules and from its docstrings; each is tried in the place
of the wrong one before it is offered.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from seqshape.engine.catalogue import Catalogue, takes_layer
from seqshape.engine.documentation import Page
from seqshape.engine.question import Answer, Ask, Call, Facts, Question, World
from seqshape.faults import Fault
from seqshape.flow import Flow
from seqshape.frozen import frozen
from seqshape.graph import Graph, Node, owner_of
from seqshape.nearest import ranked
from seqshape.places import Place
from seqshape.refusing import CALLED, WORD
from seqshape.report import Row
from seqshape.shape_faults import Refused, RefusedSetting, Wrapped
from seqshape.spec import Argument, Entry
from seqshape.tree import Json, Scalar, Sequence, Value
from seqshape.tree import Mapping as Fields

_MOST_TRIED = 5
_MOST_WORDS = 8
"""Words in the arguments of one entry that are looked at where Keras names none of them."""
_MOST_FAULTS = 40
_ENOUGH = 10.0
"""Seconds after which no further word is looked for in a spec."""
_PROBE = Call('{"type": "Input", "shape": [1]}')
"""A call that any settings take."""


@frozen
class Keras:
    """What is known of Keras, and how it is asked; `pages` is asked for at the first need."""

    catalogue: Catalogue
    pages: Callable[[], Mapping[str, Page]]
    ask: Ask

    def words(self, type_: str, argument: str, message: str) -> Iterator[str]:
        """The words that an argument may have, as far as Keras says it."""
        page = self.pages().get(type_)
        for each in page.arguments if page is not None else ():
            if each.name == argument:
                yield from each.choices
        yield from self.catalogue.words_for(argument)
        yield from WORD.findall(message)


def meant(
    faults: tuple[Fault, ...], graph: Graph, rows: tuple[Row, ...], flow: Flow, keras: Keras
) -> tuple[Fault, ...]:
    """The faults; those about a value that is near to one which Keras takes with that one."""
    refused = {row.title: number for number, row in reversed([*enumerate(rows)]) if row.status == "error"}
    end, asked = time.monotonic() + _ENOUGH, 0
    found: list[Fault] = []
    for fault in faults:
        if asked < _MOST_FAULTS and time.monotonic() < end:
            if isinstance(fault, RefusedSetting):
                fault, asked = _setting(fault, keras), asked + 1
            elif isinstance(fault, Refused) and fault.stage in ("make", *CALLED) and fault.layer in refused:
                number = refused[fault.layer]
                tries = _Tries(graph.nodes[number], rows[number], graph, flow, keras)
                fault, asked = tries.meant(fault), asked + 1
                fault = _wrapping(fault, owner_of(graph.nodes[number], graph).entry, keras.catalogue)
        found.append(fault)
    return tuple(found)


def _setting(fault: RefusedSetting, keras: Keras) -> RefusedSetting:
    for word in _near(fault.value, WORD.findall(fault.message)):
        world = World(**{fault.setting: word})
        if isinstance(keras.ask(Question(_PROBE, world=world)), Facts):
            return replace(fault, meant=word)
    return fault


def _near(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """The words near to one, which may stand in Keras's message itself."""
    return ranked(word, (each for each in known if each != word), _MOST_TRIED)


@frozen
class _Written:
    """A word that an argument has, of an entry's layer or of what stands inside its arguments."""

    type: str
    argument: str
    word: str
    place: Place


@frozen
class _Tries:
    """Other words for one call that was refused."""

    node: Node
    row: Row
    graph: Graph
    flow: Flow
    keras: Keras

    def meant(self, fault: Refused) -> Refused:
        """The fault with the word that was meant and its place; as it is where none is found."""
        given = self.flow.given(self.row.fed)
        if given is None:
            return fault
        entry = owner_of(self.node, self.graph).entry
        written = [
            each
            for each in _words(entry)
            if fault.stage != "make"
            or (each.argument == fault.argument and fault.values.get(each.argument) == each.word)
        ]
        if fault.called:  # what Keras knows is not what it refuses; what flows in may be
            written = [each for each in written if not self._is_known(each)]
        if not written or (fault.called and isinstance(self._asked({}), Facts)):
            return fault
        for each in written[:_MOST_WORDS]:
            if (word := self._taken(each, fault)) is not None:
                own = ((name, value) for name, value in fault.arguments if name != each.argument)
                return replace(
                    fault,
                    place=each.place,
                    type=each.type,
                    stage="make",
                    argument=each.argument,
                    arguments=((each.argument, each.word), *own),
                    meant=word,
                    needed=(),
                )
        return fault

    def _is_known(self, written: _Written) -> bool:
        """Whether Keras's modules or docstrings have a word for its argument, in any case."""
        known = self.keras.words(written.type, written.argument, "")
        return written.word.lower() in (word.lower() for word in known)

    def _taken(self, written: _Written, fault: Refused) -> str | None:
        """The word near to a written one that Keras takes; best one with which it takes the call too."""
        known = self.keras.words(written.type, written.argument, fault.message)
        passed: str | None = None
        for word in _near(written.word, known):
            answer = self._asked({written: word})
            if isinstance(answer, Facts):
                return word
            if passed is None and fault.stage == "make" and _passes(answer, written):
                passed = word
        return passed

    def _asked(self, words: dict[_Written, str]) -> Answer:
        """What Keras says of the call with other words."""
        given = self.flow.given(self.row.fed)
        assert given is not None
        entry = owner_of(self.node, self.graph).entry
        assert entry.type is not None
        layer: Json = {"type": entry.type.text, **self.flow.arguments(self.node)}
        for written, word in words.items():
            layer = _replaced(layer, written, word)
        assert isinstance(layer, dict)
        arguments = {key: value for key, value in layer.items() if key != "type"}
        return self.flow.alone(self.node, given, arguments, trace=True)


def _wrapping(fault: Refused, entry: Entry, catalogue: Catalogue) -> Refused:
    """The fault of a layer that takes another one, with the kind of that one; as it is where there is none.

    Of several cells the first counts that is none.
    """
    for name, value in fault.values.items():
        if takes_layer(name) and fault.argument in (None, name) and not fault.meant:
            inner = value if isinstance(value, list) else [value]
            found = [
                each for each in (_wrapped(name, item, catalogue) for item in inner) if each is not None
            ]
            if found:
                wrapped = next((each for each in found if each.kind != "cell"), found[0])
                places = [_place(each) for each in entry.arguments if each.name.text == name]
                place = places[0] if fault.argument is None and places else fault.place
                return replace(fault, wrapped=wrapped, place=place)
    return fault


def _place(argument: Argument) -> Place:
    return argument.name.place.to(argument.value.place)


def _wrapped(argument: str, value: Json, catalogue: Catalogue) -> Wrapped | None:
    """A layer in an argument, by what its call and its constructor take."""
    name = value.get("type") if isinstance(value, dict) else None
    type_ = catalogue.find(name, None) if isinstance(name, str) else None
    if type_ is None:
        return None
    cell = f"{type_.name}Cell" if f"{type_.name}Cell" in catalogue.types else ""
    if "states" in type_.call.names():
        return Wrapped(argument, type_.name, "cell")
    kind = "recurrent" if "return_sequences" in type_.constructor.names() else "layer"
    return Wrapped(argument, type_.name, kind, cell)


def _passes(answer: Answer, written: _Written) -> bool:
    """Whether an answer is about something else than a word that was written."""
    if isinstance(answer, Facts) or answer.stage in CALLED:
        return True
    return bool(answer.arguments) and written.argument not in dict(answer.arguments)


def _words(entry: Entry) -> Iterator[_Written]:
    """The words that the arguments of an entry have, and those of all that stands in them."""
    if entry.type is not None:
        for argument in entry.arguments:
            yield from _inside(entry.type.text, argument.name.text, argument.name.place, argument.value)


def _inside(type_: str, argument: str, place: Place, value: Value) -> Iterator[_Written]:
    if isinstance(value, Scalar) and isinstance(value.value, str):
        yield _Written(type_, argument, value.value, place.to(value.place))
    elif isinstance(value, Sequence):
        for item in value.items:
            if not isinstance(item, Scalar):
                yield from _inside(type_, argument, place, item)
    elif isinstance(value, Fields):
        named = value.get("type")
        inner = named.text if isinstance(named, Scalar) else type_
        for key, item in value:
            if key.text not in ("type", "name", "reuse", "inputs"):
                yield from _inside(inner, key.text, key.place, item)


def _replaced(value: Json, written: _Written, word: str) -> Json:
    """The arguments with another word wherever the written one stands, in the text of blocks too."""
    if isinstance(value, list):
        return [_replaced(item, written, word) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: _replaced(item, written, word) for key, item in value.items()}
    if set(value) == {"layers"} and isinstance(text := value["layers"], str):
        return {"layers": json.dumps(_replaced(json.loads(text), written, word))}
    if value.get("type") == written.type and value.get(written.argument) == written.word:
        found[written.argument] = word
    return found
