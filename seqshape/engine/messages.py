"""Keras's messages, made readable: the sentence itself, without colours, object names and lists of
arguments that Keras wraps round it.
"""

import re

from seqshape.tree import shorten

LAYER = "seqshape__layer"
"""The name that every layer has while Keras is asked; `walk` puts the entry's name in its place."""

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_WRAPPED = re.compile(r"\AException encountered when calling .*?\.\s*\n+", re.DOTALL)
_TRAILER = re.compile(r"\n+Arguments received by .*", re.DOTALL)
_REMADE = re.compile(
    r"\A(?=[^\n]{1,300} could not be deserialized properly).*\nException encountered: ", re.DOTALL
)
"""All that Keras says before the reason why it cannot make a layer from its configuration."""
_TENSOR = re.compile(r"<KerasTensor shape=(\([^)]*\)), dtype=(\w+)[^>]*>")
_INFERRED = re.compile(
    r"\ACould not automatically infer the output shape.*?Error encountered:\s*", re.DOTALL
)
_SET = re.compile(r"\{((?:'[^'{}]*'(?:, )?){2,})\}")
_OBJECT = re.compile(r"<(?:[\w.]*\.)?(\w+) object at 0x[0-9a-f]+>")
_CONSTRUCTOR = re.compile(r"(?<![\w.])(?:\w{1,100}\.){0,10}(\w{1,100})\.__init__\(\)")
_CLASS = re.compile(r"<class '(?:[\w.]*\.)?(\w+)'>")
_NODE = re.compile(
    r" for '\{\{node [^}]*\}\} = (\w+)(?:\[.*?\])?\(.*?\)' with input shapes: (.*?)\.?\Z", re.DOTALL
)
_OPENS = re.compile(r"[\[{]|\((?=['\"\d-]|None\b)|[\])}]")
"""Where a value in brackets begins or ends; brackets round words of a sentence are none."""
_LONG_VALUE, _VALUE = 240, 120
"""Characters of a value that is cut, and what is left of it."""
_RUN = re.compile(rf"\S{{{_LONG_VALUE},}}")
_LONGEST = 2000
_MOST_READ = 20_000
"""Characters of a message that are looked at."""


def clean(error: BaseException) -> str:
    """The message of an exception as a user should read it; its kind where it has none."""
    try:
        said = str(error)
    except Exception:  # an exception of a plugin's own may fail at that
        said = ""
    text = _ANSI.sub("", said[:_MOST_READ]).strip()
    for pattern in (_REMADE, _WRAPPED, _TRAILER, _INFERRED, _TRAILER):
        text = pattern.sub("", text, count=1).strip()
    text = _NODE.sub(r" in \1 of \2", text)
    text = _TENSOR.sub(r"\1 \2", text)
    for pattern in (_CLASS, _OBJECT, _CONSTRUCTOR):
        text = pattern.sub(r"\1", text)
    text = _SET.sub(lambda found: "{" + ", ".join(sorted(found.group(1).split(", "))) + "}", text)
    text = _RUN.sub(lambda run: shorten(run.group(), _VALUE), _with_short_values(text))
    if len(text) > _LONGEST:
        text = text[:_LONGEST].rstrip() + " …"
    if isinstance(error, KeyError) or not text:
        return f"{type(error).__name__}: {text}".rstrip(": ")
    return text


def _with_short_values(text: str) -> str:
    """The text with every long value in brackets cut in its middle."""
    parts: list[str] = []
    open_, start, end = 0, 0, 0
    for bracket in _OPENS.finditer(text):
        if bracket.group() in "[{(":
            start = bracket.start() if open_ == 0 else start
            open_ += 1
        elif open_:
            open_ -= 1
            if open_ == 0:
                parts += [text[end:start], _short(text[start : bracket.end()])]
                end = bracket.end()
    if open_:  # the text ends inside a value
        parts += [text[end:start], _short(text[start:])]
        end = len(text)
    return "".join((*parts, text[end:]))


def _short(value: str) -> str:
    return shorten(value, _VALUE) if len(value) > _LONG_VALUE else value


def import_failure(error: BaseException) -> str:
    """Why a module of the user's cannot be imported; whoever wrote it knows Python's own words."""
    match error:
        case ModuleNotFoundError(name=str(name)):
            return f"no module named '{name}'"
        case ImportError():
            return clean(error)
        case SyntaxError(lineno=int(line), msg=str(said)):
            return f"line {line} of it is no Python: {said}"
        case SystemExit():
            return "it ends the program"
    kind, said = type(error).__name__, clean(error)
    return said if said.startswith(kind) else f"{kind}: {said}"
