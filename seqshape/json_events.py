"""JSON as the events that YAML gives, so that one reader applies the limits and finds the faults.

JSON is nearly YAML, but not to libyaml: it refuses escapes of characters in two halves and keys of
more than 1,024 characters. Nothing recurses here.
"""

import re
from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]

import yaml

_SPACE = re.compile(r"[ \t\n\r]*")
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null")
_MEANT = re.compile(r'[ \t\n\r]*(?:\{[ \t\n\r]*"|\[[ \t\n\r]*[{["])')
_OPENING = {"{": yaml.MappingStartEvent, "[": yaml.SequenceStartEvent}
_CLOSING = {"{": ("}", yaml.MappingEndEvent), "[": ("]", yaml.SequenceEndEvent)}


class NotJson(ValueError):
    """The text is no JSON: what is wrong, and the index of the character where."""

    def __init__(self, problem: str, index: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.index = index


def looks_like_json(text: str) -> bool:
    """Whether a text starts as a JSON object or list does. A YAML flow mapping may do so too."""
    start = text[_SPACE.match(text).end() :][:1]  # type: ignore[union-attr]
    return start in ("{", "[")


def is_meant_as_json(text: str) -> bool:
    """Whether a text begins as only JSON does: a quoted key, or a list of objects, lists or texts."""
    return _MEANT.match(text) is not None


def events(text: str) -> Iterator[yaml.Event]:
    """The events of a JSON text.

    Raises:
        NotJson: the text is no JSON; some events may have come before.

    """
    index = _skip(text, 0)
    open_: list[str] = []
    while True:
        if text[index : index + 1] in ("{", "["):
            bracket = text[index]
            yield _OPENING[bracket](None, None, True, _mark(index), _mark(index + 1), flow_style=True)
            open_.append(bracket)
            index = _skip(text, index + 1)
            closed = text.startswith(_CLOSING[bracket][0], index)
        else:
            event, index = _scalar(text, index)
            yield event
            index, closed = _skip(text, index), True
        while closed and open_:
            closing, end = _CLOSING[open_[-1]]
            if text.startswith(closing, index):
                yield end(_mark(index), _mark(index + 1))
                open_.pop()
                index = _skip(text, index + 1)
            elif text.startswith(",", index):
                index = _skip(text, index + 1)
                break
            else:
                raise NotJson(f"a `,` or the closing bracket `{closing}` is missing", index)
        if not open_:
            break
        if open_[-1] == "{":
            event, index = _key(text, index)
            yield event
    if index != len(text):
        raise NotJson("something stands behind its end", index)


def _skip(text: str, index: int) -> int:
    found = _SPACE.match(text, index)
    assert found is not None
    return found.end()


def _key(text: str, index: int) -> tuple[yaml.Event, int]:
    """A key with its colon, and the index of its value."""
    if not text.startswith('"', index):
        raise NotJson("a key in double quotes was expected", index)
    event, index = _scalar(text, index)
    index = _skip(text, index)
    if not text.startswith(":", index):
        raise NotJson("the `:` after a key is missing", index)
    return event, _skip(text, index + 1)


def _scalar(text: str, index: int) -> tuple[yaml.Event, int]:
    """A text, a number, `true`, `false` or `null`, and the index behind it."""
    if text.startswith('"', index):
        try:
            value, end = scanstring(text, index + 1, True)
        except ValueError as error:
            raise NotJson(
                "a quoted text has no end, or an escape that JSON does not know", index
            ) from error
        return _event(value, index, end, quoted=True), end
    found = _PLAIN.match(text, index)
    if found is None:
        raise NotJson("a value was expected: a text in double quotes, a number, a list or an object", index)
    return _event(found.group(), index, found.end(), quoted=False), found.end()


def _event(value: str, start: int, end: int, quoted: bool) -> yaml.Event:
    implicit = (not quoted, quoted)
    return yaml.ScalarEvent(None, None, implicit, value, _mark(start), _mark(end), '"' if quoted else "")


def _mark(index: int) -> yaml.Mark:
    """Where an event starts or ends; the reader finds the line itself."""
    return yaml.Mark("", index, 0, 0, None, 0)
