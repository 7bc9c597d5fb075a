"""What a plot of a sweep shows: one quantity over one size, a series for each combination of the others."""

from seqshape.frozen import frozen
from seqshape.sweeping.result import Combination, Sweep

Point = tuple[int, int]


@frozen
class Series:
    """Points in the order of their sizes; `label` says what the other sizes are, empty without any."""

    label: str
    points: tuple[Point, ...]


@frozen
class Plot:
    """What is plotted: a quantity of `QUANTITIES` over a size."""

    over: str
    quantity: str
    series: tuple[Series, ...]
    missing: int
    """Combinations that have no point: an error, an unknown size, a quantity that is not known."""


def default_over(sweep: Sweep) -> str:
    """The size to plot over where none is named: the first that has several values."""
    return (*sweep.swept, *(name for name, _ in sweep.values))[0]


def plot(sweep: Sweep, over: str, quantity: str) -> Plot:
    """The points of a sweep; series that are alike are one."""
    by_others: dict[tuple[tuple[str, int | None], ...], dict[int, int]] = {}
    missing = 0
    for each in sweep.combinations:
        point = _point(each, over, quantity)
        if point is None:
            missing += 1
            continue
        others = tuple(pair for pair in each.sizes if pair[0] != over and pair[0] in sweep.swept)
        by_others.setdefault(others, {})[point[0]] = point[1]
    alike: dict[tuple[Point, ...], list[tuple[tuple[str, int | None], ...]]] = {}
    for others, points in by_others.items():
        alike.setdefault(tuple(sorted(points.items())), []).append(others)
    series = tuple(Series(_label(others), points) for points, others in alike.items())
    return Plot(over, quantity, series, missing)


def _point(each: Combination, over: str, quantity: str) -> Point | None:
    size, number = dict(each.sizes)[over], each.quantity(quantity)
    return None if size is None or number is None else (size, number)


def _label(alike: list[tuple[tuple[str, int | None], ...]]) -> str:
    """What the other sizes are; where several combinations are alike, the values of each size."""
    values: dict[str, dict[str, None]] = {}
    for others in alike:
        for name, size in others:
            values.setdefault(name, {})["null" if size is None else str(size)] = None
    return "; ".join(f"{name}={_some(list(texts))}" for name, texts in values.items())


def _some(texts: list[str]) -> str:
    if len(texts) > 4:
        return f"{texts[0]} … {texts[-1]}"
    *first, last = texts
    return f"{', '.join(first)} or {last}" if first else last


def ticks(most: int, least: int = 0, wanted: int = 6) -> tuple[int, ...]:
    """Numbers in steps of 1, 2 or 5 times a power of ten, from `least` or below to `most` or above."""
    rough = max((most - least) / max(wanted - 1, 1), 1)
    power = 10 ** (len(str(int(rough))) - 1)
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    first = least // step * step
    last = -(-most // step) * step
    return tuple(range(first, max(last, first + step) + 1, step))


def short(number: int) -> str:
    """A number at an axis: `0`, `500`, `20k`, `1.5M`."""
    for size, unit in ((10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k")):
        if number >= size:
            tenths = number * 10 // size
            whole, rest = divmod(tenths, 10)
            return f"{whole:,}{f'.{rest}' if rest else ''}{unit}"
    return str(number)
