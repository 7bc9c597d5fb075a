"""Types and arguments against the catalogue of the installed Keras: the words only Keras knows."""

from collections.abc import Iterator
from dataclasses import replace

from seqshape.engine.catalogue import Catalogue, Type, module_of, takes_layer
from seqshape.faults import (
    Fault,
    MissingInput,
    MissingKey,
    NeedsCode,
    StrayWord,
    UnknownArgument,
    UnknownCallArgument,
    UnknownKey,
    UnknownType,
    WrongKind,
)
from seqshape.graph import SOURCES, Graph, Node
from seqshape.nearest import nearest
from seqshape.spec import Word
from seqshape.tree import Mapping, Scalar, Sequence, Value, describe, is_broken, shorten

_STANDS_FOR_LAYER = ("type", "reuse", "layers", "class_name")
LISTED_WORDS = "a list of words (a file that a spec names is never opened)"


def check(graph: Graph, catalogue: Catalogue, *, saved: bool = False) -> tuple[Fault, ...]:
    """Every type, argument, call argument and input name that the installed Keras does not have.

    `saved` says that the graph is that of a model that Keras saved.
    """
    faults: dict[Fault, None] = {}
    seen: set[int] = set()
    for node in graph.nodes:
        if id(node.entry) not in seen:
            seen.add(id(node.entry))
            faults.update(dict.fromkeys(_of_saved(_check(node, graph, catalogue), saved)))
            for _, inner in node.models:
                faults.update(dict.fromkeys(check(inner, catalogue, saved=saved)))
    return tuple(faults)


def _of_saved(faults: Iterator[Fault], saved: bool) -> Iterator[Fault]:
    """The faults; of a saved model as such."""
    for fault in faults:
        if saved and isinstance(fault, NeedsCode):
            yield replace(fault, saved=True)
        elif saved and isinstance(fault, UnknownArgument):
            yield replace(fault, beside=False)
        else:
            yield fault


def _check(node: Node, graph: Graph, catalogue: Catalogue) -> Iterator[Fault]:
    entry, name = node.entry, node.name
    if entry.type is not None:
        given = [(argument.name, argument.value) for argument in entry.arguments]
        yield from _made(name, entry.type, None, given, catalogue)
        yield from _wraps(node, graph)
    type_word = entry.type or _reused_type(node, graph)
    type_ = catalogue.find(type_word.text, None) if type_word is not None else None
    if type_ is not None and node.sound and not type_.needs_code and type_.name not in SOURCES:
        yield from _called(node, type_)


def _reused_type(node: Node, graph: Graph) -> Word | None:
    """The type of the layer that the node calls again."""
    owner = graph.nodes[node.shared[0][1]] if node.shared else node
    return owner.entry.type


def _made(
    layer: str,
    word: Word,
    argument: str | None,
    given: list[tuple[Word, Value]],
    catalogue: Catalogue,
) -> Iterator[Fault]:
    """What is wrong with one mapping that has a `type`: an entry, or a value of an argument."""
    if ">" in word.text:  # a registered class: the catalogue lists none
        for name, value in given:
            yield from _inside(layer, name.text, value, catalogue)
        return
    type_ = catalogue.find(word.text, argument)
    if type_ is None:
        yield UnknownType(word.place, layer, word.text, catalogue.names(argument))
        return
    if type_.needs_code:
        yield NeedsCode(word.place, layer, type_.name, type_.needs_code, type_.remedy)
        return
    known = type_.constructor.names()
    names = {name.text for name, _ in given}
    strange = {name for name in names if not type_.constructor.takes(name)}
    for name, value in given:
        if name.text in strange:
            call = type_.call.names()
            yield UnknownArgument(
                name.place, layer, name.text, type_.name, known, call, beside=argument is None
            )
        if name.text == "vocabulary" and isinstance(value, Scalar) and isinstance(value.value, str):
            yield WrongKind(value.place, layer, name.text, LISTED_WORDS, describe(value))
        elif type_.constructor.flag(name.text) and not _is_flag(value):
            yield WrongKind(value.place, layer, name.text, "`true` or `false`", describe(value))
        elif takes_layer(name.text) and name.text not in strange:
            yield from _of_layer(layer, name.text, value, catalogue)
        if not isinstance(value, Scalar):
            yield from _inside(layer, name.text, value, catalogue)
    if type_.name.startswith("ops."):  # what is missing may be an input
        return
    there = names | {nearest(name, known) for name in strange}
    for required in type_.constructor.required():
        if required not in there:
            yield MissingKey(word.place, layer, required, type_.name)


def _of_layer(layer: str, argument: str, value: Value, catalogue: Catalogue) -> Iterator[Fault]:
    """What is wrong with the form of a layer, or of a list of layers, that an argument takes."""
    what = "a cell" if "cell" in argument else "a layer"
    if isinstance(value, Sequence):
        for item in value.items:
            yield from _of_layer(layer, argument, item, catalogue)
    elif isinstance(value, Scalar):
        if value.value is not None and not is_broken(value):
            type_ = nearest(value.text, catalogue.names(None)) or "…"
            expected = f"{what}, such as `{{type: {type_}, …}}`"
            yield WrongKind(value.place, layer, argument, expected, describe(value))
    elif not any(key.text in _STANDS_FOR_LAYER for key, _ in value):
        slip = next((key for key, _ in value if nearest(key.text, ("type",))), None)
        if slip is not None:
            yield UnknownKey(slip.place, layer, slip.text, what, ("type",))
            return
        given = ", ".join(key.text + ": …" for key, _ in value)
        expected = f"{what}, such as `{{type: …{', ' if given else ''}{shorten(given)}}}`"
        yield WrongKind(value.place, layer, argument, expected, "a mapping without `type`")


def _is_flag(value: Value) -> bool:
    """Whether a value can be true or false; a text such as `no` is true to Python, whatever it says."""
    return isinstance(value, Scalar) and not isinstance(value.value, str)


def _inside(layer: str, argument: str, value: Value, catalogue: Catalogue) -> Iterator[Fault]:
    """The mappings with a `type` inside an argument's value."""
    if isinstance(value, Sequence):
        for item in value.items:
            yield from _inside(layer, argument, item, catalogue)
    elif isinstance(value, Mapping):
        type_value = value.get("type")
        if isinstance(type_value, Scalar) and isinstance(type_value.value, str):
            word = Word(type_value.value, type_value.place)
            given = [(Word(key.text, key.place), item) for key, item in value if key.text != "type"]
            yield from _made(layer, word, argument, given, catalogue)
        elif value.get("reuse") is not None:
            yield from _reused(layer, argument, value)
        elif value.get("layers") is not None:  # a block, which is judged as a graph of its own
            if module_of(argument) is not None:
                reason = f"`{argument}` takes no layer"
                yield StrayWord(value.key_place("layers"), layer, "layers", reason)
        elif value.get("class_name") is not None:
            reason = "a layer or initializer in a spec has `type` and its arguments beside it"
            yield StrayWord(value.key_place("class_name"), layer, "class_name", reason)
        else:
            for key, item in value:
                yield from _inside(layer, key.text, item, catalogue)


def _reused(layer: str, argument: str, value: Mapping) -> Iterator[Fault]:
    """What is wrong with a `{reuse: …}` inside an argument."""
    reuse = value.get("reuse")
    if module_of(argument) is not None:
        reason = f"`{argument}` takes no layer"
        yield StrayWord(value.key_place("reuse"), layer, "reuse", reason)
    elif reuse is not None and not (isinstance(reuse, Scalar) and isinstance(reuse.value, str)):
        yield WrongKind(reuse.place, layer, "reuse", "the name of an earlier layer", describe(reuse))
    for key, _ in value:
        if key.text != "reuse":
            reason = "`reuse` stands for an earlier layer as it is, and has nothing beside it"
            yield StrayWord(key.place, layer, key.text, reason)


def _wraps(node: Node, graph: Graph) -> Iterator[Fault]:
    """Functions that are wrapped as if they were layers."""
    for word, target in node.shared:
        type_ = graph.nodes[target].entry.type
        if node.entry.reuse is None and type_ is not None and type_.text.startswith("ops."):
            reason = f"`{word}` is a function ({type_.text}), and only a layer can be wrapped"
            yield StrayWord(node.entry.place, node.name, "reuse", reason)


def _fed(node: Node, type_: Type) -> set[str]:
    """The parameters of the call that the entry's inputs fill."""
    first = "" if type_.call.many else next((each.name for each in type_.call.parameters), "")
    return {first if feed.parameter is None else feed.parameter.text for feed in node.feeds}


def _called(node: Node, type_: Type) -> Iterator[Fault]:
    """The names in `inputs` and `call`, and what the call lacks."""
    entry, name = node.entry, node.name
    words = [feed.parameter for feed in node.feeds if feed.parameter is not None]
    words.extend(argument.name for argument in entry.call)
    known = type_.call.names()
    for word in words:
        if not type_.call.takes(word.text):
            yield UnknownCallArgument(word.place, name, word.text, type_.name, known)
    fed = _fed(node, type_)
    given = fed | {argument.name.text for argument in entry.call}
    doubled = entry.arguments if type_.name.startswith("ops.") else ()
    for argument in (*doubled, *entry.call):
        if argument.name.text in fed:
            reason = "it is what `inputs` gives; name the inputs to give them to others"
            yield StrayWord(argument.name.place, name, argument.name.text, reason)
    if type_.name.startswith("ops."):
        given |= {argument.name.text for argument in entry.arguments}
    missing = tuple(required for required in type_.call.required() if required not in given)
    if missing and all(type_.call.takes(word.text) for word in words):
        place = (entry.type or entry.name).place
        known_fed = tuple(word for word in sorted(fed) if type_.call.takes(word))
        yield MissingInput(place, name, type_.name, missing, known_fed)
