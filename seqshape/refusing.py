"""From a refusal of Keras to the fault that a user has: which entry, which argument, which inputs."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import cycle, islice, product
from typing import TypeAlias

from seqshape.engine.messages import LAYER
from seqshape.engine.question import Answer, Facts, Given, Refusal
from seqshape.engine.sample_values import VALUES
from seqshape.faults import Fault, PackageMissing, UnknownType
from seqshape.flow import Flow
from seqshape.graph import Graph, Node, owner_of
from seqshape.report import Row
from seqshape.shape_faults import Met, Needed, Refused, RefusedSetting
from seqshape.spec import Argument, Entry, Settings, Word
from seqshape.tree import Json, Mapping, Scalar, Sequence, Value, plain, shorten

Takes: TypeAlias = Callable[[str, str], bool]
"""Whether a type has an argument."""
CALLED = ("call", "trace", "given up")
"""What a layer that was made can fail at."""
WORD = re.compile(r"[A-Za-z]\w*")
"""What may be a word of Keras's in one of its messages."""
_NAME = re.compile(r"[a-z]\w*")
_MOST_TRIES = 24
"""Values that are tried for an argument that a refusal names."""
_DTYPES = ("float32", "int32", "string")


def refused(
    node: Node, graph: Graph, settings: Settings, refusal: Refusal, met: tuple[Met, ...]
) -> Iterator[Fault]:
    """The faults behind a refusal, by what it failed at."""
    owner = owner_of(node, graph).entry
    if refusal.stage == "settings":
        for setting, message in refusal.arguments:
            word: Word = getattr(settings, setting)
            yield RefusedSetting(word.place, setting, word.text, message)
    elif refusal.stage == "type" and owner.type is not None:
        yield UnknownType(owner.type.place, node.title, refusal.message, ())
    elif refusal.stage == "package":
        type_ = refusal.type or (owner.type.text if owner.type is not None else "")
        yield PackageMissing(node.entry.place, node.title, type_, refusal.message)
    elif refusal.stage == "make" and refusal.arguments:
        for argument, message in refusal.arguments:
            yield _refused(node, owner, replace(refusal, message=message), argument, met)
    else:
        yield _refused(node, owner, refusal, None, met)


def met_by(row: Row, rows: list[Row]) -> tuple[Met, ...]:
    """The inputs of a call as a fault has them."""
    return tuple(
        Met(
            label=read.word,
            shape=rows[read.source].outputs[read.output].tensor.shape,
            parameter=fed.parameter,
            alone=fed.listed and len(fed.tensors) == 1,
            dtype=rows[read.source].outputs[read.output].tensor.dtype,
            mask=rows[read.source].outputs[read.output].tensor.mask,
            source=(read.source, read.output),
        )
        for fed in row.fed
        for read in fed.tensors
    )


def sized(met: tuple[Met, ...], given: tuple[Given, ...]) -> tuple[Met, ...]:
    """The inputs with the sizes that were given, the batch left as it was."""
    tensors = [tensor for each in given for tensor in each.tensors]
    return tuple(
        replace(each, shape=(*each.shape[:1], *tensor.shape[1:]))
        for each, tensor in zip(met, tensors, strict=True)
    )


def fitting_dtype(node: Node, given: tuple[Given, ...], flow: Flow) -> str | None:
    """The dtype that a refused call would take for all of its inputs; None where that is not the reason."""
    found = {tensor.dtype for each in given for tensor in each.tensors}
    if isinstance(flow.alone(node, given, trace=True), Facts):
        return None
    for dtype in _DTYPES:
        cast = tuple(
            Given(
                each.parameter,
                tuple(replace(tensor, dtype=dtype) for tensor in each.tensors),
                each.listed,
            )
            for each in given
        )
        if found and found != {dtype} and isinstance(flow.alone(node, cast, trace=True), Facts):
            return dtype
    return None


def needed(
    node: Node, given: tuple[Given, ...], refusal: Refusal, flow: Flow, takes: Takes
) -> tuple[Needed, ...]:
    """Arguments that the refusal names and the entry lacks, and with which Keras takes the call.

    `takes` says which arguments a type has.

    Where one is taken only without an argument that the entry has, it stands in that one's place; where
    one is taken only with another, which Keras names then, that one stands beside it.
    """
    arguments = flow.arguments(node)
    type_ = owner_of(node, flow.graph).entry.type
    assert type_ is not None

    def missing(said: Refusal, given: dict[str, Json]) -> Iterator[tuple[str, str, Json]]:
        return _missing(said, given, partial(takes, type_.text))

    def answer(tried: dict[str, Json]) -> Answer:
        return flow.alone(node, given, tried, trace=True)

    found: dict[str, Needed] = {}
    passed: dict[str, tuple[Json, Refusal]] = {}
    for name, replaced, value in missing(refusal, arguments):
        if name in found:
            continue
        others = {key: item for key, item in arguments.items() if key != replaced}
        said = answer({**others, name: value})
        if isinstance(said, Facts):
            if not replaced or isinstance(answer(others), Refusal):
                found[name] = Needed(name, json.dumps(value), replaced)
        elif not replaced and said.message != refusal.message:
            passed.setdefault(name, (value, said))
    if alone := tuple(each for each in found.values() if not each.replaced):
        return alone
    together = (
        Needed(name, json.dumps(value), beside=((other, json.dumps(item)),))
        for name, (value, said) in passed.items()
        for other, replaced, item in missing(said, {**arguments, name: value})
        if not replaced and isinstance(answer({**arguments, name: value, other: item}), Facts)
    )
    first = next(together, None)
    return tuple(found.values()) if first is None else (first,)


def _missing(
    refusal: Refusal, arguments: dict[str, Json], taken: Callable[[str], bool]
) -> Iterator[tuple[str, str, Json]]:
    """Arguments that a refusal names, that are taken and not given.

    Each comes with a value to try, alone and then in the place of each one that is given.
    """
    lengths = {len(value) for value in arguments.values() if isinstance(value, list)}
    for name in dict.fromkeys(_NAME.findall(refusal.message)):
        if name not in arguments and name in VALUES and taken(name):
            values = (each for tried in VALUES[name] for each in _lengthened(tried, lengths))
            for replaced, value in islice(product(("", *arguments), values), _MOST_TRIES):
                yield name, replaced, value


def _lengthened(value: Json, lengths: set[int]) -> Iterator[Json]:
    """A value, and where it is a list of numbers the same in other lengths."""
    yield value
    if isinstance(value, list) and all(isinstance(item, float) for item in value):
        for length in sorted(lengths):
            yield list(islice(cycle(value), length))


def _refused(
    node: Node, owner: Entry, refusal: Refusal, argument: str | None, met: tuple[Met, ...]
) -> Refused:
    type_ = owner.type.text if owner.type is not None else ""
    place, arguments = node.entry.place, owner.arguments
    if refusal.stage == "make":
        type_, arguments = _made(refusal.type, type_, owner.arguments)
        if arguments is not owner.arguments and arguments:
            place = arguments[0].name.place.to(arguments[-1].value.place)
        for each in arguments:
            if each.name.text == argument:
                place = each.name.place.to(each.value.place)
    return Refused(
        place=place,
        layer=node.title,
        type=type_,
        stage=refusal.stage,
        argument=argument,
        arguments=tuple((each.name.text, written(each.value)) for each in arguments),
        values={each.name.text: plain(each.value) for each in arguments},
        inputs=met,
        ranks=refusal.ranks,
        message=refusal.message.replace(LAYER, shorten(node.title)),
    )


def _made(
    refused: str | None, type_: str, arguments: tuple[Argument, ...]
) -> tuple[str, tuple[Argument, ...]]:
    """The type and arguments of the one object of type `refused`, in an entry or inside its arguments."""
    if refused is None or refused == type_:
        return type_, arguments
    found: list[Mapping] = []
    todo: list[Value] = [argument.value for argument in arguments]
    for value in todo:
        if isinstance(value, Sequence):
            todo.extend(value.items)
        elif isinstance(value, Mapping):
            todo.extend(item for _, item in value)
            if isinstance(word := value.get("type"), Scalar) and word.text == refused:
                found.append(value)
    if len(found) != 1:
        return type_, arguments
    inner = (Argument(Word(key.text, key.place), item) for key, item in found[0] if key.text != "type")
    return refused, tuple(inner)


def written(value: Value) -> str:
    """A value as a user would write it, on one line."""
    match value:
        case Scalar(value=str() | float()):
            return shorten(value.text)
        case _:
            return shorten(json.dumps(plain(value), ensure_ascii=False))
