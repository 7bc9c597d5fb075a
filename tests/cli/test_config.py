"""Flags before variables before the settings file; where each setting comes from."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from seqshape.cli import cli
from seqshape.engine import Engine
from tests.cli.conftest import GOOD, NOTED
from tests.cli.test_check import codes, judged, run, said, status


def write(folder: Path, text: str, name: str = "seqshape.toml") -> None:
    (folder / name).write_text(text, encoding="utf-8")


def test_paths_of_the_file_are_judged_where_none_is_named(
    specs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(specs, "[tool.seqshape]\npaths = ['specs/go*.yaml', 'specs/wrong.yaml']\n", "pyproject.toml")
    assert judged(run("--format", "json")) == ["specs/good.yaml", "specs/wrong.yaml"]
    assert judged(run("specs/refused.yaml", "--format", "json")) == ["specs/refused.yaml"]
    monkeypatch.chdir(specs / "specs")
    assert judged(run("--format", "json")) == ["good.yaml", "wrong.yaml"]
    assert status(run("--no-config")) == 2


def test_ignores_of_a_file_hold_for_its_globs(specs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(specs, "[per-file-ignores]\n'specs/ref*.yaml' = ['SEQ2']\n")
    assert codes(run("specs", "--format", "json")) == ["SEQ102"]
    monkeypatch.chdir(specs / "specs")
    assert codes(run(".", "--format", "json")) == ["SEQ102"]
    text = Path("refused.yaml").read_text(encoding="utf-8")
    assert codes(run("-", "--stdin-filename", "refused.yaml", "--format", "json", text=text)) == []
    assert codes(run("-", "--format", "json", text=text)) == ["SEQ210"]


@pytest.mark.parametrize(
    ("file", "environment", "flags", "expected"),
    [
        ("", {}, [], "error"),
        ("strict = true", {}, [], "warning"),
        ("strict = true", {"SEQSHAPE_STRICT": "0"}, [], "error"),
        ("strict = true", {}, ["--no-strict"], "error"),
        ("strict = true", {}, ["--fail-on", "error"], "error"),
        ("strict = true", {}, ["--fail-on", "note"], "note"),
        ("strict = true", {"SEQSHAPE_FAIL_ON": "error"}, [], "error"),
        ("strict = true", {"SEQSHAPE_FAIL_ON": "error"}, ["--strict"], "warning"),
        ("", {"SEQSHAPE_STRICT": "1"}, [], "warning"),
        ("", {"SEQSHAPE_STRICT": "1", "SEQSHAPE_FAIL_ON": "note"}, [], "note"),
        ("", {"SEQSHAPE_FAIL_ON": "note"}, ["--strict"], "warning"),
        ("", {"SEQSHAPE_FAIL_ON": "note"}, ["--no-strict"], "error"),
        ("", {}, ["--strict", "--fail-on", "error"], "warning"),
    ],
)
def test_the_least_severity_that_fails(
    specs: Path,
    file: str,
    environment: dict[str, str],
    flags: list[str],
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from seqshape import selection

    seen: list[str] = []
    monkeypatch.setattr(selection, "fails", lambda _, fail_on: seen.append(fail_on) or False)
    write(specs, file)
    run("specs/alien.yaml", *flags, **environment)
    assert seen == [expected]


def test_flags_before_variables_before_the_file(specs: Path) -> None:
    (specs / "noted.yaml").write_text(NOTED, encoding="utf-8")
    write(specs, "ignore = ['SEQ2']\npaths = ['specs/refused.yaml']\n")
    assert codes(run("--format", "json")) == []
    assert codes(run("--format", "json", SEQSHAPE_IGNORE="SEQ4 SEQ299")) == ["SEQ210"]
    assert codes(run("--format", "json", "--ignore", "SEQ210", SEQSHAPE_IGNORE="SEQ4")) == []


def test_limits_of_the_file_are_replaced_one_by_one(specs: Path) -> None:
    write(specs, "[limits]\nnodes = 5\ndepth = 50\n")
    assert codes(run("specs/good.yaml", "--format", "json")) == ["SEQ006"]
    assert codes(run("specs/good.yaml", "--format", "json", "--limit", "nodes=100")) == []
    assert codes(run("specs/good.yaml", "--format", "json", SEQSHAPE_LIMIT="nodes=9 depth=9")) == ["SEQ006"]


def test_inspect_takes_limits_from_the_file(specs: Path) -> None:
    write(specs, "[limits]\nnodes = 5\n")

    def inspect(*options: str) -> str:
        arguments = ["inspect", "specs/good.yaml", *options]
        return CliRunner().invoke(cli, arguments, standalone_mode=False).stdout

    assert "SEQ006" in inspect()
    assert "SEQ006" not in inspect("--limit", "nodes=50")
    assert "SEQ006" not in inspect("--no-config")


def test_a_file_that_is_named(specs: Path) -> None:
    write(specs, "paths = ['specs/good.yaml']", "other.toml")
    write(specs, "strict = 3")
    assert judged(run("--config", "other.toml", "--format", "json")) == ["specs/good.yaml"]
    assert judged(run("--format", "json", SEQSHAPE_CONFIG="other.toml")) == ["specs/good.yaml"]
    result = run("--no-config", SEQSHAPE_CONFIG="other.toml")
    assert (status(result), "no PATH" in said(result)) == (2, True)


def test_every_mistake_of_the_file_is_told_and_is_status_two(specs: Path) -> None:
    write(specs, "strict = 3\n\nselct = []\n")
    for command in (["check", "specs"], ["inspect", "specs/good.yaml"], ["check", "--show-settings"]):
        result = CliRunner().invoke(cli, command)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert result.stderr == (
            "Error: 2 mistakes in the settings\n"
            "  seqshape.toml:1: `strict` must be true or false, not the number 3\n"
            "  seqshape.toml:3: unknown setting `selct`; did you mean `select`?\n"
        )
    write(specs, "strict = 3")
    assert CliRunner().invoke(cli, ["check", "."]).stderr == (
        "Error: seqshape.toml:1: `strict` must be true or false, not the number 3\n"
    )


@pytest.mark.parametrize("variable", ["SEQSHAPE_STRICT", "SEQSHAPE_FAIL_ON", "SEQSHAPE_SELECT"])
def test_a_wrong_variable_is_status_two_and_named(specs: Path, variable: str) -> None:
    result = CliRunner().invoke(cli, ["check", "specs"], env={variable: "perhaps"})
    assert result.exit_code == 2
    assert f"(from {variable}): " in result.stderr


def test_show_settings(specs: Path) -> None:
    write(
        specs,
        "paths = ['specs', 'more']\nignore = ['SEQ2', 'SEQ401']\nlimits = {depth = 50, nodes = 7}\n"
        "[per-file-ignores]\n'old/*.yaml' = ['SEQ2', 'SEQ4']\n",
    )
    result = run("--show-settings", "--strict", "--limit", "nodes=9", "--set", "T=null", SEQSHAPE_QUIET="1")
    assert status(result) == 0
    rows = [line.split(maxsplit=1) for line in result.stdout.splitlines()]
    shown = {name: " ".join(rest.split()) for name, rest in rows}
    assert shown == {
        **shown,
        "settings": "file seqshape.toml",
        "paths": "specs, more seqshape.toml",
        "select": "all default",
        "ignore": "SEQ2, SEQ401 seqshape.toml",
        "strict": "yes command line",
        "fail-on": "error default",
        "quiet": "yes SEQSHAPE_QUIET",
        "max-diagnostics": "all default",
        "set": "T=null command line",
        'per-file-ignores."old/*.yaml"': "SEQ2, SEQ4 seqshape.toml",
        "limits.bytes": "16777216 default",
        "limits.nodes": "9 command line",
        "limits.depth": "50 seqshape.toml",
    }
    assert not {"config", "no-config", "show-settings", "limit"} & set(shown)


PLUGIN = """\
import keras

print("loaded")


@keras.saving.register_keras_serializable(package="Mine")
class Doubled(keras.layers.Layer):
    def call(self, inputs):
        return keras.ops.concatenate([inputs, inputs], axis=-1)
"""
USING = "layers:\n  - {name: x, type: Input, shape: [3]}\n  - {name: twice, type: Mine>Doubled}\n"


def test_a_plugin_of_the_file_brings_its_layers(
    specs: Path, cache: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.catalogue()
    write(specs, "plugins = ['my_layers_of_this_test']\n")
    write(specs, PLUGIN, "my_layers_of_this_test.py")
    write(specs, USING, "specs/using.yaml")
    monkeypatch.setattr("seqshape.engine.Engine", lambda _, *rest, **more: Engine(cache, *rest, **more))
    monkeypatch.chdir(specs / "specs")
    monkeypatch.setattr("sys.path", [*__import__("sys").path])
    result = run("using.yaml", "--format", "json")
    assert (status(result), codes(result)) == (0, [])
    (report,) = json.loads(result.stdout)["reports"]
    assert report["layers"][1]["outputs"][0]["shape"] == [None, 6]
    table = CliRunner().invoke(cli, ["inspect", "using.yaml"], standalone_mode=False).stdout
    assert "(batch, 6)" in table


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "no module named 'failing_plugin"),
        ("import nowhere_to_be_found\n", "no module named 'nowhere_to_be_found'"),
        ("x = 1\nx = = 2\n", "line 2 of it is no Python: invalid syntax"),
        ("1 / 0\n", "ZeroDivisionError: division by zero"),
        ("import sys\nsys.exit(0)\n", "it ends the program"),
    ],
)
def test_a_plugin_that_fails_is_a_finding_of_every_spec(
    specs: Path, cache: Path, text: str | None, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"failing_plugin_{len(reason)}"
    if text is not None:
        write(specs, text, f"{name}.py")
    monkeypatch.setattr("seqshape.engine.Engine", lambda _, *rest, **more: Engine(cache, *rest, **more))
    monkeypatch.setattr("sys.path", [*__import__("sys").path])
    result = run("specs/good.yaml", "specs/refused.yaml", "--plugin", name, "--format", "json")
    assert (status(result), codes(result)) == (1, ["SEQ904", "SEQ904"])
    assert f"the plugin `{name}` cannot be imported: {reason}" in result.stdout.replace('\\"', '"')
    assert codes(run("specs/good.yaml", "--plugin", name, "--select", "SEQ2", "--format", "json")) == [
        "SEQ904"
    ]
    by_file = run("specs/good.yaml", "--plugin", f"{name}.py", "--format", "json").stdout
    assert f"without `.py`: `{name}`" in by_file
    (specs / "silent.yaml").write_text(f"ignore: [SEQ904]\n{GOOD}", encoding="utf-8")
    assert "SEQ904" in codes(run("silent.yaml", "--plugin", name, "--format", "json"))
