"""`seqshape compare`: what is printed, what is read, and the exit status."""

import json
import subprocess
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from seqshape.cli import cli
from tests.cli.conftest import GOOD, REFUSED, WRONG

DENSE = GOOD.replace("type: GRU", "type: Dense")
GIT = ("git", "-c", "user.email=a@example.org", "-c", "user.name=a", "-c", "commit.gpgsign=false")


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["compare", *arguments], input=text, standalone_mode=False)


def status(result: Result) -> int:
    """The exit status, as `main` reads it."""
    if isinstance(result.exception, click.ClickException):
        return result.exception.exit_code
    return result.return_value if result.exception is None else result.exit_code


def said(result: Result) -> str:
    """What standard error says, as `main` shows it."""
    if isinstance(result.exception, click.ClickException):
        return result.exception.format_message()
    return result.stderr


@pytest.fixture
def folder(specs: Path) -> Path:
    """A folder with a spec in it, one that differs from it, and a repository round it."""
    (specs / "b.yaml").write_text(DENSE, encoding="utf-8")
    (specs / "a.yaml").write_text(GOOD, encoding="utf-8")
    return specs


@pytest.fixture
def repository(folder: Path) -> Path:
    """The same under version control, the files committed as they were and then changed."""
    (folder / ".git").rmdir()
    for arguments in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "first"]):
        subprocess.run([*GIT, *arguments], cwd=folder, check=True)
    (folder / "a.yaml").write_text(DENSE, encoding="utf-8")
    subprocess.run([*GIT, "add", "a.yaml"], cwd=folder, check=True)
    (folder / "a.yaml").write_text(GOOD.replace("H: 16", "H: 17"), encoding="utf-8")
    return folder


def test_the_status_is_of_the_comparison_unless_it_is_asked_for(folder: Path) -> None:
    assert status(run("a.yaml", "b.yaml")) == 0
    assert status(run("a.yaml", "b.yaml", "--exit-code")) == 1
    assert status(run("a.yaml", "a.yaml", "--exit-code")) == 0


def test_with_numeric_the_status_is_of_the_functions(folder: Path) -> None:
    wrapped = "type: TimeDistributed, layer: {type: Dense, units: H}"
    (folder / "c.yaml").write_text(GOOD.replace("type: GRU, units: H", wrapped), encoding="utf-8")
    once = ("--numeric", "--exit-code", "--tries", "1", "--runs", "1")
    found = run("b.yaml", "c.yaml", *once)
    assert "They are the same function" in found.stdout
    assert (status(found), status(run("b.yaml", "c.yaml", "--exit-code"))) == (0, 1)
    found = run("a.yaml", "b.yaml", *once)
    assert "They are not the same function" in found.stdout
    assert status(found) == 1


def test_errors_are_told_and_the_rest_is_compared(folder: Path) -> None:
    for text in (REFUSED, WRONG):
        found = run("a.yaml", "-", "--stdin-filename", "bad.yaml", text=text)
        assert status(found) == 1
        assert "bad.yaml:3:" in found.stdout or "bad.yaml:2:" in found.stdout
        assert "B has errors" in found.stdout


@pytest.mark.parametrize("name", ["json", "keras-json", "yaml"])
def test_standard_input_and_saved_models(name: str, folder: Path) -> None:
    if name == "json":
        text = (folder / "a.yaml").read_text(encoding="utf-8")
    else:
        text = CliRunner().invoke(cli, ["convert", "a.yaml", "--to", name], standalone_mode=False).stdout
    found = run("a.yaml", "-", "--exit-code", text=text)
    assert (status(found), "No difference" in found.stdout) == (0, True)


def test_the_words_of_the_command_line(folder: Path) -> None:
    assert "not both" in said(run("-", "-"))
    for arguments, words in (
        (["a.yaml", "b.yaml", "--seed", "3"], "--seed says how both are run; add --numeric"),
        (["a.yaml", "b.yaml", "--map", "gru"], "`gru` is not of the form NAME=NAME"),
        (["a.yaml", "b.yaml", "--memory", "lots"], "`lots` is no amount of memory"),
        (["a.yaml", "a.yaml", "--numeric", "--map", "gur=gru"], "did you mean `gru`?"),
        (["a.yaml", "none.yaml"], "none.yaml: No such file or directory"),
        (["a.yaml", "b.yaml", "--set", "Z=3"], "the spec has no dim `Z`"),
    ):
        found = run(*arguments)
        assert status(found) == 2, arguments
        assert words in said(found)


def test_memory_in_units(folder: Path) -> None:
    found = run("a.yaml", "a.yaml", "--numeric", "--memory", "1k")
    assert "A is too large to run" in found.stdout
    assert "1,024 bytes" in found.stdout
    assert "help: --memory raises the limit" in found.stdout


def test_a_size_holds_for_each_that_has_it(folder: Path) -> None:
    (folder / "c.yaml").write_text(GOOD.replace("dims: {H: 16}\n", "").replace("units: H", "units: 16"))
    found = run("a.yaml", "c.yaml", "--set", "H=32")
    assert status(found) == 0
    assert "32 → 16" in found.stdout


def test_a_revision_of_the_repository(repository: Path) -> None:
    found = run("HEAD:a.yaml", "a.yaml")
    assert status(found) == 0
    assert "16 → 17" in found.stdout
    assert found.stdout.startswith("A  HEAD:a.yaml · good\n")
    assert "GRU → Dense" in run("HEAD:a.yaml", ":a.yaml").stdout
    assert "No difference" in run("main:a.yaml", "HEAD:./a.yaml").stdout


def test_a_revision_that_is_not_there(repository: Path) -> None:
    found = run("mian:a.yaml", "a.yaml")
    assert status(found) == 2
    assert "mian:a.yaml: git knows no revision `mian`; did you mean `main`?" in said(found)
    assert "there is no `aa.yaml` at `HEAD`; did you mean `a.yaml`?" in said(run("HEAD:aa.yaml", "a.yaml"))


def test_json(folder: Path) -> None:
    data = json.loads(run("a.yaml", "b.yaml", "--format", "json").stdout)
    assert data["comparison_version"] == 1
    assert data["same"] is False
    assert data["layers"] == {"same": 1, "changed": 1, "affected": 0, "added": 0, "removed": 0}
    (pair,) = data["pairs"]
    assert (pair["a"]["type"], pair["b"]["type"]) == ("GRU", "Dense")
    assert pair["changes"][0] == {"what": "type", "name": "", "a": "GRU", "b": "Dense"}
    gru, dense = 3 * (15 * 16 + 16 * 16 + 2 * 16), 15 * 16 + 16
    assert data["totals"]["params"] == {
        "a": gru,
        "b": dense,
        "difference": dense - gru,
        "percent": pytest.approx(100 * (dense - gru) / gru),
    }
    assert data["numeric"] is None
    every = json.loads(run("a.yaml", "b.yaml", "--format", "json", "--all").stdout)
    assert [each["change"] for each in every["pairs"]] == ["same", "changed"]


def test_json_of_numbers(folder: Path) -> None:
    text = run("a.yaml", "a.yaml", "--numeric", "--tries", "2", "--runs", "3", "--format", "json").stdout
    data = json.loads(text)["numeric"]
    assert (data["verdict"], data["same_function"], data["mapped_by"]) == ("equal", True, "name")
    assert data["weights"][0] == {"a": "gru.kernel", "b": "gru.kernel"}
    assert data["inputs"] == [{"name": "x", "shape": [4, 64, 15], "dtypes": ["float32", "float32"]}]
    (output,) = data["outputs"]
    assert output["largest_absolute"]["difference"] == 0
    assert output["numbers"] == 2 * 4 * 16
    assert len(data["seconds"]["a"]["runs"]) == 3


def test_markdown_answers_first(folder: Path) -> None:
    lines = run("a.yaml", "b.yaml", "--format", "markdown").stdout.splitlines()
    assert lines[0] == "### a.yaml → b.yaml"
    assert lines[2].startswith("`gru` is GRU in A and Dense in B.")
    tables = [line for line in lines if line.startswith("|")]
    assert len({line.count("|") for line in tables}) == 1 or all(line.endswith("|") for line in tables)
    assert "| Layer | | A | B |" in lines
