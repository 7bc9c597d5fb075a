"""A model as Keras saves it: the JSON of `model.to_json()`, which `keras.models.model_from_json` loads.

How each layer is written is asked of Keras; here the calls are put together, and nested models.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from seqshape.convert import NotWritable, Options, Subject, Written
from seqshape.convert._building import program_of
from seqshape.convert._inside import Inside, models_in
from seqshape.convert._layers import Layers, world_of
from seqshape.convert._lost import lost_in_keras
from seqshape.convert._numbering import steps_of
from seqshape.convert._program import (
    Again,
    Call,
    Copies,
    Item,
    Nested,
    Program,
    Value,
    flowing,
    is_source,
    longest_chain,
    reads,
)
from seqshape.engine.steps import GIVEN, MADE
from seqshape.engine.tensors import Tensor
from seqshape.engine.writing import Undescribed
from seqshape.frozen import frozen
from seqshape.graph import Node, owner_of
from seqshape.spec import plain_arguments

SUFFIXES = (".json",)
_LONG = 200
"""Layers in a chain; Keras looks at the layers of a longer one before it is written."""
BLOCKS = "seqshape.engine.blocks"
"""The module that Keras names where it saves a block in a layer."""

_Place = tuple[str, int, int]
"""Where a tensor comes from, as Keras says it: a layer's name, its call, the output."""


def write(subject: Subject, options: Options) -> Written:
    """The model as JSON.

    Raises:
        NotWritable: a layer cannot be said so.

    """
    program = program_of(subject)
    writer = _Writer(subject, program, Layers(subject, world_of(subject.spec.settings)))
    model = _Model()
    writer.add(program.items, model)
    name = (subject.spec.name or "functional").replace("/", "_")
    data = _functional(name, model, program.inputs, program.outputs)
    if subject.spec.frozen:
        data["config"]["trainable"] = False
    data["keras_version"] = subject.catalogue.keras
    data["backend"] = "tensorflow"
    text = json.dumps(data)
    _verify(text, subject, program, writer.layers)
    return Written(text + "\n", lost_in_keras(subject, program))


class TooDeep(NotWritable):
    """The chain of layers is too long for Keras's own models, in whatever form they are written."""


def try_long(subject: Subject, options: Options) -> None:
    """Has Keras load a model that has a long chain of layers.

    Raises:
        TooDeep: Keras cannot hold it.

    """
    if longest_chain(subject.rows) > _LONG:
        try:
            write(subject, options)
        except TooDeep:
            raise
        except NotWritable:  # what JSON alone has no way to say
            return


def _verify(text: str, subject: Subject, program: Program, layers: Layers) -> None:
    """Has Keras load the model.

    Raises:
        NotWritable: it does not, or gives other shapes.

    """
    place = subject.graph.nodes[0].entry.place
    try:
        found = json.loads(subject.keras.writing.outputs_of(text, layers.world))
    except Undescribed as error:
        if "recursion" in str(error):
            chain = longest_chain(subject.rows)
            raise TooDeep(place, "", f"Keras's own Model holds no chain of {chain:,} layers") from error
        raise NotWritable(place, "", f"Keras does not load what would be written: {error}") from error
    wanted = [
        list(subject.rows[value.node].outputs[value.output].tensor.shape) for value in program.outputs
    ]
    if found not in (None, wanted):
        raise NotWritable(place, "", "Keras gives other shapes for what would be written")


@dataclass(slots=True)
class _Model:
    """One model under construction: its layers, and where the tensors in it come from."""

    layers: dict[str, dict[str, Any]] = field(default_factory=dict)
    places: dict[Value, _Place] = field(default_factory=dict)

    def add(self, name: str, layer: dict[str, Any]) -> None:
        """Puts a layer that is not called yet into the model."""
        config = {**layer["config"], "name": name}
        self.layers[name] = {**layer, "config": config, "name": name, "inbound_nodes": []}

    def call(self, name: str, arguments: list[Any], keywords: dict[str, Any]) -> int:
        """Calls a layer; the number of the call."""
        calls = self.layers[name]["inbound_nodes"]
        calls.append({"args": arguments, "kwargs": keywords})
        return len(calls) - 1


def _functional(
    name: str, model: _Model, inputs: tuple[Value, ...], outputs: tuple[Value, ...]
) -> dict[str, Any]:
    """A model as a layer. Without `trainable`: given it, Keras would set it on every layer inside."""
    config = {
        "name": name,
        "layers": list(model.layers.values()),
        "input_layers": _struct([list(model.places[value]) for value in inputs]),
        "output_layers": _struct([_end(model, value) for value in outputs]),
    }
    return {
        "module": "keras.src.models.functional",  # what Keras itself writes, in every version
        "class_name": "Functional",
        "config": config,
        "registered_name": "Functional",
    }


def _end(model: _Model, value: Value) -> list[Any]:
    """Where an output of the model comes from; Keras counts the calls of a nested model from 1 there."""
    name, call, output = model.places[value]
    return [name, call + (model.layers[name]["class_name"] == "Functional"), output]


def _struct(places: list[list[Any]]) -> list[Any]:
    """One tensor stands alone, several in a list."""
    return places[0] if len(places) == 1 else places


@frozen
class _Writer:
    subject: Subject
    program: Program
    layers: Layers

    def add(self, items: tuple[Item, ...], model: _Model) -> None:
        """Adds calls to a model."""
        for item in items:
            match item:
                case Call():
                    self._call(item, model)
                case Nested():
                    self._nested(item, model)
                case Again():
                    self._again(self.program.models[item.model], item, model)
                case Copies():
                    for copy in item.copies:
                        self.add(copy, model)

    def _nested(self, item: Nested, model: _Model) -> None:
        """A block as a model inside this one, and its call."""
        inner = _Model()
        name = self.program.models[item.path]
        for number, value in enumerate(item.inputs):
            own = input_name(item, number)
            tensor = flowing(item, number, self.subject.rows)
            layer = self._described(item, {"type": "Input", **input_arguments(tensor)})
            inner.add(own, layer)
            inner.places[value] = (own, 0, 0)
        self.add(item.items, inner)
        model.add(name, _functional(name, inner, item.inputs, item.outputs))
        self._again(name, item, model)

    def _again(self, name: str, item: Nested | Again, model: _Model) -> None:
        """A call of a nested model."""
        given = [self._saved(value, model) for value in item.inputs]
        call = model.call(name, [given[0] if len(given) == 1 else given], {})
        for number, value in enumerate(item.outputs):
            model.places[value] = (name, call, number)

    def _described(self, item: Nested, layer: dict[str, Any]) -> dict[str, Any]:
        try:
            text = self.subject.keras.writing.described(json.dumps(layer), (), self.layers.world)
        except Undescribed as error:
            raise NotWritable(item.block.name.place, item.block.name.text, str(error)) from error
        found: dict[str, Any] = json.loads(text)
        return found

    def _call(self, item: Call, model: _Model) -> None:
        entry = item.node.entry
        owner = owner_of(item.node, self.subject.graph)
        try:
            if self.layers.type(item.node).startswith("ops."):
                self._steps(item, model)
                return
            name = self.program.names[owner.index]
            if entry.reuse is None:
                self._layer(item, name, model)
        except Undescribed as error:
            raise NotWritable(entry.place, entry.name.text, f"Keras cannot write it: {error}") from error
        call = 0
        if not is_source(item.node):
            call = model.call(name, *self._arguments(item, model))
        for number in range(len(item.row.outputs)):
            model.places[Value(item.node.index, number)] = (name, call, number)

    def _layer(self, item: Call, name: str, model: _Model) -> None:
        node = item.node
        if node.shared:
            reason = (
                f"it wraps `{node.shared[0][0]}`, which is called elsewhere too, "
                "and Keras's JSON has no way to say that the two are one layer"
            )
            raise NotWritable(node.entry.place, node.name, reason)
        model.add(name, self.saved(node))

    def saved(self, node: Node) -> dict[str, Any]:
        """The layer that a node makes, as Keras saves it, with a model for each block inside it.

        Raises:
            NotWritable: Keras takes no model there.
            Undescribed: Keras does not make the layer.

        """
        text = self.subject.keras.writing.described(self.layers.definition(node), (), self.layers.world)
        layer: dict[str, Any] = json.loads(text)
        if not node.models:
            return layer
        inside = models_in(node, self.layers)
        models = {calls: _inside(model) for calls, model in inside.items()}
        layer = _with_models(layer, models)
        try:
            self.subject.keras.writing.loads(json.dumps(layer), self.layers.world)
        except Undescribed as error:
            type_ = self.layers.type(node)
            reason = (
                f"Keras's {type_} takes no model inside it ({error}); what stands there must be a layer "
                "class of your own, which a plugin registers"
            )
            raise NotWritable(node.entry.place, node.name, reason) from error
        return layer

    def _arguments(self, item: Call, model: _Model) -> tuple[list[Any], dict[str, Any]]:
        """The arguments of a call, by position and by name."""
        positional: list[Any] = []
        named: dict[str, Any] = {}
        for fed in item.row.fed:
            tensors = [self._saved(Value(read.source, read.output), model) for read in fed.tensors]
            value: Any = tensors if fed.listed else tensors[0]
            if fed.parameter is None:
                positional.append(value)
            else:
                named[fed.parameter] = value
        first = self.layers.first_parameter(item.node)
        if (
            not positional and first in named
        ):  # as in a program: Keras goes through named ones by the alphabet
            positional.append(named.pop(first))
        return positional, {**named, **plain_arguments(item.node.entry.call)}

    def _steps(self, item: Call, model: _Model) -> None:
        """The operations of a function; the last of them has the entry's name."""
        found = steps_of(item, self.subject, self.layers)
        values = list(reads(item.row))
        name = self.program.names[item.node.index]
        places: list[_Place] = []
        made: list[list[Any]] = []

        def put(value: Any) -> Any:
            """The arguments of a step with its tensors in their places."""
            if isinstance(value, list):
                return [put(each) for each in value]
            if not isinstance(value, dict):
                return value
            if GIVEN in value:
                return self._saved(values[value[GIVEN]], model)
            if MADE in value:
                step, output = value[MADE]
                return made[step][output]
            return {key: put(each) for key, each in value.items()}

        for number, step in enumerate(found.steps):
            config = json.loads(step.config)
            own = name
            if number + 1 < len(found.steps):
                own = f"{name}_{config['config']['name']}"
                while own in model.layers:
                    own += "_"
            model.add(own, config)
            arguments, named = json.loads(step.arguments)
            model.call(own, put(arguments), put(named))
            made.append([_saved(tensor, (own, 0, each)) for each, tensor in enumerate(step.outputs)])
        for number, text in enumerate(found.outputs):
            mark = json.loads(text)
            if GIVEN in mark:
                places.append(model.places[values[mark[GIVEN]]])
            else:
                places.append(tuple(made[mark[MADE][0]][mark[MADE][1]]["config"]["keras_history"]))
            model.places[Value(item.node.index, number)] = places[-1]

    def _tensor(self, value: Value) -> Tensor:
        return self.subject.rows[value.node].outputs[value.output].tensor

    def _saved(self, value: Value, model: _Model) -> dict[str, Any]:
        return _saved(self._tensor(value), model.places[value])


def _inside(inside: Inside) -> dict[str, Any]:
    """A model inside a layer, as Keras saves it: a Sequential where it is a chain, else a Functional."""
    subject, layers = inside.subject, inside.layers
    program = program_of(subject)
    writer = _Writer(subject, program, layers)
    if inside.chain:
        saved = [(node.name, writer.saved(node)) for node in inside.chain]
        chain = [{**layer, "config": {**layer["config"], "name": name}} for name, layer in saved]
        config = {"name": inside.name, "layers": chain}
        return {"module": "keras", "class_name": "Sequential", "config": config, "registered_name": None}
    model = _Model()
    writer.add(program.items, model)
    data = _functional(inside.name, model, program.inputs, program.outputs)
    _verify(json.dumps(data), subject, program, layers)
    return data


def _with_models(saved: Any, models: dict[str, dict[str, Any]]) -> Any:
    """What Keras saves of a layer, with `models` in place of the blocks in it."""
    if isinstance(saved, list):
        return [_with_models(each, models) for each in saved]
    if not isinstance(saved, dict):
        return saved
    if saved.get("module") == BLOCKS:
        return models[saved["config"]["calls"]]
    return {key: _with_models(each, models) for key, each in saved.items()}


def _saved(tensor: Tensor, place: _Place) -> dict[str, Any]:
    """A tensor as Keras saves it."""
    config = {"shape": list(tensor.shape), "dtype": tensor.dtype, "keras_history": list(place)}
    return {"class_name": "__keras_tensor__", "config": config}


def input_name(item: Nested, number: int) -> str:
    """What data is called that comes into a nested model: `input`, or `input_0` and so on."""
    own = {entry.name.text for entry in item.block.entries}
    name = "input" if len(item.inputs) == 1 else f"input_{number}"
    while name in own:
        name += "_"
    return name


def input_arguments(tensor: Tensor) -> dict[str, Any]:
    """The arguments of an Input that gives such a tensor."""
    arguments: dict[str, Any] = {"shape": list(tensor.shape[1:]), "dtype": tensor.dtype}
    if tensor.shape and tensor.shape[0] is not None:
        arguments["batch_size"] = tensor.shape[0]
    if tensor.sparse:
        arguments["sparse"] = True
    return arguments
