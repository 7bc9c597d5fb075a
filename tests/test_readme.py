"""What the README shows is what is printed: every ```console block is run, and the Python example."""

import re
import shlex
from pathlib import Path

import pytest
import yaml
from click import Command
from click.testing import CliRunner

from seqshape.cli import cli
from seqshape.cli.check import command as check
from seqshape.cli.fix import command as fix
from seqshape.cli.solve import command as solve
from seqshape.cli.sweep import command as sweep
from seqshape.settings import KEYS, read

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
VERSION = re.compile(r"Keras \d+\.\d+\.\d+")


def blocks() -> list[tuple[str, str, str]]:
    """Each command, its output as the README shows it, and the YAML block before it."""
    found: list[tuple[str, str, str]] = []
    spec = ""
    for language, text in FENCE.findall(README):
        if language == "yaml":
            spec = text
        elif language == "console":
            command, _, output = text.partition("\n")
            found.append((command.removeprefix("$ seqshape "), output, spec))
    return found


@pytest.fixture(autouse=True)
def _in_the_checkout(monkeypatch: pytest.MonkeyPatch, shared_engine: None) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("SEQSHAPE_BUDGET", "60")  # on a busy machine the time runs out else


def test_the_readme_shows_a_table_mismatch_comparison_wrong_spec_fixes_formulas_sizes_and_page() -> None:
    assert len(blocks()) == 9


@pytest.mark.parametrize(("command", "output", "spec"), blocks())
def test_a_command_prints_what_the_readme_shows(command: str, output: str, spec: str) -> None:
    result = CliRunner().invoke(cli, shlex.split(command), input=spec, standalone_mode=False)
    assert VERSION.sub("Keras", result.stdout) == VERSION.sub("Keras", output)


def test_the_settings_are_all_shown_and_right(tmp_path: Path) -> None:
    (text,) = (text for language, text in FENCE.findall(README) if language == "toml")
    path = tmp_path / "pyproject.toml"
    path.write_text(text, encoding="utf-8")
    settings, problems = read(path)
    assert problems == ()
    assert len(settings.given) == len(KEYS)


def test_every_option_of_check_is_told() -> None:
    (section,) = re.findall(r"^### Check in CI\n(.*?)^### ", README, re.MULTILINE | re.DOTALL)
    elsewhere = {"--stdin-filename", "--color"}
    for param in check.params:
        for option in param.opts:
            if option.startswith("--") and option not in elsewhere | {"--trace", "--annotations"}:
                assert f"{option}" in section, option
    for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", section):
        assert any(option in (*param.opts, *param.secondary_opts) for param in check.params) or (
            option in ("--all", "--help")
        )


def test_every_option_of_fix_is_told() -> None:
    (section,) = re.findall(r"^### What would mend it\n(.*?)^### ", README, re.MULTILINE | re.DOTALL)
    shared = {option for param in check.params for option in param.opts} - {"--budget"}
    for param in fix.params:
        for option in param.opts:
            assert not option.startswith("--") or option in shared or f"`{option}" in section, option
    known = {option for param in fix.params for option in param.opts}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", section)) <= known


@pytest.mark.parametrize(
    ("command", "title"), [(sweep, "Many sizes at once"), (solve, "A size for a budget")]
)
def test_every_option_of_commands_about_sizes_is_told(command: Command, title: str) -> None:
    (section,) = re.findall(rf"^### {title}\n(.*?)^### ", README, re.MULTILINE | re.DOTALL)
    known = {option for param in command.params for option in (*param.opts, *param.secondary_opts)}
    shared = {option for param in check.params for option in param.opts} - {"--format", "--set", "--output"}
    for param in command.params:
        long = [option for option in param.opts if option.startswith("--")]
        for option in long if long != ["--macs"] or command is solve else ["--no-macs"]:
            assert option in shared or option in section, option
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", section)) <= known


def test_the_action_and_the_hook_are_used_as_they_are() -> None:
    workflow, hooks = (
        yaml.safe_load(text)
        for language, text in FENCE.findall(README)
        if text.startswith(("jobs:", "repos:"))
    )
    (step,) = (step for step in workflow["jobs"]["specs"]["steps"] if "seqshape" in step["uses"])
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    assert set(step["with"]) <= set(action["inputs"])
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert hooks["repos"][0]["hooks"] == [{"id": hook["id"]}]


def test_the_python_examples() -> None:
    code = [text for language, text in FENCE.findall(README) if language == "python"]
    statements = [line.partition("#") for text in code for line in text.splitlines() if line]
    scope: dict[str, object] = {}
    expected = 0
    for statement, _, comment in statements:
        if comment and statement.strip() != "report":
            assert eval(statement, scope) == eval(comment)
            expected += 1
        else:
            exec(statement, scope)
    assert expected == 8


def test_every_module_is_on_the_map() -> None:
    rows = README.partition("## Map")[2]
    package = ROOT / "seqshape"
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).as_posix()
        folder = name.partition("/")[0]
        listed = folder in ("rules", "render", "cli") or path.parent.name == "kinds"
        if path.name.startswith("__") or path.name == "version.py" or listed:
            continue
        assert f"`{name}`" in rows, name
    for name in re.findall(r"`([\w/]+(?:\.py|/))`", rows):
        assert (package / name).exists(), name


def named_in(table: str) -> list[str]:
    """The names in code of the table that starts with this line."""
    return re.findall(r"`(\w+)`", README.partition(table)[2].partition("\n\n")[0])


def test_every_named_spec_exists() -> None:
    specs = {path.stem for path in (ROOT / "specs").glob("*.yaml")}
    named = set(named_in("| question | specs |")) - {"return_sequences", "return_state"}
    assert named <= specs


def test_every_model_is_named_once() -> None:
    assert sorted(named_in("| kind | specs in `models` |")) == sorted(
        path.stem for path in (ROOT / "specs" / "models").glob("*.yaml")
    )
