"""`seqshape rule`: pages and the list."""

import re

import pytest
from click.testing import CliRunner, Result

from seqshape import rules
from seqshape.cli import cli
from seqshape.rules.pages import page


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(cli, ["rule", *arguments], env=environment, standalone_mode=False)


@pytest.mark.parametrize("code", rules.codes())
def test_every_page_says_what_its_file_says(code: str) -> None:
    rule = rules.find(code)
    assert rule is not None
    expected = page(rule)
    text = run(code.lower()).stdout
    assert text.startswith(f"{code} {expected.severity}  {expected.title}\n\n")
    assert " ".join(expected.explanation.split()) in " ".join(text.split())
    for line in (*expected.bad.splitlines(), *expected.good.splitlines()):
        assert f"  {line}".rstrip() in text


def test_the_list_has_every_code_with_severity_and_title() -> None:
    lines = run("--all").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(rules.codes())
    found = [re.fullmatch(r"SEQ\d{3}  (error|warning|note) +\S.*", line) for line in lines]
    assert all(found)


def test_the_beginning_of_codes_lists_them() -> None:
    lines = run("seq9").stdout.splitlines()
    assert [line[:6] for line in lines] == [code for code in rules.codes() if code.startswith("SEQ9")]


def test_several_codes_and_an_unknown_one() -> None:
    result = run("SEQ201", "SEQ2O3", "SEQ203")
    assert result.return_value == 2
    assert result.stderr == "Error: there is no code `SEQ2O3`; did you mean `SEQ203`?\n"
    assert [line[:6] for line in result.stdout.splitlines() if line.startswith("SEQ")] == [
        "SEQ201",
        "SEQ203",
    ]


def test_all_goes_with_no_code_and_none_shows_the_help() -> None:
    result = CliRunner().invoke(cli, ["rule", "--all", "SEQ201"])
    assert (result.exit_code, "--all lists every code" in result.stderr) == (2, True)
    result = CliRunner().invoke(cli, ["rule"])
    assert (result.exit_code, "Usage: " in result.output) == (2, True)


@pytest.mark.parametrize(("options", "coloured"), [([], False), (["--color", "always"], True)])
def test_colour(options: list[str], coloured: bool) -> None:
    assert ("\x1b[" in run("SEQ201", *options, NO_COLOR="").stdout) is coloured
