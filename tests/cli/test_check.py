"""`seqshape check` as CI runs it: paths, exit status, selection, formats and files."""

import json
import os
import stat
import sys
import zipfile
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from seqshape.cli import cli
from seqshape.engine import Engine
from tests.cli.conftest import NOTED, WRONG


def run(*arguments: str, text: str | None = None, **environment: str) -> Result:
    return CliRunner().invoke(
        cli, ["check", *arguments], input=text, env=environment, standalone_mode=False
    )


def status(result: Result) -> int:
    """The exit status, as `main` reads it."""
    if isinstance(result.exception, click.ClickException):
        return result.exception.exit_code
    return result.return_value if result.exception is None else result.exit_code


def said(result: Result) -> str:
    """What went wrong, as `main` shows it."""
    if isinstance(result.exception, click.ClickException):
        return result.exception.format_message()
    return result.stderr


def codes(result: Result) -> list[str]:
    """The codes that a JSON report tells, in its order."""
    reports = json.loads(result.stdout)["reports"]
    return [item["code"] for report in reports for item in report["diagnostics"]]


def judged(result: Result) -> list[str]:
    return [report["spec"]["path"] for report in json.loads(result.stdout)["reports"]]


def test_a_folder_in_path_order_with_what_is_passed_over(specs: Path) -> None:
    result = run("specs", "--format", "json")
    assert status(result) == 1
    assert judged(result) == ["specs/good.yaml", "specs/refused.yaml", "specs/wrong.yaml"]
    assert codes(result) == ["SEQ210", "SEQ102"]
    assert result.stderr == "Note: 1 YAML file without `layers` passed over\n"


def test_a_good_spec_is_status_zero_and_a_list_of_one(specs: Path) -> None:
    result = run("specs/good.yaml", "--format", "json")
    assert (status(result), result.stderr) == (0, "")
    assert judged(result) == ["specs/good.yaml"]


def test_text_ends_with_a_summary_that_quiet_leaves_out(specs: Path) -> None:
    result = run("specs")
    assert (status(result), result.stderr) == (1, "")
    assert "3 specs" in result.stdout.splitlines()[-1]
    assert "SEQ102" in result.stdout
    quiet = run("specs", "--quiet")
    assert "SEQ102" in quiet.stdout
    assert "3 specs" not in quiet.stdout


def test_standard_input(specs: Path) -> None:
    result = run("-", "-", "--stdin-filename", "a.yaml", "--format", "json", text=WRONG)
    assert (status(result), judged(result), codes(result)) == (1, ["a.yaml"], ["SEQ102"])


def test_paths_that_cannot_be_read_are_status_two_and_the_others_are_judged(specs: Path) -> None:
    result = run("spces", "specs/good.yaml", "*.json", "--format", "json")
    assert status(result) == 2
    assert judged(result) == ["specs/good.yaml"]
    assert result.stderr == (
        "Error: spces: no such file or folder; did you mean `specs`?\nError: *.json: no file matches\n"
    )


def test_a_path_cannot_steer_the_terminal(specs: Path) -> None:
    assert run("\x1b7red", "").stderr == (
        "Error: \\u001b7red: no such file or folder\nError: '': no such file or folder\n"
    )


def test_a_folder_without_specs_is_no_error_and_is_told(specs: Path) -> None:
    (specs / "other").mkdir()
    (specs / "other" / "a.yml").write_text("on: push\n", encoding="utf-8")
    result = run("other", "--format", "json")
    assert (status(result), json.loads(result.stdout)["reports"]) == (0, [])
    assert result.stderr == "Warning: no spec in other; 1 YAML file without `layers` passed over\n"
    assert run("other", "--quiet").stderr == ""


def test_no_path_is_a_usage_error_that_says_what_to_do(specs: Path) -> None:
    result = run()
    assert status(result) == 2
    assert "seqshape check ." in said(result)


def test_specs_only_passes_over_named_files(specs: Path) -> None:
    assert run("specs/alien.yaml", "--specs-only").stderr == ""
    assert status(run("specs/alien.yaml")) == 1


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], 0),
        (["--strict"], 0),
        (["--fail-on", "note"], 1),
        (["--fail-on", "note", "--exit-zero"], 0),
        (["--strict", "--fail-on", "note"], 1),
        (["--fail-on", "warning"], 0),
    ],
)
def test_what_a_note_fails(specs: Path, options: list[str], expected: int) -> None:
    (specs / "noted.yaml").write_text(NOTED, encoding="utf-8")
    result = run("noted.yaml", "--format", "json", *options)
    assert (status(result), codes(result)) == (expected, ["SEQ118"])


def test_exit_zero_lets_findings_pass_and_nothing_else(specs: Path) -> None:
    assert status(run("specs", "--exit-zero")) == 0
    assert status(run("spces", "--exit-zero")) == 2


def test_select_and_ignore(specs: Path) -> None:
    assert codes(run("specs", "--format", "json", "--ignore", "seq2")) == ["SEQ102"]
    assert codes(run("specs", "--format", "json", "--select", "SEQ299,SEQ4")) == ["SEQ102"]
    assert codes(run("specs", "--format", "json", "--select", "SEQ4", "--select", "SEQ210")) == [
        "SEQ210",
        "SEQ102",
    ]
    assert status(run("specs/refused.yaml", "--ignore", "SEQ210")) == 0


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--ignore", "SEQ1"], "cannot be ignored"),
        (["--select", "SEQ2l0"], "did you mean `SEQ210`?"),
        (["--format", "xml"], "xml"),
        (["--format", "table"], "table"),
        (["--output", "jsn=x"], "no format `jsn`; did you mean `json`?"),
        (["--output", "json"], "not of the form"),
        (["--output", "json=-"], "standard output is chosen by --format json"),
        (["--output", "json=a", "--output", "text=./a"], "two outputs go to `./a`"),
        (["--config", "x.toml", "--no-config"], "exclude each other"),
        (["--no-config", "--config", "x.toml"], "exclude each other"),
        (["--config", "y.toml"], "y.toml: the settings cannot be read: No such file"),
        (["--max-diagnostics", "-1"], "-1"),
        (["--limit", "nodse=1"], "no limit `nodse`"),
    ],
)
def test_a_wrong_option_is_status_two(specs: Path, options: list[str], expected: str) -> None:
    (specs / "x.toml").touch()
    result = run("specs/good.yaml", *options)
    assert status(result) == 2
    assert expected in said(result)
    assert list(specs.glob("a")) == []


def test_limits_and_diagnostics_at_the_most(specs: Path) -> None:
    assert codes(run("specs/good.yaml", "--format", "json", "--limit", "nodes=5")) == ["SEQ006"]
    result = run("specs", "--max-diagnostics", "1")
    assert ("SEQ210" in result.stdout, "SEQ102" in result.stdout) == (True, False)
    assert status(result) == 1


def test_a_file_that_may_not_be_read_is_status_two(specs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.open

    def refused(path: Path, *arguments: str) -> object:
        if path.name == "good.yaml":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *arguments)

    monkeypatch.setattr(Path, "open", refused)
    result = run("specs/good.yaml", "specs/refused.yaml", "--format", "json")
    assert (status(result), codes(result)) == (2, ["SEQ210"])
    assert result.stderr == "Error: specs/good.yaml: Permission denied\n"
    folder = run("specs", "--format", "json")
    assert (status(folder), codes(folder)) == (2, ["SEQ210", "SEQ102"])
    assert "Error: specs/good.yaml: Permission denied\n" in folder.stderr


def test_a_dim_is_set_where_a_spec_has_it(specs: Path) -> None:
    (specs / "specs/wrong.yaml").unlink()
    result = run("specs", "--set", "H=0", "--format", "json")
    assert (status(result), codes(result)) == (1, ["SEQ210", "SEQ210"])
    result = run("specs", "--set", "HH=3", "--set", "H=4", "--format", "json")
    assert status(result) == 2
    assert "no dim `HH`" in result.stderr
    assert "`H`" not in result.stderr.replace("did you mean `H`?", "")


def test_files_beside_standard_output(specs: Path) -> None:
    result = run("specs", "--output", "json=out.json", "--output", "markdown=out.md")
    assert status(result) == 1
    assert "SEQ210" in result.stdout
    printed = run("specs", "--format", "json").stdout
    assert (specs / "out.json").read_text(encoding="utf-8") == printed
    assert "SEQ210" in (specs / "out.md").read_text(encoding="utf-8")
    assert sorted(path.name for path in specs.iterdir()) == [".git", "out.json", "out.md", "specs"]


def test_a_file_is_replaced_as_a_whole_and_keeps_its_mode_and_its_link(specs: Path) -> None:
    target = specs / "target.json"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o640)
    (specs / "out.json").symlink_to("target.json")
    run("specs/good.yaml", "--output", "json=out.json")
    assert (specs / "out.json").is_symlink()
    assert json.loads(target.read_text(encoding="utf-8"))["reports"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("missing/out.json", "no such folder: missing"),
        ("specs", "is a folder"),
        ("/dev/full", "No space left on device"),
    ],
)
def test_a_file_that_cannot_be_written_is_status_two_after_the_results(
    specs: Path, file: str, reason: str
) -> None:
    if file.startswith("/dev") and not os.path.exists(file):
        pytest.skip("no such device here")
    result = run("specs/good.yaml", "--output", f"json={file}")
    assert status(result) == 2
    assert f"Error: {file}: it cannot be written: {reason}" in result.stderr
    assert "1 spec" in result.stdout


def test_a_failed_write_leaves_the_old_file(specs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (specs / "out.json").write_text("old", encoding="utf-8")

    def replace(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", replace)
    assert status(run("specs/good.yaml", "--output", "json=out.json")) == 2
    assert (specs / "out.json").read_text(encoding="utf-8") == "old"
    assert len(list(specs.iterdir())) == 3


def test_github_gets_annotations_after_the_text_and_a_summary(specs: Path) -> None:
    summary = specs / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    result = run(str(specs / "specs"), **environment)
    plain = run("specs", "--quiet").stdout
    assert result.stdout.startswith(plain)
    *annotations, summary_line = result.stdout.removeprefix(plain).splitlines()
    assert [line[:8] for line in annotations] == ["::error "] * 2
    assert "3 specs" in summary_line
    assert "file=specs/refused.yaml," in result.stdout
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert "SEQ210" in text


@pytest.mark.parametrize(
    "options", [["--format", "json"], ["--no-annotations"], ["--format", "json", "--annotations"]]
)
def test_no_annotations_where_another_format_or_none_is_asked_for(specs: Path, options: list[str]) -> None:
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(specs / "summary.md")}
    result = run("specs", *options, **environment)
    assert not any(line.startswith("::") for line in result.stdout.splitlines())
    assert not (specs / "summary.md").exists()


def test_the_github_format_alone_prints_no_text(specs: Path) -> None:
    result = run("specs", "--format", "github", GITHUB_ACTIONS="true")
    assert [line[:8] for line in result.stdout.splitlines()[:-1]] == ["::error "] * 2
    forced = run("specs", "--annotations").stdout
    assert forced == run("specs", "--quiet").stdout + result.stdout
    quiet = run("specs", "--format", "github", "--quiet").stdout
    assert quiet + result.stdout.splitlines(keepends=True)[-1] == result.stdout


def test_a_summary_that_is_too_large_is_cut_at_a_line(tmp_path: Path) -> None:
    from seqshape.cli._outputs import append_summary

    append_summary(str(tmp_path / "s.md"), "0123456789\n" * 200_000)
    data = (tmp_path / "s.md").read_bytes()
    assert len(data) < 2**20
    assert data.endswith(b"\n0123456789\n\n(cut: more than GitHub shows)\n")


def test_the_same_bytes_in_every_run(specs: Path) -> None:
    first, second = (run("specs", "--format", "json").stdout_bytes for _ in range(2))
    assert first == second


def test_binary_and_empty_files_are_findings(specs: Path) -> None:
    (specs / "binary").write_bytes(bytes(range(256)))
    (specs / "empty.yaml").touch()
    result = run("binary", "empty.yaml", "--format", "json")
    assert (status(result), codes(result)) == (1, ["SEQ002", "SEQ008"])


def test_what_is_given_to_the_pipeline(specs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from seqshape import checking

    seen: list[dict[str, object]] = []
    real = checking.inspect_bytes

    def spy(*arguments: object, **options: object) -> object:
        seen.append(options)
        return real(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(checking, "inspect_bytes", spy)
    run("specs/good.yaml")
    run("specs/good.yaml", "--no-trace")
    assert [(each["trace"], each["thorough"]) for each in seen] == [(True, True), (False, True)]


def test_help_names_every_setting(specs: Path) -> None:
    from seqshape.settings import KEYS

    text = run("--help").stdout
    assert all(key in text for key in KEYS)


def saved(*layers: dict[str, object]) -> str:
    """A Sequential as Keras saves it."""
    first = {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [None, 4]}}
    config = {"name": "model", "layers": [first, *layers]}
    return json.dumps({"class_name": "Sequential", "config": config})


DENSE = {"class_name": "Dense", "config": {"name": "dense", "units": 3}}


def test_saved_models_of_a_folder_are_judged_and_other_files_not_counted(specs: Path) -> None:
    folder = specs / "saved"
    folder.mkdir()
    (folder / "model.json").write_text(saved(DENSE))
    (folder / "package.json").write_text('{"name": "x", "layers_of": [], "config": {"layers": []}}')
    (folder / "tokens.json").write_text('{"class_name": "Tokenizer", "config": {"words": "layers"}}')
    with zipfile.ZipFile(folder / "subclassed.keras", "w") as archive:
        archive.writestr("config.json", '{"class_name": "MyModel", "config": {"units": 3}}')
    (folder / "broken.keras").write_bytes(b"PK\x03\x04 is no archive")
    (folder / "other.h5").write_bytes(b"\x89HDF\r\n\x1a\n and nothing else")
    with zipfile.ZipFile(folder / "archive.keras", "w") as archive:
        archive.writestr("config.json", saved({"module": "os", "class_name": "system", "config": {}}))
    result = run("saved", "--format", "json")
    assert status(result) == 1
    assert judged(result) == [
        "saved/archive.keras",
        "saved/broken.keras",
        "saved/model.json",
        "saved/subclassed.keras",
    ]
    assert codes(result) == ["SEQ121", "SEQ010", "SEQ011"]
    assert "passed over" not in result.stderr


def test_a_saved_model_from_standard_input(specs: Path) -> None:
    result = run("-", "--stdin-filename", "model.json", "--format", "json", text=saved(DENSE))
    assert status(result) == 0
    assert judged(result) == ["model.json"]


def test_a_plugin_brings_the_classes_of_a_saved_model(
    specs: Path, cache: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.catalogue()
    monkeypatch.setattr("seqshape.engine.Engine", lambda _, *rest, **more: Engine(cache, *rest, **more))
    monkeypatch.setattr("sys.path", [*sys.path])
    (specs / "layers_of_a_saved_model.py").write_text(
        "import keras\n\n\n"
        '@keras.saving.register_keras_serializable("Saved")\n'
        "class Doubled(keras.layers.Dense):\n"
        "    def __init__(self, half, **kwargs):\n"
        "        super().__init__(2 * half, **kwargs)\n"
    )
    odd = {
        "module": "layers_of_a_saved_model",
        "class_name": "Doubled",
        "registered_name": "Saved>Doubled",
        "config": {"name": "odd", "half": 3},
    }
    (specs / "model.json").write_text(saved(odd))
    assert codes(run("model.json", "--format", "json")) == ["SEQ102"]
    result = run("model.json", "--plugin", "layers_of_a_saved_model", "--format", "json")
    assert codes(result) == []
    (report,) = json.loads(result.stdout)["reports"]
    assert report["totals"]["params"] == 4 * 6 + 6
