"""The sizes in a spec: its dims, and every size in an argument, worked out.

Tells a size from a text that only looks like one; what a size may say is `sizes`' to know.
"""

import re
from collections.abc import Mapping as Map

from seqshape import sizes
from seqshape.faults import BadSize, Fault, WrongKind
from seqshape.tree import Mapping, Scalar, Sequence, Style, Value, describe, is_broken, plain

_PURE = re.compile(r"[0-9(][0-9 ()]*(?:\*|//)[0-9 ()*/+\-]*\Z")


def is_like_a_size(text: str, dims: Map[str, int | None]) -> bool:
    """Whether a text without quotes means a size beside some dims."""
    return _PURE.match(text) is not None or sizes.is_size(text, dims)


def is_model(value: Value) -> bool:
    """Whether a value of an argument is a block that stands where Keras expects a layer."""
    return isinstance(value, Mapping) and value.get("layers") is not None and value.get("type") is None


class SizeReader:
    """Reads sizes; `faults` grows by what is wrong with them, `overrides` replace sizes of dims.

    `dims` holds each dim's size, None for an unknown one; `unknown` those that are unknown themselves,
    `texts` the expressions of those that are worked out.
    """

    def __init__(self, overrides: Map[str, int | None], faults: list[Fault]) -> None:
        self.dims: dict[str, int | None] = {}
        self.unknown: list[str] = []
        self.texts: dict[str, str] = {}
        self._overrides = overrides
        self._faults = faults
        self._later: set[str] = set()

    def _wrong(self, value: Value, layer: str, key: str, expected: str) -> None:
        if not is_broken(value):
            self._faults.append(WrongKind(value.place, layer, key, expected, describe(value)))

    def read_dims(self, value: Value | None) -> None:
        """Reads the spec's `dims`."""
        if value is None:
            return
        if not isinstance(value, Mapping):
            self._wrong(value, "", "dims", "a mapping from names to sizes")
            return
        self._later = {key.text for key, _ in value}
        for key, item in value:
            if not sizes.DIM_NAME.match(key.text):
                problem = "a dim's name starts with an upper-case letter: letters, digits and `_`"
                self._faults.append(BadSize(key.place, "", key.text, problem, "", ()))
            elif key.text in self._overrides:
                self.dims[key.text] = self._overrides[key.text]
            else:
                self.dims[key.text] = self.size(item, "", f"dims.{key.text}")
                if _is_text(item) and isinstance(item, Scalar):
                    self.texts[key.text] = item.text
            if self.dims.get(key.text, 0) is None and (key.text in self._overrides or plain(item) is None):
                self.unknown.append(key.text)
            self._later.discard(key.text)

    def size(self, value: Value, layer: str, key: str) -> int | None:
        """The size that a value stands for; None for an unknown one, and, with a fault, for none at all."""
        if isinstance(value, Scalar):
            number = value.value
            if number is None or (isinstance(number, int) and not isinstance(number, bool)):
                return number
            if isinstance(number, str):
                return self._evaluate(value, layer)
        self._wrong(value, layer, key, "a whole number, `null` or an expression over dims")
        return None

    def _evaluate(self, value: Scalar, layer: str) -> int | None:
        try:
            return sizes.evaluate(value.text, self.dims)
        except sizes.NoSize as problem:
            said = problem.problem
            if problem.word in self._later:
                said = f"the dim `{problem.word}` is not known there yet: a dim can use those above it"
            known = () if problem.word in self._later else tuple(self.dims)
            self._faults.append(BadSize(value.place, layer, value.text, said, problem.word, known))
            return None

    def sized(self, value: Value, layer: str) -> Value:
        """The value with every size in it worked out."""
        match value:
            case Scalar():
                if self._is_size(value):
                    return Scalar(self._evaluate(value, layer), value.text, value.style, value.place)
                return value
            case Sequence():
                if any(_is_text(item) and not self._is_size(item) for item in value.items):
                    self._slips(value, layer)
                    return value  # a list of words, though some may be written like a dim
                return Sequence(tuple(self.sized(item, layer) for item in value.items), value.place)
            case Mapping() if is_model(value):  # its entries are read as such, with their sizes
                return value
            case Mapping():
                pairs = tuple(
                    (key, item if key.text == "vocabulary" else self.sized(item, layer))
                    for key, item in value.items
                )
                return Mapping(pairs, value.place)

    def _is_size(self, value: Value) -> bool:
        """Whether a text stands for a size; one in quotes only where all its names are dims."""
        if not isinstance(value, Scalar) or not isinstance(value.value, str):
            return False
        if value.style is Style.PLAIN:
            return is_like_a_size(value.text, self.dims)
        named = sizes.names(value.text)
        return value.style is Style.QUOTED and bool(named) and all(name in self.dims for name in named)

    def _slips(self, value: Sequence, layer: str) -> None:
        """Tells the wrong sizes in a list that has right ones: `[T, CC]` where the dim is `C`."""
        if not any(self._is_size(item) for item in value.items):
            return
        for item in value.items:
            if not isinstance(item, Scalar) or not _is_text(item) or self._is_size(item):
                continue
            words = sizes.names(item.text)
            if words and all(sizes.DIM_NAME.match(word) for word in words):
                self._evaluate(item, layer)


def _is_text(value: Value) -> bool:
    return isinstance(value, Scalar) and isinstance(value.value, str)
