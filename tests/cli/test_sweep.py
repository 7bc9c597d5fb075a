"""`seqshape sweep` as a user runs it: options, exit status, streams, files."""

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import click
import pytest
from click.testing import CliRunner, Result

from seqshape.cli import cli

GOOD = "name: good\ndims: {H: 16}\nlayers:\n  - {name: x, type: Input, shape: [64, 15]}\n  - {name: gru, type: GRU, units: H}\n"
SPLIT = "dims: {H: 4}\nlayers:\n  - {name: x, type: Input, shape: [12]}\n  - {name: fold, type: Reshape, target_shape: [H, -1]}\n"


def run(*arguments: str, text: str = GOOD) -> Result:
    return CliRunner().invoke(cli, ["sweep", "-", *arguments], input=text, standalone_mode=False)


def usage(*arguments: str, text: str = GOOD) -> Result:
    """As `run`, with wrong options told as users see it."""
    return CliRunner().invoke(cli, ["sweep", "-", *arguments], input=text)


def test_a_row_for_each_combination() -> None:
    result = run("--set", "H=16,32")
    assert (result.return_value, result.stderr) == (0, "")
    assert "1,584" in result.stdout  # 3·(15·16 + 16·16 + 2·16)
    assert "4,704" in result.stdout  # 3·(15·32 + 32·32 + 2·32)
    assert result.stdout.splitlines()[-1] == "2 combinations"


def test_an_error_in_a_row_is_status_one_and_the_others_stand() -> None:
    result = run("--set", "H=3..5", "--format", "csv", text=SPLIT)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert result.return_value == 1
    assert [(row["H"], row["ok"], row["outputs"]) for row in rows] == [
        ("3", "true", "fold (batch, 3, 4)"),
        ("4", "true", "fold (batch, 4, 3)"),
        ("5", "false", ""),
    ]
    assert rows[2]["code"] == "SEQ205"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "say which sizes to try: --set H=16,32,64"),
        (("--set", "H"), "is not of the form H=16,32,64"),
        (("--set", "H=1..3:0"), "has a step of 0"),
        (("--set", "H=16,32,"), "a value of `H` is missing"),
        (("--set", "H=1", "-o", ""), "-o names no file; - is standard output"),
        (("--set", "H=1", "--svg", ""), "--svg names no file"),
        (("--set", "H=1", "--svg", "-"), "--svg writes to a file"),
        (("--set", "H=1", "-o", "sizes.xlsx"), "`.xlsx` says no format: use .csv (csv)"),
        (("--set", "H=1", "--plot", "-o", "sizes.csv"), "--plot belongs to the table"),
        (("--set", "H=1,2", "--set", "H=3"), "`H` is given twice"),
        (
            ("--set", "H=1..200", "--set", "x.shape[0]=1..100"),
            "200 × 100 = 20,000 combinations are more than 10,000",
        ),
        (("--set", "H=1..5", "--most", "4"), "5 combinations are more than 4"),
        (("--set", "H=1,2", "--plot", "--over", "G"), "no --set gives values of `G`"),
        (("--set", "H=1,2", "--over", "H"), "add --plot or --svg FILE"),
        (("--set", "H=1,2", "--plot", "--format", "json"), "--plot belongs to the table"),
        (("--set", "H=1,2", "--plot", "--quantity", "macs", "--no-macs"), "leaves nothing to plot"),
    ],
)
def test_a_wrong_option_is_status_two(arguments: tuple[str, ...], said: str) -> None:
    result = usage(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize(
    ("size", "said"),
    [("G", "has no dim `G`"), ("gru.unit", "did you mean `gru.units`?"), ("h", "has no size `h`")],
)
def test_a_size_that_is_not_there_is_status_two(size: str, said: str) -> None:
    result = run("--set", f"{size}=1,2")
    assert result.return_value == 2
    assert said in result.stderr


def test_a_missing_file_is_status_two() -> None:
    result = CliRunner().invoke(cli, ["sweep", "nowhere.yaml", "--set", "H=1"], standalone_mode=False)
    assert result.return_value == 2
    assert "nowhere.yaml: No such file or directory" in result.stderr


def test_a_wrong_spec_shows_its_errors_once() -> None:
    result = run("--set", "H=1..9", text=GOOD.replace("GRU", "GRUU"))
    assert result.return_value == 1
    assert result.stdout.count("error SEQ102") == 1
    assert "did you mean `GRU`?" in result.stdout


def test_json_and_markdown() -> None:
    data = json.loads(run("--set", "H=2,null", "--format", "json").stdout)
    assert data["sweep_version"] == 1
    assert [each["ok"] for each in data["combinations"]] == [True, False]
    assert run("--set", "H=2", "--format", "markdown").stdout.startswith("### good\n")


def test_files(tmp_path: Path) -> None:
    table, plot = tmp_path / "sizes.csv", tmp_path / "sizes.svg"
    result = run("--set", "H=1..4", "--format", "csv", "-o", str(table), "--svg", str(plot))
    assert (result.return_value, result.stdout) == (0, "")
    assert len(list(csv.DictReader(io.StringIO(table.read_text())))) == 4
    ElementTree.parse(plot)
    result = run("--set", "H=1", "--svg", str(tmp_path / "no" / "where.svg"))
    assert result.return_value == 2
    assert (
        f"Error: {tmp_path / 'no' / 'where.svg'}: it cannot be written: no such folder: {tmp_path / 'no'}\n"
        == result.stderr
    )


@pytest.mark.parametrize("option", ["-o", "--svg"])
def test_what_cannot_be_written_is_told_by_its_own_name(option: str, tmp_path: Path) -> None:
    result = run("--set", "H=1", option, str(tmp_path))
    assert (result.return_value, result.stderr) == (
        2,
        f"Error: {tmp_path}: it cannot be written: is a folder\n",
    )
    if Path("/dev/full").exists():
        result = run("--set", "H=1", option, "/dev/full")
        assert (result.return_value, result.stderr) == (
            2,
            "Error: /dev/full: it cannot be written: No space left on device\n",
        )


@pytest.mark.parametrize(
    ("ending", "start"),
    [
        (".csv", "H,ok"),
        (".json", "{"),
        (".md", "### good"),
        (".txt", "<stdin> · good"),
        ("", "<stdin> · good"),
    ],
)
def test_the_ending_of_a_file_says_the_format(ending: str, start: str, tmp_path: Path) -> None:
    file = tmp_path / f"sizes{ending}"
    result = run("--set", "H=2", "-o", str(file))
    assert (result.return_value, result.stdout) == (0, "")
    assert file.read_text().startswith(start)


def test_a_format_that_is_given_holds_for_any_ending(tmp_path: Path) -> None:
    file = tmp_path / "sizes.data"
    assert run("--set", "H=2", "--format", "csv", "-o", str(file)).return_value == 0
    assert file.read_text().startswith("H,ok")
    assert run("--set", "H=2", "--format", "csv", "-o", "-").stdout == file.read_text()


def test_the_spec_is_not_written_over(tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text(GOOD)
    result = CliRunner().invoke(
        cli, ["sweep", str(spec), "--set", "H=2", "--format", "csv", "-o", str(spec)]
    )
    assert result.exit_code == 2
    assert "is the file that is read" in result.stderr
    assert spec.read_text() == GOOD


def test_a_chart_without_a_point_says_what_is_missing() -> None:
    text = GOOD.replace("64", "T").replace("dims: {", "dims: {T: 4, ")
    result = run("--set", "T=null", "--plot", "--quantity", "macs", text=text)
    assert "no combination has both a number of multiply-accumulates and a size of T" in result.stdout


def test_work_over_an_unknown_size_is_a_formula_in_csv() -> None:
    text = GOOD.replace("64", "T").replace("dims: {", "dims: {T: 4, ")
    rows = list(csv.DictReader(io.StringIO(run("--set", "T=null,3", "--format", "csv", text=text).stdout)))
    work = 3 * (15 * 16 + 16 * 16)
    assert [(row["multiply_accumulates"], row["multiply_accumulates_formula"]) for row in rows] == [
        ("", f"{work}*T"),
        (str(3 * work), ""),
    ]


def test_an_interrupt_before_the_first_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("seqshape.sweeping.rows.swept", stop)
    result = run("--set", "H=1..5")
    assert "ended after 0 of 5 combinations" in result.stderr
    assert isinstance(result.exception, click.exceptions.Abort)


def test_a_chart() -> None:
    result = run("--set", "H=16,32", "--set", "x.shape[1]=15,30", "--plot", "--over", "x.shape[1]")
    assert "Parameters over x.shape[1]" in result.stdout
    assert "H=16" in result.stdout
    macs = run("--set", "H=16,32", "--plot", "--quantity", "macs").stdout
    assert "Multiply-accumulates over H" in macs
    assert "95,232" in macs  # 64·(3·(15·16 + 16·16))


def test_what_was_found_is_shown_before_an_interrupt_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from seqshape.cli._progress import Progress

    def stop(_: Progress) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Progress, "advance", stop)
    result = CliRunner().invoke(
        cli, ["sweep", "-", "--set", "H=1..5", "--no-macs"], input=GOOD, standalone_mode=False
    )
    assert "ended after 1 of 5 combinations" in result.stdout
    assert isinstance(result.exception, click.exceptions.Abort)  # `main` ends with 130 then


def test_sizes_are_told_by_the_names_that_users_gave() -> None:
    text = "layers:\n  - {name: x, type: Input, shape: [4, 6]}\n  - {name: y, type: Input, shape: [5, 6]}\n  - {name: sum, type: Add, inputs: [x, y]}\n"
    result = run("--set", "x.shape[0]=null,5", text=text)
    assert "Size_" not in result.stdout + result.stderr


@pytest.mark.parametrize("width", [None, 140])
def test_wide_characters_stand_in_columns(width: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    from rich.cells import cell_len

    from seqshape.render._surface import Surface

    monkeypatch.setattr("seqshape.cli.sweep.surface", lambda _: Surface(width))
    result = run("--set", "漢字漢字.units=16,32", text=GOOD.replace("gru", "漢字漢字"))
    head, *rows = result.stdout.splitlines()[2:5]
    ends = {
        cell_len(line[: line.index(word)])
        for line, word in zip((head, *rows), ("Output", "(b", "(b"), strict=True)
    }
    assert len(ends) == 1
