"""A plot of a sweep as an SVG file: axes, a line for each series, a legend."""

from collections.abc import Iterator, Sequence
from html import escape

from seqshape.render._surface import printable
from seqshape.sweeping.result import QUANTITIES
from seqshape.sweeping.series import Plot, Series, short, ticks

_WIDTH, _HEIGHT = 760, 440
_LEFT, _TOP, _RIGHT, _BOTTOM = 80, 48, 24, 56
_LEGEND, _LINE = 200, 18
_MOST_LEGEND, _MOST_LABEL, _MOST_DOTS = 18, 28, 60
_COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000")
"""Colours that people with any colour vision tell apart (Okabe and Ito)."""
_DASHES = ("", "6 3", "2 3", "8 3 2 3")


def svg(plot: Plot, title: str) -> str:
    """The plot; names of sizes are escaped."""
    return "".join(f"{line}\n" for line in _Drawing(plot).lines(title))


class _Drawing:
    """One plot: where sizes and numbers lie on it."""

    def __init__(self, plot: Plot) -> None:
        self._plot = plot
        points = [point for series in plot.series for point in series.points]
        sizes = [size for size, _ in points] or [0]
        self._legend = any(series.label for series in plot.series)
        self._right = _WIDTH - _RIGHT - (_LEGEND if self._legend else 0)
        self._across = ticks(max(sizes), min(sizes))
        self._up = ticks(max((number for _, number in points), default=1))

    def lines(self, title: str) -> Iterator[str]:
        quantity = QUANTITIES[self._plot.quantity]
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
            f'viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="12">'
        )
        yield f"<title>{_text(f'{title}: {quantity} over {self._plot.over}')}</title>"
        yield f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>'
        yield f'<text x="{_LEFT}" y="24" font-size="15" font-weight="bold">{_text(_cut(title, 80))}</text>'
        yield from self._axes(quantity)
        for number, series in enumerate(self._plot.series):
            yield from self._series(number, series)
        if self._legend:
            yield from self._labels()
        yield "</svg>"

    def _x(self, size: int) -> float:
        first, last = self._across[0], self._across[-1]
        return round(_LEFT + (size - first) / (last - first) * (self._right - _LEFT), 2)

    def _y(self, number: int) -> float:
        return round(_HEIGHT - _BOTTOM - number / self._up[-1] * (_HEIGHT - _BOTTOM - _TOP), 2)

    def _axes(self, quantity: str) -> Iterator[str]:
        bottom = _HEIGHT - _BOTTOM
        for tick in self._up:
            y = self._y(tick)
            yield f'<line x1="{_LEFT}" y1="{y}" x2="{self._right}" y2="{y}" stroke="#dddddd"/>'
            yield f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{short(tick)}</text>'
        for tick in self._across:
            x = self._x(tick)
            yield f'<line x1="{x}" y1="{bottom}" x2="{x}" y2="{bottom + 5}" stroke="#444444"/>'
            yield f'<text x="{x}" y="{bottom + 19}" text-anchor="middle">{tick}</text>'
        yield _line(
            [(_LEFT, _TOP), (_LEFT, bottom), (self._right, bottom)], 'stroke="#444444" class="axes"'
        )
        middle = (_LEFT + self._right) / 2
        over = _text(_cut(self._plot.over, 60))
        yield f'<text x="{middle}" y="{_HEIGHT - 14}" text-anchor="middle">{over}</text>'
        up = (_TOP + bottom) / 2
        turned = f'transform="rotate(-90 18 {up})"'
        yield f'<text x="18" y="{up}" text-anchor="middle" {turned}>{quantity}</text>'

    def _series(self, number: int, series: Series) -> Iterator[str]:
        points = [(self._x(size), self._y(value)) for size, value in series.points]
        yield _line(points, f'{_stroke(number)} class="series"')
        for x, y in points if len(points) <= _MOST_DOTS else ():
            yield f'<circle cx="{x}" cy="{y}" r="3" fill="{_COLORS[number % len(_COLORS)]}"/>'

    def _labels(self) -> Iterator[str]:
        x = self._right + 24
        for number, series in enumerate(self._plot.series[:_MOST_LEGEND]):
            y = _TOP + 8 + number * _LINE
            yield _line([(x, y), (x + 22, y)], _stroke(number))
            yield f'<text x="{x + 28}" y="{y + 4}">{_text(_cut(series.label, _MOST_LABEL))}</text>'
        if len(self._plot.series) > _MOST_LEGEND:
            y = _TOP + 12 + _MOST_LEGEND * _LINE
            yield f'<text x="{x}" y="{y}">and {len(self._plot.series) - _MOST_LEGEND} more</text>'


def _line(points: Sequence[tuple[float, float]], how: str) -> str:
    where = " ".join(f"{x},{y}" for x, y in points)
    return f'<polyline points="{where}" fill="none" {how}/>'


def _stroke(number: int) -> str:
    """The colour of a series, and dashes where the colours come again."""
    dashes = _DASHES[number // len(_COLORS) % len(_DASHES)]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'stroke="{_COLORS[number % len(_COLORS)]}" stroke-width="2"{dashed}'


def _text(text: str) -> str:
    return escape(printable(text))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
