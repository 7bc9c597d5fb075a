"""A JSON Schema (2020-12) of the spec language, from the catalogue of the installed Keras.

Made for editors: `if` a type is named `then` its own arguments, by name and closed, so that an editor
completes them and underlines any other. What a schema cannot see (references, shapes, dims) it lets pass.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping

from seqshape.engine.catalogue import ACTIVATIONS, MODULES, Catalogue, Type, takes_layer, words_module
from seqshape.engine.documentation import Argument, Page
from seqshape.schema_parts import BLOCK, ENTRY_PARTS, PARTS, SPEC, offered, ref
from seqshape.tree import Json

_FEW = 3
"""How many types must share a part before it is written once."""
_LONG = 60
_FLAG: dict[str, Json] = {"type": ["boolean", "null"]}
_LISTED: dict[str, Json] = {"type": ["array", "null"]}


def schema(
    catalogue: Catalogue, pages: Mapping[str, Page], registered: Mapping[str, tuple[Type, Page]]
) -> dict[str, Json]:
    """The schema, as JSON has it."""
    types = {name: (each, pages.get(name)) for name, each in catalogue.types.items() if not each.needs_code}
    types.update(registered)
    names = _names(types, catalogue)
    summaries = {name: page.summary if page is not None else "" for name, (_, page) in types.items()}
    definitions: dict[str, Json] = {
        **PARTS,
        "block": BLOCK,
        "type": _type_names(summaries, catalogue),
        "typed": {"allOf": [_then(f"type.{name}", also) for name, also in names.items()]},
    }
    definitions.update((f"type.{name}", _type(*types[name])) for name in names)
    definitions.update(_values(catalogue))
    for module, family in catalogue.families.items():
        definitions[module] = _family(module, family)
        for name, type_ in family.items():
            arguments = {each: _argument(each, None, type_) for each in type_.constructor.names()}
            definitions[f"{module}.{name}"] = _closed(type_, arguments)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A layer spec of seqshape",
        "description": f"Made by `seqshape schema` for Keras {catalogue.keras}.",
        **SPEC,
        "$defs": _shared(definitions),
    }


def _names(types: Mapping[str, tuple[Type, Page | None]], catalogue: Catalogue) -> dict[str, list[str]]:
    """By the first name of each type, all the names that it has."""
    names: dict[str, list[str]] = {}
    for name, (_, page) in types.items():
        first = next((each for each in (page.aliases if page is not None else ()) if each in names), name)
        names.setdefault(first, []).append(name)
    for alias, name in catalogue.aliases.items():
        if name in names:
            names[name].append(alias)
    return names


def _then(definition: str, names: list[str]) -> Json:
    condition: Json = {"const": names[0]} if len(names) == 1 else {"enum": list(names)}
    return {"if": {"properties": {"type": condition}}, "then": ref(definition)}


def _type_names(summaries: dict[str, str], catalogue: Catalogue) -> Json:
    """What can stand as `type`; a registered layer of one's own is any word with `>`.

    Second names are taken, and not offered.
    """
    taken: list[Json] = [{"type": "string", "pattern": ">"}, {"enum": [*catalogue.aliases]}]
    return {
        "if": {"anyOf": taken},
        "else": {
            "enum": [*summaries],
            "enumDescriptions": [*summaries.values()],
            "errorMessage": "There is no such type; `seqshape layers` lists all that there are.",
        },
    }


def _values(catalogue: Catalogue) -> dict[str, Json]:
    """What may stand where Keras takes an activation, an initializer and so on: a word, or a mapping."""
    found: dict[str, Json] = {
        f"{ACTIVATIONS}.any": offered(catalogue.words.get(ACTIVATIONS, ()), ref("value"))
    }
    for module in sorted(set(MODULES.values())):
        text: dict[str, Json] = {"type": ["string", "null"]}
        words = catalogue.words.get(module, ())
        mapping: dict[str, Json] = {"if": {"type": "object"}, "then": ref(module)}
        found[f"{module}.any"] = {**mapping, "else": offered(words, text) if words else text}
    return found


def _type(type_: Type, page: Page | None) -> Json:
    """A type's own arguments, closed, beside what every entry has."""
    about = {each.name: each for each in page.arguments} if page is not None else {}
    names = type_.constructor.names() if page is None else about
    properties = {name: _argument(name, about.get(name), type_) for name in names}
    hidden = [each.name for each in type_.constructor.parameters if each.hidden]
    properties.update({name: ref("value") for name in hidden if name not in properties})
    found = _closed(type_, {**properties, **ENTRY_PARTS, **_fed(type_)})
    if type_.name.startswith("ops."):  # what is required may be an input
        found.pop("required", None)
    if page is not None and page.summary:
        found["description"] = page.summary
    return found


def _fed(type_: Type) -> dict[str, Json]:
    """`inputs` and `call`, with the names that the type's call has."""
    names: list[Json] = list(type_.call.names())
    if not names and not type_.call.open and not type_.call.many:
        return {"inputs": False, "call": False}
    if type_.call.open:
        return {"inputs": ref("inputs"), "call": {"type": "object"}}
    inputs: Json = {"allOf": [ref("inputs")], "propertyNames": {"enum": names}}
    return {
        "inputs": inputs,
        "call": {"type": "object", "propertyNames": {"enum": names}, "additionalProperties": ref("value")},
    }


def _closed(type_: Type, properties: dict[str, Json]) -> dict[str, Json]:
    found: dict[str, Json] = {"properties": {"type": True, **properties}}
    if required := list(type_.constructor.required()):
        found["required"] = [*required]
    if not type_.constructor.open:
        found["additionalProperties"] = False
    return found


def _argument(name: str, argument: Argument | None, type_: Type) -> Json:
    """What a value of an argument may be, with what Keras says of it."""
    module = words_module(name)
    said: dict[str, Json] = {}
    if argument is not None and argument.about:
        said["description"] = argument.about
    if argument is not None and argument.told and argument.default is not None:
        said["default"] = argument.default
    if type_.constructor.flag(name):
        return {**_FLAG, **said}
    if name == "vocabulary":
        return {**_LISTED, **said}
    if takes_layer(name):
        return {**ref("inner" if name.endswith("layer") else "inners"), **said}
    if module is None and argument is not None and argument.choices:
        return {**offered(argument.choices, ref("value")), **said}
    return {**ref("value" if module is None else f"{module}.any"), **said}


def _family(module: str, family: Mapping[str, Type]) -> Json:
    """What a mapping with `type` can be where Keras takes an initializer, a regularizer and so on."""
    return {
        "type": "object",
        "required": ["type"],
        "properties": {
            "type": {"anyOf": [{"enum": list(family)}, {"type": "string", "pattern": ">"}]},
        },
        "allOf": [_then(f"{module}.{name}", [name]) for name in family],
    }


def _shared(definitions: dict[str, Json]) -> dict[str, Json]:
    """The definitions, with the parts that many types have in definitions of their own."""

    def parts() -> Iterable[tuple[dict[str, Json], str, str]]:
        for definition in definitions.values():
            properties = definition.get("properties") if isinstance(definition, dict) else None
            if isinstance(properties, dict):
                for name, value in properties.items():
                    text = json.dumps(value)
                    if len(text) > _LONG:
                        yield properties, name, text

    counts = Counter(text for _, _, text in parts())
    names: dict[str, str] = {}
    for properties, name, text in list(parts()):
        if counts[text] >= _FEW:
            taken = f"{name}.{sum(each.startswith(f'{name}.') for each in names.values()) + 1}"
            shared = names.setdefault(text, taken)
            properties[name] = ref(f"shared.{shared}")
    return {**definitions, **{f"shared.{name}": json.loads(text) for text, name in names.items()}}


def written(schema: Mapping[str, Json]) -> str:
    """The schema as text: a line for each definition, so that two versions can be compared."""
    lines = []
    for key, value in schema.items():
        if key == "$defs" and isinstance(value, dict):
            definitions = ",\n".join(f"  {_line(name)}:{_line(each)}" for name, each in value.items())
            lines.append(f' "$defs": {{\n{definitions}\n }}')
        else:
            lines.append(f" {_line(key)}: {_line(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _line(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
