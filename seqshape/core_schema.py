"""Plain scalars as the YAML 1.2 core schema reads them (https://yaml.org/spec/1.2.2/#103-core-schema).

`no`, `on` and `12:30` are texts here; `1e6` is a number. Knows nothing of places.
"""

import re

from seqshape.tree import JsonScalar

TAG = "tag:yaml.org,2002:"
SCALAR_TAGS = frozenset(TAG + name for name in ("null", "bool", "int", "float", "str"))
SEQUENCE_TAG = TAG + "seq"
MAPPING_TAG = TAG + "map"

MOST_DIGITS = 300
"""Longer numbers stay text: no shape needs them, and Python refuses to print them."""

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+\Z")
_OCTAL = re.compile(r"0o[0-7]+\Z")
_HEX = re.compile(r"0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_INFINITY = re.compile(r"[-+]?\.(inf|Inf|INF)\Z")
_NAN = frozenset((".nan", ".NaN", ".NAN"))
_STARTS = frozenset("-+.0123456789")


def resolve(text: str) -> JsonScalar:
    """The value of a plain scalar without a tag."""
    if text in _NULLS:
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    if text[0] not in _STARTS or len(text) > MOST_DIGITS:
        return text
    if _INT.match(text):
        return int(text)
    if _OCTAL.match(text):
        return int(text, 0)
    if _HEX.match(text):
        return int(text, 0)
    if _FLOAT.match(text):
        return float(text)
    if _INFINITY.match(text):
        return float("-inf" if text.startswith("-") else "inf")
    if text in _NAN:
        return float("nan")
    return text


def tagged(text: str, tag: str) -> JsonScalar:
    """The value of a scalar with one of `SCALAR_TAGS`.

    Raises:
        ValueError: the text is no value of that tag (`!!int abc`).

    """
    kind = tag.removeprefix(TAG)
    if kind == "str":
        return text
    value = resolve(text) if text or kind == "null" else text
    if kind == "float" and isinstance(value, int) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError as error:
            raise ValueError(f"{text!r} is too large for a float") from error
    expected = {"null": type(None), "bool": bool, "int": int, "float": float}[kind]
    if type(value) is not expected:
        raise ValueError(f"{text!r} is no {kind}")
    return value
