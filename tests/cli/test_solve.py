"""`seqshape solve` as a user runs it: options, amounts, exit status, streams."""

import json
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from seqshape.cli import cli
from seqshape.cli._options import Amount

GOOD = "name: good\ndims: {H: 16}\nlayers:\n  - {name: x, type: Input, shape: [64, 15]}\n  - {name: gru, type: GRU, units: H}\n"
FOLDED = "dims: {T: 12}\nlayers:\n  - {name: x, type: Input, shape: [T, 2]}\n  - {name: fold, type: Reshape, target_shape: [4, T*2//4]}\n  - {name: out, type: Dense, units: 3}\n"


def run(*arguments: str, text: str = GOOD) -> Result:
    return CliRunner().invoke(cli, ["solve", "-", *arguments], input=text, standalone_mode=False)


def usage(*arguments: str, text: str = GOOD) -> Result:
    """As `run`, with wrong options told as users see it."""
    return CliRunner().invoke(cli, ["solve", "-", *arguments], input=text)


def test_the_answer_and_the_next_value() -> None:
    result = run("--dim", "H", "--params", "10k")
    # 3·(15·H + H² + 2·H): 9,702 at 49 and 10,050 at 50
    assert (result.return_value, result.stderr) == (0, "")
    assert "H=49 is the largest value with at most 10,000 parameters" in result.stdout
    assert "9,702  298 less" in result.stdout
    assert "10,050  50 more" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--params", "10k", "--at-least"), "H=50 is the smallest value with at least 10,000 parameters"),
        (("--params", "10k", "--multiple-of", "8"), "H=48 is the largest multiple of 8 with"),
        (("--bytes", "10kB"), "H=21 is the largest value with at most 10,000 bytes (9.7 KiB) of weights"),
        (("--params", "10k", "--bytes", "4kB"), "10,000 parameters and 4,000 bytes (3.9 KiB) of weights"),
        (("--macs", "95232"), "H=16 is the largest value with at most 95,232 multiply-accumulates"),
        (("--params", "10k", "--to", "20"), "H=20 is the largest value in the range"),
    ],
)
def test_answers(arguments: tuple[str, ...], said: str) -> None:
    result = run("--dim", "H", *arguments)
    assert result.return_value == 0
    assert said in result.stdout


def test_no_answer_is_status_one() -> None:
    result = run("--dim", "H", "--params", "10")
    assert result.return_value == 1
    assert "no value of H from 1 to 1,000,000,000 has at most 10 parameters" in result.stdout
    assert "54  44 more" in result.stdout  # 3·(15 + 1 + 2)


def test_a_size_that_changes_nothing() -> None:
    result = run("--dim", "x.shape[0]", "--params", "10k")
    assert result.return_value == 0
    assert (
        "every value of x.shape[0] has at most 10,000 parameters: the parameters do not depend on"
        in result.stdout
    )


def test_a_value_that_does_not_fit_is_passed_over_and_told() -> None:
    result = run("--dim", "T", "--params", "33", text=FOLDED)
    assert result.return_value == 0
    assert "T=20 is the largest value with at most 33 parameters" in result.stdout
    assert "Not taken is T=21: error SEQ205 fold: Reshape to [4, 10]" in result.stdout


def test_json() -> None:
    data = json.loads(run("--dim", "H", "--params", "10k", "--format", "json").stdout)
    assert (data["solve_version"], data["status"], data["size"], data["value"]) == (1, "found", "H", 49)
    assert data["budgets"] == [{"quantity": "params", "at_most": 10000, "formula": "3*H**2 + 51*H"}]
    assert (data["answer"]["params"], data["next"]["sizes"], data["next"]["params"]) == (
        9702,
        {"H": 50},
        10050,
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--dim", "H"), "say what is to be kept: --params 1M"),
        (("--params", "1M"), "Missing option '--dim'"),
        (("--dim", "H", "--params", "1M", "--set", "H=3"), "`H` is looked for, so --set cannot give it"),
        (("--dim", "H", "--params", "1M", "--from", "9", "--to", "3"), "there is no size from 9 to 3"),
        (("--dim", "H", "--params", "1M", "--multiple-of", "8", "--to", "7"), "there is no multiple of 8"),
        (("--dim", "H", "--params", "many"), "`many` is no amount, as 500k, 1.5M or 2G are"),
        (("--dim", "", "--params", "1M"), "--dim names no size"),
        (("--dim", "H", "--params", "10", "--params", "1M"), "--params is given 2 times, 10 and 1,000,000"),
        (("--dim", "H", "--bytes", "4M"), "`4M` is no amount, as 4MiB"),
    ],
)
def test_a_wrong_option_is_status_two(arguments: tuple[str, ...], said: str) -> None:
    result = usage(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize(
    ("arguments", "text", "said"),
    [
        (("--dim", "G", "--params", "1"), GOOD, "has no dim `G`"),
        (("--dim", "H", "--params", "1", "--set", "gru.unit=2"), GOOD, "did you mean `gru.units`?"),
        (
            ("--dim", "H", "--macs", "1", "--set", "x.shape[0]=null"),
            GOOD,
            "depend on `x.shape[0]`, which is unknown",
        ),
    ],
)
def test_what_is_not_there_is_status_two(arguments: tuple[str, ...], text: str, said: str) -> None:
    result = run(*arguments, text=text)
    assert result.return_value == 2
    assert said in result.stderr


def test_a_wrong_spec_shows_its_errors() -> None:
    result = run("--dim", "H", "--params", "1", text=GOOD.replace("GRU", "GRUU"))
    assert result.return_value == 1
    assert "SEQ102" in result.stdout
    result = run("--dim", "H", "--params", "1", text=GOOD.replace("[64, 15]", "[15]"))
    assert result.return_value == 1
    assert "SEQ203" in result.stdout


def test_an_error_at_every_size_is_told_as_other_commands_do(tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text(GOOD.replace("[64, 15]", "[15]"))
    result = CliRunner().invoke(
        cli, ["solve", str(spec), "--dim", "H", "--params", "1"], standalone_mode=False
    )
    assert f"`seqshape inspect {spec}` looks for the cause" in result.stderr
    assert f"`seqshape fix {spec}`" in result.stderr
    assert "only built" not in result.stdout


def test_a_range_that_formulas_end_is_explained() -> None:
    text = "dims: {D: 12}\nlayers:\n  - {name: x, type: Input, shape: [4]}\n  - {name: out, type: Dense, units: 12//D}\n"
    result = run("--dim", "D", "--params", "20", text=text)  # 5·(12//D): 20 at 3
    assert "and no further: the formula divides by D, so each value was looked at" in result.stdout
    assert "A larger D gives fewer parameters" in result.stdout
    assert "Not taken are D=" in result.stdout


def test_one_is_told_as_one() -> None:
    assert "at most 1 multiply-accumulate\n" in run("--dim", "H", "--macs", "1").stdout
    assert "at most 1 parameter\n" in run("--dim", "H", "--params", "1").stdout


@pytest.mark.parametrize(
    ("text", "of_bytes", "number"),
    [
        ("1M", False, 10**6),
        ("1.5k", False, 1500),
        ("2G", False, 2 * 10**9),
        ("175B", False, 175 * 10**9),
        ("1e6", False, 10**6),
        ("1_000_000", False, 10**6),
        ("1,839", False, 1839),
        ("4MiB", True, 4 * 1024**2),
        ("4 MiB", True, 4 * 1024**2),
        ("4MB", True, 4 * 10**6),
        ("4mib", True, 4 * 1024**2),
        ("1.5KiB", True, 1536),
        ("500000", True, 500_000),
        ("12B", True, 12),
    ],
)
def test_amounts(text: str, of_bytes: bool, number: int) -> None:
    assert Amount(of_bytes=of_bytes).convert(text, None, None) == number


@pytest.mark.parametrize("text", ["", "x", "-1", "1.5", "1MM", "1e999", "9" * 99, "4MiB", "٣"])
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(click.BadParameter):
        Amount().convert(text, None, None)


@pytest.mark.parametrize("width", [80, 40])
def test_golden(width: int, golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    from seqshape.render._surface import Surface

    monkeypatch.setattr("seqshape.cli.solve.surface", lambda _: Surface(width))
    text = run("--dim", "T", "--params", "33", "--bytes", "1MiB", text=FOLDED).stdout
    assert max(map(len, text.splitlines())) <= width
    head, _, rest = text.partition("\n")
    assert head.startswith("<stdin> · Keras ")
    golden(f"solve_{width}.txt", rest)


def test_no_word_is_broken_at_40_columns() -> None:
    from seqshape.render._surface import Surface
    from seqshape.solving.result import Asked, Budget, Solution
    from seqshape.solving.to_table import render

    asked = Asked("S", (Budget("bytes", 400), Budget("macs", 400)))
    formulas = (("bytes", "4*S"), ("macs", None))
    text = render(Solution("0", None, "x.yaml", None, asked, "none", formulas, built=9), Surface(40))
    assert max(map(len, text.splitlines())) <= 40
    assert "there is no formula of multiply-accumulates over S; 9 values" in " ".join(text.split())


def test_wide_characters_stand_in_columns() -> None:
    from rich.cells import cell_len

    text = GOOD.replace("gru", "漢字漢字")
    head, first, *_ = run("--dim", "漢字漢字.units", "--params", "10k", text=text).stdout.splitlines()[4:]
    assert cell_len(head) == cell_len(first[: first.index("  298 less")])
