"""Options that commands share, and what they are read into."""

import math
import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from seqshape.limits import Limits
from seqshape.render._surface import COLUMNS, DEFAULT_COLUMNS, Surface
from seqshape.wording import did_you_mean

CACHE = "seqshape.cache"
WITHOUT_CACHE = "seqshape.without_cache"
_MOST_DIGITS = 30
_AMOUNT = re.compile(r"(\d[\d_,]*(?:\.\d+)?(?:[eE]\d{1,2})?)\s*([A-Za-z]*)\Z", re.ASCII)
_COUNT_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "b": 10**9, "t": 10**12}
_BYTE_UNITS = {"": 1, "b": 1} | {
    f"{letter}{unit}": base**power
    for power, letter in enumerate("kmgt", 1)
    for unit, base in (("b", 1000), ("ib", 1024))
}
_MOST_LETTERS = 60
F = TypeVar("F", bound=Callable[..., Any])


class Setting(click.Option):
    """An option that a `SEQSHAPE_…` variable can give; a wrong value names the variable it came from."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.show_envvar = True

    def get_error_hint(self, ctx: click.Context | None) -> str:
        hint = super().get_error_hint(ctx)
        if ctx is None or self.name is None:
            return hint
        given = ctx.get_parameter_source(self.name) is ParameterSource.ENVIRONMENT
        return f"{hint} (from {self.envvar})" if given else hint


def color_option(function: F) -> F:
    """`--color auto|always|never`."""
    return click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="Colours; auto obeys NO_COLOR, then FORCE_COLOR, then asks whether this is a terminal.",
    )(function)


def plugin_option(function: F) -> F:
    """`--plugin MODULE`."""
    return click.option(
        "--plugin",
        "plugins",
        metavar="MODULE",
        multiple=True,
        cls=Setting,
        envvar="SEQSHAPE_PLUGIN",
        help="Import a module that registers layers of your own, right after Keras. Repeatable.",
    )(function)


def cache_options(function: F) -> F:
    """`--cache-dir DIR` and `--no-cache`; `engine_of` reads them.

    No settings file has them: it may come with a pull request, and a store that came along with it
    would answer in Keras's place.
    """
    without = click.option(
        "--no-cache",
        is_flag=True,
        expose_value=False,
        callback=_put_in_meta(WITHOUT_CACHE),
        help="Ask Keras anew, and keep no answers.",
    )
    return cache_folder_option("SEQSHAPE_CACHE_DIR")(without(function))


def cache_folder_option(envvar: str | None) -> Callable[[F], F]:
    """`--cache-dir DIR`."""
    return click.option(
        "--cache-dir",
        metavar="DIR",
        type=click.Path(file_okay=False),
        cls=Setting,
        envvar=envvar,
        expose_value=False,
        callback=_put_in_meta(CACHE),
        help="Keep answers in this folder, not in the user's cache folder.",
    )


def _put_in_meta(key: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    """A callback that leaves what was given where a command, and those below it, find it."""

    def put(ctx: click.Context, param: click.Parameter, value: Any) -> None:
        if value:
            ctx.meta[key] = value

    return put


def limit_option(function: F) -> F:
    """`--limit NAME=NUMBER`."""
    return click.option(
        "--limit",
        "limits",
        type=LimitSize(),
        multiple=True,
        cls=Setting,
        envvar="SEQSHAPE_LIMIT",
        help="Raise a limit on what a file may hold: bytes, nodes, depth or layers. Repeatable.",
    )(function)


def table_options(function: F) -> F:
    """`--weights`, `--symbolic`, `--fold` and `--columns`: what the table of a spec shows."""
    options = [
        click.option(
            "--weights", is_flag=True, help="Show each layer's weights as a sum that adds up to its count."
        ),
        click.option(
            "--symbolic",
            is_flag=True,
            help="Show shapes and counts as formulas over the dims, or over the spec's own sizes.",
        ),
        click.option(
            "--fold/--no-fold",
            default=True,
            help="Fold runs of equal layers into one line (the default).",
        ),
        click.option(
            "--columns",
            type=ColumnNames(),
            default=",".join(DEFAULT_COLUMNS),
            help=f"Columns in the order to show them: {', '.join(COLUMNS)}.",
        ),
    ]
    return _with(options, function)


def code_options(function: F) -> F:
    """`--select` and `--ignore`: which codes are told."""
    options = [
        click.option(
            "--select",
            type=Codes(ignored=False),
            multiple=True,
            cls=Setting,
            envvar="SEQSHAPE_SELECT",
            help="Tell these codes alone, such as SEQ2,SEQ401. What keeps a spec from being judged is "
            "always told.",
        ),
        click.option(
            "--ignore",
            type=Codes(ignored=True),
            multiple=True,
            cls=Setting,
            envvar="SEQSHAPE_IGNORE",
            help="Leave these codes out, such as SEQ3. SEQ0, SEQ1 and SEQ9 cannot be.",
        ),
    ]
    return _with(options, function)


def _with(options: Sequence[Callable[[F], F]], function: F) -> F:
    """A command with options, in the order in which its help shows them."""
    for option in reversed(options):
        function = option(function)
    return function


def set_option(function: F) -> F:
    """`--set DIM=SIZE`."""
    return click.option(
        "--set",
        "sizes",
        type=DimSize(),
        multiple=True,
        help="Give a dim of the spec another size for this run; null makes it unknown. Repeatable.",
    )(function)


def stdin_option(function: F) -> F:
    """`--stdin-filename PATH`."""
    return click.option(
        "--stdin-filename",
        metavar="PATH",
        default="<stdin>",
        help="The name that a spec from standard input has in the report.",
    )(function)


def trace_option(function: F) -> F:
    """`--trace/--no-trace`."""
    return click.option(
        "--trace/--no-trace",
        default=True,
        cls=Setting,
        envvar="SEQSHAPE_TRACE",
        help="Trace each call beside building it (the default): slower, and it sees more.",
    )(function)


def budget_option(function: F) -> F:
    """`--budget SECONDS`."""
    return click.option(
        "--budget",
        type=click.FloatRange(min=0),
        default=4.0,
        show_default=True,
        metavar="SECONDS",
        callback=_seconds,
        cls=Setting,
        envvar="SEQSHAPE_BUDGET",
        help="How long to look for the causes and fixes of a spec's errors; 0 not to.",
    )(function)


def _seconds(ctx: click.Context, param: click.Parameter, value: float) -> float:
    """The seconds, if they are a number: a time that is none would never run out."""
    if math.isnan(value):
        raise click.BadParameter("`nan` is no number of seconds", ctx, param)
    return value


def surface(color: str) -> Surface:
    """Standard output as renderers see it."""
    terminal = sys.stdout.isatty()
    width = _columns() if terminal else None
    encoding = (sys.stdout.encoding or "ascii").lower().replace("_", "-")
    return Surface(width, _colored(color, terminal), encoding.startswith("utf"))


def _columns() -> int:
    import shutil  # not in a pipe: it brings modules for all kinds of archives along

    return shutil.get_terminal_size().columns


def _colored(choice: str, terminal: bool) -> bool:
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return terminal and os.environ.get("TERM") != "dumb"


class DimSize(click.ParamType):  # type: ignore[type-arg]  # generic since Click 8.4
    """`H=32`, or `T=null` for an unknown size."""

    name = "DIM=SIZE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int | None]:
        name, equals, text = str(value).partition("=")
        name, text = name.strip(), text.strip()
        if not equals or not name:
            self.fail(f"`{value}` is not of the form H=32", param, ctx)
        if text in ("null", "~", "?"):
            return name, None
        if not text.isascii() or not text.isdecimal() or len(text) > 300:
            self.fail(f"`{text}` is no size for `{name}`: a whole number or null", param, ctx)
        return name, int(text)


class SizeValues(click.ParamType):  # type: ignore[type-arg]
    """`H=16,32,64`, `H=16..256:16`, `H=16..1024*2`."""

    name = "SIZE=VALUES"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, tuple[int | None, ...]]:
        """The name and the values."""
        from seqshape.sweeping.values import NoValues, named

        try:
            return named(str(value))
        except NoValues as problem:
            self.fail(str(problem), param, ctx)


class Amount(click.ParamType):  # type: ignore[type-arg]
    """`1M`, `1.5G`, `1_000_000`: a whole number in units of powers of ten, or, of bytes, of 1024 too."""

    def __init__(self, *, of_bytes: bool = False) -> None:
        self.name = "BYTES" if of_bytes else "NUMBER"
        self._units = _BYTE_UNITS if of_bytes else _COUNT_UNITS
        self._example = "4MiB (1024 × 1024), 4MB (a million) or 500000" if of_bytes else "500k, 1.5M or 2G"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number."""
        from fractions import Fraction

        text = str(value).strip()
        match = _AMOUNT.match(text) if len(text) <= _MOST_LETTERS else None
        unit = None if match is None else self._units.get(match[2].lower())
        if match is None or unit is None:
            self.fail(f"`{text[:_MOST_LETTERS]}` is no amount, as {self._example} are", param, ctx)
        number = Fraction(match[1].replace("_", "").replace(",", "")) * unit
        if number.denominator != 1:
            self.fail(f"`{text}` is no whole number", param, ctx)
        return int(number)


class LimitSize(click.ParamType):  # type: ignore[type-arg]
    """`nodes=500000`."""

    name = "NAME=NUMBER"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        name, _, text = str(value).partition("=")
        text = text[:_MOST_DIGITS]
        try:
            Limits().raised(name, number := int(text))
        except ValueError as error:
            said = str(error) if "limit" in str(error) else f"`{text}` is no whole number"
            self.fail(said, param, ctx)
        return name, number


class Codes(click.ParamType):  # type: ignore[type-arg]
    """Codes, or beginnings of codes, with commas between them."""

    name = "CODES"

    def __init__(self, ignored: bool) -> None:
        self._ignored = ignored

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        from seqshape import selection

        codes = tuple(code.strip().upper() for code in str(value).split(",") if code.strip())
        for code in codes:
            if (said := selection.problem(code, self._ignored)) is not None:
                self.fail(said, param, ctx)
        return codes


class ColumnNames(click.ParamType):  # type: ignore[type-arg]
    """Names of columns, with commas between them."""

    name = "NAMES"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        names = tuple(name.strip() for name in str(value).split(",") if name.strip())
        for name in names:
            if name not in COLUMNS:
                near = did_you_mean(name, COLUMNS)
                self.fail(f"no column `{name}`{near} (there are {', '.join(COLUMNS)})", param, ctx)
        return tuple(dict.fromkeys(names)) or DEFAULT_COLUMNS
