"""A plot of a sweep in a terminal: a bar for each value, series after series."""

from collections.abc import Iterator

from seqshape.render._console import wrapped
from seqshape.render._surface import Surface, printable
from seqshape.render._text import Text
from seqshape.sweeping.result import QUANTITIES
from seqshape.sweeping.series import Plot
from seqshape.wording import count

_EIGHTHS = " ▏▎▍▌▋▊▉"
_WIDEST = 100
_LEAST_BAR = 8


def lines(plot: Plot, surface: Surface) -> Iterator[Text]:
    """The chart; bars are as long as the width allows, the longest for the largest number."""
    title = f"{QUANTITIES[plot.quantity]} over {printable(plot.over)}"
    yield Text(f" {title}", style="bold")
    points = [point for series in plot.series for point in series.points]
    if not points:
        kind = QUANTITIES[plot.quantity].lower()
        over = printable(plot.over)
        said = f"nothing to show: no combination has both a number of {kind} and a size of {over}"
        yield from (Text(f"   {line}", style="dim") for line in wrapped(said, surface.width, 3))
        return
    most = max(number for _, number in points)
    sizes = max(len(str(size)) for size, _ in points)
    numbers = max(len(f"{number:,}") for _, number in points)
    room = max(min(surface.width or _WIDEST, _WIDEST) - sizes - numbers - 7, _LEAST_BAR)
    for series in plot.series:
        if series.label:
            yield Text(f"   {printable(series.label)}", style="dim")
        for size, number in series.points:
            line = Text(f"   {size:>{sizes}}  {number:>{numbers},}  ")
            yield line.append(_bar(number, most, room, surface.unicode), style="cyan")
    if plot.missing:
        yield Text(f"   not shown: {count(plot.missing, 'combination')} without a number", style="dim")


def _bar(number: int, most: int, room: int, eighths: bool) -> str:
    """A bar of at most `room` cells; something of it is seen for every number above 0."""
    if not number:
        return ""
    parts = max(number * room * 8 // most, 1)
    if not eighths:
        return "#" * max(parts // 8, 1)
    return "█" * (parts // 8) + _EIGHTHS[parts % 8].strip()
