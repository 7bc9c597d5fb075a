"""A comparison in words: what differs as short pairs of values, and the sentences that answer the user."""

import json
import re
from collections.abc import Iterator

from seqshape.comparison.numbers import Numeric
from seqshape.comparison.result import Change, Comparison, Pair
from seqshape.engine.experiment import Spot
from seqshape.frozen import frozen
from seqshape.report import Row
from seqshape.tree import Json
from seqshape.wording import count, shape, times
from seqshape.yaml_text import flow_of

_NUMBER = re.compile(r"\d+")
_NAMES = ("name", "inputs", "shares")
"""Changes whose values are names."""
_MOST_NAMED = 3
_HEADS = {
    "added": "only in B",
    "removed": "only in A",
    "affected": "follows from a change elsewhere",
    "changed": "changed",
    "same": "the same",
}


@frozen
class Said:
    """One thing that differs, in words."""

    label: str
    one: str
    other: str


@frozen
class Group:
    """Pairs that differ in the same, as the copies of a block do; `pairs` has at least one."""

    pairs: tuple[Pair, ...]

    @property
    def pair(self) -> Pair:
        """The first of them."""
        return self.pairs[0]

    @property
    def title(self) -> str:
        """What the entries are called: `gru`, `block_0.gru … block_95.gru × 96`."""
        first = self.pair.row.path
        if len(self.pairs) == 1:
            return first
        return f"{first} … {self.pairs[-1].row.path} × {len(self.pairs):,}"

    @property
    def kind(self) -> str:
        """What became of them, in words."""
        return _HEADS[self.pair.kind] + (", moved" if self.pair.moved else "")


def groups(pairs: tuple[Pair, ...]) -> tuple[Group, ...]:
    """Pairs that differ in the same are one group where their names differ in numbers alone."""
    found: dict[object, list[Pair]] = {}
    for pair in pairs:
        found.setdefault(_key(pair), []).append(pair)
    return tuple(Group(tuple(each)) for each in found.values())


def _key(pair: Pair) -> object:
    shapes = tuple(output.tensor.shape for output in pair.row.outputs)
    weights = tuple(weight.shape for weight in pair.row.weights)
    changes = tuple(map(_unnumbered, pair.changes))
    return pair.kind, pair.moved, _NUMBER.sub("#", pair.row.path), pair.row.label, changes, shapes, weights


def _unnumbered(change: Change) -> str:
    """A change without the numbers in the names that it has."""
    values = json.dumps([change.one, change.other])
    said = _NUMBER.sub("#", values) if change.what in _NAMES else values
    return f"{change.what} {change.name} {said}"


def differences(pair: Pair) -> Iterator[Said]:
    """What differs between two entries, the causes first; what an entry is where it has no partner."""
    for change in pair.changes:
        yield said(change)
    if pair.one is None or pair.other is None:
        row = pair.row
        outputs = ", ".join(shape(output.tensor.shape) for output in row.outputs) or row.status
        yield Said("output", *_sided(pair, outputs))
        if row.params:
            yield Said("parameters", *_sided(pair, f"{row.params:,}"))
    elif pair.one.params != pair.other.params:
        yield Said("parameters", f"{pair.one.params:,}", f"{pair.other.params:,}")


def _sided(pair: Pair, text: str) -> tuple[str, str]:
    return ("", text) if pair.one is None else (text, "")


def said(change: Change) -> Said:
    """A change in words."""
    label = {"argument": change.name, "weight": change.name, "setting": f"keras: {change.name}"}.get(
        change.what, change.what
    )
    if change.what == "call":
        label = f"call: {change.name}"
    if change.what == "output" and change.name:
        label = f"output {change.name}"
    if change.what == "shares":
        label = "weights"
    one, other = (_value(change, side) for side in (0, 1))
    return Said(label, one, other)


def _value(change: Change, side: int) -> str:
    value: Json = (change.one, change.other)[side]
    match change.what:
        case "type" | "name" | "status":
            return str(value)
        case "shares":
            return "its own" if value is None else f"those of {value}"
        case "inputs" | "outputs":
            assert isinstance(value, list)
            return ", ".join(map(str, value)) or "nothing"
        case "output" | "weight":
            return "none" if value is None else _tensor(change, side)
        case _ if change.written[side]:
            return flow_of(value)
        case _:
            return "default" if value is None else f"{flow_of(value)} (default)"


def _tensor(change: Change, side: int) -> str:
    """A shape, and of what else a tensor has what differs."""
    values = [each if isinstance(each, dict) else {} for each in (change.one, change.other)]
    axes = values[side]["shape"]
    assert isinstance(axes, list)
    numbers = tuple(size if isinstance(size, int) else None for size in axes)
    text = shape(numbers) if change.what == "output" else times(size or 0 for size in numbers)
    differing = [key for key in values[side] if values[0].get(key) != values[1].get(key) and all(values)]
    words = [
        str(values[side][key]) if key == "dtype" else f"{'' if values[side][key] else 'not '}{key}"
        for key in differing
        if key != "shape"
    ]
    return ", ".join([text, *words])


# Sentences.


def verdict(found: Comparison) -> str:
    """The answer in plain words."""
    parts = list(_structure(found))
    if found.numeric is not None:
        parts.append(_function(found.numeric))
    return " ".join(parts)


def _structure(found: Comparison) -> Iterator[str]:
    sides = (("A", found.one), ("B", found.other))
    wrong = [name for name, side in sides if not side.ok]
    unread = [name for name, side in sides if not side.rows]
    if unread:
        yield f"There is nothing to compare: {' and '.join(unread)} cannot be read."
        return
    if wrong:
        verb = "has" if len(wrong) == 1 else "have"
        yield f"{' and '.join(wrong)} {verb} errors; what could be judged is compared."
    layers = max(len(found.one.rows), len(found.other.rows))
    if not (found.differing or found.outputs or found.settings):
        if not wrong:
            params = count(found.totals[0].one, "parameter")
            yield f"No difference: {count(layers, 'layer')}, {params}, the same shapes."
        return
    yield _counted(found)
    if not wrong:
        yield _parameters(found)


def _counted(found: Comparison) -> str:
    changed = [pair for pair in found.pairs if pair.kind == "changed"]
    parts = []
    if changed:
        one_type = changed[0].changes[0] if len(changed) == 1 else None
        if one_type is not None and one_type.what == "type":
            of = f"`{changed[0].row.path}` is {one_type.one} in A and {one_type.other} in B"
            parts.append(of)
        else:
            names = [f"`{pair.row.path}`" for pair in changed[:_MOST_NAMED]]
            more = ", …" if len(changed) > _MOST_NAMED else ""
            parts.append(f"{count(len(changed), 'layer')} changed ({', '.join(names)}{more})")
    for kind, words in (("added", "only in B"), ("removed", "only in A")):
        if number := found.number(kind):
            parts.append(f"{count(number, 'layer')} {words}")
    if number := found.number("affected"):
        follows = "follows" if number == 1 else "follow"
        parts.append(f"{count(number, 'layer')} {follows} from that")
    if found.outputs:
        parts.append("the outputs are others")
    if found.settings:
        parts.append("Keras's settings differ")
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def _parameters(found: Comparison) -> str:
    total = found.totals[0]
    if not total.difference:
        ends = [[_shapes(row) for row in side.rows[-1:]] for side in (found.one, found.other)]
        shapes = " and give the same shapes" if ends[0] == ends[1] and not found.number("affected") else ""
        return f"Both have {count(total.one, 'parameter')}{shapes}."
    difference = signed(total.difference) + share(total.percent)
    return f"A has {count(total.one, 'parameter')}, B has {total.other:,} ({difference})."


def _shapes(row: Row) -> tuple[tuple[int | None, ...], ...]:
    return tuple(output.tensor.shape for output in row.outputs)


def signed(number: int) -> str:
    """`+3,138`, `-48`, `0`."""
    return f"{number:+,}" if number else "0"


def share(percent: float | None) -> str:
    """`, +170.6 %`; nothing where there is none."""
    if percent is None or not percent:
        return ""
    return f", {percent:+.1f} %" if abs(percent) >= 0.05 else f", {percent:+.1g} %"


def _function(found: Numeric) -> str:
    if found.outcome is None:
        head = (
            "They are not the same function"
            if found.apart
            else "Whether they are the same function is not known"
        )
        return f"{head}: {found.reason}."
    deviation = found.outcome.deviations[found.worst]
    spot = deviation.absolute
    at = f"{place(found.outputs[found.worst][0], spot)}"
    if found.verdict == "equal":
        numbers = sum(each.numbers for each in found.outcome.deviations)
        text = (
            "They are the same function: given the same weights and inputs, "
            f"all {numbers:,} numbers of {count(found.tries, 'try', 'tries')} are equal to the last bit."
        )
        if all(each.constant for each in found.outcome.deviations):
            text += " But each output is one number everywhere, which proves little."
        return text
    if found.verdict == "rounding":
        text = (
            "They are the same function but for rounding: given the same weights and inputs, they differ "
            f"by at most {number(spot.difference)} ({at}, {deviation.dtypes[0]})"
        )
        if found.outcome.precise:
            finer = max(each.absolute.difference for each in found.outcome.precise)
            text += f", computed in float64 by at most {number(finer)}"
        return f"{text}."
    one, other = (number(value) for value in spot.values)
    return (
        "They are not the same function: given the same weights and inputs, they differ by up to "
        f"{number(spot.difference)} ({at} is {one} in A and {other} in B)."
    )


def place(name: str, spot: Spot) -> str:
    """`probs[3, 12, 4]`."""
    return f"`{name}`[{', '.join(map(str, spot.index))}]" if spot.index else f"`{name}`"


def number(value: float) -> str:
    """A number with as many digits as say something."""
    return "0" if value == 0 else f"{value:.3g}"


def seconds(value: float) -> str:
    """A time: `4.92 ms`."""
    return f"{value * 1000:.3g} ms" if value < 1 else f"{value:.3g} s"


def facts(found: Numeric) -> Iterator[tuple[str, str]]:
    """How both were run, and what came of it: a label and a text each."""
    outcome = found.outcome
    if outcome is None:
        return
    if found.pairs:
        yield (
            "weights",
            f"{count(len(found.pairs), 'pair')} with the same random values, mapped by {found.mapped}",
        )
    for given in found.entering:
        dtypes = " and ".join(dict.fromkeys(given.dtypes))
        yield f"input {given.name}", f"{shape(given.shape)} {dtypes}, random"
    for (name, other), each in zip(found.outputs, outcome.deviations, strict=True):
        title = name if name == other else f"{name} / {other}"
        yield f"output {title}", f"{shape(each.shape)} {' and '.join(dict.fromkeys(each.dtypes))}"
        yield "  largest absolute", _spot(name, each.absolute)
        yield "  largest relative", _spot(name, each.relative)
        if each.different:
            yield "  numbers that differ", f"{each.different:,} of {each.numbers:,}"
    for (name, _), each in zip(found.outputs, outcome.precise, strict=False):
        relative = number(each.relative.difference)
        yield f"{name} in float64", f"{_spot(name, each.absolute)}, relative {relative}"
    yield "tried", f"{count(found.tries, 'time')} with other weights and inputs, seed {found.seed}"
    seconds_a, seconds_b = (seconds(value) for value in found.medians())
    runs = count(len(outcome.seconds[0]), "run")
    yield "time", f"A {seconds_a}, B {seconds_b} (median of {runs})"
    yield "run as", "in predict: training is false, so dropout and noise do nothing"
    for name, stages in zip(("A", "B"), outcome.stateful, strict=True):
        if stages:
            listed = ", ".join(f"`{stage}`" for stage in stages[:_MOST_NAMED])
            keeps = "keeps its states" if len(stages) == 1 else "keep their states"
            yield f"states of {name}", f"{listed} {keeps} between batches; each run starts from zero"


def _spot(name: str, spot: Spot) -> str:
    if not spot.difference or spot.difference < 0:
        return "0"
    return f"{number(spot.difference)} at {place(name, spot)}, try {spot.attempt + 1}"
