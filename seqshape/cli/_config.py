"""The settings file on the command line: where it is found, how it stands below flags and variables.

Its values become Click's `default_map`, so a flag or a `SEQSHAPE_…` variable replaces them.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from seqshape.cli._options import Setting
from seqshape.limits import Limits
from seqshape.render._surface import printable

if TYPE_CHECKING:
    from seqshape.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])
_META = "seqshape.settings"
_WITHOUT = "seqshape.without_settings"
_RANKS = (
    ParameterSource.DEFAULT,
    ParameterSource.DEFAULT_MAP,
    ParameterSource.ENVIRONMENT,
    ParameterSource.COMMANDLINE,
)
_UNSET = {"select": "all", "most": "all", "annotations": "auto"}
"""What it means that a setting has no value, where that is not `none`."""
_MAPPED = ("select", "ignore", "strict", "plugins")


class SettingsError(click.ClickException):
    """A settings file that is wrong; every mistake in it is told."""

    exit_code = 2


def config_options(function: F) -> F:
    """`--config FILE` and `--no-config`; what the file says is read before every other option."""
    config = click.option(
        "--config",
        metavar="FILE",
        cls=Setting,
        envvar="SEQSHAPE_CONFIG",
        is_eager=True,
        expose_value=False,
        callback=_take_config,
        help="Read settings from this file, not from the nearest seqshape.toml or pyproject.toml.",
    )
    without = click.option(
        "--no-config",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_take_no_config,
        help="Read no settings file.",
    )
    return without(config(function))


def settings_of(ctx: click.Context) -> "Settings":
    """The settings that hold in this run, empty where there is no file."""
    from seqshape.settings import Settings

    found: Settings | None = ctx.meta.get(_META)
    return found or Settings()


def limits_of(ctx: click.Context, given: tuple[tuple[str, int], ...]) -> Limits:
    """The limits of the settings file, with those that were given in their place."""
    limits = Limits()
    for name, value in (*settings_of(ctx).limits, *given):
        limits = limits.raised(name, value)
    return limits


def paths_of(ctx: click.Context) -> tuple[str, ...]:
    """The paths that were given, else those of the settings file as the working directory sees them."""
    given: tuple[str, ...] = ctx.params["paths"]
    settings = settings_of(ctx)
    if given or settings.file is None:
        return given
    return tuple(_relative(settings.file.parent / path) for path in settings.paths)


def plugins_folder(ctx: click.Context) -> Path | None:
    """Where plugins are looked for beside what is installed: those of the settings file in its folder."""
    file = settings_of(ctx).file
    if file is not None and ctx.get_parameter_source("plugins") is ParameterSource.DEFAULT_MAP:
        return file.parent
    return None


def rank(ctx: click.Context, name: str) -> int:
    """How strongly a parameter was given: a flag over a variable over the file over nothing."""
    source = ctx.get_parameter_source(name)
    return _RANKS.index(source) if source in _RANKS else 0


def least_that_fails(ctx: click.Context, strict: bool, fail_on: str) -> str:
    """`--strict` and `--fail-on` say the same: the one that was given more strongly, else the stricter."""
    said, said_strict = rank(ctx, "fail_on"), rank(ctx, "strict")
    if said_strict > said:
        return "warning" if strict else "error"
    if strict and said == said_strict and fail_on == "error":
        return "warning"
    return fail_on


def _take_no_config(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if not value:
        return
    ctx.meta[_WITHOUT] = True
    if ctx.meta.get(_META) is not None and rank(ctx, "config") == len(_RANKS) - 1:
        raise click.UsageError("--config and --no-config exclude each other", ctx)


def _take_config(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    if ctx.resilient_parsing:
        return
    flag = param.name is not None and rank(ctx, param.name) == len(_RANKS) - 1
    if ctx.meta.get(_WITHOUT):
        if flag:
            raise click.UsageError("--config and --no-config exclude each other", ctx)
        return
    from seqshape import settings

    path = Path(value) if value else settings.find(Path.cwd())
    if path is None:
        return
    try:
        found, problems = settings.read(path)
    except OSError as error:
        raise SettingsError(
            f"{shown(path)}: the settings cannot be read: {error.strerror or error}"
        ) from None
    if problems:
        raise SettingsError(_told(path, problems))
    ctx.meta[_META] = found
    ctx.default_map = {**(ctx.default_map or {}), **_defaults(found)}


def _told(path: Path, problems: tuple[Any, ...]) -> str:
    """All that is wrong in a file, a line each."""
    lines = [
        f"{shown(path)}:{problem.line}: {problem.message}"
        if problem.line
        else f"{shown(path)}: {problem.message}"
        for problem in sorted(problems, key=lambda problem: problem.line or 0)
    ]
    lines = [printable(line) for line in lines]
    if len(lines) == 1:
        return lines[0]
    return "\n  ".join([f"{len(lines)} mistakes in the settings", *lines])


def _defaults(found: "Settings") -> dict[str, Any]:
    """The values by the names of the parameters."""
    return {name: getattr(found, name) for name in _MAPPED if name in found.given}


def _relative(path: Path) -> str:
    try:
        return os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)


def shown(path: Path) -> str:
    """A settings file's path as a message has it."""
    from seqshape.paths import displayed

    return displayed(str(path))


def described(ctx: click.Context) -> Iterator[tuple[str, str, str]]:
    """Each setting of the command with its value and where that came from."""
    settings = settings_of(ctx)
    file = shown(settings.file) if settings.file is not None else ""
    yield "settings file", file or "none", ""
    origin = "command line" if ctx.params["paths"] else file if settings.paths else "default"
    yield "paths", ", ".join(paths_of(ctx)) or "none", origin
    for param in ctx.command.params:
        hidden = ("paths", "show_settings", "limits")
        if param.name is None or param.name in hidden or not param.expose_value:
            continue
        source = ctx.get_parameter_source(param.name)
        value = ctx.params.get(param.name)
        if param.name in ("select", "ignore"):
            value = tuple(code for codes in value or () for code in codes)
        said = _UNSET.get(param.name, "none") if value in (None, ()) else _text(value)
        yield _title(param), said, _source(param, source, file)
    for pattern, codes in settings.per_file_ignores:
        yield f'per-file-ignores."{pattern}"', ", ".join(codes), file
    given = dict(ctx.params["limits"])
    limits = limits_of(ctx, ctx.params["limits"])
    option = next(param for param in ctx.command.params if param.name == "limits")
    for name in ("bytes", "nodes", "depth", "layers"):
        said = file if name in dict(settings.limits) else "default"
        if name in given:
            said = _source(option, ctx.get_parameter_source("limits"), file)
        yield f"limits.{name}", str(getattr(limits, name)), said


def _title(param: click.Parameter) -> str:
    return max(param.opts, key=len).lstrip("-")


def _source(param: click.Parameter, source: ParameterSource | None, file: str) -> str:
    match source:
        case ParameterSource.COMMANDLINE:
            return "command line"
        case ParameterSource.ENVIRONMENT:
            return str(param.envvar)
        case ParameterSource.DEFAULT_MAP:
            return file
        case _:
            return "default"


def _text(value: Any) -> str:
    """A value as a reader sees it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple() if all(isinstance(each, tuple) and len(each) == 2 for each in value):
            return ", ".join(f"{name}={'null' if item is None else item}" for name, item in value)
        case tuple():
            return ", ".join(map(str, value))
        case _:
            return str(value)
