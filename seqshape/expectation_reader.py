"""The `expect` of a spec or an entry: shapes, counts, budgets, dtypes."""

import re
from collections.abc import Mapping as Map

from seqshape import sizes
from seqshape.faults import BadSize, Fault, UnknownKey, WrongKind
from seqshape.spec import Axis, Budget, Expectation, ExpectedShape, Word
from seqshape.tree import Mapping, Scalar, Sequence, Value, describe, is_broken

SPEC_KEYS = ("params", "trainable_params", "weight_bytes", "outputs")
ENTRY_KEYS = ("shape", "shapes", "params", "trainable_params", "dtype")
COUNTS = ("params", "trainable_params", "weight_bytes")

_POWERS = {"": 1, "k": 10**3, "M": 10**6, "B": 10**9}
_COUNT = re.compile(r"([0-9]{1,100})(?:\.([0-9]{1,100}))?([kMB]?)\Z")


class ExpectationReader:
    """Reads one `expect`; `faults` grows by what is wrong with it."""

    def __init__(self, dims: Map[str, int | None], faults: list[Fault]) -> None:
        self._dims = dims
        self._faults = faults

    def read(self, value: Value, layer: str, known: tuple[str, ...]) -> Expectation:
        """The expectation under `expect`, of the entry `layer` or (empty) of the whole spec."""
        if not isinstance(value, Mapping):
            self._wrong(value, layer, "expect", "a mapping")
            return Expectation()
        shapes: list[ExpectedShape] = []
        budgets: list[Budget] = []
        dtype: Word | None = None
        for key, item in value:
            if key.text not in known:
                self._faults.append(UnknownKey(key.place, layer, key.text, "`expect`", known))
            elif key.text == "shape":
                shapes.extend(self._shape(item, layer, None))
            elif key.text in ("shapes", "outputs"):
                shapes.extend(self._shapes(item, layer, key.text))
            elif key.text in COUNTS:
                budgets.extend(self._budget(item, layer, key.text))
            elif isinstance(item, Scalar) and isinstance(item.value, str):
                dtype = Word(item.value, item.place)
            else:
                self._wrong(item, layer, "dtype", "the name of a dtype")
        return Expectation(tuple(shapes), tuple(budgets), dtype)

    def _wrong(self, value: Value, layer: str, key: str, expected: str) -> None:
        if not is_broken(value):
            self._faults.append(WrongKind(value.place, layer, key, expected, describe(value)))

    def _shapes(self, value: Value, layer: str, key: str) -> list[ExpectedShape]:
        if not isinstance(value, Mapping):
            self._wrong(value, layer, key, "a mapping from outputs to shapes")
            return []
        return [
            shape for word, item in value for shape in self._shape(item, layer, Word(word.text, word.place))
        ]

    def _shape(self, value: Value, layer: str, output: Word | None) -> list[ExpectedShape]:
        if not isinstance(value, Sequence):
            self._wrong(value, layer, "shape", "a list of axes")
            return []
        axes: list[Axis] = []
        for item in value.items:
            try:
                axes.append(self._axis(item))
            except sizes.NoSize as problem:
                known = ("batch", "any", *self._dims)
                text = item.text if isinstance(item, Scalar) else describe(item)
                self._faults.append(BadSize(item.place, layer, text, problem.problem, problem.word, known))
        if len(axes) < len(value.items):
            return []
        texts = tuple(item.text if isinstance(item, Scalar) else "" for item in value.items)
        return [ExpectedShape(output, tuple(axes), value.place, texts)]

    def _axis(self, item: Value) -> Axis:
        if not isinstance(item, Scalar):
            raise sizes.NoSize("an axis is a size, `batch`, `null` or `any`")
        match item.value:
            case None | "batch":
                return None
            case "any":
                return "any"
            case bool() | float():
                raise sizes.NoSize("an axis is a whole number")
            case int():
                return item.value
            case text:
                return sizes.evaluate(text, self._dims)

    def _budget(self, value: Value, layer: str, quantity: str) -> list[Budget]:
        if not isinstance(value, Mapping):
            count = self._count(value, layer, quantity)
            return [] if count is None else [Budget(quantity, count, None, None, value.place)]
        ends: dict[str, int | None] = {"min": None, "max": None}
        for key, item in value:
            if key.text in ends:
                ends[key.text] = self._count(item, layer, quantity)
            else:
                self._faults.append(UnknownKey(key.place, layer, key.text, "a budget", ("min", "max")))
        if not value.items:
            self._wrong(value, layer, quantity, "a count, or a mapping with `min` or `max`")
        if ends["min"] is None and ends["max"] is None:
            return []
        return [Budget(quantity, None, ends["min"], ends["max"], value.place)]

    def _count(self, value: Value, layer: str, quantity: str) -> int | None:
        if isinstance(value, Scalar):
            number = value.value
            if isinstance(number, float) and number.is_integer():
                return int(number)
            if isinstance(number, int) and not isinstance(number, bool):
                return number
            if isinstance(number, str):
                if found := _COUNT.match(number):
                    return _scaled(found.group(1), found.group(2) or "", found.group(3))
                try:
                    return sizes.evaluate(number, self._dims)
                except sizes.NoSize as problem:
                    fault = BadSize(
                        value.place, layer, number, problem.problem, problem.word, tuple(self._dims)
                    )
                    self._faults.append(fault)
                    return None
        self._wrong(value, layer, quantity, "a count such as 1839, 2M or {max: 5e6}")
        return None


def _scaled(whole: str, fraction: str, power: str) -> int:
    """`1.5M` as 1,500,000; digits past the last whole one are dropped."""
    digits = whole + fraction
    scaled: int = int(digits) * _POWERS[power] // 10 ** len(fraction)
    return scaled
