"""A model as a spec, as a person would write it: no defaults, one entry a line.

Runs of equal layers become blocks. Dims and expressions over them are kept; comments are not.
"""

import json
from dataclasses import replace

from seqshape import sizes
from seqshape.convert import NotWritable, Options, Subject, Written
from seqshape.convert._fold import folded
from seqshape.convert._layers import Layers, world_of
from seqshape.convert._names import omissible, type_of
from seqshape.convert._plain_names import with_plain_names
from seqshape.convert._program import gives_its_end, is_source
from seqshape.convert._references import with_output_names
from seqshape.convert._yaml_check import verify
from seqshape.convert._yaml_lines import Items, Pairs, Text, lines_of
from seqshape.convert._yaml_text import flow_of, scalar_of, written_of
from seqshape.engine.catalogue import Catalogue
from seqshape.engine.writing import Undescribed
from seqshape.frozen import frozen
from seqshape.graph import Graph, Node, owner_of
from seqshape.places import TOP
from seqshape.spec import Argument, Block, Entry, Expectation, ExpectedShape, Flow, Spec, Word
from seqshape.spec_reader import ENTRY_KEYS
from seqshape.tree import Json, Mapping, Scalar, Sequence, Value, plain
from seqshape.walk import walk

SUFFIXES = (".yaml", ".yml")
_NAMED = 3
"""Layers that a hint names."""


def write(subject: Subject, options: Options) -> Written:
    """The model as a spec.

    Raises:
        NotWritable: Keras cannot say which arguments of a layer are its own defaults.

    """
    try:
        subject, renamed = with_plain_names(with_output_names(subject))
        subject = _with_policy(subject)
        layers = Layers(subject, world_of(subject.spec.settings))
        found = folded(subject, layers, rename=options.rename)
        writer = _Writer(
            subject.catalogue, layers, found.spec, _nodes_of(subject.graph), gives_its_end(subject)
        )
        text = "\n".join(lines_of(writer.spec(found.spec))) + "\n"
        verify(text, subject.with_spec(found.spec))
    except Undescribed as error:
        raise NotWritable(
            subject.graph.nodes[0].entry.place, "", f"Keras cannot write it: {error}"
        ) from error
    hints = [*renamed, *_unfrozen(subject)]
    if subject.spec.asides:
        hints.append(f"the {' and the '.join(subject.spec.asides)} of the file are not written")
    if found.more and not options.rename:
        many = f"{found.more} more" if found.spec is not subject.spec else f"{found.more}"
        hints.append(f"{many} equal layers would fold into blocks under other names: --rename folds them")
    return Written(text, tuple(hints))


def _unfrozen(subject: Subject) -> tuple[str, ...]:
    """What is said of a frozen model where its layers, each of them frozen, still train weights."""
    if not subject.spec.frozen:
        return ()
    spec = replace(subject.spec, frozen=False)
    rows = walk(subject.graph, spec, subject.keras.ask).rows
    names = [f"`{row.path}`" for row in rows if row.trainable_params]
    if not names:
        return ()
    said = f"{', '.join(names[:_NAMED])}{' and more' if len(names) > _NAMED else ''}"
    return (
        "the model is frozen, and in a spec each layer alone can be: Keras still trains what is inside "
        f"{said}",
    )


def _with_policy(subject: Subject) -> Subject:
    """The model with the dtype policy that all of its layers have as a setting, unless Keras has it too."""
    settings = subject.spec.settings
    if settings.dtype_policy is not None:
        return subject
    layers = Layers(subject, world_of(settings))
    found = {
        json.dumps(layers.essential(node).get("dtype"))
        for node in subject.graph.nodes
        if node.entry.type is not None
        and not is_source(node)
        and not node.entry.type.text.startswith("ops.")
    }
    policy = json.loads(found.pop()) if len(found) == 1 else None
    if not isinstance(policy, str):
        return subject
    settings = replace(settings, dtype_policy=Word(policy, TOP))
    return replace(subject, spec=replace(subject.spec, settings=settings))


def _nodes_of(graph: Graph) -> dict[tuple[object, ...], tuple[Node, Graph]]:
    """The first node of each entry, by the place and the type of the entry, inside layers too."""
    found: dict[tuple[object, ...], tuple[Node, Graph]] = {}
    for node in graph.nodes:
        found.setdefault(_key(node.entry), (node, graph))
        for _, inner in node.models:
            for key, value in _nodes_of(inner).items():
                found.setdefault(key, value)
    return found


def _key(entry: Entry) -> tuple[object, ...]:
    """What stays of an entry when it becomes part of a block."""
    return (id(entry.arguments), id(entry.type)) if entry.arguments else (id(entry.type),)


@frozen
class _Writer:
    catalogue: Catalogue
    layers: Layers
    whole: Spec
    nodes: dict[tuple[object, ...], tuple[Node, Graph]]
    gives_last: bool

    def spec(self, spec: Spec) -> Pairs:
        """The whole file."""
        pairs: list[tuple[str, Text]] = []
        if spec.name is not None:
            pairs.append(("name", scalar_of(spec.name)))
        if spec.dims:
            written = (
                (name, spec.dim_texts.get(name, scalar_of(size))) for name, size in spec.dims.items()
            )
            pairs.append(("dims", Pairs(tuple(written))))
        pairs.extend((key, _own(value)) for key, value in spec.own)
        settings = [
            (name, scalar_of(word.text))
            for name in ("floatx", "image_data_format", "dtype_policy")
            if (word := getattr(spec.settings, name)) is not None
        ]
        if settings:
            pairs.append(("keras", Pairs(tuple(settings))))
        pairs.append(("layers", self._entries(spec.entries, {}, None)))
        if spec.outputs and not self.is_last_alone(spec):
            pairs.append(("outputs", _words(spec.outputs)))
        if expected := self._expected(spec.expect, "outputs"):
            pairs.append(("expect", Pairs(expected)))
        if spec.ignore:
            pairs.append(("ignore", _words(spec.ignore)))
        return Pairs(tuple(pairs))

    def is_last_alone(self, spec: Spec) -> bool:
        """Whether what the spec gives is what its last entry gives, and nothing else is left unread."""
        words = [word.text for word in spec.outputs]
        return words == [spec.entries[-1].name.text] and self.gives_last

    def _entries(
        self,
        entries: tuple[Entry | Block, ...],
        outer: dict[str, str],
        before: str | None,
        repeated: bool = False,
    ) -> Items:
        """A list of entries; `before` is what the first of them reads where it does not say."""
        free = omissible(entries, outer, repeated=repeated)
        types = dict(outer)
        found: list[Text] = []
        for number, entry in enumerate(entries):
            pairs: list[tuple[str, Text]] = []
            if number not in free:
                pairs.append(("name", scalar_of(entry.name.text)))
            if isinstance(entry, Block):
                pairs.extend(self._block(entry, types, before, repeated))
            else:
                pairs.extend(self._entry(entry, before))
            types[entry.name.text] = type_of(entry, types)
            before = entry.name.text
            found.append(Pairs(tuple(pairs)))
        return Items(tuple(found), entries=True)

    def _block(
        self, block: Block, types: dict[str, str], before: str | None, repeated: bool
    ) -> list[tuple[str, Text]]:
        pairs: list[tuple[str, Text]] = []
        if block.repeat is not None:
            named = sizes.names(block.repeat_text)
            known = bool(named) and set(named) <= set(self.whole.dims)
            pairs.append(("repeat", block.repeat_text if known else str(block.repeat)))
        pairs.extend(_inputs(block.inputs, before))
        repeated = repeated or block.repeat is not None
        pairs.append(("layers", self._entries(block.entries, types, "input", repeated)))
        if expected := self._expected(block.expect, "shapes"):
            pairs.append(("expect", Pairs(expected)))
        if block.ignore:
            pairs.append(("ignore", _words(block.ignore)))
        return pairs

    def _entry(self, entry: Entry, before: str | None) -> list[tuple[str, Text]]:
        pairs: list[tuple[str, Text]] = []
        if entry.type is not None:
            pairs.append(("type", scalar_of(entry.type.text)))
            pairs.extend(self._arguments(entry))
        elif entry.reuse is not None:
            pairs.append(("reuse", scalar_of(entry.reuse.text)))
        pairs.extend(_inputs(entry.inputs, before))
        if entry.call:
            call = tuple((each.name.text, self._written(each.value)) for each in entry.call)
            pairs.append(("call", Pairs(call)))
        if expected := self._expected(entry.expect, "shapes"):
            pairs.append(("expect", Pairs(expected)))
        if entry.ignore:
            pairs.append(("ignore", _words(entry.ignore)))
        return pairs

    # Arguments.

    def _arguments(self, entry: Entry) -> list[tuple[str, Text]]:
        """The arguments that say something, in the order of Keras's signature."""
        assert entry.type is not None
        order = self._order(entry.type.text, None)
        essential = self._essential(entry)
        given = [each for each in entry.arguments if each.name.text in essential]
        for each in given:
            if each.name.text in ENTRY_KEYS:
                reason = (
                    f"its layer has an argument `{each.name.text}`, and that means something else in a spec"
                )
                raise NotWritable(entry.place, entry.name.text, reason)
        given.sort(key=lambda each: order.get(each.name.text, len(order)))
        return [(each.name.text, self._argument(each, essential[each.name.text], entry)) for each in given]

    def _essential(self, entry: Entry) -> dict[str, Json]:
        if not entry.arguments:
            return {}
        node, graph = self.nodes[_key(entry)]
        return self.layers.essential_in(owner_of(node, graph), graph)

    def _argument(self, argument: Argument, essential: Json, entry: Entry) -> Text:
        return self._value(argument.value, essential, entry, argument.name.text)

    def _order(self, type_name: str, argument: str | None) -> dict[str, int]:
        """The places of `type` and of a type's arguments, in the order of Keras's signature."""
        known = self.catalogue.find(type_name, argument)
        names = [parameter.name for parameter in known.constructor.parameters] if known is not None else []
        return {name: place for place, name in enumerate(("type", *names))}

    def _value(self, value: Value, essential: Json, entry: Entry, argument: str) -> Text:
        """A value, of a mapping the part that says something, with dims where they stand in the file."""
        if isinstance(value, Mapping):
            for block in entry.models:
                if block.place == value.place:
                    return Pairs((("layers", self._entries(block.entries, {}, "input")),))
            if not isinstance(essential, dict):
                return flow_of(essential, frozenset(self.whole.dims))
            kind = value.get("type")
            order = self._order(kind.text if isinstance(kind, Scalar) else "", argument)
            return Pairs(
                tuple(
                    (key.text, self._value(item, essential[key.text], entry, key.text))
                    for key, item in sorted(value, key=lambda pair: order.get(pair[0].text, len(order)))
                    if key.text in essential
                )
            )
        if (
            isinstance(value, Sequence)
            and isinstance(essential, list)
            and len(essential) == len(value.items)
        ):
            return Items(
                tuple(
                    self._value(item, its, entry, argument)
                    for item, its in zip(value.items, essential, strict=True)
                )
            )
        written = self._written(value)
        dims = frozenset(self.whole.dims)
        if isinstance(value, Sequence) and written != flow_of(plain(value), dims):
            return written  # with dims, which one number for all would lose
        return written if plain(value) == essential else flow_of(essential, dims)

    def _written(self, value: Value) -> Text:
        return written_of(value, frozenset(self.whole.dims))

    def _expected(self, expect: Expectation, by_name: str) -> tuple[tuple[str, Text], ...]:
        """An `expect`; `by_name` is the key of shapes that have names."""
        pairs: list[tuple[str, Text]] = []
        pairs.extend(("shape", self._shape(shape)) for shape in expect.shapes if shape.output is None)
        named = tuple(
            (shape.output.text, self._shape(shape)) for shape in expect.shapes if shape.output is not None
        )
        if named and by_name == "shapes":
            pairs.append((by_name, Pairs(named)))
        for budget in expect.budgets:
            if budget.exact is not None:
                pairs.append((budget.quantity, str(budget.exact)))
                continue
            ends = (("min", budget.least), ("max", budget.most))
            pairs.append((budget.quantity, Pairs(tuple((end, str(n)) for end, n in ends if n is not None))))
        if named and by_name == "outputs":
            pairs.append((by_name, Pairs(named)))
        if expect.dtype is not None:
            pairs.append(("dtype", scalar_of(expect.dtype.text)))
        return tuple(pairs)

    def _shape(self, shape: ExpectedShape) -> Text:
        axes = []
        for place, axis in enumerate(shape.axes):
            text = shape.texts[place] if place < len(shape.texts) else ""
            if (named := sizes.names(text)) and set(named) <= set(self.whole.dims):
                axes.append(text)
            else:
                axes.append(
                    "batch" if axis is None and place == 0 else "null" if axis is None else str(axis)
                )
        return f"[{', '.join(axes)}]"


def _own(value: Value) -> Text:
    """What is the user's own, as it is."""
    if isinstance(value, Mapping):
        return Pairs(tuple((key.text, _own(item)) for key, item in value))
    if isinstance(value, Sequence):
        return Items(tuple(map(_own, value.items)))
    return scalar_of(value.value)


def _inputs(flows: tuple[Flow, ...] | None, before: str | None) -> list[tuple[str, Text]]:
    """What is read, unless that is the entry before."""
    if flows is None:
        return []
    if len(flows) == 1 and flows[0].parameter is None:
        (flow,) = flows
        if not flow.listed and len(flow.references) == 1:
            text = flow.references[0].text
            return [] if text == before else [("inputs", scalar_of(text))]
        return [("inputs", _words(flow.references))]
    pairs: list[tuple[str, Text]] = []
    for flow in flows:
        assert flow.parameter is not None
        words: Text = _words(flow.references) if flow.listed else scalar_of(flow.references[0].text)
        pairs.append((flow.parameter.text, words))
    return [("inputs", Pairs(tuple(pairs)))]


def _words(words: tuple[Word, ...]) -> Items:
    return Items(tuple(scalar_of(word.text) for word in words))
