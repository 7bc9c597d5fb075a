"""One call of one saved layer to an entry: its type, its arguments, and what each parameter is given."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from seqshape.convert._calls import Given, Group, SavedCall, Tensor, tensors_in
from seqshape.convert._levels import entry
from seqshape.convert._objects import (
    Owner,
    Reading,
    Saved,
    arguments_of,
    as_arguments,
    constant,
    function_of,
    spec_value,
    type_word,
)
from seqshape.engine.catalogue import Type
from seqshape.frozen import frozen
from seqshape.spec import Argument, Entry, Flow, Word
from seqshape.tree import Mapping, Value, plain

_STATES = "initial_state"
_OF_KERAS = ("mask", "training")
"""Keywords of calls that Keras fills in itself."""


@frozen
class Made:
    """A layer's type and arguments. `type_` is what the catalogue says of it, None where that is nothing.

    `several` says that its calls may give several outputs; `known` is False where it has no type.
    """

    word: Word
    type_: Type | None
    arguments: tuple[Argument, ...]
    function: bool
    several: bool
    known: bool


def made(saved: Saved, owner: Owner, reading: Reading) -> Made:
    """The layer, or the function, that an object is."""
    word, known = type_word(saved, owner.name, None, reading)
    function = function_of(saved, reading)
    arguments: tuple[Argument, ...] = ()
    if known:
        arguments = as_arguments(arguments_of(saved, word, None, owner, reading))
    several = function.several if function is not None else _returns_more(saved.config)
    type_ = reading.catalogue.find(word.text, None)
    return Made(word, type_, arguments, function is not None, several, known)


def _returns_more(config: Value | None) -> bool:
    """Whether a layer is set to give more than its output (`return_state`)."""
    return isinstance(config, Mapping) and any(
        key.text.startswith("return_") and key.text != "return_sequences" and plain(value) is True
        for key, value in config
    )


def asks_for_more(calls: Sequence[SavedCall]) -> bool:
    """Whether something is turned on in a call, which may then give several outputs (attention scores)."""
    given = (each for call in calls[:1] for each in (*call.args, *(value for _, value in call.kwargs)))
    return any(not isinstance(each, Tensor | Group) and plain(each) is True for each in given)


def _is_nothing(given: Given) -> bool:
    """Whether an argument is None."""
    return not isinstance(given, Tensor | Group) and plain(given) is None


@dataclass(slots=True)
class Binder:
    """Gives the parameters of a layer's call what a saved call has for them."""

    layer: Made
    owner: Owner
    reading: Reading
    reference: Callable[[Tensor], Word | None]

    def entry(self, name: Word, saved: Saved, call: SavedCall, again: Word | None) -> Entry:
        """The entry of a call; `again` names the layer where an earlier entry has made it."""
        flows: list[Flow] = []
        constants: list[tuple[Word, Value]] = []
        before = len(self.reading.faults)
        for parameter, given in self._bound(call):
            if next(tensors_in(given), None) is not None:
                flow = self._flow(parameter, given)
                flows.extend(() if flow is None else (flow,))
            elif parameter is not None and not isinstance(given, Tensor | Group):
                constants.append((parameter, given))
        first = self._first()
        if len(flows) == 1 and flows[0].parameter is not None and flows[0].parameter.text == first:
            flows = [Flow(None, flows[0].references, flows[0].listed)]
        keywords = as_arguments(self._constants(constants))
        if not flows and len(self.reading.faults) == before:
            self.reading.wrong(call.place, self.owner.name, "nothing flows into one of its calls")
        sound = self.layer.known and len(self.reading.faults) == before
        if again is not None and not self.layer.function:
            return entry(
                name,
                None,
                (),
                call.place,
                reuse=again,
                inputs=tuple(flows),
                call=keywords,
                sound=sound,
            )
        arguments = self.layer.arguments
        if self.layer.function:
            arguments, keywords = (*arguments, *keywords), ()
        return entry(
            name,
            self.layer.word,
            arguments,
            saved.place,
            inputs=tuple(flows),
            call=keywords,
            owner=self.owner,
            sound=sound,
        )

    def _parameters(self) -> tuple[str, ...]:
        """The parameters that a call fills by their order."""
        if self.layer.type_ is None:
            return ()
        set_already = {argument.name.text for argument in self.layer.arguments}
        names = self.layer.type_.call.names()
        return tuple(name for name in names if not self.layer.function or name not in set_already)

    def _first(self) -> str | None:
        """The parameter that `inputs` fills where it is no mapping."""
        names = () if self.layer.type_ is None else self.layer.type_.call.names()
        return names[0] if names else None

    def _bound(self, call: SavedCall) -> Iterator[tuple[Word | None, Given]]:
        """Each argument of a call with its parameter, None for the first one of a layer nobody knows."""
        args = call.args
        parameters = self._parameters()
        type_ = self.layer.type_
        if type_ is not None and type_.call.many and len(parameters) == 0:
            yield None, args[0] if len(args) == 1 else Group(args, (), call.place)
            args = ()
        elif call.legacy and len(args) == 1 and isinstance(args[0], Group) and _STATES in parameters:
            states = args[0].items[1:]  # Keras 2 called recurrent layers with a list
            yield Word(parameters[0], args[0].place), args[0].items[0]
            yield Word(_STATES, args[0].place), Group(states, (), args[0].place)
            args = ()
        for number, given in enumerate(args):
            if number < len(parameters):
                yield Word(parameters[number], given.place), given
            elif number == 0:
                yield None, given
            elif self.layer.known and not _is_nothing(given):
                problem = "its call has more arguments than the layer is known to take"
                remedy = "name them in the call (`layer(x, mask=mask)`), and save the model again"
                self.reading.wrong(given.place, self.owner.name, problem, remedy)
        yield from call.kwargs

    def _flow(self, parameter: Word | None, given: Given) -> Flow | None:
        tensors: tuple[Tensor, ...] | None = None
        if isinstance(given, Tensor):
            tensors = (given,)
        elif isinstance(given, Group) and not given.keys:
            tensors = given.tensors()
        if tensors is None:
            problem = "a spec cannot say how its inputs are grouped: it has tensors and lists of tensors"
            remedy = "call the layer with single tensors, or with one list of tensors"
            self.reading.wrong(given.place, self.owner.name, problem, remedy)
            return None
        found = tuple(self.reference(tensor) for tensor in tensors)
        words = tuple(word for word in found if word is not None)
        return Flow(parameter, words, listed=isinstance(given, Group))

    def _constants(self, found: list[tuple[Word, Value]]) -> Iterator[tuple[Word, Value]]:
        """The arguments of a call that are no tensors, without what Keras fills in itself."""
        for parameter, value in found:
            if self.layer.function:
                yield parameter, constant(value, parameter.text, self.owner, self.reading)
            elif not self._is_filled_in(parameter.text, value):
                yield parameter, spec_value(parameter.text, value, self.owner, self.reading)

    def _is_filled_in(self, parameter: str, value: Value) -> bool:
        if plain(value) is None:
            return True
        type_ = self.layer.type_
        off = type_ is not None and type_.call.flag("training")
        return parameter == "training" and plain(value) is False and off
