"""Values as YAML on one line, read back by the YAML 1.2 core schema as what they are.

PyYAML's emitter says how a text is quoted and escaped; what must be quoted is asked of our own reader.
"""

import io
from functools import lru_cache

import yaml

from seqshape import core_schema, sizes
from seqshape.size_reader import is_like_a_size
from seqshape.tree import Json, JsonScalar, Mapping, Scalar, Sequence, Style, Value

_WIDEST = 1 << 30


NO_DIMS: frozenset[str] | None = None
"""Where no size can stand: names, references, types."""


def scalar_of(value: JsonScalar, dims: frozenset[str] | None = NO_DIMS) -> str:
    """A single value; beside `dims`, a text that looks like a size is written so that it is none."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _float(value)
    named = sizes.names(value) if dims is not None else ()
    is_size = dims is not None and bool(named or value[:1].isdecimal() or value[:1] == "(")
    if dims is not None and named and set(named) <= dims:
        return _text(value, "!!str ", quoted=True)
    is_size = is_size and dims is not None and is_like_a_size(value, dict.fromkeys(dims))
    return _text(value, "", quoted=is_size)


def _float(value: float) -> str:
    if value != value:
        return ".nan"
    if value in (float("inf"), float("-inf")):
        return ".inf" if value > 0 else "-.inf"
    return repr(value)


@lru_cache(maxsize=100_000)
def _text(text: str, tag: str, *, quoted: bool) -> str:
    """A text, plain where it is read as a text then, else in quotes."""
    plain = core_schema.resolve(text) == text and not quoted
    style = None if plain else "'"
    return tag + _emitted(text, style if text.isprintable() else '"', plain)


def _emitted(text: str, style: str | None, plain: bool) -> str:
    stream = io.StringIO()
    emitter = yaml.Dumper(stream, width=_WIDEST, allow_unicode=text.isprintable())
    try:
        for event in (
            yaml.StreamStartEvent(),
            yaml.DocumentStartEvent(explicit=False),
            yaml.SequenceStartEvent(None, None, True, flow_style=True),
            yaml.ScalarEvent(None, None, (plain, True), text, style=style),
            yaml.SequenceEndEvent(),
            yaml.DocumentEndEvent(explicit=False),
            yaml.StreamEndEvent(),
        ):
            emitter.emit(event)
    finally:
        emitter.dispose()
    return stream.getvalue().strip()[1:-1]


def flow_of(value: Json, dims: frozenset[str] | None = NO_DIMS) -> str:
    """A value on one line."""
    if isinstance(value, list):
        return f"[{', '.join(flow_of(item, dims) for item in value)}]"
    if isinstance(value, dict):
        pairs = (f"{scalar_of(key)}: {flow_of(item, dims)}" for key, item in value.items())
        return f"{{{', '.join(pairs)}}}"
    return scalar_of(value, dims)


def written_of(value: Value, dims: frozenset[str]) -> str:
    """A value of a file on one line, with the expressions over dims that stand in it."""
    match value:
        case Sequence():
            return f"[{', '.join(written_of(item, dims) for item in value.items)}]"
        case Mapping():
            pairs = (f"{scalar_of(key.text)}: {written_of(item, dims)}" for key, item in value.items)
            return f"{{{', '.join(pairs)}}}"
        case Scalar():
            return _scalar_written(value, dims)


def _scalar_written(value: Scalar, dims: frozenset[str]) -> str:
    if isinstance(value.value, str):
        return scalar_of(value.value, dims)
    named = sizes.names(value.text)
    if value.style in (Style.PLAIN, Style.QUOTED) and named and set(named) <= dims:
        return value.text.strip()
    if value.style is Style.PLAIN and not isinstance(value.value, str):
        try:
            same = core_schema.resolve(value.text)
        except ValueError:
            same = value.text
        if type(same) is type(value.value) and same == value.value and value.text:
            return value.text if value.text != "~" else "null"
    return scalar_of(value.value)
