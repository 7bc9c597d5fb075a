"""`seqshape check`: every spec of a folder judged, for CI and before a commit."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from seqshape.cli._config import (
    config_options,
    described,
    least_that_fails,
    limits_of,
    paths_of,
)
from seqshape.cli._engine import engine_of
from seqshape.cli._options import (
    Codes,
    Setting,
    budget_option,
    cache_options,
    color_option,
    limit_option,
    plugin_option,
    set_option,
    stdin_option,
    surface,
    trace_option,
)
from seqshape.cli._outputs import CHECK_FORMATS, Output, append_summary, same_file, show, write
from seqshape.cli._progress import Progress
from seqshape.cli._reading import read
from seqshape.cli._selecting import selection_of
from seqshape.limits import Limits
from seqshape.paths import STDIN, Found, find
from seqshape.render import renderer
from seqshape.render._surface import Options, Surface, printable
from seqshape.wording import count

if TYPE_CHECKING:
    from seqshape.containers import Contents
    from seqshape.engine import Engine
    from seqshape.pipeline import Report
    from seqshape.report import Run

_READABLE = ("text", "github")
_SPECS_SEARCHED = 10
"""How many times the budget one run may look for fixes, however many specs are broken."""
_NO_TIME = 1e-6
"""A budget in which nothing is found, and which is told to have run out."""
_COUNTING = ("text", "github", "markdown")
"""Formats that say themselves how many files were passed over."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """The options of one run; `fail_on` has `--strict` in it."""

    format: str
    outputs: tuple[tuple[str, str], ...]
    fail_on: str
    quiet: bool
    most: int | None
    annotations: bool
    trace: bool
    budget: float
    sizes: dict[str, int | None]
    limits: Limits
    stdin_filename: str


@click.command("check", short_help="Judge files and folders of specs, for CI and before a commit.")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option(
    "--format",
    "format_",
    type=click.Choice(CHECK_FORMATS),
    default="text",
    show_default=True,
    cls=Setting,
    envvar="SEQSHAPE_FORMAT",
    help="What to print on standard output.",
)
@click.option(
    "--output",
    "outputs",
    type=Output(),
    multiple=True,
    help="Write a format to a file as well, such as sarif=results.sarif. Repeatable.",
)
@click.option(
    "--select",
    type=Codes(ignored=False),
    multiple=True,
    cls=Setting,
    envvar="SEQSHAPE_SELECT",
    help="Tell these codes alone, such as SEQ2,SEQ401. What keeps a spec from being judged is always told.",
)
@click.option(
    "--ignore",
    type=Codes(ignored=True),
    multiple=True,
    cls=Setting,
    envvar="SEQSHAPE_IGNORE",
    help="Leave these codes out, such as SEQ3. SEQ0, SEQ1 and SEQ9 cannot be.",
)
@click.option(
    "--strict/--no-strict",
    default=False,
    cls=Setting,
    envvar="SEQSHAPE_STRICT",
    help="Fail on warnings too.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note"]),
    default="error",
    show_default=True,
    cls=Setting,
    envvar="SEQSHAPE_FAIL_ON",
    help="The least severity that fails the run.",
)
@click.option(
    "--exit-zero",
    is_flag=True,
    cls=Setting,
    envvar="SEQSHAPE_EXIT_ZERO",
    help="Let no finding fail the run.",
)
@click.option(
    "--quiet",
    "-q",
    is_flag=True,
    cls=Setting,
    envvar="SEQSHAPE_QUIET",
    help="Tell the diagnostics and nothing else.",
)
@click.option(
    "--max-diagnostics",
    "most",
    type=click.IntRange(min=0),
    metavar="NUMBER",
    cls=Setting,
    envvar="SEQSHAPE_MAX_DIAGNOSTICS",
    help="Show so many diagnostics in text and Markdown at the most; all of them count.",
)
@click.option(
    "--annotations/--no-annotations",
    default=None,
    cls=Setting,
    envvar="SEQSHAPE_ANNOTATIONS",
    help="Print GitHub's annotations after the text and write the step's summary. By default where "
    "GITHUB_ACTIONS is true.",
)
@click.option(
    "--specs-only", is_flag=True, help="Pass over files that are no specs even where they are named."
)
@set_option
@stdin_option
@trace_option
@budget_option
@limit_option
@plugin_option
@cache_options
@config_options
@click.option("--show-settings", is_flag=True, help="Print every setting and where it comes from.")
@color_option
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> int:
    """Judge every spec that PATH names: a file, a folder, a glob, or - for standard input.

    Of a folder or a glob, the YAML files that have `layers` at their top are specs, and the models that
    Keras saved are judged like them: JSON, .keras archives, HDF5 files. Without PATH the settings file's
    `paths` are judged.

    \b
      seqshape check specs/
      seqshape check specs/ --strict --output sarif=results.sarif
      seqshape check "models/**/*.yaml" --ignore SEQ3

    Settings come from flags, then SEQSHAPE_... variables, then the nearest seqshape.toml, or
    [tool.seqshape] in pyproject.toml: paths, select, ignore, per-file-ignores, strict, limits, plugins.

    Exit status: 0 no error, 1 at least one error (with --strict: or warning), 2 where the command
    line or the settings are wrong or a path cannot be read. A folder without specs is no error.
    """
    if given["show_settings"]:
        _show_settings(ctx)
        return 0
    paths = paths_of(ctx)
    if not paths:
        raise click.UsageError(
            "no PATH: name files or folders, such as `seqshape check .`, or set `paths` in seqshape.toml",
            ctx,
        )
    if (twice := same_file(given["outputs"])) is not None:
        raise click.UsageError(f"two outputs go to `{twice}`", ctx)
    asked = _asked(ctx, given)
    found = find(paths, _is_spec(asked.limits), given["specs_only"])
    judged = {os.path.realpath(path) for path in found.paths}
    for _, file in asked.outputs:
        if os.path.realpath(file) in judged:
            raise click.UsageError(f"the output `{file}` is a spec that is judged", ctx)
    wrong = [f"{path}: {said}" for path, said in found.problems]
    run = _judge(ctx, found, asked, wrong)
    wrong.extend(_deliver(run, asked, surface(given["color"]), bool(wrong)))
    if not (asked.quiet or given["specs_only"]):
        _remark(found, asked.format, paths)
    for message in wrong:
        click.echo(f"Error: {printable(message)}", err=True)
    if wrong:
        return 2
    from seqshape.selection import fails

    return 1 if fails(run.reports, asked.fail_on) and not given["exit_zero"] else 0


def _asked(ctx: click.Context, given: dict[str, Any]) -> _Asked:
    annotations = given["annotations"]
    if annotations is None:
        annotations = os.environ.get("GITHUB_ACTIONS") == "true"
    return _Asked(
        format=given["format_"],
        outputs=given["outputs"],
        fail_on=least_that_fails(ctx, given["strict"], given["fail_on"]),
        quiet=given["quiet"],
        most=given["most"],
        annotations=annotations,
        trace=given["trace"],
        budget=given["budget"],
        sizes=dict(given["sizes"]),
        limits=limits_of(ctx, given["limits"]),
        stdin_filename=given["stdin_filename"],
    )


def _is_spec(limits: Limits) -> Callable[[Path], bool]:
    def asked(path: Path) -> bool:
        from seqshape.recognition import is_spec

        return is_spec(read(str(path), limits.bytes))

    return asked


def _judge(ctx: click.Context, found: Found, asked: _Asked, wrong: list[str]) -> "Run":
    """The reports of all files in their order; what cannot be read is added to `wrong`."""
    from seqshape.report import Run

    engine = engine_of(ctx)
    reports: list[Report] = []
    missing = dict.fromkeys(asked.sizes, "")
    selected = selection_of(ctx)
    left = _SPECS_SEARCHED * asked.budget
    with Progress(len(found.paths)) as progress:
        for path in found.paths:
            name = asked.stdin_filename if path == STDIN else path
            try:
                data = read(path, asked.limits.bytes)
            except OSError as error:
                wrong.append(f"{name}: {error.strerror or error}")
            else:
                before = time.monotonic()
                budget = max(min(left, asked.budget), _NO_TIME) if asked.budget else 0.0
                report = _report(name, data, asked, engine, missing, budget)
                if not report.ok:  # a folder of broken specs is not to take hours
                    left = max(left - (time.monotonic() - before), 0)
                reports.append(selected(report, name))
            progress.advance()
    if found.paths:
        wrong.extend(said for said in missing.values() if said)
    return Run(tuple(reports), several=True, passed_over=found.passed_over)


def _report(
    name: str,
    data: "Contents",
    asked: _Asked,
    engine: "Engine",
    missing: dict[str, str],
    budget: float,
) -> "Report":
    """The report of one spec. A dim that it lacks is left alone; a dim that no spec has stays `missing`."""
    from seqshape.pipeline import UnknownDim, inspect_bytes

    sizes = dict(asked.sizes)
    while True:
        try:
            report = inspect_bytes(
                name,
                data,
                dims=sizes,
                limits=asked.limits,
                engine=engine,
                trace=asked.trace,
                thorough=True,
                budget=budget,
            )
        except UnknownDim as error:
            del sizes[error.name]
            if error.name in missing:
                missing[error.name] = f"{name}: {error}"
        else:
            for each in sizes:
                missing.pop(each, None)
            return report


def _deliver(run: "Run", asked: _Asked, where: Surface, failed: bool) -> list[str]:
    """Writes the files and then prints; what could not be written.

    Where reading has `failed` and nothing was judged, a reader is told that alone.
    """
    options = Options(rows=False, most=asked.most, fail_on=asked.fail_on, quiet=asked.quiet)
    plain = Surface()
    wrong: list[str] = []

    def attempt(act: Callable[[str, str], None], format_: str, file: str) -> None:
        try:
            act(file, renderer(format_).render(run, plain, options))
        except OSError as error:
            wrong.append(f"{file}: the {format_} output cannot be written: {error.strerror or error}")

    for format_, file in asked.outputs:
        attempt(write, format_, file)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if asked.annotations and summary and asked.format in _READABLE:
        attempt(append_summary, "markdown", summary)
    both = asked.annotations and asked.format == "text"
    text = renderer(asked.format).render(run, where, replace(options, quiet=asked.quiet or both))
    if both:  # the summary stands last, after the annotations
        text += renderer("github").render(run, where, options)
    if run.reports or not failed or asked.format != "text":
        show(text)
    return wrong


def _remark(found: Found, format_: str, paths: tuple[str, ...]) -> None:
    """What a user should know beside the results."""
    over = count(found.passed_over, "YAML file") + " without `layers` passed over"
    if not found.paths and not found.problems:
        said = f"; {over}" if found.passed_over else ""
        click.echo(f"Warning: no spec in {printable(', '.join(paths))}{said}", err=True)
    elif found.passed_over and format_ not in _COUNTING:
        click.echo(f"Note: {over}", err=True)


def _show_settings(ctx: click.Context) -> None:
    rows = list(described(ctx))
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    for name, value, source in rows:
        show(f"{name:<{first}}  {value:<{second}}  {source}".rstrip() + "\n")
