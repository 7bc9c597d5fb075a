"""`seqshape schema`: printed, or written whole or not at all."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from seqshape.cli import cli


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["schema", "--no-config", *arguments], standalone_mode=False)


def test_it_is_printed_as_json() -> None:
    found = json.loads(run().stdout)
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "type.GRU" in found["$defs"]


def test_it_is_written_to_a_file(tmp_path: Path) -> None:
    target = tmp_path / "seqshape.schema.json"
    result = run("--output", str(target))
    assert (result.return_value, result.stdout) == (0, "")
    assert target.read_text(encoding="utf-8") == run().stdout
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_a_file_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    result = run("--output", str(tmp_path / "none" / "x.json"))
    assert result.return_value == 2
    assert result.stderr.startswith(f"Error: {tmp_path / 'none' / 'x.json'}: ")
