"""The parts of the schema that are the spec language's own: entries, blocks, sizes, expectations."""

from collections.abc import Iterable

from seqshape import rules
from seqshape.codes import can_be_silenced
from seqshape.expectation_reader import COUNTS
from seqshape.spec_reader import SETTINGS
from seqshape.tree import Json


def ref(definition: str) -> dict[str, Json]:
    """A reference to one of the schema's definitions."""
    return {"$ref": f"#/$defs/{definition}"}


def _object(properties: dict[str, Json], *required: str, about: str = "") -> dict[str, Json]:
    """A mapping with these keys and no other."""
    found: dict[str, Json] = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        found["required"] = [*required]
    if about:
        found["description"] = about
    return found


def _any(*kinds: Json) -> dict[str, Json]:
    return {"anyOf": list(kinds)}


def offered(words: Iterable[str], otherwise: Json) -> dict[str, Json]:
    """Words that an editor completes, beside all else that may stand there."""
    return _any({"enum": [*words]}, otherwise)


def _about(part: str, about: str) -> dict[str, Json]:
    return {**ref(part), "description": about}


_SIZE_TEXT: Json = {"type": "string", "pattern": r"^[A-Za-z0-9_ \t+*/()-]+$"}
_COUNTS: dict[str, Json] = {
    name: _about("count", f"How many {name.replace('_', ' ')} there must be: a count, or `min` and `max`.")
    for name in COUNTS
}
_ENTRY_EXPECT = _object(
    {
        "shape": _about(
            "shape", "The shape of the output; `batch` or `null` for an unknown axis, or `any`."
        ),
        "shapes": {
            "type": "object",
            "additionalProperties": ref("shape"),
            "description": "Shapes by the name of the output.",
        },
        "params": _COUNTS["params"],
        "trainable_params": _COUNTS["trainable_params"],
        "dtype": {"type": "string", "description": "The dtype of the output."},
    },
    about="What must hold here.",
)
_SPEC_EXPECT = _object(
    {
        **_COUNTS,
        "outputs": {
            "type": "object",
            "additionalProperties": ref("shape"),
            "description": "Shapes by reference: `enc.state: [batch, 16]`.",
        },
    },
    about="What must hold of the whole model.",
)
ENTRY_PARTS: dict[str, Json] = {
    "name": _about("word", "The entry's name, unique in its list."),
    "expect": ref("expect"),
    "ignore": ref("ignore"),
}
"""What every entry has beside its type and arguments."""
BLOCK: dict[str, Json] = _object(
    {
        "name": ENTRY_PARTS["name"],
        "layers": ref("layers"),
        "repeat": _about("copies", "How many copies, each fed by the one before."),
        "inputs": ref("inputs"),
        "expect": ref("expect"),
        "ignore": ref("ignore"),
    },
    "layers",
    about="A named group of entries; `input` is what flows in.",
)
_REUSE = _object(
    {
        **ENTRY_PARTS,
        "reuse": _about("word", "The earlier layer or block that is called again, with the same weights."),
        "inputs": ref("inputs"),
        "call": {"type": "object"},
    }
)
_STRAY: dict[str, Json] = dict.fromkeys(("inputs", "call", "expect", "ignore"), False)
"""Keys of an entry that a layer inside an argument does not have."""


def _first_of(cases: dict[str, Json], otherwise: Json) -> Json:
    """What a mapping must be by the first of these keys that it has."""
    found = otherwise
    for key, then in reversed(cases.items()):
        found = {"if": {"required": [key]}, "then": then, "else": found}
    return found


_ENTRY: Json = {
    "type": "object",
    "properties": {"type": ref("type")},
    "allOf": [
        _first_of(
            {"type": ref("typed"), "layers": ref("block"), "reuse": ref("reused")}, {"required": ["type"]}
        )
    ],
}
_LAYER: dict[str, Json] = {
    "type": {"properties": {"type": ref("type"), **_STRAY}, "allOf": [ref("typed")]},
    "layers": ref("block"),
    "reuse": _object({"reuse": ref("word")}),
}
_MAPPING = _first_of(_LAYER, {"properties": {"class_name": False}, "additionalProperties": ref("value")})
_VALUE: Json = {
    "if": {"type": "object"},
    "then": _MAPPING,
    "else": {"if": {"type": "array"}, "then": {"items": ref("value")}},
}
_INNER: dict[str, Json] = {"if": {"type": "object"}, "then": _first_of(_LAYER, {"required": ["type"]})}

PARTS: dict[str, Json] = {
    "word": {"type": ["string", "number", "boolean"], "not": {"const": ""}},
    "words": _any(ref("word"), {"type": "array", "items": ref("word")}),
    "size": {
        "description": "A whole number, `null` (unknown), a dim, or an expression over dims: `2*H`.",
        **_any({"type": "integer"}, {"type": "null"}, _SIZE_TEXT),
    },
    "copies": _any({"type": "integer", "minimum": 1}, _SIZE_TEXT),
    "shape": {"type": "array", "items": _any({"type": "integer"}, {"type": "null"}, _SIZE_TEXT)},
    "number": _any({"type": "integer"}, {"type": "string", "pattern": r"^[A-Za-z0-9_. \t+*/()-]+$"}),
    "count": _any(
        ref("number"),
        {**_object({"min": ref("number"), "max": ref("number")}), "minProperties": 1},
    ),
    "inputs": {
        "description": "A reference, a list of them, or a mapping from the call's parameters to them.",
        **_any(ref("words"), {"type": "object", "additionalProperties": ref("words")}),
    },
    "ignore": {
        "description": "Codes to keep silent here.",
        **_any(ref("code"), {"type": "array", "items": ref("code")}),
    },
    "code": {"enum": [code for code in rules.codes() if can_be_silenced(code)]},
    "expect": _ENTRY_EXPECT,
    "layers": {"type": "array", "minItems": 1, "items": ref("entry")},
    "entry": _ENTRY,
    "reused": _REUSE,
    "value": _VALUE,
    "inner": {"type": ["object", "null"], **_INNER},
    "inners": {"type": ["object", "array", "null"], **_INNER, "items": ref("inner")},
}
"""The definitions that know no type of Keras's."""

SPEC: dict[str, Json] = {
    **_object(
        {
            "name": _about("word", "The model's name."),
            "dims": {
                "type": "object",
                "description": "Named sizes, usable wherever a size is expected: `dims: {T: 64, H: 16}`.",
                "propertyNames": {"pattern": "^[A-Z][A-Za-z0-9_]*$"},
                "additionalProperties": ref("size"),
            },
            "layers": {**ref("layers"), "description": "The entries, in the order in which data flows."},
            "outputs": _about("words", "References to what the model gives."),
            "expect": _SPEC_EXPECT,
            "keras": _object(
                {
                    name: _about(
                        "word", f"What keras.config.set_{name} would set before the model is made."
                    )
                    for name in SETTINGS
                },
                about="Keras's global settings for this model.",
            ),
            "ignore": ref("ignore"),
        },
        "layers",
    ),
    "patternProperties": {"^x-": True},
}
"""The top of a spec."""
