"""`seqshape cache`: what it shows, what it forgets, and where."""

import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from seqshape.cli import cli
from seqshape.engine.question import Refusal
from seqshape.engine.store import Store
from seqshape.engine.store_file import file_in

ONE = "11" * 32


@pytest.fixture(autouse=True)
def one_engine() -> None:
    """Each run has an engine of its own here."""


def ran(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["cache", *arguments])


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    for _ in range(2):
        store = Store(folder, ONE)
        for number in range(3):
            if store.get(f"{number:064x}") is None:
                store.put(f"{number:064x}", Refusal("call", "it does not fit"))
        store.put_report(f"{0:064x}", b"a report")
        store.close()
    (folder / "catalogue-1-keras-3.8.0-tensorflow-2.18.0-python-3.11.json").write_bytes(bytes(1000))
    (folder / "notes.txt").write_text("of the user's own", encoding="utf-8")
    return folder


def rows(result: Result) -> dict[str, str]:
    assert result.exit_code == 0, result.output
    return {line[:9].strip(): line[9:].strip() for line in result.stdout.splitlines()}


def test_place_size_entries_and_hits_are_shown(filled: Path) -> None:
    shown = rows(ran("--cache-dir", str(filled)))
    assert shown["place"] == str(file_in(filled))
    assert shown["answers"] == "3"
    assert shown["reports"].startswith("1,")
    assert shown["size"].startswith(f"{file_in(filled).stat().st_size:,} bytes")
    assert "64.0 MiB" in shown["size"]
    assert shown["hits"] == "3 of 6 questions, 50%"
    assert shown["beside it"].startswith("1 file ")


@pytest.mark.parametrize("first", [True, False])
def test_clear_empties_it_and_touches_nothing_else(filled: Path, first: bool) -> None:
    folder = ["--cache-dir", str(filled)]
    result = ran(*folder, "clear") if first else ran("clear", *folder)
    assert (result.exit_code, str(filled) in result.stdout) == (0, True)
    assert rows(ran(*folder))["answers"] == "0"
    assert {file.name for file in filled.iterdir()} == {file_in(filled).name, "notes.txt"}


def test_the_variable_names_the_folder_and_the_option_another(filled: Path, tmp_path: Path) -> None:
    variable = {"SEQSHAPE_CACHE_DIR": str(tmp_path / "other")}
    result = CliRunner().invoke(cli, ["cache", "--cache-dir", str(filled), "clear"], env=variable)
    assert result.exit_code == 0
    assert rows(ran("--cache-dir", str(filled)))["answers"] == "0"
    result = CliRunner().invoke(cli, ["cache"], env=variable)
    assert str(tmp_path / "other") in result.stdout
    assert not (tmp_path / "other").exists()


def test_a_file_that_is_no_store_is_said_and_cleared(filled: Path) -> None:
    file_in(filled).write_bytes(b"no database")
    result = ran("--cache-dir", str(filled))
    assert result.exit_code == 2
    assert "`seqshape cache clear`" in result.stderr
    assert ran("clear", "--cache-dir", str(filled)).exit_code == 0
    assert rows(ran("--cache-dir", str(filled)))["answers"] == "0"


def test_a_busy_store_is_not_cleared(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seqshape.engine.store_file._WAIT", 0.05)
    other = sqlite3.connect(file_in(filled), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    result = ran("clear", "--cache-dir", str(filled))
    assert result.exit_code == 2
    assert result.stderr.endswith(": it cannot be cleared: another process keeps it busy\n")
    other.close()


def test_a_run_whose_store_is_damaged_is_right_and_says_so_once(tmp_path: Path) -> None:
    file_in(tmp_path).write_bytes(b"no database")
    spec = tmp_path / "spec.yaml"
    spec.write_text("layers: [{type: Input, shape: [3]}, {type: Dense, units: 2}]\n", encoding="utf-8")
    arguments = ["inspect", str(spec), "--no-config", "--format", "json", "--cache-dir", str(tmp_path)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("seqshape.engine.remembering._is_imported", lambda: False)
        result = CliRunner().invoke(cli, arguments)
    assert json.loads(result.stdout)["totals"]["params"] == 8
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(f"Note: {file_in(tmp_path)}: ")


def test_no_settings_file_names_the_cache_folder(tmp_path: Path) -> None:
    (tmp_path / "seqshape.toml").write_text('cache-dir = "."\n', encoding="utf-8")
    result = CliRunner().invoke(
        cli, ["check", "--config", str(tmp_path / "seqshape.toml"), "--show-settings"]
    )
    assert (result.exit_code, "unknown setting `cache-dir`" in result.stderr) == (2, True)
