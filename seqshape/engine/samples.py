"""A small spec that works, for any type: found by trying, with Keras as the judge.

Values come from the arguments' names, tensors from a short list of usual ones; what Keras refuses is
tried another way, with the arguments that its message names first. Knows no type by name.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product
from typing import TypeAlias, TypeGuard

from seqshape.engine.catalogue import Catalogue, Type
from seqshape.engine.documentation import Page
from seqshape.engine.question import Answer, Ask, Call, Facts, Given, Question, Refusal
from seqshape.engine.sample_values import HINTS, KINDS, NAMED, SETTLED, VALUES
from seqshape.engine.tensors import Output, Tensor
from seqshape.frozen import frozen
from seqshape.tree import Json

_MOST_TRIES = 400
_MOST_AFTER = 24
"""Tries for a better one after the first that works."""
_MOST_MAKES = 12
_MOST_ADDED = 4
_BATCH = 5
_WORD = re.compile(r"[a-z]\w*")


@frozen
class Variant:
    """What comes out where a flag is turned: `flag` as a spec has it, `return_state: true`."""

    flag: str
    outputs: tuple[Output, ...]


@frozen
class Sample:
    """The least arguments and inputs that a type works with, and what comes out.

    `variants` are the flags that give other outputs.
    """

    type: str
    arguments: dict[str, Json]
    given: tuple[Given, ...]
    outputs: tuple[Output, ...]
    variants: tuple[Variant, ...] = ()

    def layers(self) -> list[dict[str, Json]]:
        """The entries of a spec with this layer at its end."""
        entries: list[dict[str, Json]] = []
        feeds: dict[str, Json] = {}
        for each in self.given:
            names: list[Json] = []
            for number, tensor in enumerate(each.tensors):
                base = each.parameter or ("abcdef"[number] if each.listed else "x")
                name = f"{base}_{number + 1}" if each.listed and each.parameter else base
                entries.append(_input(name, tensor))
                names.append(name)
            feeds[each.parameter or ""] = names if each.listed else names[0]
        entry: dict[str, Json] = {"type": self.type, **self.arguments}
        if "" not in feeds and feeds:
            entry["inputs"] = feeds
        elif isinstance(feeds.get(""), list):
            entry["inputs"] = feeds[""]
        return [*entries, entry]


def _input(name: str, tensor: Tensor) -> dict[str, Json]:
    """The Input that gives a tensor."""
    entry: dict[str, Json] = {"name": name, "type": "Input", "shape": list(tensor.shape[1:])}
    if tensor.shape[0] is not None:
        entry["batch_size"] = tensor.shape[0]
    if tensor.dtype != "float32":
        entry["dtype"] = tensor.dtype
    return entry


Found: TypeAlias = Sample | str
"""A sample, or why there is none: in Keras's words where it has some, else empty."""


def sample(type_: Type, page: Page, catalogue: Catalogue, ask: Ask) -> Found:
    """The sample of a type, the first that keeps the batch; else the first that works at all."""
    if type_.needs_code:
        return type_.needs_code
    found: tuple[_Try, Facts] | None = None
    odd: tuple[_Try, Facts] | None = None  # what runs, and gives another shape than Keras's rule says
    why, since = "", 0
    for each in islice(_tries(type_, page, ask), _MOST_TRIES):
        since += found is not None
        if since > _MOST_AFTER:
            break
        built = each.asked(type_.name, ask)
        if isinstance(built, Refusal):
            if built.stage == "package":
                return built.message
            continue
        answer = each.asked(type_.name, ask, trace=True)
        if _is_sound(answer) and _returns_states(each, answer):
            batched = _with_batch(each, type_, ask)
            if isinstance(batched, Facts) and _keeps_batch(batched):
                return _sample(each, answer, type_, catalogue, ask)
            if isinstance(batched, Facts):
                found = found or (each, answer)
        elif isinstance(answer, Refusal):
            why = why or answer.message
        elif answer.disagreements:
            odd = odd or (each, answer)
    found = found or odd
    return why if found is None else _sample(*found, type_, catalogue, ask)


def _tries(type_: Type, page: Page, ask: Ask) -> Iterator["_Try"]:
    """What is tried, the most natural first."""
    if not type_.call.parameters and not type_.call.many:
        yield _Try({"shape": [12, 8]}, ())
    elif type_.name.startswith("ops."):
        for each in _of_function(type_, page):
            yield from _reduced(each, type_, ask)
    else:
        yield from _of_layer(type_, page, ask)


def _sample(each: "_Try", facts: Facts, type_: Type, catalogue: Catalogue, ask: Ask) -> Sample:
    variants = tuple(_variants(each, facts, type_, catalogue, ask))
    return Sample(type_.name, each.arguments, each.given, facts.outputs, variants)


@frozen
class _Try:
    arguments: dict[str, Json]
    given: tuple[Given, ...]
    keywords: str = "{}"

    def asked(self, type_name: str, ask: Ask, *, trace: bool = False) -> Facts | Refusal:
        layer = json.dumps({"type": type_name, **self.arguments})
        return ask(Question(Call(layer, self.given, self.keywords), trace=trace))


def _with_batch(each: _Try, type_: Type, ask: Ask) -> Facts | Refusal:
    """What comes out of a batch of a known size."""
    batched = tuple(
        replace(given, tensors=tuple(_batched(tensor) for tensor in given.tensors)) for given in each.given
    )
    return replace(each, given=batched).asked(type_.name, ask, trace=True)


def _is_sound(answer: Answer) -> TypeGuard[Facts]:
    """Whether a call is taken, runs, and gives what Keras's rule says."""
    return isinstance(answer, Facts) and answer.traced and not answer.disagreements


def _keeps_batch(facts: Facts) -> bool:
    """Whether the batch that went in comes out, as it does of what is a layer to a user."""
    return all(output.tensor.shape[:1] == (_BATCH,) for output in facts.outputs)


def _batched(tensor: Tensor) -> Tensor:
    return replace(tensor, shape=tuple(_BATCH if size is None else size for size in tensor.shape))


def _returns_states(each: _Try, facts: Facts) -> bool:
    """Whether states that go into a call come out behind its first output, as a cell's do."""
    states = [tensor for given in each.given if given.parameter == "states" for tensor in given.tensors]
    returned = [output.tensor.shape for output in facts.outputs[1:]]
    return not states or [tensor.shape for tensor in states] == returned


# Layers.


def _of_layer(type_: Type, page: Page, ask: Ask) -> Iterator[_Try]:
    """Arguments that the constructor takes, with one input after another; then other arguments."""
    required = [name for name in type_.constructor.required() if name in VALUES]
    kinds = _kinds(page)
    settled = [name for names in SETTLED if all(map(type_.constructor.takes, names)) for name in names]
    for values in _settings([*settled, *required]):
        arguments = dict(zip([*settled, *required], values, strict=True))
        made = _made(type_, {name: arguments[name] for name in (*required, *settled)}, kinds, ask)
        if made is None:
            continue
        for given in _inputs(type_, kinds):
            yield from _completed(_Try(made, given), type_, ask)


def _completed(each: _Try, type_: Type, ask: Ask) -> Iterator[_Try]:
    """A try, and where it is refused the same with the arguments that Keras names."""
    yield each
    for name, value in _mentioned(each.asked(type_.name, ask), type_, each.arguments):
        added = replace(each, arguments={**each.arguments, name: value})
        if len(added.arguments) <= _MOST_ADDED:
            yield from _completed(added, type_, ask)


def _settings(required: list[str]) -> Iterator[tuple[Json, ...]]:
    """Values for the required arguments: the first of each, then others, one or more at a time."""
    numbers = product(*(range(len(VALUES[name])) for name in required))
    for chosen in sorted(numbers, key=lambda each: (sum(map(bool, each)), each)):
        yield tuple(VALUES[name][number] for name, number in zip(required, chosen, strict=True))


def _made(
    type_: Type, arguments: dict[str, Json], kinds: tuple[Tensor, ...], ask: Ask
) -> dict[str, Json] | None:
    """The arguments with those that the constructor asks for in its messages; None where it takes none."""
    for _ in range(_MOST_MAKES):
        answer = _Try(arguments, (Given(None, kinds[:1], False),)).asked(type_.name, ask)
        if not isinstance(answer, Refusal) or answer.stage != "make":
            return arguments
        added = next(iter(_mentioned(answer, type_, arguments)), None)
        if added is None:
            return None
        arguments = {**arguments, added[0]: added[1]}
    return None


def _mentioned(
    answer: Facts | Refusal, type_: Type, arguments: dict[str, Json]
) -> Iterator[tuple[str, Json]]:
    """Arguments that a refusal names and that are not given, with values to try; the last named first."""
    if not isinstance(answer, Refusal):
        return
    known = {name for name in type_.constructor.names() if name in VALUES and name not in arguments}
    for word in reversed(dict.fromkeys(_WORD.findall(answer.message))):
        if word in known:
            yield from ((word, value) for value in VALUES[word])


def _kinds(page: Page) -> tuple[Tensor, ...]:
    """The usual tensors, with those first that Keras's words on the type speak of."""
    said = f"{page.group} {page.summary}".lower()
    hinted = (tensor for word, tensor in HINTS if re.search(rf"\b{word}", said))
    return tuple(dict.fromkeys((*hinted, *KINDS)))


def _inputs(type_: Type, kinds: tuple[Tensor, ...]) -> Iterator[tuple[Given, ...]]:
    """What may go into a layer's call: one tensor, several by name, or a list."""
    required = list(type_.call.required())
    if len(required) > 1:
        for kind in kinds:
            for others in product(*(_others(name, kind) for name in required[1:])):
                yield (Given(required[0], (kind,), False), *others)
        return
    for kind in kinds:
        yield (Given(None, (kind,), False),)
        for number in (2, 3):
            yield (Given(None, (kind,) * number, True),)


def _others(name: str, kind: Tensor) -> Iterator[Given]:
    """What may go into a parameter of a call beside the first."""
    for tensor in dict.fromkeys((*NAMED.get(name, ()), kind) if name == "states" else (kind,)):
        yield Given(name, (tensor,), False)
        yield Given(name, (tensor, tensor), True)


# Functions.


def _of_function(type_: Type, page: Page) -> Iterator[_Try]:
    """A function's required parameters, each as a value or a tensor."""
    required = list(type_.call.required())
    tensors = [name for name in required if name not in VALUES]
    values = [name for name in required if name in VALUES]
    if type_.call.many:
        tensors = [*tensors, ""]
    elif not tensors and required:
        tensors, values = required[:1], required[1:]
    elif not required:
        tensors = [next(iter(type_.call.names()), "")]
    kinds = _kinds(page)
    named = [name for name in values if name in NAMED]
    for chosen in dict.fromkeys((tuple(named), (), *((name,) for name in named))):
        yield from _with([*tensors, *chosen], [name for name in values if name not in chosen], kinds)
    if len(required) > 1 and tensors == required[:1] and tensors[0] in VALUES:
        yield from _with_later(required, kinds)


def _with_later(required: list[str], kinds: tuple[Tensor, ...]) -> Iterator[_Try]:
    """One of a function's later parameters as a tensor, the others as values."""
    for name in required[1:]:
        for each in _with([name], [other for other in required if other != name], kinds):
            yield replace(each, given=tuple(replace(given, parameter=name) for given in each.given))


def _reduced(each: _Try, type_: Type, ask: Ask) -> Iterator[_Try]:
    """A try, and the same with an axis, where the function works on all of them unless told otherwise."""
    yield from _completed(each, type_, ask)
    for name in ("axis", "axes"):
        if type_.constructor.takes(name) and name not in each.arguments:
            for value in VALUES[name]:
                yield replace(each, arguments={**each.arguments, name: value})


def _with(tensors: list[str], values: list[str], kinds: tuple[Tensor, ...]) -> Iterator[_Try]:
    """Tensors of each kind for the first parameter, and what goes with it for the others."""
    chosen = [dict(zip(values, each, strict=True)) for each in _settings(values)][:24]
    for number in (1, 2):
        for kind in kinds:
            own = NAMED.get(tensors[0], (kind,)) if len(tensors) > 1 else (kind,)
            for first in own:
                options = (NAMED.get(name, (first,)) for name in tensors[1:])
                for others in islice(product(*options), 24):
                    for arguments in chosen:
                        yield _Try(arguments, tuple(_given(tensors, (first, *others), number)))


def _given(names: list[str], tensors: tuple[Tensor, ...], number: int) -> Iterator[Given]:
    alone = len(names) == 1
    for name, tensor in zip(names, tensors, strict=True):
        yield Given(None if alone else name, (tensor,) * number, number > 1)


# Flags.


def _variants(each: _Try, facts: Facts, type_: Type, catalogue: Catalogue, ask: Ask) -> Iterator[Variant]:
    """The flags that, turned, give other outputs."""
    for text, turned in _turned(each, type_, catalogue):
        answer = turned.asked(type_.name, ask)
        if isinstance(answer, Facts) and _seen(answer) != _seen(facts):
            yield Variant(text, answer.outputs)


def _seen(facts: Facts) -> list[tuple[str, tuple[int | None, ...]]]:
    return [(each.name, each.tensor.shape) for each in facts.outputs]


def _turned(each: _Try, type_: Type, catalogue: Catalogue) -> Iterator[tuple[str, _Try]]:
    """A try for each flag: of the constructor, of a layer in its arguments, of the call."""
    function = type_.name.startswith("ops.")
    for name in _flags(type_):
        for turned in (True, False):
            text = f"{name}: {json.dumps(turned)}"
            yield text, replace(each, arguments={**each.arguments, name: turned})
    for argument, value in each.arguments.items():
        inner = value.get("type") if isinstance(value, dict) else None
        found = catalogue.find(inner, argument) if isinstance(inner, str) else None
        for name in _flags(found) if found is not None else ():
            assert isinstance(value, dict)
            text = f"{argument}: {{…, {name}: true}}"
            yield text, replace(each, arguments={**each.arguments, argument: {**value, name: True}})
    for parameter in () if function else type_.call.parameters:
        if parameter.flag and parameter.name.startswith("return_"):
            text = f"call: {{{parameter.name}: true}}"
            yield text, replace(each, keywords=json.dumps({parameter.name: True}))


def _flags(type_: Type) -> list[str]:
    """The constructor's arguments that are true or false."""
    return [name for name in type_.constructor.names() if type_.constructor.flag(name)]
