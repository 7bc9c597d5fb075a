"""`seqshape convert`: what is written where, and what is said instead."""

import json
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from seqshape.cli import INTERRUPTED, cli, convert, main
from seqshape.convert import targets
from tests.cli.conftest import GOOD, REFUSED, WRONG


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["convert", *arguments], input=text, standalone_mode=False)


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


def test_the_forms_are_the_files_of_the_folder() -> None:
    assert targets() == convert._TARGETS


@pytest.mark.parametrize(
    ("name", "begin"),
    [
        ("out.yaml", "name: good\n"),
        ("out.yml", "name: good\n"),
        ("out.py", "import keras\n"),
        ("out.json", '{"'),
    ],
)
def test_the_ending_says_the_form(name: str, begin: str, specs: Path) -> None:
    found = run("specs/good.yaml", "-o", name)
    assert (status(found), found.output) == (0, "")
    assert (specs / name).read_text(encoding="utf-8").startswith(begin)


def test_standard_input_and_output(specs: Path) -> None:
    found = run("-", "--to", "keras-json", text=GOOD)
    assert status(found) == 0
    assert [layer["name"] for layer in json.loads(found.stdout)["config"]["layers"]] == ["x", "gru"]


def test_a_saved_model_becomes_a_spec(specs: Path) -> None:
    run("specs/good.yaml", "-o", "model.json")
    found = run("model.json")
    assert status(found) == 0
    assert found.stdout.splitlines()[:2] == ["name: good", "layers:"]
    assert "{type: GRU, units: 16}" in found.stdout


def test_a_spec_needs_a_form(specs: Path) -> None:
    found = run("specs/good.yaml")
    assert status(found) == 2
    assert "--to keras-json, python, yaml" in said(found)


def test_sizes_can_be_set(specs: Path) -> None:
    assert "GRU(32)" in run("specs/good.yaml", "--to", "python", "--set", "H=32").stdout
    found = run("specs/good.yaml", "--to", "python", "--set", "Z=32")
    assert status(found) == 2
    assert "no dim `Z`" in said(found)


@pytest.mark.parametrize(
    ("text", "code"), [(WRONG, "SEQ102"), (REFUSED, "SEQ210"), ("layers: [", "SEQ001")]
)
def test_a_model_with_errors_is_not_written(text: str, code: str, specs: Path) -> None:
    (specs / "bad.yaml").write_text(text, encoding="utf-8")
    found = run("bad.yaml", "-o", "out.py")
    assert status(found) == 1
    assert code in said(found)
    assert found.stdout == ""
    assert not (specs / "out.py").exists()


def test_the_input_is_never_overwritten(specs: Path) -> None:
    for name in ("specs/good.yaml", "./specs/../specs/good.yaml"):
        found = run("specs/good.yaml", "-o", name)
        assert status(found) == 2
        assert "is the file that is read" in said(found)
    assert (specs / "specs/good.yaml").read_text(encoding="utf-8") == GOOD


def test_what_the_form_cannot_say_is_told(specs: Path) -> None:
    text = "layers:\n  - {name: x, type: Input, shape: [3, 8]}\n  - {name: d, type: Dense, units: 4}\n"
    text += "  - {name: td, type: TimeDistributed, layer: {reuse: d}, inputs: x}\n"
    found = run("-", "--to", "keras-json", "--stdin-filename", "m.yaml", text=text)
    assert status(found) == 1
    assert said(found).startswith("Error: m.yaml:4:5: cannot be written as keras-json: td: it wraps `d`")
    assert run("-", "--to", "python", text=text).return_value == 0


def test_a_file_that_is_not_there(specs: Path) -> None:
    found = run("nothing.yaml", "--to", "yaml")
    assert (status(found), said(found)) == (2, "Error: nothing.yaml: No such file or directory\n")


def test_a_place_that_cannot_be_written(specs: Path) -> None:
    found = run("specs/good.yaml", "-o", "no/such/folder/out.yaml")
    assert status(found) == 2
    assert said(found).startswith("Error: no/such/folder/out.yaml: ")


def test_a_hint_says_that_more_could_be_folded(specs: Path) -> None:
    lines = ["layers:", "  - {name: x, type: Input, shape: [8]}"]
    lines += [f"  - {{name: layer{number}, type: Dense, units: 8}}" for number in range(9)]
    found = run("-", "--to", "yaml", text="\n".join(lines))
    assert (
        said(found)
        == "Hint: 9 equal layers would fold into blocks under other names: --rename folds them\n"
    )
    found = run("-", "--to", "yaml", "--rename", text="\n".join(lines))
    assert said(found) == ""
    assert "repeat: 9" in found.stdout


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("x.keras", "holds weights, which are not written; write a .json file"),
        ("x.h5", "holds weights, which are not written; write a .json file"),
        ("x.txt", "`.txt` says no form: use .json (keras-json), .py (python), .yaml (yaml)"),
        ("x", "no ending that says a form"),
    ],
)
def test_an_ending_that_says_no_form_is_told(name: str, words: str, specs: Path) -> None:
    found = run("specs/good.yaml", "-o", name)
    assert status(found) == 2
    assert words in said(found)
    assert "--to" in said(found) or "model_from_json" in said(found)
    assert not (specs / name).exists()
    assert status(run("specs/good.yaml", "--to", "yaml", "-o", name)) == 0


def test_a_dash_is_standard_output(specs: Path) -> None:
    found = run("specs/good.yaml", "--to", "yaml", "-o", "-")
    assert found.stdout.startswith("name: good\n")
    assert not (specs / "-").exists()


def test_a_folder_that_is_not_there_is_told_as_such(specs: Path) -> None:
    assert "no such folder: no/such" in said(run("specs/good.yaml", "-o", "no/such/out.yaml"))


def test_outputs_by_keys_are_told_to_be_a_list_now(specs: Path) -> None:
    run("specs/good.yaml", "-o", "model.json")
    data = json.loads((specs / "model.json").read_text(encoding="utf-8"))
    data["config"]["output_layers"] = {"seq": data["config"]["output_layers"]}
    (specs / "keys.json").write_text(json.dumps(data), encoding="utf-8")
    found = run("keys.json", "--to", "yaml")
    assert status(found) == 0
    assert "outputs were a mapping in the file (`seq`); now they are a list" in said(found)


def test_an_empty_name_of_a_file_is_told(specs: Path) -> None:
    found = run("specs/good.yaml", "--to", "yaml", "-o", "")
    assert (status(found), found.stdout) == (2, "")
    assert said(found) == "-o names no file; - is standard output"


def test_an_interrupt_is_status_130_and_writes_nothing(
    specs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(convert, "_judged", interrupted)
    monkeypatch.setattr(sys, "argv", ["seqshape", "convert", "specs/good.yaml", "-o", "out.py"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == INTERRUPTED
    assert not (specs / "out.py").exists()


def test_what_is_lost_is_a_hint(specs: Path) -> None:
    text = "# a note\nlayers: [{name: x, type: Input, shape: [8]}, {name: a, type: Dense, units: 2},"
    text += " {name: b, type: Dense, units: 2, inputs: x}]\noutputs: [b]\n"
    assert said(run("-", "--to", "yaml", text=text)) == "Hint: the comments of the file are not written\n"
    assert said(run("-", "--to", "python", text=text)) == (
        "Hint: `a` leads to none of the outputs, and a Keras model has only what does\n"
    )
