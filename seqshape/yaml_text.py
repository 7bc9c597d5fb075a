"""Values as YAML on one line, read back by the YAML 1.2 core schema as what they are.

PyYAML's emitter says how a text is quoted and escaped; what must be quoted is asked of our own reader.
"""

import io
import json
from functools import lru_cache

import yaml

from seqshape import core_schema
from seqshape.frozen import frozen
from seqshape.tree import Json, JsonScalar

_WIDEST = 1 << 30


@frozen
class Tone:
    """How collections on one line are written: the quotes around texts, and what stands between values."""

    quote: str = ""
    """Empty where texts stand plain if they can, else `'` or `"`."""
    colon: str = ": "
    comma: str = ", "
    json: bool = False


PLAIN = Tone()


def scalar_of(value: JsonScalar, quote: str = "", tag: str = "") -> str:
    """A single value; a text with `quote` stands in those quotes, with `tag` behind that tag."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _float(value)
    return _text(value, quote, tag)


def _float(value: float) -> str:
    if value != value:
        return ".nan"
    if value in (float("inf"), float("-inf")):
        return ".inf" if value > 0 else "-.inf"
    return repr(value)


@lru_cache(maxsize=100_000)
def _text(text: str, quote: str, tag: str) -> str:
    """A text, plain where it is read as a text then, else in quotes."""
    plain = core_schema.resolve(text) == text and not quote
    style = None if plain else quote or "'"
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


def flow_of(value: Json, tone: Tone = PLAIN) -> str:
    """A value on one line."""
    if isinstance(value, list):
        return f"[{tone.comma.join(flow_of(item, tone) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{tone.comma.join(pair_of(key, item, tone) for key, item in value.items())}}}"
    return json.dumps(value, ensure_ascii=False) if tone.json else scalar_of(value, tone.quote)


def pair_of(key: str, value: Json, tone: Tone = PLAIN) -> str:
    """A key with its value on one line."""
    return f"{flow_of(key, tone)}{tone.colon}{flow_of(value, tone)}"
