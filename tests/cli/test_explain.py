"""`seqshape explain` as a user runs it: options, exit status, streams."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from seqshape.cli import cli

GOOD = "dims: {T: 64}\nlayers:\n  - {name: x, type: Input, shape: [T, 15]}\n  - {name: gru, type: GRU, units: 16}\n"


def run(*arguments: str, text: str = GOOD) -> Result:
    return CliRunner().invoke(cli, ["explain", "-", *arguments], input=text, standalone_mode=False)


def test_a_layer_by_its_name(tmp_path: Path) -> None:
    result = run("gru")
    assert (result.return_value, result.stderr) == (0, "")
    assert "720 + 768 + 96 = 1,584 parameters" in result.stdout
    assert "The whole model" not in result.stdout
    assert "x (Input)" not in result.stdout


def test_sizes_of_this_run() -> None:
    assert "1,488 × 200 = 297,600" in run("gru", "--set", "T=200").stdout
    assert "1,488 × 200 = 297,600" in run("gru", "--set", "T=null", "--length", "200").stdout
    assert "3,047,424 for a batch of 32" in run("--batch", "32").stdout  # 32 · 64 · 1,488


def test_what_a_spec_expects_of_its_own_sizes_hinders_nothing() -> None:
    text = GOOD + "expect: {params: 1584, outputs: {gru: [batch, 16]}}\n"
    result = run("gru", "--set", "T=9", text=text.replace("1584", "1"))
    assert result.return_value == 0
    assert "1,488 × 9 = 13,392" in result.stdout


def test_forms() -> None:
    assert run("--format", "markdown").stdout.startswith("### ")
    assert json.loads(run("--format", "json").stdout)["explanation_version"] == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("grru",), "the spec has no layer `grru`; did you mean `gru`?"),
        (("--set", "S=3"), "the spec has no dim `S`"),
    ],
)
def test_what_is_not_there_is_status_two(arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert result.return_value == 2
    assert said in result.stderr


@pytest.mark.parametrize("arguments", [("--batch", "0"), ("--length", "x"), ("--format", "xml")])
def test_a_wrong_option_is_status_two(arguments: tuple[str, ...]) -> None:
    assert CliRunner().invoke(cli, ["explain", "-", *arguments], input=GOOD).exit_code == 2


def test_a_missing_file_is_status_two() -> None:
    result = CliRunner().invoke(cli, ["explain", "nowhere.yaml"], standalone_mode=False)
    assert result.return_value == 2
    assert "nowhere.yaml: No such file or directory" in result.stderr


def test_a_wrong_spec_shows_its_errors() -> None:
    result = run(text=GOOD.replace("GRU", "GRUU"))
    assert result.return_value == 1
    assert "SEQ102" in result.stdout
