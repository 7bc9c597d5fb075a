"""Values, layers and calls as Python expressions. Every text of a spec goes through `repr`.

The one place where words of a file become code: names that are no identifiers never stand bare.
"""

import json
import keyword
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from seqshape.convert import Subject
from seqshape.convert._layers import Layers
from seqshape.engine.catalogue import Signature, module_of
from seqshape.engine.slices import ends_of
from seqshape.frozen import frozen
from seqshape.graph import Node
from seqshape.spec import plain_arguments
from seqshape.tree import Json

_NO_SIGNATURE = Signature((), True)


@frozen
class Elsewhere:
    """What an argument holds that is made elsewhere, as expressions.

    `layers` are variables by the path of the layer that they hold; `models` make the models that stand
    inside the layer, by the text that stands for each.
    """

    layers: Mapping[str, str] = field(default_factory=dict)
    models: Mapping[str, str] = field(default_factory=dict)


_NOTHING = Elsewhere()


@frozen
class Passed:
    """What one parameter of a call is given: variables; `parameter` is None for the first."""

    parameter: str | None
    tensors: tuple[str, ...]
    listed: bool

    @property
    def text(self) -> str:
        """The value as an expression."""
        return f"[{', '.join(self.tensors)}]" if self.listed else self.tensors[0]


@dataclass(slots=True)
class Expressions:
    """Writes what makes layers; `uses` gathers the modules that are needed, `custom` foreign types."""

    subject: Subject
    layers: Layers
    uses: set[str] = field(default_factory=set)
    custom: dict[str, None] = field(default_factory=dict)

    def made(self, node: Node, name: str | None, elsewhere: Elsewhere) -> str:
        """A layer: `layers.GRU(16, name="gru")`."""
        arguments = self.layers.essential(node)
        return self._object(self.layers.type(node), None, arguments, name, elsewhere)

    def function(self, node: Node, passed: Iterable[Passed]) -> str:
        """A call of a function of `keras.ops`: `ops.expand_dims(x, axis=1)`."""
        self.uses.add("ops")
        type_name = self.layers.type(node)
        found = self.subject.catalogue.find(type_name, None)
        signature = found.constructor if found is not None else _NO_SIGNATURE
        named: dict[str, str] = {
            key: self._constant(key, value) for key, value in self.layers.essential(node).items()
        }
        named.update(self._call(node))
        leading: list[str] = []
        if signature.many:
            names = [parameter.name for parameter in signature.parameters if parameter.name in named]
            leading.extend(named.pop(name) for name in names)
        positional: list[str] = []
        flowing: dict[str, str] = {}
        for each in passed:
            if each.parameter is not None:
                flowing[each.parameter] = each.text
            else:
                positional.extend(each.tensors if signature.many else (each.text,))
        order = {parameter.name: place for place, parameter in enumerate(signature.parameters)}
        rest = sorted({**flowing, **named}.items(), key=lambda each: order.get(each[0], len(order)))
        while rest and _is_operand(rest[0][0], order, len(leading) + len(positional)):
            positional.append(rest.pop(0)[1])
        return f"{type_name}({_arguments([*leading, *positional], rest)})"

    def called(self, layer: str, node: Node, passed: tuple[Passed, ...]) -> str:
        """The call of a layer: `gru(x, initial_state=state)`."""
        first = self.layers.first_parameter(node)
        positional = [each.text for each in passed if each.parameter is None]
        named = {each.parameter: each.text for each in passed if each.parameter is not None}
        if not positional and first in named:
            positional.append(named.pop(first))
        return f"{layer}({_arguments(positional, {**named, **self._call(node)}.items())})"

    def _call(self, node: Node) -> dict[str, str]:
        keywords = plain_arguments(node.entry.call)
        return {key: self._value(key, value, _NOTHING) for key, value in keywords.items()}

    def _object(
        self,
        type_name: str,
        argument: str | None,
        arguments: Mapping[str, Json],
        name: str | None,
        elsewhere: Elsewhere,
    ) -> str:
        found = self.subject.catalogue.find(type_name, argument)
        module = module_of(argument) if argument is not None else None
        signature = found.constructor if found is not None else _NO_SIGNATURE
        order = {parameter.name: place for place, parameter in enumerate(signature.parameters)}
        given = sorted(arguments.items(), key=lambda each: order.get(each[0], len(order)))
        written = [(key, self._value(key, value, elsewhere)) for key, value in given]
        positional: list[str] = []
        if written and order.get(written[0][0]) == 0:
            required = list(signature.required())
            if required == [written[0][0]] or (module is not None and len(written) == 1):
                positional.append(written.pop(0)[1])
        if name is not None:
            written.append(("name", name))
        return f"{self._class(type_name, module)}({_arguments(positional, written)})"

    def _class(self, type_name: str, module: str | None) -> str:
        if type_name.startswith("keras.") and all(map(str.isidentifier, type_name.split("."))):
            return type_name  # a layer that Keras writes for its own models
        if not type_name.isidentifier():
            self.custom[type_name] = None
            return f"keras.saving.get_registered_object({text_of(type_name)})"
        if module is not None:
            return f"keras.{module}.{type_name}"
        if type_name == "Input":
            return "keras.Input"
        self.uses.add("layers")
        return f"layers.{type_name}"

    def _value(self, argument: str, value: Json, elsewhere: Elsewhere) -> str:
        if isinstance(value, list):
            items = [self._value(argument, item, elsewhere) for item in value]
            if value and all(item is None or type(item) is int for item in value):
                return f"({', '.join(items)}{',' * (len(items) == 1)})"
            return f"[{', '.join(items)}]"
        if not isinstance(value, dict):
            return constant(value)
        reuse, type_name, calls = value.get("reuse"), value.get("type"), value.get("layers")
        if isinstance(reuse, str) and len(value) == 1 and reuse in elsewhere.layers:
            return elsewhere.layers[reuse]
        if isinstance(calls, str) and len(value) == 1 and calls in elsewhere.models:
            return elsewhere.models[calls]
        if isinstance(type_name, str):
            rest = {key: item for key, item in value.items() if key != "type"}
            return self._object(type_name, argument, rest, None, elsewhere)
        pairs = (f"{text_of(key)}: {self._value(key, item, elsewhere)}" for key, item in value.items())
        return f"{{{', '.join(pairs)}}}"

    def _constant(self, argument: str, value: Json) -> str:
        """An argument of a function: slices and numbers that are a tensor are written as such."""
        if isinstance(value, list) and any(isinstance(item, str | list | dict) for item in value):
            return f"({', '.join(self._constant(argument, item) for item in value)},)"
        if isinstance(value, str) and value == "...":
            return value
        if isinstance(value, str) and (ends := ends_of(value)) is not None:
            return f"slice({', '.join(map(repr, ends))})"
        if isinstance(value, dict) and str(value.get("type", "")).startswith("ops."):
            dtype = "" if value.get("dtype") is None else f", dtype={constant(value['dtype'])}"
            return f"ops.array({self._value(argument, value.get('x'), _NOTHING)}{dtype})"
        return self._value(argument, value, _NOTHING)

    def input(self, arguments: dict[str, Json], name: str) -> str:
        """Where data comes in, with the arguments that say something."""
        layer = json.dumps({"type": "Input", **arguments})
        essential = json.loads(self.subject.keras.writing.essential(layer, (), self.layers.world))
        return self._object("Input", None, essential, text_of(name), _NOTHING)


def _is_operand(name: str, order: Mapping[str, int], place: int) -> bool:
    """Whether a person would write an argument of a function by its place: the first, or `x2`."""
    return order.get(name) == place and (place == 0 or (name[:1] == "x" and name[1:].isdecimal()))


def constant(value: Json) -> str:
    """A value that is no list and no mapping."""
    if isinstance(value, str):
        return text_of(value)
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return f'float("{value}")'
    return repr(value)


def text_of(text: str) -> str:
    """A text as Python writes it, in ASCII where a character cannot be seen."""
    return repr(text)


def _arguments(positional: Iterable[str], named: Iterable[tuple[str, str]]) -> str:
    """Arguments of a call; a name that Python does not take bare is passed in a mapping."""
    parts = list(positional)
    odd: list[str] = []
    for key, value in named:
        if key.isascii() and key.isidentifier() and not keyword.iskeyword(key):
            parts.append(f"{key}={value}")
        else:
            odd.append(f"{text_of(key)}: {value}")
    if odd:
        parts.append(f"**{{{', '.join(odd)}}}")
    return ", ".join(parts)
