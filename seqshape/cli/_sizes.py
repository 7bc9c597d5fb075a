"""What `sweep` and `solve` share: sizes with several values, and a spec whose sizes can be given."""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from seqshape.cli._config import limits_of
from seqshape.cli._engine import engine_of
from seqshape.cli._options import surface
from seqshape.cli._reading import read, tell
from seqshape.render._surface import printable

if TYPE_CHECKING:
    from seqshape.reporting import Report
    from seqshape.sweeping.variants import Variants

Grid = dict[str, tuple[int | None, ...]]


def grid_of(given: Iterable[tuple[str, tuple[int | None, ...]]]) -> Grid:
    """The values of each size.

    Raises:
        click.UsageError: a size is given twice.

    """
    grid: Grid = {}
    for name, values in given:
        if name in grid:
            raise click.UsageError(f"`{name}` is given twice: write its values into one --set {name}=16,32")
        grid[name] = values
    return grid


class Unusable(Exception):
    """The spec cannot be asked about; that was told, and `status` is the exit status."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


def variants_of(ctx: click.Context, spec: str, names: Iterable[str], given: dict[str, Any]) -> "Variants":
    """The spec whose sizes of these names are to be given.

    Raises:
        Unusable: it cannot be read, or has no such size; what is wrong was printed.

    """
    from seqshape.sweeping.variants import NoSuchSize, NotASpec, WrongWords, variants

    path = given["stdin_filename"] if spec == "-" else spec
    limits = limits_of(ctx, given["limits"])
    try:
        data = read(spec, limits.bytes)
        return variants(path, data, tuple(names), limits=limits, engine=engine_of(ctx))
    except (OSError, NoSuchSize, NotASpec) as error:
        tell(path, error)
    except WrongWords as wrong:
        show_errors(wrong.report, given["color"])
        raise Unusable(1) from wrong
    raise Unusable(2)


def unsound_hint(spec: str) -> str:
    """Where to learn more of the error of a spec: causes and remedies are looked for there."""
    path = printable(spec)
    return f"`seqshape inspect {path}` looks for the cause, and `seqshape fix {path}` for what mends it"


def show_errors(report: "Report", color: str) -> None:
    """Prints what is wrong with a spec."""
    from seqshape.render import renderer
    from seqshape.render._surface import Options
    from seqshape.report import Run

    sys.stdout.write(renderer("text").render(Run((report,)), surface(color), Options(rows=False)))
