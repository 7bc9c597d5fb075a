"""The command as a user runs it: options, exit status, streams."""

import io
import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from seqshape.cli import cli
from seqshape.cli._options import surface

SPECS = Path(__file__).parents[2] / "specs"
GOOD = "name: good\ndims: {H: 16}\nlayers:\n  - {name: x, type: Input, shape: [64, 15]}\n  - {name: gru, type: GRU, units: H}\n"
REFUSED = "layers:\n  - {name: x, type: Input, shape: [64, 15]}\n  - {name: gru, type: GRU, units: 0}\n"
WRONG = "layers:\n  - {name: x, type: Inptu, shape: [64, 15]}\n"


def run(*arguments: str, text: str | bytes | None = None, **environment: str) -> Result:
    return CliRunner().invoke(
        cli, ["inspect", *arguments], input=text, env=environment, standalone_mode=False
    )


def status(result: Result) -> int:
    """The exit status, as `main` reads it."""
    return result.return_value if result.exception is None else result.exit_code


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("good", GOOD), ("refused", REFUSED), ("wrong", WRONG)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_good_spec(folder: Path) -> None:
    result = run(str(folder / "good.yaml"))
    assert (status(result), result.stderr) == (0, "")
    assert "(batch, 16)" in result.stdout
    assert "1,584" in result.stdout


@pytest.mark.parametrize(("name", "code"), [("refused", "SEQ210"), ("wrong", "SEQ102")])
def test_a_finding_is_status_one_and_on_standard_output(folder: Path, name: str, code: str) -> None:
    result = run(str(folder / f"{name}.yaml"))
    assert (status(result), result.stderr) == (1, "")
    assert f"error {code}" in result.stdout


def test_a_path_that_cannot_be_read_is_status_two_and_the_others_are_shown(folder: Path) -> None:
    result = run(
        str(folder / "missing.yaml"), str(folder), str(folder / "good.yaml"), str(folder / "refused.yaml")
    )
    assert status(result) == 2
    assert "missing.yaml: No such file or directory" in result.stderr
    assert "Is a directory: `seqshape check` judges all specs in it" in result.stderr
    assert "1,584" in result.stdout


def test_json_of_several_is_a_list_in_the_order_of_paths_even_where_one_cannot_be_read(
    folder: Path,
) -> None:
    result = run(
        str(folder / "refused.yaml"),
        str(folder / "missing.yaml"),
        str(folder / "good.yaml"),
        "--format",
        "json",
    )
    assert status(result) == 2
    paths = [report["spec"]["path"] for report in json.loads(result.stdout)["reports"]]
    assert paths == [str(folder / "good.yaml"), str(folder / "refused.yaml")]
    result = run(str(folder / "good.yaml"), str(folder / "missing.yaml"), "--format", "json")
    assert len(json.loads(result.stdout)["reports"]) == 1


def test_standard_input_and_its_name(folder: Path) -> None:
    result = run("-", "--stdin-filename", "model.yaml", "--format", "json", text=GOOD)
    assert status(result) == 0
    assert json.loads(result.stdout)["spec"] == {"path": "model.yaml", "name": "good"}


def test_dims_are_set_for_one_run(folder: Path) -> None:
    result = run(str(folder / "good.yaml"), "--set", "H=32", "--format", "json")
    assert json.loads(result.stdout)["layers"][1]["outputs"][0]["shape"] == [None, 32]


def test_a_dim_that_the_spec_lacks_is_status_two(folder: Path) -> None:
    result = run(str(folder / "good.yaml"), "--set", "HH=32")
    assert status(result) == 2
    assert "no dim `HH`; did you mean `H`?" in result.stderr


def test_an_unknown_dim_stays_the_specs_to_name(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("dims: {T: 5}\nlayers: [{type: Input, shape: [T, 3]}]\n", encoding="utf-8")
    result = run(str(path), "--set", "T=null", "--format", "json")
    assert json.loads(result.stdout)["layers"][0]["outputs"][0]["shape"] == [None, None, 3]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--set", "H"], "not of the form H=32"),
        (["--set", "H=x"], "no size for `H`"),
        (["--set", "H=1.5"], "no size for `H`"),
        (["--limit", "nodse=3"], "no limit `nodse`"),
        (["--limit", "nodes=many"], "no whole number"),
        (["--limit", "depth=100000"], "200 at most"),
        (["--columns", "layer,shpae"], "no column `shpae`"),
        (["--format", "xml"], "xml"),
        (["--colour", "never"], "--color"),
    ],
)
def test_a_wrong_option_is_status_two_and_says_what_is_right(
    folder: Path, options: list[str], said: str
) -> None:
    result = CliRunner().invoke(cli, ["inspect", str(folder / "good.yaml"), *options])
    assert result.exit_code == 2
    assert said in result.stderr


def test_limits_can_be_raised_and_lowered(folder: Path) -> None:
    path = str(folder / "good.yaml")
    result = run(path, "--limit", "nodes=5")
    assert (status(result), "SEQ006" in result.stdout) == (1, True)
    assert "--limit nodes=50" in result.stdout
    assert status(run(path, "--limit", "nodes=50", "--limit", "bytes=1000000")) == 0
    assert "SEQ006" in run(path, "--limit", "bytes=10").stdout


def test_columns_in_the_order_asked_for(folder: Path) -> None:
    lines = run(str(folder / "good.yaml"), "--columns", "params,layer").stdout.splitlines()
    assert lines[2].split() == ["Params", "Layer", "(type)"]
    assert lines[5].split() == ["1,584", "gru", "(GRU)"]


def test_weights_make_the_sum_visible(folder: Path) -> None:
    said = "kernel 15×48 + recurrent_kernel 16×48 + bias 2×48 = 1,584"
    assert said in run(str(folder / "good.yaml"), "--weights").stdout


def test_runs_fold_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    layers = "".join("  - {type: Dense, units: 15}\n" for _ in range(96))
    path.write_text(f"layers:\n  - {{type: Input, shape: [15]}}\n{layers}", encoding="utf-8")
    assert "dense … dense_95 (Dense) × 96" in run(str(path)).stdout
    assert "96 × 240" in run(str(path)).stdout
    assert "dense_50 (Dense)" in run(str(path), "--no-fold").stdout


def test_json_is_the_same_in_every_run(folder: Path) -> None:
    arguments = [str(path) for path in sorted(SPECS.glob("*.yaml"))]
    whole = ("--format", "json", "--budget", "60")  # what a search finds whose time ran out may differ
    first, second = (run(*arguments, *whole).stdout_bytes for _ in range(2))
    assert first == second
    assert json.loads(first)["report_version"] == 1


@pytest.mark.parametrize(
    ("options", "environment", "coloured"),
    [
        ([], {}, False),
        (["--color", "always"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colour(folder: Path, options: list[str], environment: dict[str, str], coloured: bool) -> None:
    result = run(str(folder / "good.yaml"), *options, **environment)
    assert ("\x1b[" in result.stdout) is coloured


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "encoding", "expected"),
    [
        ({"COLUMNS": "77", "TERM": "xterm"}, "utf-8", (77, True, True)),
        ({"COLUMNS": "77", "TERM": "dumb"}, "latin-1", (77, False, False)),
        ({"COLUMNS": "77", "TERM": "xterm", "NO_COLOR": "1"}, "UTF8", (77, False, True)),
    ],
)
def test_a_terminal(
    environment: dict[str, str],
    encoding: str,
    expected: tuple[int, bool, bool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", Terminal(io.BytesIO(), encoding=encoding))
    found = surface("auto")
    assert (found.width, found.color, found.unicode) == expected


def test_an_ascii_stream_gets_ascii(folder: Path) -> None:
    result = CliRunner(charset="ascii").invoke(
        cli, ["inspect", str(folder / "good.yaml")], standalone_mode=False
    )
    assert result.stdout_bytes.isascii()
    assert b"Layer (type)" in result.stdout_bytes


def test_a_misspelt_command_and_a_forgotten_one(folder: Path) -> None:
    result = CliRunner().invoke(cli, ["inspct", "x.yaml"])
    assert (result.exit_code, "did you mean `inspect`?" in result.stderr) == (2, True)
    result = CliRunner().invoke(cli, [str(folder / "good.yaml")])
    assert (result.exit_code, "did you mean `seqshape inspect" in result.stderr) == (2, True)


def test_formulas_over_the_dims(folder: Path) -> None:
    result = run(str(folder / "good.yaml"), "--symbolic")
    assert (status(result), result.stderr) == (0, "")
    assert "3*H**2 + 51*H" in result.stdout  # 3·(15·H + H·H + 2·H)
    assert "(batch, H)" in result.stdout


def test_a_column_of_formulas_asks_for_them(folder: Path) -> None:
    result = run(str(folder / "good.yaml"), "--columns", "layer,formula")
    assert "3*H**2 + 51*H" in result.stdout


def test_formulas_of_a_spec_that_is_wrong_are_no_hindrance(folder: Path) -> None:
    for name, code in (("refused", "SEQ210"), ("wrong", "SEQ102")):
        result = run(str(folder / f"{name}.yaml"), "--symbolic")
        assert status(result) == 1
        assert f"error {code}" in result.stdout


def test_the_name_of_a_file_that_is_not_there_sends_nothing_to_the_terminal() -> None:
    result = run("a\nb\033[31m.yaml")
    assert status(result) == 2
    assert "\033" not in result.stderr
    assert result.stderr.count("\n") == 1
