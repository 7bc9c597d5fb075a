"""Amounts on the command line: `1M` parameters, `4MiB` of weights."""

import re
from fractions import Fraction
from typing import Any

import click

_NUMBER = re.compile(r"(\d[\d_,]*(?:\.\d+)?(?:[eE]\d{1,2})?)\s*([A-Za-z]*)\Z", re.ASCII)
_COUNTS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "b": 10**9, "t": 10**12}
_BYTES = {"": 1, "b": 1} | {
    f"{letter}{unit}": base**power
    for power, letter in enumerate("kmgt", 1)
    for unit, base in (("b", 1000), ("ib", 1024))
}
_MOST_LETTERS = 60


class Amount(click.ParamType):  # type: ignore[type-arg]  # generic since Click 8.4
    """`1M`, `1.5G`, `1_000_000`: a whole number in units of powers of ten, or, of bytes, of 1024 too."""

    def __init__(self, *, of_bytes: bool = False) -> None:
        self.name = "BYTES" if of_bytes else "NUMBER"
        self._units = _BYTES if of_bytes else _COUNTS
        self._example = "4MiB (1024 × 1024), 4MB (a million) or 500000" if of_bytes else "500k, 1.5M or 2G"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number."""
        text = str(value).strip()
        match = _NUMBER.match(text) if len(text) <= _MOST_LETTERS else None
        unit = None if match is None else self._units.get(match[2].lower())
        if match is None or unit is None:
            self.fail(f"`{text[:_MOST_LETTERS]}` is no amount, as {self._example} are", param, ctx)
        number = Fraction(match[1].replace("_", "").replace(",", "")) * unit
        if number.denominator != 1:
            self.fail(f"`{text}` is no whole number", param, ctx)
        return int(number)
