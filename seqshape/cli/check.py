"""`seqshape check`: every spec of a folder judged, for CI and before a commit."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from seqshape.cli import DEFECT
from seqshape.cli._config import config_options, described, least_that_fails, limits_of, paths_of
from seqshape.cli._judged import Wanted, judge, tell_defects
from seqshape.cli._options import (
    Setting,
    budget_option,
    cache_options,
    code_options,
    color_option,
    limit_option,
    plugin_option,
    set_option,
    stdin_option,
    surface,
    trace_option,
)
from seqshape.cli._outputs import CHECK_FORMATS, Output, append_summary, same_file, show, unwritten, write
from seqshape.cli._reading import read
from seqshape.frozen import frozen
from seqshape.limits import Limits
from seqshape.paths import Found, find
from seqshape.render import renderer
from seqshape.render._surface import Options, Surface, printable
from seqshape.wording import count

if TYPE_CHECKING:
    from seqshape.report import ReportData, Run

_READABLE = ("text", "github")
_COUNTING = ("text", "github", "markdown")
"""Formats that say themselves how many files were passed over."""


@frozen
class _Asked:
    """The options of one run; `fail_on` has `--strict` in it."""

    format: str
    outputs: tuple[tuple[str, str], ...]
    fail_on: str
    quiet: bool
    most: int | None
    annotations: bool
    wanted: Wanted


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
@code_options
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
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    cls=Setting,
    envvar="SEQSHAPE_JOBS",
    help="Ask Keras in so many processes at the most, and no more than there are processors; 1 for this "
    "one alone. By default more than one where at least 50 specs have to wait for Keras, a process for "
    "each 25, at most 8.",
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
    found = find(paths, _is_spec(asked.wanted.limits), given["specs_only"])
    specs = {os.path.realpath(path) for path in found.paths}
    for _, file in asked.outputs:
        if os.path.realpath(file) in specs:
            raise click.UsageError(f"the output `{file}` is a spec that is judged", ctx)
    wrong = [f"{path}: {said}" for path, said in found.problems]
    shown = _Shown(asked, surface(given["color"]))
    judged = judge(ctx, found, asked.wanted, shown.report)
    wrong.extend(judged.wrong)
    wrong.extend(_deliver(judged.run, asked, shown, bool(wrong)))
    if not (asked.quiet or given["specs_only"]):
        _remark(found, asked.format, paths)
    for message in wrong:
        click.echo(f"Error: {printable(message)}", err=True)
    if judged.defects:
        tell_defects(judged.defects)
        return DEFECT
    if wrong:
        return 2
    from seqshape.selection import fails

    return 1 if fails(judged.run.reports, asked.fail_on) and not given["exit_zero"] else 0


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
        wanted=Wanted(
            sizes=dict(given["sizes"]),
            limits=limits_of(ctx, given["limits"]),
            trace=given["trace"],
            budget=given["budget"],
            jobs=given["jobs"],
            stdin_filename=given["stdin_filename"],
        ),
    )


def _is_spec(limits: Limits) -> Callable[[Path], bool]:
    def asked(path: Path) -> bool:
        from seqshape.recognition import is_spec

        return is_spec(read(str(path), limits.bytes))

    return asked


class _Shown:
    """What is printed on standard output: text as it comes, a format that needs the whole at the end."""

    def __init__(self, asked: _Asked, where: Surface) -> None:
        self.options = Options(rows=False, most=asked.most, fail_on=asked.fail_on, quiet=asked.quiet)
        self._format = asked.format
        self._where = where
        self._annotated = asked.annotations and asked.format == "text"
        self._streams = asked.format == "text" and asked.most is None  # else the worst of the run are shown
        self._begun = False

    def report(self, report: "ReportData") -> None:
        """The next report."""
        if self._streams:
            from seqshape.render.text import findings

            self._show(findings(report, report.diagnostics, self._where))

    def end(self, run: "Run") -> None:
        """All that is left to be printed."""
        options = replace(self.options, quiet=self.options.quiet or self._annotated)
        if self._streams:
            from seqshape.render.text import ending

            self._show(ending(run, self._where, options))
        else:
            show(renderer(self._format).render(run, self._where, options))
        if self._annotated:  # the summary stands last, after the annotations
            show(renderer("github").render(run, self._where, self.options))

    def _show(self, text: str) -> None:
        if text:
            show(text if self._begun else text.removeprefix("\n"))
            self._begun = True


def _deliver(run: "Run", asked: _Asked, shown: _Shown, failed: bool) -> list[str]:
    """Writes the files and then prints the rest; what could not be written.

    Where reading has `failed` and nothing was judged, a reader is told that alone.
    """
    plain = Surface()
    wrong: list[str] = []

    def attempt(act: Callable[[str, str], None], format_: str, file: str) -> None:
        try:
            act(file, renderer(format_).render(run, plain, shown.options))
        except OSError as error:
            wrong.append(unwritten(file, error))

    for format_, file in asked.outputs:
        attempt(write, format_, file)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if asked.annotations and summary and asked.format in _READABLE:
        attempt(append_summary, "markdown", summary)
    if run.reports or not failed or asked.format != "text":
        shown.end(run)
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
